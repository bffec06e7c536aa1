"""Scenarios: reading, composing, checking and building worlds."""
