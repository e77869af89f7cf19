"""Two editions of the same kind of text, compared: `compare(old, new)`.

A pure function of the two editions. It tells of every part (a heading with what belongs to it) and of every statement
(an expectation, an assignment, a guiding question …) what has become of it, each exactly once:

    comparison = compare(old, new)
    comparison.is_empty                  # the words are the same
    comparison.statement_of(old_id)      # what has become of a statement that is cited; None when there is none
    comparison.counts[Change.ADDED]      # how many statements
    for part in comparison.parts:        # in the order of the new text; what is removed stands where it stood
        part.change, part.moved_from, part.fields
        for found in part.statements:
            found.change, found.moved_from, found.fields, found.old, found.new

Statements and parts are the same by their id; between years by the ids they were copied from (`origins`); and, for a
text that was typed anew, by their words. `matched_by` says which, so that one who adopts a new edition knows whether
the id that is cited is still there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from leder.pages.copying import move_deadlines
from leder.pages.differences import Comparison, FieldChange, Part, PartChange, Place, StatementChange
from leder.pages.editions import Edition, Statement
from leder.pages.markup import SPACE, Paragraph, paragraphs_of, plain_paragraph
from leder.pages.matching import MatchedBy, in_order, match, merged
from leder.pages.wording import Change, ParagraphChange, compare_paragraph, compare_paragraphs

__all__ = [
    "Change",
    "Comparison",
    "FieldChange",
    "MatchedBy",
    "PartChange",
    "Place",
    "StatementChange",
    "compare",
]

# In which order the fields are told. A database may keep the keys of a content in another order than they came.
ORDER = (
    *("heading", "html", "text", "elaboration", "summary", "description", "group", "audience", "deadline"),
    *("indicator", "target", "rhythm", "chapter", "href", "perspective_label", "closing_html"),
    *("answer", "goals", "private", "stage", "tone"),
)
# What is compared as a value and not as words. All else that is text is words.
VALUES = frozenset({"deadline", "answer", "stage", "tone", "href"})
# What readers don't see: identities, and keys whose label stands beside them.
UNREAD = frozenset({"id", "kind", "key", "perspective", "statements", "questions"})


def compare(old: Edition, new: Edition) -> Comparison:
    """Return what has become of a text from one edition to another. Raises ValueError for two kinds of text."""
    if old.content["kind"] != new.content["kind"]:
        raise ValueError("a letter is compared with a letter, a form with a form")
    years = old.content.get("year"), new.content.get("year")
    shift = years[1] - years[0] if all(years) else 0
    return _Comparing(_Text(old), _Text(new), shift).result()


# -- The two texts ---------------------------------------------------------------------------------------------
class _Text:
    """An edition's parts and statements as lists, and the place of each statement."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.parts = edition.parts
        self.statements: list[Statement] = []
        self.inside: list[list[int]] = []
        self.places: list[Place] = []
        self.part_of: list[int] = []
        self.above: list[str] = []
        for number, part in enumerate(self.parts):
            self.inside.append([])
            self._add(number, part)

    def _add(self, number: int, part: Part) -> None:
        heads: dict[str, str] = {}
        for place, statement in enumerate(_statements(part), start=1):
            group = statement.extra.get("group", "")
            if not group:
                heads.setdefault(statement.text, statement.id)
            self.inside[number].append(len(self.statements))
            self.part_of.append(number)
            self.places.append(Place(part["heading"], group, place))
            # The statement that heads it; a group that no statement heads is a word of its own.
            self.above.append(heads.get(group, "") if group else "")
            self.statements.append(statement)


def _statements(part: Part) -> Iterator[Statement]:
    """The statements of a part; the guiding questions of a section are statements too."""
    questions = [{**question, "kind": "question"} for question in part.get("questions", [])]
    for found in [*part["statements"], *questions]:
        extra = {key: value for key, value in found.items() if key not in {"id", "kind", "text"}}
        yield Statement(found["id"], found["kind"], found["text"], part["id"], part["heading"], extra)


