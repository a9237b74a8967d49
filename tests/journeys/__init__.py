"""Whole stories through the pages, in a real browser against a real server: at a phone's and at a desk's width."""
