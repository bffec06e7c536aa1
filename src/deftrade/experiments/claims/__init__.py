"""What a policy is said to do, asked in three worlds."""
