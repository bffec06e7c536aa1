"""The opening: pipelines are filled and the world settles before the first year."""
