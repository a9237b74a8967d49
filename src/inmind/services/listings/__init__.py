"""Who offers what, where, for whom: listings, how they are confirmed, and directories in and out."""
