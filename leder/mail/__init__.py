"""Mail (e-post): in which language a person is written to, and what they want to be told."""
