"""A few small pages, a picture and a document, so that every address of the CMS has something to show."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from PIL import Image as Picture
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, Site

from leder.pages.models import AgreementFormPage, LeaderPlatformPage, LeadershipPage, SteeringLetterPage

TEXT = [{"type": "text_section", "value": {"heading": "Formål", "text": "<p>Trygge ledere.</p>"}}]


def make_pages() -> dict[str, Any]:
    """The front page, the landing page with platform, letter and form (all published), picture, document."""
    site = Site.objects.get(is_default_site=True)
    home_model = apps.get_model("home", "HomePage")
    home = home_model.objects.first() or Page.objects.get(depth=1).add_child(
        instance=home_model(title="Forside", slug="forside")
    )
    site.root_page = home
    site.save()
    landing = _publish(home, LeadershipPage(title="Ledelse", slug="ledelse"))
    return {
        "home": home,
        "landing": landing,
        "platform": _publish(
            landing, LeaderPlatformPage(title="Lederplattform", slug="plattform", body=TEXT)
        ),
        "letter": _publish(landing, SteeringLetterPage(title="Brev", slug="brev", year=2027, body=TEXT)),
        "form": _publish(landing, AgreementFormPage(title="Skjema", slug="skjema", year=2027, body=TEXT)),
        # Nothing refers to this one, so it can be deleted.
        "spare": _publish(landing, LeaderPlatformPage(title="Utkast", slug="utkast", body=TEXT)),
        "image": _make_image(),
        "document": get_document_model().objects.create(
            title="Reglement", file=ContentFile(b"Reglement", name="reglement.txt")
        ),
    }


def _publish(parent: Any, page: Any) -> Any:
    parent.add_child(instance=page)
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def _make_image() -> Any:
    content = BytesIO()
    Picture.new("RGB", (4, 4)).save(content, "PNG")
    return get_image_model().objects.create(title="Bilde", file=ImageFile(content, name="bilde.png"))
