"""What users call for experiments over a design, and the files of their answers."""
