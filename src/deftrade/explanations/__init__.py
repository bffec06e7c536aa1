"""Why something happened in a run, found by replaying the run exactly."""
