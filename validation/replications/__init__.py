"""Published results beside what deftrade gives: run as ``python -m validation.replications``."""
