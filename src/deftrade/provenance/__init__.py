"""Whether a result is as it was written, and how to make it again."""
