from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LederConfig(AppConfig):
    """Leader platform, steering letter and leader agreements (lederavtaler)."""

    name = "leder"
    label = "leder"
    verbose_name = _("Leader agreements")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import checks  # noqa: F401
