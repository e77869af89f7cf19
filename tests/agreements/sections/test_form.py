"""The form of a section: reads leniently, keeps what was typed, refuses what is not in the text."""

import uuid

import pytest
from django.http import QueryDict

from leder.agreements.answers import new_goal
from leder.agreements.sections.fields import MOST_CHARACTERS
from leder.agreements.sections.form import SectionForm
from leder.agreements.sections.kinds.follow_up import ProgressForm
from leder.pages.editions import Edition
from tests.factories import (
    FOLLOW_UP_SECTION,
    FORM,
    LETTER,
    PLATFORM,
    PRIVATE_SECTION,
    QUESTIONS_SECTION,
    SECTION,
)

EDITIONS = {content["kind"]: Edition(content=content) for content in (FORM, LETTER, PLATFORM)}


def typed(**fields):
    data = QueryDict(mutable=True)
    for name, value in fields.items():
        data.setlist(name.replace("__", "-"), value if isinstance(value, list) else [value])
    return data


def form(section_id, data=None, payload=None, **kwargs):
    section = EDITIONS["form"].section(section_id)
    cited = [EDITIONS[section.answer]] if section.answer in EDITIONS else []
    return SectionForm(data, section=section, cited=cited, payload=payload, **kwargs)


def test_what_is_stored_comes_back_unchanged():
    goal = new_goal(goal="Et mål", measures="Et tiltak", due="2027-05-01", carried_from=str(uuid.uuid4()))
    payload = {
        "note": "Et notat",
        "answers": {},
        "choices": [
            {"id": "assignment-2", "contribution": "Jeg", "ambition": "Høyt", "expectations": "Støtte"}
        ],
        "goals": [goal],
    }
    shown = form(SECTION, payload=payload)
    data = QueryDict(mutable=True)
    data["chosen"] = "assignment-2"
    for field in shown:
        data[field.html_name] = field.value() or ""
    again = form(SECTION, data)
    assert again.is_valid(), again.errors
    assert again.payload() == payload


def test_a_half_written_section_is_fine():
    empty = form(SECTION, typed(note=""))
    assert empty.is_valid()
    assert empty.payload() == {"note": "", "answers": {}, "choices": [], "goals": []}


@pytest.mark.parametrize(
    ("written", "stored"), [("2027-12-31", "2027-12-31"), ("31.12.2027", "2027-12-31"), ("", "")]
)
def test_dates_are_read_as_browsers_and_people_write_them(written, stored):
    bound = form(SECTION, typed(g__0__goal="Mål", g__0__due=written))
    assert bound.is_valid()
    assert bound.payload()["goals"][0]["due"] == stored


def test_what_is_no_date_is_told_and_kept():
    bound = form(SECTION, typed(g__0__goal="Mål", g__0__due="til våren", note="Resten"))
    assert not bound.is_valid()
    field = bound["g-0-due"]
    assert field.errors
    assert 'value="til våren"' in str(field)
    assert 'type="text"' in str(field)
    assert "Resten" in str(bound["note"])


def test_too_long_a_text_is_told_and_kept():
    text = "å" * (MOST_CHARACTERS + 1)
    bound = form(SECTION, typed(note=text))
    assert not bound.is_valid()
    assert str(MOST_CHARACTERS) in bound.errors["note"][0].replace("\xa0", "").replace(" ", "")
    assert text in str(bound["note"])
    assert "maxlength" not in str(bound["note"])


def test_a_choice_outside_the_pinned_text_is_refused():
    bound = form(SECTION, typed(chosen=["assignment-1", "expectation-1"]))
    assert not bound.is_valid()
    assert bound.non_field_errors()


def test_of_several_themes_only_those_with_a_choice_are_unfolded():
    theme = LETTER["parts"][0]
    statements = [{**each, "id": f"other-{each['id']}"} for each in theme["statements"]]
    other = {**theme, "id": "theme-2", "heading": "Annet", "statements": statements}
    letter = Edition(content={**LETTER, "parts": [theme, other]})
    section = EDITIONS["form"].section(SECTION)

    def unfolded(*chosen):
        payload = {"choices": [{"id": each} for each in chosen]}
        return [
            group.is_open for group in SectionForm(section=section, cited=[letter], payload=payload).groups
        ]

    assert unfolded() == [False, False]
    assert unfolded("other-assignment-2") == [False, True]
    assert [group.is_open for group in form(SECTION).groups] == [True]


