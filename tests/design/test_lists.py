"""Pages of a list, the way to a page, the choice of colours."""

from types import SimpleNamespace

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from leder.templatetags import leder_ui


def pages(number: int, of: int, address: str = "/") -> str:
    page = Paginator(range(of * 10), 10).get_page(number)
    request = RequestFactory().get(address)
    return Template("{% load leder_ui %}{% pagination page %}").render(
        Context({"page": page, "request": request})
    )


def test_one_page_needs_no_links():
    assert not pages(1, of=1).strip()


def test_the_current_page_is_marked_and_the_rest_of_the_address_kept():
    html = pages(2, of=3, address="/?q=plan+A&side=2")
    assert html.count('aria-current="true"') == 1
    assert 'href="?q=plan+A&amp;side=3"' in html
    assert 'rel="prev"' in html
    assert 'rel="next"' in html


def test_there_is_no_way_before_the_first_or_after_the_last():
    assert 'rel="prev"' not in pages(1, of=3)
    assert 'rel="next"' not in pages(3, of=3)


def test_a_long_list_is_shortened():
    assert pages(20, of=40).count("<li>") < 12


def test_the_last_step_of_the_way_is_the_page_itself():
    assert 'aria-current="page">A &amp; B' in leder_ui.breadcrumb("A & B")
    assert 'href="/a/"' in leder_ui.breadcrumb("A", "/a/")


@pytest.mark.parametrize(
    ("cookie", "scheme"), [("dark", "dark"), ("light", "light"), ("", "auto"), ('"><script>', "auto")]
)
def test_colours_are_the_readers_choice_or_the_systems(cookie, scheme):
    request = RequestFactory().get("/")
    request.COOKIES["leder_colour_scheme"] = cookie
    assert leder_ui.colour_scheme(Context({"request": request})) == scheme


def test_without_a_request_colours_follow_the_system():
    assert leder_ui.colour_scheme(Context({})) == "auto"


@pytest.mark.parametrize(
    ("level", "colour"),
    [("error", "danger"), ("success", "success"), ("warning", "warning"), ("info", "info")],
)
def test_messages_have_the_colour_of_their_level(level, colour):
    assert leder_ui.alert_colour(SimpleNamespace(level_tag=level)) == colour
