"""An experiment's file, its factors, and the points to look at."""
