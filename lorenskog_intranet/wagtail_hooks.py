"""What the site adds to Wagtail: registrations only."""

from wagtail import hooks

from leder.management.commands.leder_tidy import STEP as DAILY_DELETION

from . import users
from .signin import attempts

hooks.register("before_edit_user", users.before_edit_user)
hooks.register("before_bulk_action", users.before_bulk_action)
hooks.register(DAILY_DELETION, attempts.tidy)
