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
        from . import checks  # noqa: F401


class UsersConfig(WagtailUsersAppConfig):
    """Wagtail's users, with our views."""

    user_viewset = "lorenskog_intranet.users.UserViewSet"