class _Comparing:
    """One comparison under way: what belongs to what, by number in the lists of the two texts."""

    def __init__(self, old: _Text, new: _Text, shift: int) -> None:
        self.old, self.new, self.shift = old, new, shift
        origins = old.edition.origins, new.edition.origins
        self.parts = match(old.parts, new.parts, origins, _id_of_part, _words_of_part)
        self.statements = match(old.statements, new.statements, origins, _id_of, _words_of)
        self.gone = set(range(len(old.statements))) - {number for number, _by in self.statements.values()}

    def result(self) -> Comparison:
        before, after = self.old.edition, self.new.edition
        title = compare_field("title", before.content["title"], after.content["title"])
        return Comparison(before, after, title, tuple(self._parts()))

    def _parts(self) -> Iterator[PartChange]:
        in_place = in_order({new: old for new, (old, _by) in self.parts.items()})
        gone = set(range(len(self.old.parts))) - {old for old, _by in self.parts.values()}
        every = range(len(self.old.parts)), range(len(self.new.parts))
        for before, after in merged(*every, in_place, gone):
            yield self._part(before, after, in_place)

    def _part(self, before: int | None, after: int | None, in_place: Mapping[int, int]) -> PartChange:
        matched_by, place = None, None
        if after is not None and after in self.parts:
            before, matched_by = self.parts[after]
            if after not in in_place:
                place = Place(self.old.parts[before]["heading"], "", before + 1)
        old = self.old.parts[before] if before is not None else None
        new = self.new.parts[after] if after is not None else None
        fields = tuple(self._fields(old or {}, new or {}))
        statements = tuple(self._statements(before, after))
        return PartChange(change_of(old, new, fields), old, new, fields, statements, place, matched_by)

    def _statements(self, part_before: int | None, part_after: int | None) -> Iterator[StatementChange]:
        old = self.old.inside[part_before] if part_before is not None else []
        new = self.new.inside[part_after] if part_after is not None else []
        here = set(old)
        matches = {
            after: self.statements[after][0]
            for after in new
            if after in self.statements and self.statements[after][0] in here
        }
        in_place = in_order(matches)
        for before, after in merged(old, new, in_place, self.gone):
            yield self._statement(before, after, in_place)

    def _statement(
        self, before: int | None, after: int | None, in_place: Mapping[int, int]
    ) -> StatementChange:
        matched_by, place, same_heading = None, None, True
        if after is not None and after in self.statements:
            before, matched_by = self.statements[after]
            same_heading = self._same_heading(before, after)
            if after not in in_place or not same_heading:
                place = self.old.places[before]
        old = self.old.statements[before] if before is not None else None
        new = self.new.statements[after] if after is not None else None
        headed = any(
            text.above[number]
            for text, number in ((self.old, before), (self.new, after))
            if number is not None
        )
        fields = tuple(self._fields(_plain(old), _plain(new), unread={"group"} if headed else set()))
        return StatementChange(change_of(old, new, fields), old, new, fields, place, matched_by)

    def _same_heading(self, before: int, after: int) -> bool:
        """Whether the statement that heads it is the same in both; true where none does."""
        old, new = self.old.above[before], self.new.above[after]
        if not old or not new or old == new:
            return bool(old) == bool(new)
        return self._heading_pairs.get(new) == old

    @cached_property
    def _heading_pairs(self) -> dict[str, str]:
        return {
            self.new.statements[after].id: self.old.statements[before].id
            for after, (before, _by) in self.statements.items()
        }

    def _fields(
        self, old: Mapping[str, Any], new: Mapping[str, Any], unread: set[str] | None = None
    ) -> Iterator[FieldChange]:
        for name in sorted({*new, *old}, key=_place_of_field):
            before, after = old.get(name, ""), new.get(name, "")
            if name in UNREAD or name in (unread or ()) or not (before or after):
                continue
            yield compare_field(name, before, after, self.shift)


# -- Fields ------------------------------------------------------------------------------------------------------
def compare_field(name: str, old: Any, new: Any, shift: int = 0) -> FieldChange:
    """Compare one field of a content by its name; "" or False is none. `shift` is by how many years the text moved."""
    if name in VALUES or not isinstance(old or "", str) or not isinstance(new or "", str):
        follows = bool(name == "deadline" and shift and old and new and _moved(old, shift) == new)
        return FieldChange(name, _value_change(old, new, same=follows or old == new), old, new, (), follows)
    paragraphs = _compare_words(name, old or "", new or "")
    kinds = {paragraph.change for paragraph in paragraphs}
    change = kinds.pop() if len(kinds) == 1 else Change.REWRITTEN if kinds else Change.UNCHANGED
    return FieldChange(name, change, old, new, paragraphs)


def _compare_words(name: str, old: str, new: str) -> tuple[ParagraphChange, ...]:
    if name.endswith("html"):
        return compare_paragraphs(paragraphs_of(old), paragraphs_of(new))
    before, after = plain_paragraph(old), plain_paragraph(new)
    if not before and not after:
        return ()
    return (compare_paragraph(_only(before), _only(after)),)


def _only(paragraphs: Sequence[Paragraph]) -> Paragraph | None:
    return paragraphs[0] if paragraphs else None


def _value_change(old: Any, new: Any, *, same: bool) -> Change:
    if same or not (old or new):
        return Change.UNCHANGED
    if not old:
        return Change.ADDED
    return Change.REWRITTEN if new else Change.REMOVED


def _moved(day: str, years: int) -> str | None:
    try:
        moved: dict[str, str] = move_deadlines({"deadline": day}, years)
    except ValueError:
        return None
    return moved["deadline"]


def change_of(old: object, new: object, fields: Sequence[FieldChange]) -> Change:
    """What has become of something with these fields; None is what is not there."""
    if old is None or new is None:
        return Change.ADDED if old is None else Change.REMOVED
    changed = any(field.change != Change.UNCHANGED for field in fields)
    return Change.REWRITTEN if changed else Change.UNCHANGED


def _plain(statement: Statement | None) -> dict[str, Any]:
    """A statement's fields; where its words stand as HTML, they are read there."""
    if statement is None:
        return {}
    words = {} if statement.extra.get("html") else {"text": statement.text}
    return {**words, **statement.extra}


def _place_of_field(name: str) -> tuple[int, str]:
    return ORDER.index(name) if name in ORDER else len(ORDER), name


# -- Keys ---------------------------------------------------------------------------------------------------------
def _id_of(statement: Statement) -> str:
    return statement.id


def _words_of(statement: Statement) -> tuple[str, ...]:
    return statement.kind, _folded(statement.text)


def _id_of_part(part: Part) -> str:
    return str(part["id"])


def _words_of_part(part: Part) -> tuple[str, ...]:
    return part["kind"], _folded(part["heading"] or part["html"])


def _folded(text: str) -> str:
    return SPACE.sub(" ", text).strip().casefold()
