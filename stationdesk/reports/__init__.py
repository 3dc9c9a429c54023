"""What leaves the program: documents, sheets, calendars, and what comes in by file."""
