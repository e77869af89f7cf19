"""What the reading log tells of one's own text, opened after a sign-in from a new device: it may be somebody else.

The other party sees the line. So it tells of no preparation that has not opened to them: of those it says that one was
where they are written, whether there is any or not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from leder.agreements import rules
from leder.agreements.models import Access, Entry, Reading
from leder.agreements.reading.log import Line
from leder.agreements.reading.texts import Texts

OWN_PAGES = Line("", Reading.Kind.OWN_PAGES, "", 0, own=True)


def own_lines(texts: Texts, access: Access, kinds: Collection[str]) -> Iterator[Line]:
    """The lines for what an access was shown of its reader's own; none from a known device. `kinds` were asked for.

    No query, but where preparations may stand in an agreement that was handed over.
    """
    if not access.new_device:
        return
    pk = access.reader.pk
    for kind, written in ((Entry.Kind.ANSWER, texts.answers), (Entry.Kind.PROGRESS, texts.progress)):
        for section_id, text in written.items():
            if text.author.pk == pk:
                yield Line(section_id, kind, "", text.version, own=True)
    for section_id, comments in texts.comments.items():
        if mine := sum(comment.author.pk == pk for comment in comments):
            yield Line(section_id, Reading.Kind.COMMENT, "", mine, own=True)
    for kept in texts.kept:
        if kept.text.author.pk == pk and kept.kind != Entry.Kind.PREPARATION:
            yield Line(kept.section_id, kept.kind, "", kept.text.version, own=True)
    if Entry.Kind.PREPARATION in kinds:
        yield from _of_preparations(texts, access)


def _of_preparations(texts: Texts, access: Access) -> Iterator[Line]:
    if not rules.preparations_are_open(access.agreement):
        yield OWN_PAGES
        return
    for (role, section_id), text in texts.preparations.items():
        if text.author.pk == access.reader.pk:
            yield Line(section_id, Entry.Kind.PREPARATION, role, text.version, own=True)
    # The leader's from before may stand beside them. The superior of today is told of none, nor that there is none.
    if access.agreement.handed_over_at is not None:
        yield OWN_PAGES
