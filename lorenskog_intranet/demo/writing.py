"""What the example's leaders and superiors write: payloads put together from banks of sentences.

The sentences stand in `fixtures/organisation/sentences_*.json`; what can be chosen comes from the pinned
editions.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from leder.agreements.answers import GoalStatus, Payload, Responsible, empty_payload, new_goal
from leder.agreements.sections.kinds import kind_of
from leder.agreements.sections.kinds.platform import Stance
from leder.organisation.models import LeaderGroup
from leder.pages.editions import Edition, Section
from lorenskog_intranet.demo.shape import Slot

Bank = Mapping[str, Any]
BANKS = {"letter": "letter", "platform": "development", "questions": "operations", "note": "operations"}


@dataclass(frozen=True)
class Sentences:
    """The banks, one for each kind of section and one for what the two say to each other."""

    letter: Bank
    development: Bank
    operations: Bank
    dialogue: Bank

    @classmethod
    def load(cls, folder: Path) -> Sentences:
        """Read the banks of a folder. Raises FileNotFoundError."""
        names = ("letter", "development", "operations", "dialogue")
        return cls(
            **{name: json.loads((folder / f"sentences_{name}.json").read_text("utf-8")) for name in names}
        )


class Fitting:
    """The statements a leader may choose, found once for each edition and kind of leader."""

    def __init__(self) -> None:
        self._found: dict[tuple[object, ...], list[str]] = {}
        # Whom an assignment is for stands in words, in the language that was active when the edition was
        # made.
        self._labels = {group.value: str(group.label) for group in LeaderGroup}

    def assignments(self, letter: Edition, slot: Slot) -> list[str]:
        """Ids of the letter's assignments for this leader's group and sector, or for everyone."""
        key = (letter.pk, slot.group, slot.area)
        if key not in self._found:
            statements = (s for s in letter.statements.values() if s.kind == "assignment")
            self._found[key] = [s.id for s in statements if self._is_for(slot, s.extra.get("audience", ""))]
        return self._found[key]

    def expectations(self, platform: Edition) -> list[str]:
        """Ids of the platform's expectations."""
        key = (platform.pk,)
        if key not in self._found:
            self._found[key] = [s.id for s in platform.statements.values() if s.kind == "expectation"]
        return self._found[key]

    def _is_for(self, slot: Slot, audience: str) -> bool:
        named = [group for group, label in self._labels.items() if label in audience]
        for label in self._labels.values():
            audience = audience.replace(label, "")
        is_for_sector = not audience.strip(" ·,") or slot.area in audience
        return is_for_sector and (not named or slot.group in named)


