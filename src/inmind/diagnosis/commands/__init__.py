"""The command of diagnosis."""
