"""Many runs: batches, comparisons, sweeps, sensitivity, robustness."""
