"""What the site adds to Wagtail: registrations only."""

from wagtail import hooks

from leder.management.commands.leder_tidy import STEP as DAILY_DELETION

from . import operators_log, roles, sessions, users
from .signin import attempts

hooks.register("before_edit_user", users.before_edit_user)
hooks.register("before_bulk_action", users.before_bulk_action)
hooks.register("after_bulk_action", users.after_bulk_action)
# Instead of Wagtail's own of the same name, which is registered after ours.
hooks.register("register_bulk_action", users.SetActiveState, order=100)
hooks.register("register_log_actions", roles.register_log_actions)
hooks.register("register_admin_urls", operators_log.addresses)
hooks.register("register_settings_menu_item", operators_log.menu_item)
hooks.register(DAILY_DELETION, attempts.tidy)
hooks.register(DAILY_DELETION, sessions.tidy)
hooks.register(DAILY_DELETION, roles.tidy)
