"""Reflective supervision and consultation: who holds whom, sessions and their confirmation; never what was said."""
