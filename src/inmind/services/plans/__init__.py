"""The care plan in a family's words, and pages for parents."""
