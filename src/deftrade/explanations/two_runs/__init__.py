"""Where two runs part, and what came of it."""
