"""A kind of section that no other module knows of: a class, a template and one registration are enough."""

import copy
import html

import pytest
from django import forms
from django.utils import timezone

from leder.agreements.reading.sealed import open_seal
from leder.agreements.sections.as_signed import sections_of
from leder.agreements.sections.fields import LongText
from leder.agreements.sections.kinds import Kind, kind_called
from leder.agreements.sections.words import Line
from leder.agreements.states import State
from leder.pages import answer_kinds
from leder.pages.blocks.agreement_form import SectionBlock
from leder.pages.editions import Edition
from tests import factories
from tests.factories import bring_to, leave_office, make_agreement, make_editions
from tests.pdf import text_of

SECTION = "s-practice"
# The end of the id of what is chosen, which is its key in the form.
CHOSEN = {"chosen": "expectation-1", "c-on-1-habit": "Spør først", "c-on-1-often": "week"}
TEMPLATE = """<div class="practice">{{ form.kind.legend }}
{% for each in form.groups %}{% for option in each.options %}{{ option.statement.text }}
{% for field in option.fields %}{{ field.label_tag }}{{ field }}{% endfor %}{% endfor %}{% endfor %}</div>"""


class Practice(Kind):
    """Expectations to practise, and how it goes."""

    key = "practice"
    label = "Det dere øver på"
    template = "practice.html"
    cites = "platform"
    chooses = "expectation"
    legend = "Velg det dere vil øve på"

    def own_fields(self):
        return {
            "mood": forms.ChoiceField(
                label="Hvordan går det?",
                choices=[("", "–"), ("well", "Lett"), ("hard", "Tungt")],
                required=False,
            ),
            "help": LongText(label="Hva hjelper?"),
        }

    def choice_fields(self):
        return {
            "habit": LongText(label="Det jeg gjør"),
            "often": forms.ChoiceField(
                label="Hvor ofte", choices=[("day", "Hver dag"), ("week", "Hver uke")], required=False
            ),
        }

    def unfinished(self, section, written):
        return "" if written.choices else f"Ingen øvelse i {section.heading}."


@pytest.fixture(autouse=True)
def practice(monkeypatch, settings, tmp_path):
    """The kind, registered as any other, with its template."""
    (tmp_path / "practice.html").write_text(TEMPLATE)
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], tmp_path]}]
    monkeypatch.setattr(answer_kinds, "REGISTERED", {**answer_kinds.REGISTERED})
    answer_kinds.register([Practice()])


def made_with(**changes):
    """An agreement with a section of the kind, after the others."""
    form = copy.deepcopy(factories.FORM)
    form["parts"].append(factories._section(SECTION, "Øvelse", answer="practice", **changes))
    edition = Edition.objects.create(
        kind="form",
        year=factories.YEAR,
        title="Lederavtale",
        published_at=timezone.now(),
        sha256=factories.digest(form),
        content=form,
    )
    return make_agreement(editions={**make_editions(), "form_edition": edition})


@pytest.fixture
def agreement(db):
    return made_with(goals=True)


@pytest.fixture
def save(agreement, post_section):
    """A function that saves the section through its address."""

    def post(person, version=0, **fields):
        return post_section(agreement, person, SECTION, version=version, **fields)

    return post


@pytest.fixture
def written(agreement, save):
    """The same, written in."""
    fields = {**CHOSEN, "k-mood": "hard", "k-help": "Tid", "note": "Et notat"}
    assert save(agreement.leader, **fields).status_code == 302
    return agreement


def page(as_user, url_of, person, name, agreement, *args):
    """A page of the agreement as a person reads it."""
    return html.unescape(as_user(person).get(url_of(name, agreement, *args)).content.decode())


def in_section(text):
    """What of the agreement's page is the section."""
    return text.partition(f'id="s-{SECTION}"')[2]


def own_words(text):
    """Whether the section reads under its own labels, and no other kind's."""
    own = (
        "Setter innbyggeren først",
        "Det jeg gjør",
        "Spør først",
        "Hver uke",
        "Hvordan går det?",
        "Tungt",
        "Tid",
    )
    others = ("Contribution", "Bidrag", "Strength or challenge?", "Styrke eller utfordring?")
    return all(words in text for words in own) and not any(words in text for words in others)


def test_editors_of_the_form_can_choose_it():
    choices = SectionBlock().child_blocks["answer"].field.choices
    assert ("practice", "Det dere øver på") in list(choices)
    assert answer_kinds.label_of("practice") == "Det dere øver på"


