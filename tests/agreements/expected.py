"""What each person may read of an agreement: the rules R2, R5 and the sharing once more, in plain Python.

Nothing here asks the code that is tested. It is told what was done, and says what must follow.
"""

from __future__ import annotations

from dataclasses import dataclass, field

PARTIES = ("leader", "superior")
STANDING = ("proposed", "active")


@dataclass(frozen=True)
class Written:
    """A text that was accepted."""

    note: str
    version: int
    author: str


@dataclass
class Shared:
    """A part that one party has proposed to share with somebody."""

    section: str
    reader: str
    proposed_by: str
    status: str = "proposed"


@dataclass(frozen=True)
class Seen:
    """What a person is to be shown: notes by section, and by role and section; how many comments."""

    answers: dict[str, str] = field(default_factory=dict)
    progress: dict[str, str] = field(default_factory=dict)
    preparations: dict[tuple[str, str], str] = field(default_factory=dict)
    comments: dict[str, int] = field(default_factory=dict)


@dataclass
class Expected:
    """One agreement as it must be. Texts are named by kind, role and section; people by what they are."""

    private: frozenset[str]
    texts: dict[tuple[str, str, str], Written] = field(default_factory=dict)
    comments: list[tuple[str, str]] = field(default_factory=list)
    ready: set[str] = field(default_factory=set)
    opened: bool = False
    in_office: bool = True
    deleted: bool = False
    ended: bool = False
    both_signed: bool = False
    shares: dict[int, Shared] = field(default_factory=dict)
    # Lines of the reading log: reader, section, kind, role, version, share.
    log: set[tuple[str, str, str, str, int, int | None]] = field(default_factory=set)

    def exists_for(self, who: str) -> bool:
        """The leader, and the superior while in office. Nobody else, whatever they are."""
        return who == "leader" or (who == "superior" and self.in_office)

    def version(self, kind: str, role: str, section: str) -> int:
        """The version of a text, 0 for one that is not written."""
        text = self.texts.get((kind, role, section))
        return text.version if text else 0

    def wrote(self, who: str, kind: str, role: str, section: str, note: str, version: int) -> None:
        """A text was accepted. The same words again are the same version, by the same author."""
        assert not self.ended
        place = (kind, role, section)
        if version != self.version(*place):
            assert version == self.version(*place) + 1
            self.texts[place] = Written(note, version, who)

    def said_ready(self, who: str, ready: bool) -> None:
        """A party is ready, or took it back. When both are, the preparations are open for good."""
        if ready:
            self.ready.add(who)
        else:
            assert not self.opened
            self.ready.discard(who)
        self.opened = self.opened or self.ready == set(PARTIES)

    def propose(self, share_id: int, section: str, reader: str, who: str) -> None:
        """A party has proposed to share with one who is neither of the two; the same is not open already."""
        assert reader not in PARTIES
        assert not self.ended
        assert not any(
            (share.section, share.reader) == (section, reader) and share.status in STANDING
            for share in self.shares.values()
        )
        self.shares[share_id] = Shared(section, reader, who)

    def answer(self, share_id: int, who: str, act: str) -> None:
        """A share was agreed to, declined or withdrawn. It takes both to open one, and either to end it."""
        share = self.shares[share_id]
        assert who in PARTIES
        assert share.status in STANDING
        if act == "withdraw":
            assert share.status == "active" or share.proposed_by == who
        else:
            assert share.status == "proposed"
            assert share.proposed_by != who
        share.status = {"consent": "active", "decline": "declined", "withdraw": "withdrawn"}[act]

    def delete(self) -> None:
        """The text is deleted for good, and with it all that is shared of it."""
        self.deleted = True
        self._withdraw_all()

    def leave(self) -> None:
        """The leader has left: nothing is shared any more. The two read on as before, and write nothing."""
        self.ended = True
        self._withdraw_all()

    def _withdraw_all(self) -> None:
        for share in self.shares.values():
            if share.status in STANDING:
                share.status = "withdrawn"

    def reads(self, who: str, *, recent: bool) -> Seen:
        """What a person is shown on the agreement's own pages. The log gets a line for each that another wrote."""
        if self.deleted or not self.exists_for(who):
            return Seen()
        seen = Seen()
        hidden = frozenset() if recent else self.private
        for (kind, role, section), text in self.texts.items():
            if section in hidden or (kind == "preparation" and role != who and not self.opened):
                continue
            if kind == "preparation":
                seen.preparations[(role, section)] = text.note
            else:
                self._shelf(seen, kind)[section] = text.note
            self._log(who, section, kind, role, text, None)
        for section in {section for section, _author in self.comments} - hidden:
            authors = [author for place, author in self.comments if place == section]
            seen.comments[section] = len(authors)
            if others := sum(author != who for author in authors):
                self.log.add((who, section, "comment", "", others, None))
        return seen

    def reads_share(self, who: str, share_id: int) -> Seen:
        """What a person is shown of a share: what the parties wrote together in that part, if it is theirs."""
        share = self.shares[share_id]
        seen = Seen()
        if share.status != "active" or share.reader != who:
            return seen
        for (kind, role, section), text in self.texts.items():
            if kind != "preparation" and share.section in ("", section):
                self._shelf(seen, kind)[section] = text.note
                self._log(who, section, kind, role, text, share_id)
        return seen

    def reads_signed(self, who: str, seal_id: int | None) -> bool:
        """Whether a person is shown the record as it was signed: a superior who has left that office."""
        may = who == "superior" and not self.in_office and self.both_signed and not self.deleted
        if may and seal_id is not None:
            self.log.add((who, "", "record", "", seal_id, None))
        return may

    @staticmethod
    def _shelf(seen: Seen, kind: str) -> dict[str, str]:
        return seen.answers if kind == "answer" else seen.progress

    def _log(self, who: str, section: str, kind: str, role: str, text: Written, share: int | None) -> None:
        if text.author != who:
            self.log.add((who, section, kind, role, text.version, share))
