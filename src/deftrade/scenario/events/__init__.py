"""Events: what happens to the world at a date."""
