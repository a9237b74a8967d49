"""One small archive of every released schema, each restored and brought to this edition on both databases."""