def test_its_form_shows_its_fields_in_its_template(agreement, as_user, url_of):
    shown = in_section(page(as_user, url_of, agreement.leader, "agreement", agreement))
    assert '<div class="practice">Velg det dere vil øve på' in shown
    assert 'name="k-mood"' in shown and "Hva hjelper?" in shown and 'name="g-0-goal"' in shown


def test_what_is_written_is_stored_and_comes_back(written, as_user, url_of):
    shown = in_section(page(as_user, url_of, written.leader, "agreement", written))
    assert own_words(shown)
    assert '<option value="hard" selected>' in shown and '<option value="week" selected>' in shown


def test_the_meeting_shows_its_fields_too(written, as_user, url_of):
    bring_to(written, State.PREPARED)
    shown = page(as_user, url_of, written.leader, "meeting", written, SECTION)
    assert '<div class="practice">' in shown and 'name="k-mood"' in shown and own_words(shown)


def test_a_preparation_asks_the_questions_only(written, as_user, url_of):
    shown = page(as_user, url_of, written.leader, "preparation_section", written, SECTION)
    assert "Spørsmål 1?" in shown and "practice" not in shown.partition("<form")[2].partition("version")[2]
    assert "k-mood" not in shown


def test_two_texts_stand_side_by_side_and_are_put_together(written, save):
    """Text of both is kept; of what is chosen among a few words, one's own."""
    mine = {**CHOSEN, "c-on-1-habit": "Lytt", "c-on-1-often": "day", "k-help": "Ro", "k-mood": ""}
    response = save(written.superior, version=0, **mine)
    assert response.status_code == 409
    labels = [str(pair.label) for pair in response.context["differing"]]
    assert labels == [
        "Hvordan går det?",
        "Hva hjelper?",
        "Det jeg gjør – Setter innbyggeren først",
        "Hvor ofte – Setter innbyggeren først",
        "Notat",
    ]
    merged = response.context["form"].stored
    assert merged["answers"] == {"mood": "hard", "help": "Tid\n\nRo"}
    assert merged["choices"] == [{"id": "expectation-1", "habit": "Spør først\n\nLytt", "often": "day"}]
    assert '<div class="practice">' in response.content.decode()


def test_it_says_what_is_unfinished_before_signing(agreement, save, as_user, url_of):
    assert save(agreement.leader, note="Bare et notat").status_code == 302
    bring_to(agreement, State.DISCUSSED)
    assert "Ingen øvelse i Øvelse." in page(as_user, url_of, agreement.leader, "sign", agreement)


def test_it_is_signed_and_read_as_it_was_signed(written, as_user, url_of):
    bring_to(written, State.SIGNED)
    record = open_seal(
        factories.access_of(written.leader, written.seals.get().agreement), written.seals.get()
    )
    (part,) = [each for each in record["sections"] if each["id"] == SECTION]
    assert (part["answer"], part["cited"]) == ("practice", {"expectation-1": "Setter innbyggeren først"})
    (read,) = [each.written for each in sections_of(record) if each.section.id == SECTION]
    assert read.answers == [Line("Hvordan går det?", "Tungt"), Line("Hva hjelper?", "Tid")]
    assert [choice.lines for choice in read.choices] == [
        [Line("Det jeg gjør", "Spør først"), Line("", "Hver uke")]
    ]
    leave_office(written)
    assert own_words(page(as_user, url_of, written.superior, "signed_record", written))


def test_its_document_has_its_labels(written, as_user, url_of):
    bring_to(written, State.SIGNED)
    document = as_user(written.leader).get(url_of("document", written)).content
    assert own_words(text_of(document))


def test_what_is_chosen_at_the_follow_up_shows_on_its_page(db, post_section, as_user, url_of):
    """Else it would be gone when the page is saved."""
    agreement = bring_to(made_with(stage="follow_up"), State.SIGNED)
    saved = post_section(agreement, agreement.leader, SECTION, **CHOSEN)
    assert saved.status_code == 302
    shown = in_section(page(as_user, url_of, agreement.leader, "follow_up", agreement))
    assert 'value="week" selected' in shown and "Setter innbyggeren først" in shown


def test_a_kind_that_is_not_there_is_not_read_as_another(written, monkeypatch):
    bring_to(written, State.SIGNED)
    record = open_seal(
        factories.access_of(written.leader, written.seals.get().agreement), written.seals.get()
    )
    monkeypatch.delitem(answer_kinds.REGISTERED, "practice")
    with pytest.raises(KeyError):
        sections_of(record)
    with pytest.raises(KeyError):
        kind_called("practice")
