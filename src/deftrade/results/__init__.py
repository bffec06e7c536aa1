"""What a run keeps and what it comes to: series, tables, ledger, indicators."""
