"""Why one thing happened in one run."""
