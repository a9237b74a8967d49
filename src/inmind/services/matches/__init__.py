"""What fits one family, with what it told for that and how long each way stays open."""
