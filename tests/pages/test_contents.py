"""A page as plain data: everything in it, in order, with the ids it is stored under."""

from typing import Any

import pytest
from django.utils import translation
from wagtail.blocks import StreamBlock
from wagtail.models import Page

from leder.pages.contents import PARTS, content_of, contents_of
from leder.pages.editions import edition_of
from leder.pages.identities import INTRODUCTION
from leder.pages.models import AgreementFormPage, LeaderPlatformPage, LeadershipPage, SteeringLetterPage

from .samples import uid

pytestmark = pytest.mark.django_db


def part(page: Any, kind: str) -> dict[str, Any]:
    return next(part for part in page.edition_content()["parts"] if part["kind"] == kind)


def test_head(platform: LeaderPlatformPage, letter: SteeringLetterPage, form: AgreementFormPage) -> None:
    heads = [
        {key: value for key, value in page.edition_content().items() if key != "parts"}
        for page in (platform, letter, form)
    ]
    assert heads == [
        {"kind": "platform", "title": "Lederplattform", "year": None},
        {"kind": "letter", "title": "Styringsbrev 2028", "year": 2028},
        {"kind": "form", "title": "Lederavtale 2028", "year": 2028},
    ]


def test_every_part_in_order(platform: LeaderPlatformPage) -> None:
    parts = platform.edition_content()["parts"]
    assert [(part["id"], part["kind"]) for part in parts] == [(INTRODUCTION, "introduction")] + [
        (block.id, block.block_type) for block in platform.body
    ]
    assert all({"id", "kind", "heading", "html", "statements"} <= part.keys() for part in parts)


@pytest.mark.parametrize("model", [LeaderPlatformPage, SteeringLetterPage, AgreementFormPage])
def test_every_block_has_a_part(model: type[Page]) -> None:
    stream: StreamBlock = model._meta.get_field("body").stream_block
    assert set(stream.child_blocks) <= set(PARTS)


