"""Handover (overlevering): a leader gets another superior in the middle of the year."""
