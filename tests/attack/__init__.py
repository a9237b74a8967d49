"""What an attacker or a clumsy hand tries, and what must come of it."""
