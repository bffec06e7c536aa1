"""CSV and Parquet tables beside a scenario."""