def test_a_new_choice_gets_its_fields_when_saved():
    bound = form(PRIVATE_SECTION, typed(chosen="expectation-2"))
    assert bound.is_valid()
    assert bound.payload()["choices"] == [{"id": "expectation-2", "stance": "", "why": ""}]
    shown = form(PRIVATE_SECTION, payload=bound.payload())
    assert [field.label for group in shown.groups for option in group.options for field in option.fields]


def test_goals_keep_their_ids_and_new_ones_get_one():
    mine = str(uuid.uuid4())
    bound = form(
        SECTION,
        typed(g__0__goal="Gammelt", g__0__id=mine, g__4__goal="Nytt", g__5__goal="Juks", g__5__id="<script>"),
    )
    assert bound.is_valid()
    ids = bound.goal_ids()
    assert ids["0"] == mine
    assert uuid.UUID(ids["4"])
    assert uuid.UUID(ids["5"])
    assert [goal["id"] for goal in bound.payload()["goals"]] == list(ids.values())


def test_two_rows_never_share_an_id():
    mine = str(uuid.uuid4())
    bound = form(SECTION, typed(g__0__goal="A", g__0__id=mine, g__1__goal="B", g__1__id=mine))
    assert bound.is_valid()
    assert len(set(bound.goal_ids().values())) == 2


def test_removed_and_empty_rows_are_dropped_and_an_empty_one_is_offered():
    bound = form(SECTION, typed(g__0__goal="Bort", g__0__remove="on", g__1__goal="", g__2__goal="Bli"))
    assert bound.is_valid()
    assert [goal["goal"] for goal in bound.payload()["goals"]] == ["Bli"]
    assert bound.goals[-1].is_blank
    assert form(SECTION).goals[-1].is_blank


def test_a_date_or_a_measure_by_itself_is_no_goal_and_is_kept():
    for fields in ({"due": "2027-05-01"}, {"measures": "Et tiltak"}):
        row = {f"g__1__{name}": value for name, value in fields.items()}
        bound = form(SECTION, typed(g__0__goal="Et mål", note="Resten", **row))
        assert not bound.is_valid()
        assert set(bound.errors) == {"g-1-goal"}
        assert "mål 2" in bound.errors["g-1-goal"][0]
        assert all(value in str(bound[name.replace("__", "-")]) for name, value in row.items())
        removed = form(SECTION, typed(g__0__goal="Et mål", g__1__remove="on", **row))
        assert removed.is_valid()
        assert [goal["goal"] for goal in removed.payload()["goals"]] == ["Et mål"]


def test_line_breaks_are_stored_as_one_character():
    bound = form(SECTION, typed(note="En\r\nto"))
    assert bound.is_valid()
    assert bound.payload()["note"] == "En\nto"


def test_questions_have_a_field_each_and_a_preparation_asks_them_everywhere():
    assert len(form(QUESTIONS_SECTION).answers) == 2
    assert not form(SECTION).answers
    preparation = form(SECTION, preparation=True)
    assert len(preparation.answers) == 2
    assert not preparation.statements
    assert not preparation.has_goals


def test_the_note_of_the_follow_up_is_about_new_circumstances():
    assert form(FOLLOW_UP_SECTION)["note"].label != form(SECTION)["note"].label


def test_progress_keeps_to_the_goals_that_were_signed():
    goals = [new_goal(goal="Signert")]
    section = EDITIONS["form"].section(SECTION)
    data = typed(note="Bra")
    data[f"p-{goals[0]['id']}-status"] = "reached"
    data["p-annet-status"] = "dropped"
    bound = ProgressForm(data, section=section, signed=goals, payload=None)
    assert bound.is_valid()
    assert bound.payload() == {
        "note": "Bra",
        "goals": {goals[0]["id"]: {"status": "reached", "comment": ""}},
    }
