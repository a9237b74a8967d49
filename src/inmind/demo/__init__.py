"""Demo: an invented network of any size, made from a seed, through the same actions as everything else."""
