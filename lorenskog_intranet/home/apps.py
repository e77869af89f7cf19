from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    """The front page: an app of its own, since its migrations come after the users'."""

    name = "lorenskog_intranet.home"
    label = "home"
    verbose_name = _("Front page")
    default_auto_field = "django.db.models.BigAutoField"
