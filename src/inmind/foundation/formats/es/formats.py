"""Times as the clock in a kitchen in the United States says them: 3:40 p.m., not 15:40."""

DATETIME_FORMAT = r"j \d\e F \d\e Y, g:i a"
TIME_FORMAT = "g:i a"
