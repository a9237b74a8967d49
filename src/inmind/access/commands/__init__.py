"""The commands of an installation: begin, serve, back up, restore, verify, look after."""
