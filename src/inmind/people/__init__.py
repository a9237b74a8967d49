"""People: persons, organizations and the relationships between them, as stored. Their verbs stand in `records`."""
