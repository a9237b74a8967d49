"""Away: a visit without a signal. What a worker takes along, the devices that may hold it, and what comes back from them; the rooms say what is in it."""
