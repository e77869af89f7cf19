"""Reminders (påminnelser): one digest a person and week at most, to the one whose turn it is."""
