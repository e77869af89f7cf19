"""What was signed: the record that both signatures cover, and the chain of all that was signed in a round."""
