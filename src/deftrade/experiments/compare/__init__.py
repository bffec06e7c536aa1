"""Policies compared on paired runs."""
