"""The commands of endorsement."""
