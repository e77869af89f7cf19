from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from wagtail.users.apps import WagtailUsersAppConfig


class IntranetConfig(AppConfig):
    """The site that runs the plugin."""

    name = "lorenskog_intranet"
    verbose_name = _("Intranet")
    default_auto_field = "django.db.models.BigAutoField"
    default = True

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in, user_login_failed

        from . import checks, sessions  # noqa: F401
        from .signin import slowing

        user_logged_in.connect(sessions.begin)
        user_logged_in.connect(slowing.note_success)
        user_login_failed.connect(slowing.note_failure)


class UsersConfig(WagtailUsersAppConfig):
    """Wagtail's users and groups, with our views."""

    user_viewset = "lorenskog_intranet.users.UserViewSet"
    group_viewset = "lorenskog_intranet.users.GroupViewSet"
