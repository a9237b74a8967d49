"""Measurements: how fast the house is, each beside a plain way of doing the same on the same machine."""
