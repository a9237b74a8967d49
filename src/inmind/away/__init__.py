"""Away: a visit without a signal. What a worker takes along, on which devices, and what comes back; the rooms say what is in it."""
