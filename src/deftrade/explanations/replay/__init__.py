"""A run replayed exactly, and its decisions under the names people use."""
