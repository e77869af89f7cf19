"""What each person may read of an agreement: the rules R2, R5, sharing and handovers once more, in plain Python.

Nothing here asks the code that is tested. It is told what was done, and says what must follow. What two write in
private, and prepare, is named by the superior it was written with ("" for what is not private): decision 0016.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

PARTIES = ("leader", "superior")
LEADER, FIRST = "leader", "first"
STANDING = ("proposed", "agreed")


@dataclass(frozen=True)
class Written:
    """A text that was accepted."""

    note: str
    version: int
    author: str
    # When, among all that was written.
    number: int = 0


@dataclass(frozen=True, order=True)
class Place:
    """Where a text stands: with which superior, of what kind, whose, in which section.

    The kind "consented" is a copy that the leader has let a later superior have.
    """

    pair: str
    kind: str
    role: str
    section: str


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
    # From before a handover: section, kind, role, version, note.
    kept: frozenset[tuple[str, str, str, int, str]] = frozenset()


@dataclass
class Expected:
    """One agreement as it must be. People are named by what they are, superiors by the order they came in."""

    private: frozenset[str]
    follow_up: str
    texts: dict[Place, Written] = field(default_factory=dict)
    # Section, author, pair.
    comments: list[tuple[str, str, str]] = field(default_factory=list)
    # Who is superior, as it was handed over; and whom the organisation names, for good and for a time.
    superior: str = FIRST
    acting: bool = False
    handed_over: bool = False
    permanent: str = FIRST
    deputy: str = ""
    # With whom it was signed, and the follow-up confirmed.
    signed_with: str = ""
    confirmed_with: str = ""
    # When it was signed, among all that was written: consent to read what was signed before says nothing of it.
    signed_number: int = 0
    # With whom it was signed each time that it was opened again since, and who has proposed that now.
    signed_before: list[str] = field(default_factory=list)
    reopening_by: str = ""
    numbers: int = 0
    ready: set[str] = field(default_factory=set)
    opened: bool = False
    deleted: bool = False
    ended: bool = False
    shares: dict[int, Shared] = field(default_factory=dict)
    # Lines of the reading log: reader, section, kind, role, version, share.
    log: set[tuple[str, str, str, str, int, int | None]] = field(default_factory=set)

    def exists_for(self, who: str) -> bool:
        """The leader, and the superior while in office. Nobody else, whatever they are or were."""
        return who == LEADER or (who == self.superior and who in (self.permanent, self.deputy))

    def role(self, who: str) -> str:
        """Which of the two parties; "" for others."""
        return {LEADER: "leader", self.superior: "superior"}.get(who, "")

    def place(self, kind: str, role: str, section: str) -> Place:
        """Where a text of today stands."""
        is_theirs = kind == "preparation" or section in self.private
        return Place(self.superior if is_theirs else "", kind, role, section)

    def version(self, kind: str, role: str, section: str) -> int:
        """The version of a text of today, 0 for one that is not written."""
        text = self.texts.get(self.place(kind, role, section))
        return text.version if text else 0

    def wrote(self, who: str, kind: str, role: str, section: str, note: str, version: int) -> None:
        """A text was accepted. The same words again are the same version, by the same author."""
        assert not self.ended
        if version != self.version(kind, role, section):
            assert version == self._next_version(kind, role, section)
            assert not (kind == "progress" and self.is_withheld(section))
            self._put(self.place(kind, role, section), note, who)

    def _next_version(self, kind: str, role: str, section: str) -> int:
        """Numbers go on from pair to pair, and from a text to its copy."""
        same = ("answer", "consented") if kind in ("answer", "consented") else (kind,)
        return 1 + max(
            (
                text.version
                for place, text in self.texts.items()
                if place.kind in same and (place.role, place.section) == (role, section)
            ),
            default=0,
        )

    def _put(self, place: Place, note: str, author: str) -> None:
        self.numbers += 1
        version = self._next_version(place.kind, place.role, place.section)
        self.texts[place] = Written(note, version, author, self.numbers)

    # -- Handovers ---------------------------------------------------------------------------------------
    def next_superior(self, state: str) -> tuple[str, bool] | None:
        """To whom, and whether as acting, the agreement is to be handed over today; None when it is not."""
        to, acting = self.deputy or self.permanent, bool(self.deputy)
        if not to or self.deleted or state in ("ended", "replaced"):
            return None
        if to == self.superior and not (self.acting and not acting):
            return None
        return to, acting

    def hand_over(self, to: str, *, acting: bool, state: str) -> None:
        """What two have not finished begins anew; what they wrote in private stays theirs."""
        if to != self.superior:
            self.reopening_by = ""
            self._withdraw_all()
            self._part_preparations(to, state)
            for section in sorted(self.private):
                comes_back = bool(self.signed_before) and not self.signed_with
                is_follow_up = section == self.follow_up
                is_open = state == "signed" or comes_back if is_follow_up else not self.signed_with
                if is_open and Place(to, "answer", "", section) not in self.texts:
                    self._put(Place(to, "answer", "", section), "", LEADER)
        self.superior, self.acting, self.handed_over = to, acting, True

    def _part_preparations(self, to: str, state: str) -> None:
        """The superior's own that never opened are gone; the leader goes on with theirs, unless they are done."""
        had_opened, begins_anew = self.opened, state in ("opened", "prepared")
        for place, text in list(self.texts.items()):
            if place.kind != "preparation" or place.pair != self.superior:
                continue
            if place.role == "leader" and (begins_anew or not had_opened):
                self._put(Place(to, "preparation", "leader", place.section), text.note, LEADER)
            if not had_opened:
                del self.texts[place]
        if begins_anew:
            self.ready, self.opened = set(), False

    def is_withheld(self, section: str) -> bool:
        """Whether a private section is settled with another superior, and the leader has not let this one read it."""
        if section not in self.private or self._is_let(Place(self.superior, "consented", "", section)):
            return False
        if section != self.follow_up:
            return self.signed_with not in ("", self.superior)
        written = {place.pair for place in self.texts if place.kind == "answer" and place.section == section}
        return bool(self.confirmed_with and written) and self.superior not in written

    def _is_let(self, place: Place) -> bool:
        """Whether this copy is there, and of what is settled now."""
        copy = self.texts.get(place)
        return copy is not None and (place.section == self.follow_up or copy.number > self.signed_number)

    def may_consent(self, who: str, section: str, state: str) -> bool:
        """The leader, a private section, one who is superior for good; and there is something to let them read."""
        return (
            who == LEADER
            and self.handed_over
            and not self.acting
            and not self.deleted
            and not self.ended
            and section in self.private
            and (self.is_withheld(section) or self._to_take_in(section, state) is not None)
        )

    def consented(self, section: str, state: str) -> None:
        """What is settled was copied; what is still written joined what the two have there."""
        for place, text in self.texts.items():
            # The leader has read what they let another read, and what else stands of that section.
            if (
                place.section == section
                and place.kind in ("answer", "progress", "consented")
                and (place.kind != "consented" or self._stands(LEADER, place))
            ):
                self._log(LEADER, place, text, None)
        if self.is_withheld(section):
            settled = self.confirmed_with if section == self.follow_up else self.signed_with
            answer = self.texts.get(Place(settled, "answer", "", section))
            progress = self.texts.get(Place(settled, "progress", "", section))
            self._copy(Place(self.superior, "consented", "", section), answer.note if answer else "")
            if progress:
                place = Place(self.superior, "progress", "", section)
                here = self.texts[place].note if place in self.texts else ""
                self._copy(place, _joined(here, progress.note))
            return
        found = self._to_take_in(section, state)
        assert found
        kind, old = found
        place = self.place(kind, "", section)
        here = self.texts[place].note if place in self.texts else ""
        note = _joined(old, here)
        if place not in self.texts or note != here:
            self._put(place, note, LEADER)

    def _copy(self, place: Place, note: str) -> None:
        """The leader let it be read; the same words again are the same version, of what is signed now."""
        there = self.texts.get(place)
        if there is None or there.note != note:
            self._put(place, note, LEADER)
        else:
            self.numbers += 1
            self.texts[place] = replace(there, number=self.numbers)

    def _to_take_in(self, section: str, state: str) -> tuple[str, str] | None:
        """The last that says something of what was written there with others: its kind and words."""
        if section == self.follow_up:
            kind = "answer" if state == "signed" else ""
        else:
            kind = "answer" if not self.signed_with else "progress" if state == "signed" else ""
        others = [
            text
            for place, text in self.texts.items()
            if (place.kind, place.section) == (kind, section) and place.pair != self.superior and text.note
        ]
        last = max(others, key=lambda text: text.number, default=None)
        return (kind, last.note) if last else None

    def former(self) -> str:
        """One who is not superior today, and perhaps has been."""
        return next(name for name in (FIRST, "second", "third") if name != self.superior)

    # -- Signing, and opening it again ---------------------------------------------------------------------
    def was_signed(self) -> None:
        """Both have signed; whom it was with stands from then on."""
        if not self.signed_with:
            self.signed_with, self.signed_number = self.superior, self.numbers

    def propose_reopening(self, who: str, state: str) -> None:
        """A party has proposed to open again what the two of today have signed, and nobody had."""
        assert self.exists_for(who)
        assert (state, self.signed_with, self.reopening_by) == ("signed", self.superior, "")
        assert not self.deleted
        self.reopening_by = who

    def answer_reopening(self, who: str, act: str, state: str) -> None:
        """It takes both, in office, to open it; the one who proposed takes it back, the other says no."""
        assert self.exists_for(who)
        assert self.reopening_by
        assert (who == self.reopening_by) == (act == "withdraw_reopening")
        self.reopening_by = ""
        if act == "consent_to_reopening":
            assert self.exists_for(self.superior)
            assert state == "signed"
            self.signed_before.append(self.signed_with)
            self.signed_with = ""

    def reads_before(self, who: str, seal_ids: list[int]) -> list[int]:
        """Which of the seals that were signed before a person reads: the leader all, a superior what they signed."""
        if self.deleted:
            return []
        read = [
            seal_id
            for seal_id, signed_with in zip(seal_ids, self.signed_before, strict=True)
            if who in (LEADER, signed_with)
        ]
        self.log |= {(who, "", "record", "", seal_id, None) for seal_id in read}
        return read

    # -- What the two say and share ----------------------------------------------------------------------
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
        assert reader not in (LEADER, self.superior)
        assert not self.ended
        assert not any(
            (share.section, share.reader) == (section, reader) and share.status in STANDING
            for share in self.shares.values()
        )
        self.shares[share_id] = Shared(section, reader, who)

    def answer(self, share_id: int, who: str, act: str) -> None:
        """A share was agreed to, declined or withdrawn. It takes both to open one, and either to end it."""
        share = self.shares[share_id]
        assert who in (LEADER, self.superior)
        assert share.status in STANDING
        if act == "withdraw":
            assert share.status == "agreed" or share.proposed_by == who
        else:
            assert share.status == "proposed"
            assert share.proposed_by != who
        share.status = {"consent": "agreed", "decline": "declined", "withdraw": "withdrawn"}[act]

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

    def reads(self, who: str, *, recent: bool, kept: bool = False) -> Seen:
        """What a person is shown on the agreement's own pages. The log gets a line for each that another wrote.

        With `kept` also what stands from before a handover.
        """
        if self.deleted or not self.exists_for(who):
            return Seen()
        seen, before = Seen(), set()
        hidden = frozenset() if recent else self.private
        for place, text in self.texts.items():
            if place.section in hidden or not self._may_read(who, place):
                continue
            if self._stands(who, place):
                self._show(seen, place, text)
            elif kept and place.kind != "consented":
                before.add((place.section, place.kind, place.role, text.version, text.note))
            else:
                continue
            self._log(who, place, text, None)
        for section in {section for section, _author, _pair in self.comments} - hidden:
            authors = [
                author
                for place, author, pair in self.comments
                if place == section and (who == LEADER or pair in ("", who))
            ]
            if authors:
                seen.comments[section] = len(authors)
            if others := sum(author != who for author in authors):
                self.log.add((who, section, "comment", "", others, None))
        return replace(seen, kept=frozenset(before))

    def _may_read(self, who: str, place: Place) -> bool:
        """The superior: what is not private, and what was written with them. The leader: everything.

        Of today's preparations each their own, until both are ready.
        """
        if place.kind == "preparation" and place.pair == self.superior:
            return place.role == self.role(who) or self.opened
        return who == LEADER or place.pair in ("", who)

    def _stands(self, who: str, place: Place) -> bool:
        """Whether it is what the section says today, to this party. All else that they may read is from before."""
        theirs, section = place.pair == self.superior, place.section
        if place.kind == "preparation":
            return theirs
        if section not in self.private:
            return True
        if place.kind == "consented" and section == self.follow_up:
            # The leader reads what it is a copy of; only of the follow-up there may be several.
            return theirs
        if place.kind == "consented":
            return theirs and who != LEADER and bool(self.signed_with) and self._is_let(place)
        if self.signed_with and section != self.follow_up and place.kind == "answer":
            return place.pair == self.signed_with and (who == LEADER or theirs)
        if who == LEADER and self.is_withheld(section):
            settled = self.confirmed_with if section == self.follow_up else self.signed_with
            return place.pair == settled
        return theirs

    def reads_share(self, who: str, share_id: int) -> Seen:
        """What a person is shown of a share: what the parties wrote together in that part, if it is theirs."""
        share = self.shares[share_id]
        seen = Seen()
        if share.status != "agreed" or share.reader != who:
            return seen
        for place, text in self.texts.items():
            if place.kind == "preparation" or share.section not in ("", place.section):
                continue
            # The two are the leader and the superior of today.
            if place.pair in ("", self.superior) and self._stands(self.superior, place):
                self._show(seen, place, text)
                self._log(who, place, text, share_id)
        return seen

    def reads_signed(self, who: str, seal_id: int | None) -> bool:
        """Whether a person is shown the record as it was signed: the superior who signed it, and is it no more."""
        may = bool(self.signed_with) and who == self.signed_with and not self.exists_for(who)
        if may and not self.deleted and seal_id is not None:
            self.log.add((who, "", "record", "", seal_id, None))
        return may and not self.deleted

    @staticmethod
    def _show(seen: Seen, place: Place, text: Written) -> None:
        if place.kind == "preparation":
            seen.preparations[(place.role, place.section)] = text.note
            return
        shelf = seen.progress if place.kind == "progress" else seen.answers
        assert place.section not in shelf
        shelf[place.section] = text.note

    def _log(self, who: str, place: Place, text: Written, share: int | None) -> None:
        if text.author != who:
            kind = "answer" if place.kind == "consented" else place.kind
            self.log.add((who, place.section, kind, place.role, text.version, share))


def _joined(one: str, other: str) -> str:
    """Both texts in one: the longer where it holds the other."""
    return one if other in one else other if one in other else f"{one}\n\n{other}"
