"""Comparison of two editions: what became of every part and statement, each told once."""

import copy
import uuid
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leder.pages.comparing import Change, Comparison, FieldChange, MatchedBy, Place, compare
from leder.pages.editions import Edition
from leder.pages.markup import paragraphs_of
from leder.pages.models import LeaderPlatformPage, SteeringLetterPage

from .editor import posted
from .samples import form_body, letter_body, platform_body, stored

Content = dict[str, Any]
TEXTS = st.sampled_from(
    ["", "Sikre gode tjenester", "Følge opp sykefravær", "Sikre trygge tjenester", "Ja", "Å"]
)
SIGNS = {Change.UNCHANGED: "{}", Change.REMOVED: "[-{}-]", Change.ADDED: "{{+{}+}}"}


def edition(content: Content, **fields: Any) -> Edition:
    return Edition(content=content, kind=content["kind"], year=content["year"], **fields)


def letter(*parts: Content, year: int = 2027) -> Content:
    return {"kind": "letter", "title": "Styringsbrev", "year": year, "parts": list(parts)}


def part(identity: str, heading: str, *statements: Content, html: str = "", **more: Any) -> Content:
    return {
        "id": identity, "kind": "theme", "heading": heading, "html": html, "statements": list(statements), **more
    }  # fmt: skip


def said(identity: str, text: str, **more: Any) -> Content:
    return {"id": identity, "kind": "assignment", "text": text, **more}


def marked(field: FieldChange) -> str:
    """A field's words with [-removed-] and {+added+}."""
    return "\n".join(
        "".join(SIGNS[piece.change].format(piece.text) for piece in paragraph.pieces)
        for paragraph in field.paragraphs
    )


def told(comparison: Comparison) -> list[tuple[str, str, bool]]:
    """Each statement in order: its newest text, what became of it, whether it has moved."""
    return [
        (found.statement.text, found.change.value, found.moved_from is not None)
        for found in comparison.statements
    ]


OLD = letter(
    part(
        "p1", "Tema 1", said("a", "Første oppdrag"), said("b", "Andre oppdrag"), said("c", "Tredje oppdrag")
    ),
    part("p2", "Tema 2", said("d", "Fjerde oppdrag"), html="<p>Innledning.</p>"),
)


def changed(change: Any) -> Comparison:
    new = copy.deepcopy(OLD)
    change(new["parts"])
    return compare(edition(OLD), edition(new))


def test_no_difference() -> None:
    comparison = changed(lambda parts: None)
    assert comparison.is_empty and comparison.moved == 0
    assert comparison.counts == {Change.UNCHANGED: 4}


def test_rewritten_word_by_word() -> None:
    comparison = changed(lambda parts: parts[0]["statements"][1].update(text="Andre viktige oppdrag"))
    assert told(comparison)[1] == ("Andre viktige oppdrag", "rewritten", False)
    assert [marked(field) for field in comparison.statements[1].fields] == ["Andre {+viktige +}oppdrag"]
    assert [each.change for each in comparison.parts] == [Change.UNCHANGED, Change.UNCHANGED]
    assert [each.is_changed for each in comparison.parts] == [True, False]


def test_added_and_removed_in_their_places() -> None:
    def change(parts: list[Content]) -> None:
        del parts[0]["statements"][1]
        parts[0]["statements"].insert(0, said("n", "Nytt"))

    assert told(changed(change)) == [
        ("Nytt", "added", False),
        ("Første oppdrag", "unchanged", False),
        ("Andre oppdrag", "removed", False),
        ("Tredje oppdrag", "unchanged", False),
        ("Fjerde oppdrag", "unchanged", False),
    ]


def test_moved_within_its_part() -> None:
    comparison = changed(lambda parts: parts[0]["statements"].append(parts[0]["statements"].pop(0)))
    assert told(comparison)[:3] == [
        ("Andre oppdrag", "unchanged", False),
        ("Tredje oppdrag", "unchanged", False),
        ("Første oppdrag", "unchanged", True),
    ]
    assert comparison.statements[2].moved_from == Place("Tema 1", "", 1)
    assert not comparison.is_empty and comparison.moved == 1


def test_moved_to_another_part_and_rewritten() -> None:
    def change(parts: list[Content]) -> None:
        parts[1]["statements"].append({**parts[0]["statements"].pop(1), "text": "Andre, nye oppdrag"})

    comparison = changed(change)
    assert told(comparison)[-1] == ("Andre, nye oppdrag", "rewritten", True)
    assert comparison.statements[-1].moved_from == Place("Tema 1", "", 2)
    assert len(comparison.statements) == 4


