"""Certificates of what was attended, their public verification, and the transcript of one's own."""
