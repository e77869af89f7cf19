"""Where each ciphertext belongs: what it is bound to, so that a copy of it in another place does not open (`vault`)."""

from __future__ import annotations

from leder.agreements.models import Comment, Entry, Reopening, Seal, Share


def entry_binding(entry: Entry) -> tuple[object, ...]:
    """Where an entry's ciphertext belongs: kind, section, role, version, author (whose reading is not logged), pair."""
    place = (entry.kind, entry.section_id, entry.role, entry.version, entry.author_id)
    return _of_pair(place, entry.pair)


def comment_binding(comment: Comment) -> tuple[object, ...]:
    """Where a comment's ciphertext belongs."""
    return _of_pair(("comment", comment.section_id, comment.uuid, comment.author_id), comment.pair)


def seal_binding(seal: Seal) -> tuple[object, ...]:
    """Where a sealed record's ciphertext belongs."""
    return _of_pair(("seal", seal.kind, seal.uuid), seal.pair)


def _of_pair(place: tuple[object, ...], pair: str) -> tuple[object, ...]:
    # The pair that opened the agreement has no name.
    return (*place, pair) if pair else place


def why_binding(row: Reopening | Share) -> tuple[object, ...]:
    """Where it belongs why something is proposed: to this proposal; to open again, to seal and pair too."""
    return ("share", row.uuid) if isinstance(row, Share) else ("reopening", row.uuid, row.seal.uuid, row.pair)
