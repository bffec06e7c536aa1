"""Published facts beside the same statistics of simulated deliveries: ``python -m validation.facts``."""
