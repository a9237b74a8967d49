"""Files of the outside world: the tabular list of ICD-10-CM, the catalog."""
