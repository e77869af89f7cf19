"""What an agreement stands on: editions that were published anew, and what the two decided on them."""
