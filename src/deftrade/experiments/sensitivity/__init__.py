"""Which factors move an outcome."""
