"""Experiments: many runs of one or several scenarios, and what they answer together."""
