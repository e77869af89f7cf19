"""Completion (gjennomføring): how far the leaders of a year have come, in names, states and dates. Never a text."""
