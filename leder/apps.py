from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LederConfig(AppConfig):
    """Leader platform, steering letter and leader agreements (lederavtaler)."""

    name = "leder"
    label = "leder"
    verbose_name = _("Leader agreements")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.conf import settings
        from django.contrib.auth.signals import user_logged_in
        from django.db.models.signals import pre_save
        from wagtail.signals import page_published

        from leder.agreements.views.guard import recent

        from . import checks  # noqa: F401
        from .agreements.sections import kinds  # noqa: F401
        from .identity import actions as identity
        from .pages import editions

        page_published.connect(editions.note_publication, dispatch_uid="leder.editions")
        user_logged_in.connect(recent.note_sign_in, dispatch_uid="leder.recent")
        user_logged_in.connect(identity.note_sign_in, dispatch_uid="leder.identity")
        pre_save.connect(
            identity.note_before_saving, sender=settings.AUTH_USER_MODEL, dispatch_uid="leder.identity"
        )
