"""What programs ask for, and whether a family fits one on a day: rules alone."""