def test_a_part_that_moves_takes_its_statements_along() -> None:
    comparison = changed(lambda parts: parts.reverse())
    assert [(each.part["heading"], each.moved_from) for each in comparison.parts] == [
        ("Tema 2", Place("Tema 2", "", 2)),
        ("Tema 1", None),
    ]
    assert comparison.moved == 0 and not comparison.is_empty


def test_a_part_removed_and_one_added() -> None:
    def change(parts: list[Content]) -> None:
        parts[0:1] = [part("p9", "Tema 9", said("x", "Niende"), html="<ul><li>punkt</li></ul>")]

    comparison = changed(change)
    assert [(each.part["heading"], each.change.value) for each in comparison.parts] == [
        ("Tema 1", "removed"),
        ("Tema 9", "added"),
        ("Tema 2", "unchanged"),
    ]
    assert comparison.counts == {Change.REMOVED: 3, Change.ADDED: 1, Change.UNCHANGED: 1}
    assert comparison.statement_of("b") is comparison.statements[1]
    assert comparison.statement_of("b").new is None and comparison.statement_of("x") is None


def test_heading_text_and_settings_of_a_part() -> None:
    comparison = changed(
        lambda parts: parts[1].update(heading="Tema to", html="<p>Ny innledning.</p>", private=True)
    )
    fields = {field.name: field for field in comparison.parts[1].fields}
    assert marked(fields["heading"]) == "Tema [-2-]{+to+}"
    assert marked(fields["html"]) == "[-Innledning.-]{+Ny innledning.+}"
    assert (fields["private"].old, fields["private"].new, fields["private"].change) == (
        "",
        True,
        Change.ADDED,
    )


def test_deadlines_are_values_and_follow_the_year() -> None:
    def content(year: int, *days: str) -> Content:
        return letter(
            part("p", "Tema", *(said(f"s{n}", f"Oppdrag {n}", deadline=day) for n, day in enumerate(days))),
            year=year,
        )

    old = content(2027, "2027-10-01", "2027-10-01", "", "2028-02-29", "2027-05-01")
    new = content(2028, "2028-10-01", "2028-11-01", "2028-05-01", "2029-02-28", "når som helst")
    comparison = compare(edition(old), edition(new))
    found = [each.fields[1] for each in comparison.statements]
    assert [(field.change.value, field.follows_year) for field in found] == [
        ("unchanged", True),
        ("rewritten", False),
        ("added", False),
        ("unchanged", True),
        ("rewritten", False),
    ]
    assert not any(field.paragraphs for field in found)
    # Within the same year a date that moves by a year is another date.
    same_year = compare(edition(old), edition({**new, "year": 2027}))
    assert same_year.statements[0].change == Change.REWRITTEN


def test_another_value_above_does_not_rewrite_its_statements() -> None:
    def content(name: str) -> Content:
        return letter(
            part("p", "Verdier", said("v", name), said("a", "Møter folk", group=name), said("w", "Annen"))
        )

    comparison = compare(edition(content("Åpen")), edition(content("Raus")))
    assert told(comparison) == [
        ("Raus", "rewritten", False),
        ("Møter folk", "unchanged", False),
        ("Annen", "unchanged", False),
    ]
    moved = content("Åpen")
    moved["parts"][0]["statements"] = [
        said("v", "Åpen"), said("w", "Annen"), said("a", "Møter folk", group="Annen")
    ]  # fmt: skip
    comparison = compare(edition(content("Åpen")), edition(moved))
    assert told(comparison)[2] == ("Møter folk", "unchanged", True)
    assert comparison.statements[2].moved_from == Place("Verdier", "Åpen", 2)


def test_fields_stand_in_the_same_order_whatever_the_database_does_to_keys() -> None:
    one = said("a", "Oppdrag", deadline="2027-10-01", audience="Alle", zebra="z", ape="a", target="8 %")
    other = dict(reversed(one.items()))
    for old, new in [(one, other), (other, one)]:
        (found,) = compare(
            edition(letter(part("p", "T", old))), edition(letter(part("p", "T", new)))
        ).statements
        assert [field.name for field in found.fields] == [
            "text", "audience", "deadline", "target", "ape", "zebra"
        ]  # fmt: skip


def test_questions_are_statements_too() -> None:
    old = letter(part("p", "Del", questions=[{"id": "q", "text": "Hva er du god på?"}]))
    new = letter(part("p", "Del", questions=[{"id": "q", "text": "Hva er du best på?"}]))
    (found,) = compare(edition(old), edition(new)).statements
    assert (found.statement.kind, marked(found.fields[0])) == ("question", "Hva er du [-god -]{+best +}på?")


def test_two_kinds_are_not_compared() -> None:
    with pytest.raises(ValueError, match="compared"):
        compare(edition(OLD), edition({**OLD, "kind": "form"}))