EXPECTED: dict[str, dict[str, Any]] = {
    "introduction": {
        "id": INTRODUCTION,
        "heading": "",
        "html": "<p>God ledelse.</p>",
        "statements": [],
    },
    "text_section": {
        "id": uid("p/0"),
        "heading": "Formål",
        "html": "<p>Gode <b>tjenester</b>.</p>",
        "statements": [],
    },
    "values": {
        "id": uid("p/1"),
        "heading": "Verdigrunnlag",
        "html": "<p>To verdier.</p>",
        "statements": [
            {"id": uid("p/1/values/0"), "kind": "value", "text": "Åpen"},
            {
                "id": uid("p/1/values/0/statements/0"),
                "kind": "value_statement",
                "text": "møter folk med tillit",
                "group": "Åpen",
            },
            {
                "id": uid("p/1/values/0/statements/1"),
                "kind": "value_statement",
                "text": "gir rom",
                "group": "Åpen",
            },
            {"id": uid("p/1/values/1"), "kind": "value", "text": "Troverdig"},
            {
                "id": uid("p/1/values/1/statements/0"),
                "kind": "value_statement",
                "text": "holder ord",
                "group": "Troverdig",
            },
        ],
    },
    "expectations": {
        "id": uid("p/2"),
        "heading": "Forventninger",
        "html": "",
        "statements": [
            {
                "id": uid("p/2/expectations/0"),
                "kind": "expectation",
                "text": "setter innbyggeren først",
                "elaboration": "hver dag",
            },
            {
                "id": uid("p/2/expectations/1"),
                "kind": "expectation",
                "text": "samarbeider",
                "elaboration": "",
            },
        ],
    },
    "employer_role": {
        "id": uid("p/3"),
        "heading": "Arbeidsgiverrollen",
        "html": "",
        "statements": [
            {
                "id": uid("p/3/duties/0"),
                "kind": "duty",
                "text": "Lede fordele",
                "group": "Styringsrett",
                "html": "<p>Lede</p><p>fordele</p>",
            }
        ],
    },
    "responsibility_areas": {
        "id": uid("p/5"),
        "heading": "Lederansvar",
        "html": "",
        "statements": [
            {
                "id": uid("p/5/areas/0"),
                "kind": "area",
                "text": "Fag",
                "key": "professional",
                "summary": "Gode tjenester",
            },
            {
                "id": uid("p/5/areas/0/points/0"),
                "kind": "responsibility",
                "text": "organisere",
                "group": "Fag",
            },
            {"id": uid("p/5/areas/1"), "kind": "area", "text": "Personal", "key": "personnel", "summary": ""},
            {
                "id": uid("p/5/areas/1/points/0"),
                "kind": "responsibility",
                "text": "ha oversikt",
                "group": "Personal",
            },
            {"id": uid("p/5/areas/2"), "kind": "area", "text": "Økonomi", "key": "economy", "summary": ""},
            {
                "id": uid("p/5/areas/2/points/0"),
                "kind": "responsibility",
                "text": "følge opp",
                "group": "Økonomi",
            },
        ],
    },
    "scorecard": {
        "id": uid("p/6"),
        "heading": "Balansert målstyring",
        "html": "",
        "statements": [
            {
                "id": uid("p/6/perspectives/0"),
                "kind": "perspective",
                "text": "Organisasjon",
                "key": "organisation",
                "description": "Oss",
            },
            {
                "id": uid("p/6/perspectives/0/indicators/0"),
                "kind": "indicator",
                "text": "Sykefravær",
                "group": "Organisasjon",
                "rhythm": "hvert kvartal",
            },
        ],
        "closing_html": "<p>I dialog.</p>",
    },
    "points_section": {
        "id": uid("p/7"),
        "heading": "Lederutvikling",
        "html": "",
        "statements": [
            {"id": uid("p/7/points/0"), "kind": "point", "text": "samtale"},
            {"id": uid("p/7/points/1"), "kind": "point", "text": "program"},
        ],
    },
    "rich_text": {"id": uid("p/9"), "heading": "", "html": "<p>Løpende tekst.</p>", "statements": []},
    "callout": {
        "id": uid("p/10"),
        "heading": "Eksempel",
        "html": "<p>Ikke vedtatt.</p>",
        "tone": "info",
        "statements": [],
    },
    "document_list": {
        "id": uid("p/11"),
        "heading": "Les mer",
        "html": "",
        "statements": [
            {
                "id": uid("p/11/documents/0"),
                "kind": "document",
                "text": "Reglement",
                "href": "https://example.org/r",
            }
        ],
    },
}


@pytest.mark.parametrize("kind", EXPECTED)
def test_part_of_the_platform(platform: LeaderPlatformPage, kind: str) -> None:
    assert part(platform, kind) == {"kind": kind, **EXPECTED[kind]}


def test_documents_and_levels_are_labelled(platform: LeaderPlatformPage) -> None:
    with translation.override("nb"):
        from leder.pages.choices import DocumentCategory, LeaderGroup

        law, group = str(DocumentCategory.LAW.label), str(LeaderGroup.ONE.label)
    assert part(platform, "governing_documents")["statements"][0] == {
        "id": uid("p/4/documents/0"),
        "kind": "document",
        "text": "Arbeidsmiljøloven",
        "href": "https://lovdata.no/aml",
        "group": law,
    }
    assert part(platform, "leader_levels")["statements"] == [
        {
            "id": uid("p/8/levels/0"),
            "kind": "level",
            "text": "Kommunedirektør",
            "group": group,
            "html": "<p>Kommunedirektør</p>",
            "chapter": "3.4.1",
        }
    ]


