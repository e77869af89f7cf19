"""Template tags for a host's own pages: the reader's next step, and the way to the texts everybody reads."""

from __future__ import annotations

from django import template
from django.http import HttpRequest
from django.utils import timezone

from leder.agreements.models.account import is_shut
from leder.oversight.my_year import urgent_turn
from leder.oversight.turns import Turn
from leder.pages.models import LeaderPlatformPage, SteeringLetterPage

register = template.Library()


@register.simple_tag(takes_context=True)
def my_next_step(context: template.Context) -> Turn | None:
    """The signed-in reader's next step as a `Turn`, None for one without an agreement. At most three queries."""
    request: HttpRequest | None = context.get("request")
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    return urgent_turn(user, today=timezone.localdate())


@register.simple_tag(takes_context=True)
def texts_are_shut(context: template.Context) -> bool:
    """Whether the texts are shut to the reader's account, so that every step leads to what opens them. One query."""
    request: HttpRequest | None = context.get("request")
    user = getattr(request, "user", None)
    return user is not None and user.is_authenticated and is_shut(user)


@register.simple_tag(takes_context=True)
def published_texts(context: template.Context) -> dict[str, str | None]:
    """The addresses of the platform and the newest steering letter that are published; None where there is none."""
    request: HttpRequest | None = context.get("request")
    platform = LeaderPlatformPage.objects.live().order_by("-last_published_at").first()
    letters = SteeringLetterPage.objects.live().filter(year__lte=timezone.localdate().year)
    letter = letters.order_by("-year").first()
    return {
        "platform": platform.get_url(request) if platform else None,
        "letter": letter.get_url(request) if letter else None,
    }
