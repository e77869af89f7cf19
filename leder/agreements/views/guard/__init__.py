"""What stands before and around every page of an agreement."""