def test_theme(letter: SteeringLetterPage) -> None:
    theme = part(letter, "theme")
    first, second = theme.pop("statements")
    label, audience = theme.pop("perspective_label"), first.pop("audience")
    assert theme == {
        "id": uid("l/1"),
        "kind": "theme",
        "heading": "Et godt arbeidsmiljø",
        "html": "<p>Vi bryr oss.</p>",
        "perspective": "organisation",
    }
    assert label
    assert audience.startswith("Helse og mestring · ") and "2" in audience and "3" in audience
    assert first == {
        "id": uid("l/1/assignments/0"),
        "kind": "assignment",
        "text": "Gå gjennom sykefraværet.",
        "deadline": "2028-02-29",
        "indicator": "Sykefravær",
        "target": "under 7 %",
    }
    assert second == {
        "id": uid("l/1/assignments/1"),
        "kind": "assignment",
        "text": "Snakk sammen.",
        "audience": "",
        "deadline": "",
        "indicator": "",
        "target": "",
    }


def test_sections_of_the_form(form: AgreementFormPage) -> None:
    parts = form.edition_content()["parts"]
    assert [part["kind"] for part in parts] == ["text_section", "parties", "section", "section"]
    assert parts[1]["html"] == "<p>Fylles ut &lt; av løsningen</p>"
    assert parts[2] == {
        "id": uid("f/2"),
        "kind": "section",
        "heading": "Ledelsesutvikling",
        "html": "<p>Velg to.</p>",
        "statements": [],
        "questions": [
            {"id": uid("f/2/questions/0"), "text": "Hva er du god på?"},
            {"id": uid("f/2/questions/1"), "text": "Hva er utfordrende?"},
        ],
        "answer": "platform",
        "goals": True,
        "private": True,
        "stage": "agreement",
    }
    assert (parts[3]["questions"], parts[3]["goals"], parts[3]["private"]) == ([], False, False)


def test_links_are_written_out(platform: LeaderPlatformPage, leadership: LeadershipPage) -> None:
    platform.body = [
        {
            "type": "rich_text",
            "id": "a",
            "value": f'<p><a linktype="page" id="{leadership.pk}">Ledelse</a></p>',
        }
    ]
    assert platform.edition_content()["parts"][1]["html"] == f'<p><a href="{leadership.url}">Ledelse</a></p>'


def test_a_link_to_an_unpublished_page_is_left_out(
    platform: LeaderPlatformPage, letter: SteeringLetterPage
) -> None:
    value = {"heading": "Les", "documents": [{"title": "Brevet", "page": letter.pk}]}
    platform.body = [{"type": "document_list", "id": "a", "value": value}]
    assert platform.edition_content()["parts"][1]["statements"][0]["href"] == letter.url
    letter.unpublish()
    platform.body = [{"type": "document_list", "id": "a", "value": value}]
    assert platform.edition_content()["parts"][1]["statements"][0]["href"] == ""


def test_the_same_whoever_asks(letter: SteeringLetterPage) -> None:
    contents = []
    for language in ("nb", "nn", "en"):
        with translation.override(language):
            contents.append(letter.edition_content())
    assert contents[0] == contents[1] == contents[2]


def test_asks_the_database_nothing(platform: LeaderPlatformPage, django_assert_num_queries: Any) -> None:
    page = LeaderPlatformPage.objects.get(pk=platform.pk)
    with django_assert_num_queries(0):
        content_of(page, "platform")


def test_ids_and_contents_survive_a_save(platform: LeaderPlatformPage) -> None:
    before = platform.edition_content()
    for _time in range(2):
        platform.get_latest_revision_as_object().save_revision().publish()
        platform = LeaderPlatformPage.objects.get(pk=platform.pk)
    assert platform.edition_content() == before


def test_editions_are_made_of_it(form: AgreementFormPage, letter: SteeringLetterPage) -> None:
    edition = edition_of(form)
    assert [section.id for section in edition.sections] == [uid("f/2"), uid("f/3")]
    assert [section.is_follow_up for section in edition.sections] == [False, True]
    assert list(edition_of(letter).statements) == [uid("l/1/assignments/0"), uid("l/1/assignments/1")]


def test_contents_list_leaves_out_what_has_no_heading(platform: LeaderPlatformPage) -> None:
    entries = contents_of(platform.body)
    assert [entry.id for entry in entries] == [*(uid(f"p/{n}") for n in range(9)), uid("p/11")]
    assert entries[1].heading == "Verdigrunnlag"
