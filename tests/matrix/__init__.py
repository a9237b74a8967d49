"""Who may open what: every route, for every role in every relation to a family, with words that must not leak."""
