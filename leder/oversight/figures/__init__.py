"""Figures: SVG drawn on the server, tables as files, and which figures of small groups are held back."""
