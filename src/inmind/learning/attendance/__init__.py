"""Who was there and for how long: call logs, the code at the door, by hand; what stood before a correction is kept."""
