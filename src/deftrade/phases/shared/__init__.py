"""What several phases use: packages, contracts, lines, loans."""
