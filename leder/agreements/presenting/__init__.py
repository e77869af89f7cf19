"""An agreement as one of its parties sees it."""
