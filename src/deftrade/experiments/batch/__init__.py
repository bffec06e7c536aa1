"""A batch: many replicates, played on an engine and kept in a folder."""
