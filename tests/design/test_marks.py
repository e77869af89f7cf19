"""Icons and states: every one is drawn, and carries text, symbol and colour."""

import re
from pathlib import Path

import pytest
from django.template import Context, Template, TemplateSyntaxError

from leder.agreements.states import State
from leder.templatetags import leder_ui

SPRITE = Path(__file__).resolve().parents[2] / "leder" / "static" / "leder" / "img" / "icons.svg"


def render(source: str, **context: object) -> str:
    return Template("{% load i18n leder_ui %}" + source).render(Context(context))


def test_the_sprite_draws_exactly_the_icons_that_have_a_name():
    assert set(re.findall(r'<symbol id="([a-z-]+)"', SPRITE.read_text())) == leder_ui.ICONS


def test_an_icon_is_hidden_from_screen_readers():
    html = render('{% icon "lock" %}')
    assert 'aria-hidden="true"' in html
    assert "icons.svg#lock" in html


def test_an_unknown_icon_is_an_error():
    with pytest.raises(TemplateSyntaxError, match="padlock"):
        render('{% icon "padlock" %}')


@pytest.mark.parametrize("state", State)
def test_every_state_of_an_agreement_shows_by_its_own_name(state):
    html = render("{% state_tag state %}", state=state)
    assert str(state.label) in html
    assert "<use href=" in html
    assert re.search(r'data-color="[a-z0-9]+"', html)


@pytest.mark.parametrize("look", leder_ui.LOOKS.values(), ids=leder_ui.LOOKS)
def test_every_look_has_an_icon_that_exists(look):
    assert look.icon in leder_ui.ICONS
    assert look.label


def test_own_words_take_the_place_of_the_usual_and_are_escaped():
    assert "Signed by &lt;you&gt;" in render('{% state_tag "signed" words %}', words="Signed by <you>")
    assert "Only you" in render("{% private_mark words %}", words="Only you")


def test_an_unknown_state_is_an_error():
    with pytest.raises(KeyError):
        render('{% state_tag "lost" %}')
