"""The words of the document that are the same in every one."""

from __future__ import annotations

from django.utils.translation import gettext as _


def labels(*, follows_up: bool = False) -> dict[str, str]:
    """Return them in the active language."""
    return {**_of_both(), **(_of_follow_up() if follows_up else {})}


def _of_follow_up() -> dict[str, str]:
    return {
        "draft_note": _(
            "This is a draft. It shows what is written so far, and counts as nothing before both have confirmed."
        ),
        "partial_note": _(
            "What the two have written in sections marked private is left out of this copy. The sum of the whole "
            "follow-up stands under “Check”."
        ),
        "agreed": _("What is written"),
        "signatures": _("Confirmed by"),
        "signatures_note": _(
            "Both have confirmed the same content. The agreement itself stands as it was signed."
        ),
        "not_signed": _("Not confirmed yet"),
        "sum": _("Checksum of what was confirmed (SHA-256)"),
        "agreed_sum": _("Checksum of the agreement that it follows up (SHA-256)"),
        "check_note": _(
            "This document is issued by the municipality’s service for leader agreements. Upload the file at the "
            "address below, or scan the code, to see whether it is genuine and unchanged. What was confirmed is "
            "attached to the file as data (JSON), so that it can be read without the service."
        ),
        "record": _("What was confirmed, as canonical JSON (RFC 8785)"),
        "record_partial": _("What this copy shows of what was confirmed, as canonical JSON (RFC 8785)"),
        "goals_file": _("The goals as they were signed, as canonical JSON (RFC 8785)"),
        "standing": _("Status"),
        "goal": _("Goal and measures"),
        "note": _("Note"),
    }


def _of_both() -> dict[str, str]:
    return {
        "parties": _("The parties"),
        "draft": _("DRAFT"),
        "draft_note": _(
            "This is a draft. It shows what is written so far, and binds nobody before both have signed."
        ),
        "partial": _("Copy without private sections"),
        "partial_note": _(
            "What the two have written in sections marked private is left out of this copy. The sum of the whole "
            "agreement stands under “Check”."
        ),
        "private": _("Private: for the two alone"),
        "left_out": _("This section is private. What is written in it is left out of this copy."),
        "later": _("Written at the follow-up, after signing."),
        "questions": _("Questions to think through"),
        "agreed": _("What is agreed"),
        "nothing": _("Nothing is written in this section."),
        "goals": _("Goals"),
        "goal": _("Goal"),
        "measures": _("Measures"),
        "due": _("Due"),
        "responsible": _("Responsible"),
        "signatures": _("Signatures"),
        "signatures_note": _(
            "Both have signed the same content. It supplements the employment contract and stands until the next "
            "agreement is signed."
        ),
        "not_signed": _("Not signed yet"),
        "check": _("Check"),
        "check_note": _(
            "This document is issued by the municipality’s service for leader agreements. Upload the file at the "
            "address below, or scan the code, to see whether it is genuine and unchanged. What was signed is attached "
            "to the file as data (JSON), so that it can be read without the service."
        ),
        "sum": _("Checksum of what was signed (SHA-256)"),
        "address": _("Address"),
        "qr": _("QR code with the address to check this document: %(url)s"),
        "record": _("What was signed, as canonical JSON (RFC 8785)"),
        "record_partial": _("What this copy shows of what was signed, as canonical JSON (RFC 8785)"),
        "form": _("The text of the form, as canonical JSON (RFC 8785)"),
        "page": _("Page %(page)s of %(pages)s"),
    }
