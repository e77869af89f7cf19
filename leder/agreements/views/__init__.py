"""Views of the agreement: one file an act. Each begins with `access_or_404` and asks the rules."""
