"""Listings in and out, as directories."""
