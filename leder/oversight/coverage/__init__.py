"""Coverage (dekning): how many have taken up each assignment of the letter, as counts with a floor. Never whose."""
