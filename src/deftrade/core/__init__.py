"""The mechanics that every room stands on: arrays, draws, dates, tables and their gate, laws."""
