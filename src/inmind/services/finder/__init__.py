"""The public finder: what fits without an account, and a family that asks to be called."""
