"""Make the edition of every published text that has none of the words it shows now.

Publishing makes an edition by itself. A text that was published before editions were, or that was written to the
database past the page editor, gets its edition here; agreements then see it as a newer one. Running it again makes
nothing more. Exit code 0.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation

from leder.pages.copying import CopiedText
from leder.pages.editions import Edition, edition_of


class Command(BaseCommand):
    """See the docstring of the module."""

    help = "Make the edition of every published leader platform, steering letter and agreement form that lacks it."

    def handle(self, *args: Any, **options: Any) -> None:
        """Go through the published texts, and say which editions were made."""
        made = 0
        models: list[Any] = [model for model in apps.get_models() if issubclass(model, CopiedText)]
        with translation.override(settings.LANGUAGE_CODE):
            for model in models:
                for page in model._default_manager.filter(live=True).order_by("pk"):
                    before = Edition.objects.of(page).count()
                    edition = edition_of(page)
                    if Edition.objects.of(page).count() > before:
                        made += 1
                        self.stdout.write(f"{edition.title}: edition {edition.number}")
        self.stdout.write(f"{made} editions made")
