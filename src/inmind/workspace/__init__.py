"""Workspace: the signed-in home of every role. Today, the dyad page, search. It knows no practice by import."""
