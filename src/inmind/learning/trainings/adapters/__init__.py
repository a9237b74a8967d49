"""What trainings read and write outside: catalog files, calendars."""
