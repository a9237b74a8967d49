"""Early intervention: its clocks, pauses, steps and what the law asks for."""
