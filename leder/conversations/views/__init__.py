"""Pages of conversations, preparation and meeting mode."""
