"""Services that run: what was planned, who came, and what is worth a call."""
