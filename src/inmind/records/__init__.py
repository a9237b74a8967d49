"""Records: the verbs for people and organizations. Register and relate now; duplicates, merging and erasing stand here too."""
