"""E-mail: in the recipient's language, sent by one way, never with what the parties write (R2)."""
