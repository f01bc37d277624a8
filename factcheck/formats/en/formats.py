"""Days in forms and their calendars: year first, which is read in one way only."""

DATE_INPUT_FORMATS = ["%Y-%m-%d"]
