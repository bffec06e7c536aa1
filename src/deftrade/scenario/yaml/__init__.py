"""YAML read into plain data that knows where everything stands."""
