"""How what the parties write is locked: the cipher, and what each ciphertext is bound to."""
