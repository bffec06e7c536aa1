"""In which worlds a policy does well enough."""
