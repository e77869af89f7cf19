"""Measures every page of the journey at several numbers of agreements: `make bench`."""
