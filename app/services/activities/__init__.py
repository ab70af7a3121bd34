"""Activities through the year: who came, how far they are, the calendar, the timetable, the plans."""
