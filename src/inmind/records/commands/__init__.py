"""Moving in and moving out: families from a sheet, everything to a file, everything from one."""
