"""The site's frame and error pages."""

import re
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.template import engines
from django.template.loader import render_to_string
from django.test import Client

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.django_db


@pytest.fixture
def client_of() -> object:
    def make(**kwargs: object) -> Client:
        user = get_user_model().objects.create_user("kari", first_name="Kari", last_name="Eksempel", **kwargs)
        client = Client(headers={"accept-language": "en"})
        client.cookies["django_language"] = "en"
        client.force_login(user)
        return client

    return make


def test_the_header_knows_who_is_signed_in(client_of):
    html = client_of().get("/sok/").content.decode()
    assert "Kari Eksempel" in html
    assert 'href="#main"' in html
    assert html.count("<h1") == 1
    assert "Edit pages" not in html


def test_those_who_may_edit_find_the_way_to_the_cms(client_of):
    assert "Edit pages" in client_of(is_superuser=True).get("/sok/").content.decode()


def test_the_frame_asks_little_of_the_database(client_of, django_assert_max_num_queries):
    client = client_of()
    client.get("/sok/")
    with django_assert_max_num_queries(3):  # session, user, landing page of leadership
        client.get("/sok/")


@pytest.mark.parametrize("frame", ["templates/base.html", "leder/templates/leder/base.html"])
def test_scripts_are_told_who_reads_when_somebody_is_signed_in(rf, frame):
    """What another person has left unsent in the tab is removed by it (base.js)."""
    request = rf.get("/")
    request.session = {}
    template = engines["django"].from_string((ROOT / frame).read_text())
    request.user = AnonymousUser()
    assert 'data-reader=""' in template.render({}, request)
    request.user = get_user_model().objects.create_user("kari")
    assert f'data-reader="{request.user.pk}"' in template.render({}, request)


def test_the_chosen_colours_are_drawn_at_once(client_of):
    client = client_of()
    assert 'data-color-scheme="auto"' in client.get("/sok/").content.decode()
    client.cookies["leder_colour_scheme"] = "dark"
    assert 'data-color-scheme="dark"' in client.get("/sok/").content.decode()


def test_a_missing_page_says_what_to_do(client_of):
    response = client_of().get("/finnes-ikke/")
    assert response.status_code == 404
    assert "Check the address" in response.content.decode()


def test_a_form_that_is_too_old_says_that_nothing_is_lost(client_of):
    client = client_of()
    client.handler.enforce_csrf_checks = True
    response = client.post("/logg-ut/")
    assert response.status_code == 403
    assert "still stands in the page you came from" in response.content.decode()


@pytest.mark.parametrize("name", ["400.html", "500.html"])
def test_pages_for_when_all_is_broken_need_nothing(name, django_assert_num_queries):
    with django_assert_num_queries(0):
        html = render_to_string(name)
    assert re.search(r"<h1[^>]*>[^<]+</h1>", html)
    assert "<script" not in html


def test_the_styles_named_without_the_manifest_exist():
    addresses = re.findall(r'href="/static/([^"]+)"', render_to_string("500.html"))
    assert addresses
    assert all(finders.find(address) for address in addresses)


def test_only_the_demo_says_that_it_is_one(client_of, settings):
    client = client_of()
    words = "Texts and people are examples"
    assert words not in client.get("/sok/").content.decode()
    settings.DEMO_SIGN_IN = True
    settings.SETTINGS_MODULE = "lorenskog_intranet.settings.demo"
    assert words in client.get("/sok/").content.decode()


def test_the_plugin_stands_without_a_host(settings):
    """A host that overrides nothing still gets a whole page."""
    template = {**settings.TEMPLATES[0], "DIRS": []}
    settings.TEMPLATES = [template]
    html = render_to_string("leder/base.html")
    assert html.count("<main") == 1
    assert "css/frame.css" in html
