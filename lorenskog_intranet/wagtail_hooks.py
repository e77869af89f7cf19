"""What the site adds to Wagtail: registrations only."""

from wagtail import hooks

from . import users

hooks.register("before_edit_user", users.before_edit_user)
hooks.register("before_bulk_action", users.before_bulk_action)
