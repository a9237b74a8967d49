"""The typesetter, a program of its own."""
