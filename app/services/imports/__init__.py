"""Import of rosters and ledgers from spreadsheets: read, map, check, apply, hand back."""
