"""The document (dokumentet): the agreement as a PDF to keep, and the check of one that somebody brings."""
