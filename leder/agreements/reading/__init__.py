"""The one way to what was written, by the rules and logged."""