class Writer:
    """Writes one agreement of the leader in a position."""

    def __init__(self, sentences: Sentences, random: Random, slot: Slot, year: int, fitting: Fitting) -> None:
        self.sentences = sentences
        self.random = random
        self.slot = slot
        self.year = year
        self.fitting = fitting

    # -- The sections ----------------------------------------------------------------------------------------

    def answer(
        self, section: Section, cited: Edition | None, carried: Sequence[dict[str, str]] = ()
    ) -> Payload:
        """What the two write in a section before signing; `carried` are last year's goals to go on with."""
        bank = self._bank(section)
        payload = empty_payload()
        kind = kind_of(section)
        if kind.has_note:
            payload["note"] = self.random.choice(bank["note"])
        if kind.asks_questions:
            payload["answers"] = self._answers(section)
        if section.answer == "letter" and cited:
            payload["choices"] = self._assignments(cited)
        if section.answer == "platform" and cited:
            payload["choices"] = self._expectations(cited)
        if section.goals:
            known = {goal["goal"] for goal in carried}
            new = [goal for goal in self._goals(bank) if goal["goal"] not in known]
            payload["goals"] = [*self._carried(carried), *new]
        return payload

    def preparation(self, section: Section, *, superior: bool = False) -> Payload:
        """What one of them writes alone before the conversation."""
        dialogue = self.sentences.dialogue
        note = self.random.choice(dialogue["preparation_superior" if superior else "preparation"])
        payload = {**empty_payload(), "note": note}
        if not superior:
            payload["answers"] = self._answers(section)
        return payload

    def follow_up(self, section: Section) -> Payload:
        """The answers to the prompts of the follow-up, and new circumstances."""
        dialogue = self.sentences.dialogue
        prompts = self.random.sample(dialogue["follow_up"], k=len(dialogue["follow_up"]))
        answers = {q.id: prompts[n % len(prompts)] for n, q in enumerate(section.questions)}
        note = self.random.choice(dialogue["follow_up_note"])
        return {
            **empty_payload(),
            "answers": answers if kind_of(section).asks_questions else {},
            "note": note,
        }

    def progress(self, goals: Sequence[dict[str, str]]) -> Payload:
        """How the signed goals stand in the autumn."""
        told = {}
        for goal in goals:
            status = self.random.choices(list(GoalStatus), weights=(1, 4, 5, 1))[0]
            told[goal["id"]] = {
                "status": status.value,
                "comment": self.random.choice(self.sentences.dialogue["progress"][status.value]),
            }
        return {"note": "", "goals": told}

    # -- Around them -----------------------------------------------------------------------------------------

    def comment(self, *, superior: bool) -> str:
        """A remark from one to the other."""
        key = "comment_superior" if superior else "comment_leader"
        return self.random.choice(self.sentences.dialogue[key])

    def invitation(self) -> dict[str, str]:
        """Place and message of a conversation."""
        dialogue = self.sentences.dialogue
        return {
            "place": self.random.choice(dialogue["place"]),
            "message": self.random.choice(dialogue["message"]),
        }

    def signed_at(self) -> str:
        """The place a party signs at."""
        return self.random.choice(self.sentences.dialogue["signed_at"])

    def new_id(self) -> str:
        """An identity drawn from the seed, so that the same example has the same ones."""
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    # -- Parts -----------------------------------------------------------------------------------------------

    def _bank(self, section: Section) -> Bank:
        bank: Bank = getattr(self.sentences, BANKS.get(section.answer, "operations"))
        return bank

    def _answers(self, section: Section) -> dict[str, str]:
        bank = self._bank(section)
        if "works" in bank:
            kinds = [bank["works"][self.slot.bank], bank["challenges"][self.slot.bank]]
            texts = [self._some(kinds[n % 2]) for n, _question in enumerate(section.questions)]
        else:
            texts = self.random.sample(bank["answer"], k=min(len(section.questions), len(bank["answer"])))
        return {question.id: text for question, text in zip(section.questions, texts, strict=False)}

    def _some(self, sentences: Sequence[str]) -> str:
        return " ".join(self.random.sample(sentences, k=self.random.randint(1, 2)))

    def _assignments(self, letter: Edition) -> list[dict[str, str]]:
        fitting = self.fitting.assignments(letter, self.slot)
        bank = self.sentences.letter
        chosen = self.random.sample(fitting, k=min(self.random.randint(2, 3), len(fitting)))
        keys = ("contribution", "ambition", "expectations")
        texts = {key: self.random.sample(bank[key], k=3) for key in keys}
        return [
            {"id": statement_id, **{key: some[number] for key, some in texts.items()}}
            for number, statement_id in enumerate(chosen)
        ]

    def _expectations(self, platform: Edition) -> list[dict[str, str]]:
        expectations = self.fitting.expectations(platform)
        chosen = self.random.sample(expectations, k=min(self.random.randint(2, 3), len(expectations)))
        reasons = {
            stance: self.random.sample(self.sentences.development[stance.value], k=2) for stance in Stance
        }
        stances = (Stance.STRENGTH, Stance.CHALLENGE, Stance.CHALLENGE)
        return [
            {"id": statement_id, "stance": stance.value, "why": reasons[stance].pop()}
            for statement_id, stance in zip(chosen, stances, strict=False)
        ]

    def _goals(self, bank: Bank) -> list[dict[str, str]]:
        return [
            new_goal(
                id=self.new_id(),
                goal=goal,
                measures=measures,
                due=dt.date(self.year, self.random.randint(4, 12), 1).isoformat(),
                responsible=self.random.choices(list(Responsible), weights=(6, 1, 3))[0].value,
                status=self.random.choice((GoalStatus.OPEN, GoalStatus.STARTED)).value,
            )
            for goal, measures in self.random.sample(bank["goal"], k=self.random.randint(1, 3))
        ]

    def _carried(self, goals: Sequence[dict[str, str]]) -> list[dict[str, str]]:
        due = dt.date(self.year, 10, 1).isoformat()
        return [{**goal, "id": self.new_id(), "carried_from": goal["id"], "due": due} for goal in goals]
