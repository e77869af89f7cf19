"""The whole site needs a sign-in."""

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from wagtail.documents.models import Document
from wagtail.models import Page

from .addresses import every_address

pytestmark = pytest.mark.django_db

OPEN = {"/logg-inn/", "/logg-inn/demo/", "/logg-ut/", "/sprak/", "/cms/logout/"}


def test_every_address_but_the_doors_leads_a_stranger_to_sign_in(client: Client) -> None:
    addresses = every_address()
    assert len(addresses) > 150  # the CMS alone has more
    for address in addresses:
        if address in OPEN:
            continue
        for method in (client.get, client.post):
            response = method(address)
            assert response.status_code == 302, address
            # Wagtail's catch-all takes the way by its own sign-in, which leads on to ours (below).
            assert response["Location"].startswith(("/logg-inn/?next=", "/cms/login/?next=")), address


def test_the_doors_show_a_stranger_nothing_else(client: Client) -> None:
    assert client.get("/logg-inn/").status_code == 200
    assert client.post("/logg-inn/demo/", {"username": "drift"}).status_code == 404
    assert client.get("/logg-ut/").status_code == 405
    assert client.get("/sprak/").status_code == 302


def test_published_pages_pictures_and_documents_are_not_open(client: Client, person: Client) -> None:
    home = Page.objects.get(depth=2)
    (Path(settings.MEDIA_ROOT) / "images").mkdir(parents=True, exist_ok=True)
    (Path(settings.MEDIA_ROOT) / "images" / "door.png").write_bytes(b"picture")
    for address in (home.get_url(), "/media/images/door.png", "/dokumenter/1/a.pdf"):
        assert client.get(address)["Location"].startswith("/logg-inn/")
    assert person.get("/media/images/door.png").getvalue() == b"picture"


def test_media_gives_out_pictures_only(person: Client) -> None:
    folder = Path(settings.MEDIA_ROOT) / "documents"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.pdf").write_bytes(b"%PDF")
    assert person.get("/media/documents/report.pdf").status_code == 404
    assert person.get("/media/images/../documents/report.pdf").status_code == 404
    assert person.get("/media/images/%2e%2e/documents/report.pdf").status_code == 404
    assert person.get("/media/images/").status_code == 404


def test_a_document_is_not_kept_by_the_browser(person: Client) -> None:
    from django.core.files.base import ContentFile

    document = Document.objects.create(title="Plan", file=ContentFile(b"%PDF-1.7", name="plan.pdf"))
    response = person.get(document.url)
    assert response.getvalue() == b"%PDF-1.7"
    assert response["Cache-Control"] == "no-store, private, no-transform"
    assert response["Content-Security-Policy"] == "default-src 'none'"


def test_wagtails_own_sign_in_leads_to_ours(client: Client, person: Client) -> None:
    for address in ("/cms/login/?next=/cms/", "/_util/login/?next=/cms/"):
        assert client.get(address)["Location"].startswith("/logg-inn/?next=")
        assert person.get(address)["Location"] == "/logg-inn/?next=/cms/"
    assert client.get(reverse("wagtailadmin_home"))["Location"] == "/logg-inn/?next=/cms/"
    assert person.get("/cms/password_reset/").status_code == 404


def test_somebody_without_rights_in_the_cms_is_told_so(person: Client) -> None:
    response = person.get("/cms/", follow=True)
    assert response.status_code == 403
    assert "<h1" in response.content.decode()


def test_no_django_admin_and_no_api(person: Client) -> None:
    for address in ("/admin/", "/django-admin/", "/api/", "/api/v2/pages/", "/cms/api/main/pages/"):
        assert person.get(address).status_code in (302, 403, 404), address
