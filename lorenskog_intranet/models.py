"""The people who sign in, and what is remembered of sign-ins that failed."""

from django.contrib.auth.models import AbstractUser

from .signin.models import SignInNotice, SignInTry

__all__ = ["SignInNotice", "SignInTry", "User"]


class User(AbstractUser):
    """A person who signs in (bruker)."""
