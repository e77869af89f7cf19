"""A document (dokument) from a record: pure, so that the same record and facts always give the same bytes."""

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
    # A record in short, as in examples, names no form.
    if digest(form) != record.get("editions", {}).get("form", {}).get("sha256"):
        raise FormChanged
    private = private_sections(form)
    if variant == Variant.WITHOUT_PRIVATE:
        if "variant" not in record:
            record = without_private(record, private=private, whole_sha256=digest(record))
        facts = _without_private_goals(facts, private)
    return typeset(
        content_of(record, form, facts),
        record=rfc8785.dumps(record),
        form=rfc8785.dumps(form),
        goals=_goals_file(facts.agreed, form),
        at=facts.as_of,
    )


def _without_private_goals(facts: Facts, private: frozenset[str]) -> Facts:
    if facts.agreed is None:
        return facts
    goals = {key: goals for key, goals in facts.agreed.goals.items() if key not in private}
    return replace(facts, agreed=replace(facts.agreed, goals=goals))


def _goals_file(agreed: Agreed | None, form: dict[str, Any]) -> bytes:
    """The goals as they were signed, in the order of the form."""
    if agreed is None:
        return b""
    sections = [part["id"] for part in form["parts"] if part["id"] in agreed.goals]
    goals = [{"id": section_id, "goals": agreed.goals[section_id]} for section_id in sections]
    return rfc8785.dumps({"signed_sha256": agreed.sha256, "goals": goals})
