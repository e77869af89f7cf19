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
        from django.contrib.auth.signals import user_logged_in

        from . import checks, sessions  # noqa: F401

        user_logged_in.connect(sessions.begin)


class UsersConfig(WagtailUsersAppConfig):
    """Wagtail's users, with our views."""

    user_viewset = "lorenskog_intranet.users.UserViewSet"
