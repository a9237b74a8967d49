"""Screening's doors to the outside: catalog files and DuckDB."""
