"""What a run leaves on disk: tables, figures, a summary and a manifest."""
