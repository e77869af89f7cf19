"""A document (dokument) from a record, before it is sealed and issued: pure."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import rfc8785

from leder.agreements.reading.without_private import private_sections, without_private
from leder.canonical import digest
from leder.documents.content import content_of
from leder.documents.facts import Agreed, Facts
from leder.documents.typesetting import typeset
from leder.documents.variants import Variant


class NoDocument(Exception):
    """There is nothing to give: the text does not open, was deleted, or is not for this reader. Carries no content."""


class FormChanged(Exception):
    """The text of the form is not the one that the record names: the document would show what nobody signed."""


def render(
    record: dict[str, Any], form: dict[str, Any], facts: Facts, variant: Variant = Variant.WHOLE
) -> bytes:
    """Return the PDF of a record of an agreement or a follow-up, sealed or a draft's (`seals.record`).

    `form` is the content of the form's edition. With `WITHOUT_PRIVATE` the attached record holds what is shown and
    the SHA-256 of the whole; a record that is without private sections already stays as it is. Raises FormChanged,
    and NotSet when it can't be set.
    """
    require_form(record, form)
    if variant == Variant.WITHOUT_PRIVATE:
        if "variant" not in record:
            private = private_sections(form)
            record = without_private(record, private=private, whole_sha256=digest(record))
        facts = without_private_goals(facts, form)
    return typeset(
        content_of(record, form, facts),
        record=rfc8785.dumps(record),
        form=rfc8785.dumps(form),
        goals=_goals_file(facts.agreed, form),
        at=facts.as_of,
    )


def require_form(record: dict[str, Any], form: dict[str, Any]) -> None:
    """Raise FormChanged unless the content of the form is what the record names."""
    # A record in short, as in examples, names no form.
    if digest(form) != record.get("editions", {}).get("form", {}).get("sha256"):
        raise FormChanged


def without_private_goals(facts: Facts, form: dict[str, Any]) -> Facts:
    """Return the facts without the goals of sections that the form says are private."""
    if facts.agreed is None:
        return facts
    private = private_sections(form)
    goals = {key: goals for key, goals in facts.agreed.goals.items() if key not in private}
    return replace(facts, agreed=replace(facts.agreed, goals=goals))


def _goals_file(agreed: Agreed | None, form: dict[str, Any]) -> bytes:
    """The goals as they were signed, in the order of the form."""
    if agreed is None:
        return b""
    sections = [part["id"] for part in form["parts"] if part["id"] in agreed.goals]
    goals = [{"id": section_id, "goals": agreed.goals[section_id]} for section_id in sections]
    return rfc8785.dumps({"signed_sha256": agreed.sha256, "goals": goals})
