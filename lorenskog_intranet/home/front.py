"""What the front page shows: the platform, and the letter of the current year."""

from typing import TypedDict

from django.apps import apps
from django.utils import timezone
from wagtail.models import Page


class ShownTexts(TypedDict):
    """The pages that the front page leads to; None where nothing is published yet."""

    platform: Page | None
    letter: Page | None


def shown_texts() -> ShownTexts:
    """The live platform, and the newest live letter that is not for a coming year."""
    platforms = apps.get_model("leder", "LeaderPlatformPage").objects.live().defer_streamfields()
    letters = apps.get_model("leder", "SteeringLetterPage").objects.live().defer_streamfields()
    this_year = timezone.localdate().year
    return ShownTexts(
        platform=platforms.order_by("-last_published_at").first(),
        letter=letters.filter(year__lte=this_year).order_by("-year").first(),
    )
