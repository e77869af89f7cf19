"""The rules that “make lint” holds templates to, each tried on what it must find."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOUND = """<!DOCTYPE html>
<html lang="nb">
  <head>
    <title>Tittel</title>
    <meta name="description" content="Om siden">
    <meta name="viewport" content="width=device-width, initial-scale=1">
  </head>
  <body>
    <img src="{{ address }}" alt="">
    <p role="status" tabindex="-1">Tekst</p>
    <input name="q" {{ attributes }} title="Ikke autofocus" data-autofocus="x">
  </body>
</html>
"""


def found(markup: str) -> set[str]:
    """The codes of what djLint finds in a template, with the project's rules."""
    djlint = Path(sys.executable).with_name("djlint")
    command = [str(djlint), "-", "--lint", "--quiet", "--linter-output-format", "{code}"]
    run = subprocess.run(command, check=False, input=markup, capture_output=True, text=True, cwd=ROOT)
    assert run.returncode in (0, 1), run.stderr
    return set(run.stdout.split())


def test_nothing_is_found_in_what_is_sound() -> None:
    assert found(SOUND) == set()


@pytest.mark.parametrize(
    ("sound", "faulty", "code"),
    [
        pytest.param(' lang="nb"', "", "H005", id="no language"),
        pytest.param(' alt=""', "", "H013", id="image without a text"),
        pytest.param('tabindex="-1"', 'tabindex="2"', "H046", id="an order of its own for the keyboard"),
        pytest.param("initial-scale=1", "user-scalable=no", "H049", id="zoom forbidden"),
        pytest.param("initial-scale=1", "maximum-scale=1", "H049", id="zoom held back"),
        pytest.param('role="status"', 'role="state"', "H051", id="a role that isn't one"),
        pytest.param('name="q"', 'name="q" autofocus', "L001", id="focus taken"),
        pytest.param("{{ attributes }}", "{% if x %}autofocus{% endif %}", "L001", id="focus taken at times"),
    ],
)
def test_the_rule_bites(sound: str, faulty: str, code: str) -> None:
    assert sound in SOUND
    assert found(SOUND.replace(sound, faulty)) == {code}