# -- Between years -------------------------------------------------------------------------------------------
def renewed(content: Content, year: int, links: dict[str, str]) -> tuple[Content, dict[str, str]]:
    """A copy with new ids, and its origins with those of the copied one."""
    new = copy.deepcopy(content) | {"year": year}
    origins = dict(links)
    for each in new["parts"]:
        for item in [each, *each["statements"]]:
            item["id"], origins[f"{item['id']}+"] = f"{item['id']}+", item["id"]
    return new, origins


def test_copied_texts_are_compared_by_where_their_ids_come_from() -> None:
    second, links = renewed(OLD, 2028, {})
    third, more_links = renewed(second, 2029, links)
    third["parts"][0]["statements"][0]["text"] = "Noe helt annet enn før"
    later, first = edition(third, origins=more_links), edition(OLD)
    forwards, backwards = compare(first, later), compare(later, first)
    for comparison in (forwards, backwards):
        assert comparison.counts == {Change.REWRITTEN: 1, Change.UNCHANGED: 3}
        assert {found.matched_by for found in comparison.statements} == {MatchedBy.ORIGIN}
    assert forwards.statement_of("b").new.id == "b++"
    # Two copies of the same text, as that of another municipality's year.
    sibling, own_links = renewed(OLD, 2028, {})
    assert compare(edition(second, origins=links), edition(sibling, origins=own_links)).is_empty


def test_origins_that_go_in_a_circle_end() -> None:
    second, links = renewed(OLD, 2028, {"a": "a+"})
    assert compare(edition(OLD), edition(second, origins=links)).counts == {Change.UNCHANGED: 4}


def test_a_text_typed_anew_is_compared_by_its_words() -> None:
    anew = copy.deepcopy(OLD)
    for each in anew["parts"]:
        for item in [each, *each["statements"]]:
            item["id"] = str(uuid.uuid4())
    anew["parts"][0]["statements"][0]["text"] = "FØRSTE  oppdrag"
    anew["parts"][0]["statements"][2]["text"] = "Noe nytt"
    comparison = compare(edition(OLD), edition(anew))
    assert [(text, change) for text, change, _moved in told(comparison)] == [
        ("FØRSTE  oppdrag", "rewritten"),
        ("Andre oppdrag", "unchanged"),
        ("Tredje oppdrag", "removed"),
        ("Noe nytt", "added"),
        ("Fjerde oppdrag", "unchanged"),
    ]
    assert comparison.statement_of("b").matched_by == MatchedBy.WORDS
    assert comparison.statement_of("b").new.id != "b"


# -- Whatever the texts ----------------------------------------------------------------------------------------
@st.composite
def contents(draw: Any) -> Content:
    ids = iter(draw(st.permutations([f"id{number}" for number in range(16)])))
    html = draw(
        st.sampled_from(["", "<p>Innledning.</p>", "<p>Ny <b>innledning</b>.</p><ul><li>Punkt</li></ul>"])
    )
    parts = [
        part(
            next(ids),
            draw(TEXTS),
            *(
                said(
                    next(ids),
                    draw(TEXTS),
                    elaboration=draw(TEXTS),
                    deadline=draw(st.sampled_from(["", "2027-10-01", "2028-10-01"])),
                    group=draw(TEXTS),
                )
                for _ in range(draw(st.integers(0, 3)))
            ),
            html=html,
            questions=[{"id": next(ids), "text": draw(TEXTS)}] if draw(st.booleans()) else [],
        )
        for _ in range(draw(st.integers(0, 3)))
    ]
    return letter(*parts, year=draw(st.sampled_from([2027, 2028])))


LINKS = st.dictionaries(st.sampled_from([f"id{n}" for n in range(16)]), st.sampled_from(["id1", "id5", "z"]))


def items(content: Content) -> list[Content]:
    return [item for each in content["parts"] for item in [*each["statements"], *each["questions"]]]


@given(contents(), LINKS)
def test_a_text_against_itself_is_empty(content: Content, links: dict[str, str]) -> None:
    one = edition(content, origins=links)
    comparison = compare(one, one)
    assert comparison.is_empty and comparison.moved == 0
    assert set(comparison.counts) <= {Change.UNCHANGED}
    assert all(found.old == found.new for found in comparison.statements)


