"""A record without what is private in it (R2), for those who may know the rest. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import Any

VARIANT = "without_private"
PURPOSE = "without private sections"


def without_private(
    record: dict[str, Any], *, private: Collection[str], whole_sha256: str = ""
) -> dict[str, Any]:
    """Return the record with nothing of what is private but that it is there, and with the whole record's SHA-256.

    `private` are the sections that the form says are private: a follow-up's record does not say it of goals.
    The salt of the whole stays behind: with it, one could try words until the hash of the whole fits. In its place
    stands one made from it, so that the hash of this, too, tells nothing once the text is shredded. A draft has no
    salt, and nothing to refer to.
    """
    held = {
        **{key: value for key, value in record.items() if key != "salt"},
        "variant": VARIANT,
        "sections": [_without_text(part, private) for part in record["sections"]],
    }
    if "progress" in record:
        held["progress"] = [each for each in record["progress"] if each["id"] not in private]
    if salt := record.get("salt"):
        held["whole_sha256"] = whole_sha256
        held["salt"] = hashlib.sha256(f"{PURPOSE}|{salt}".encode()).hexdigest()
    return held


def private_sections(form: dict[str, Any]) -> frozenset[str]:
    """Return the sections that a form (the content of its edition) says are private."""
    return frozenset(part["id"] for part in form["parts"] if part["kind"] == "section" and part["private"])


def _without_text(section: dict[str, Any], private: Collection[str]) -> dict[str, Any]:
    if not section["private"] and section["id"] not in private:
        return section
    return {"id": section["id"], "heading": section["heading"], "private": True, "left_out": True}
