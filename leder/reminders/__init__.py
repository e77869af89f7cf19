"""Reminders (påminnelser): one digest a week at most, to the one whose turn it is. Never any content."""
