"""Jobs: the one machine for later work. Announcements, letters and schedules are rows here, leased and run at least once."""