@given(contents(), contents(), LINKS, LINKS)
def test_everything_stands_once_and_the_new_text_follows(
    old: Content, new: Content, links: dict[str, str], more: dict[str, str]
) -> None:
    comparison = compare(edition(old, origins=links), edition(new, origins=more))
    # In the new text's order, part for part.
    assert [each.new for each in comparison.parts if each.new] == new["parts"]
    for each in comparison.parts:
        expected = [item["id"] for item in items({"parts": [each.new]})] if each.new else []
        assert [found.new.id for found in each.statements if found.new] == expected
    assert Counter(each.old["id"] for each in comparison.parts if each.old) == Counter(
        each["id"] for each in old["parts"]
    )
    assert Counter(found.old.id for found in comparison.statements if found.old) == Counter(
        item["id"] for item in items(old)
    )
    # What the pieces say is the new text.
    for each in comparison.parts:
        for field in each.fields:
            assert_says(field, (each.new or {}).get(field.name, ""))
    for found in comparison.statements:
        for field in found.fields:
            words = {"text": found.new.text, **found.new.extra} if found.new else {}
            assert_says(field, words.get(field.name, ""))
        assert (found.new is None) == (found.change == Change.REMOVED)
        assert (found.old is None) == (found.change == Change.ADDED)


def assert_says(field: FieldChange, new: Any) -> None:
    assert (field.new or "") == (new or "")
    if field.paragraphs:
        words = "\n".join(each.new_text for each in field.paragraphs if each.change != Change.REMOVED)
        texts = [each.text for each in paragraphs_of(new)] if field.name == "html" else [new.strip()]
        assert words == "\n".join(texts)


# -- Editions of real pages --------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_every_kind_of_block_against_itself_and_all_reversed(platform: Any, letter: Any, form: Any) -> None:
    for page in (platform, letter, form):
        content = page.edition_content()
        one = edition(content)
        assert compare(one, one).is_empty
        turned = {**content, "parts": content["parts"][::-1]}
        comparison = compare(one, edition(turned))
        assert set(comparison.counts) == {Change.UNCHANGED}
        assert sum(each.moved_from is None for each in comparison.parts) == 1


@pytest.mark.django_db
def test_what_the_editor_did_is_what_is_told(approver: Any, platform: LeaderPlatformPage) -> None:
    address = f"/cms/pages/{platform.pk}/edit/"
    changes = {"body-2-value-expectations-0-value-text": "setter innbyggeren aller først"}
    assert approver.post(address, posted(platform, **changes, **{"action-publish": "1"})).status_code == 302
    new, old = Edition.objects.of(platform)
    comparison = compare(old, new)
    (found,) = [each for each in comparison.statements if each.is_changed]
    assert found.old.id == found.new.id
    assert marked(found.fields[0]) == "setter innbyggeren {+aller +}først"


@pytest.mark.django_db
def test_the_letter_of_next_year_against_this_years(letter: SteeringLetterPage) -> None:
    copied = letter.copy(update_attrs={"slug": "neste", "title": "Styringsbrev 2029"}, keep_live=False)
    draft = copied.get_latest_revision_as_object()
    draft.body[1].value["assignments"][1]["text"] = "Snakk mer sammen."
    draft.title = "Styringsbrev 2029"
    draft.save_revision().publish()
    comparison = compare(Edition.objects.of(letter).get(), Edition.objects.of(copied).get())
    assert [(found.change.value, found.moved_from) for found in comparison.statements] == [
        ("unchanged", None),
        ("rewritten", None),
    ]
    assert [f.name for f in comparison.statements[0].fields if f.follows_year] == ["deadline"]
    assert not any(
        found.change for part in comparison.parts for found in part.fields if found.change != "unchanged"
    )
    assert marked(comparison.title) == "Styringsbrev [-2028-]{+2029+}"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("model", "body"),
    [
        ("LeaderPlatformPage", platform_body()),
        ("SteeringLetterPage", letter_body()),
        ("AgreementFormPage", form_body()),
    ],
)
def test_every_field_of_a_content_is_read(model: str, body: list[Content]) -> None:
    """A key that no comparison reads would let a change pass unseen."""
    from leder.pages import models
    from leder.pages.contents import content_of

    page_model = getattr(models, model)
    page = page_model(title="Tekst", introduction="<p>Kort.</p>", body=stored(page_model, body, "x"))
    content = content_of(page, page_model.page_kind)
    for each in [item for part in content["parts"] for item in [part, *part["statements"]]]:
        for key, value in each.items():
            if key in {"id", "kind", "key", "perspective", "statements", "questions", "group"}:
                continue
            if "html" in each and key == "text":
                continue
            altered = copy.deepcopy(content)
            found = next(
                item
                for part in altered["parts"]
                for item in [part, *part["statements"]]
                if item["id"] == each["id"]
            )
            found[key] = not value if isinstance(value, bool) else f"{value}<p>annet</p>"
            assert not compare(edition(content), edition(altered)).is_empty, (each["kind"], key)
