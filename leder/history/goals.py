"""Goals through the years: each goal as one line from the year it was set, along what it was carried over from.

Pure: payloads of `agreements.answers` in, lines out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from leder.agreements.models import Agreement
from leder.agreements.reading.texts import Texts
from leder.agreements.sections.words import WrittenGoal, goal_in_words
from leder.pages.editions import Section


@dataclass(frozen=True)
class Step:
    """A goal in one year: as it was worded there, and how it stood."""

    agreement: Agreement
    section: Section
    goal: WrittenGoal
    is_carried: bool
    # Whether the status is from the follow-up, else it is the one that was set with the goal.
    is_followed_up: bool


@dataclass
class GoalLine:
    """A goal from the first year to the last. `from_before` says that it goes further back than the reader sees."""

    steps: list[Step]
    from_before: bool = False

    @property
    def last(self) -> Step:
        """Where the goal stands now, or stood at last."""
        return self.steps[-1]

    @property
    def earlier_words(self) -> list[Step]:
        """The years in which it was worded otherwise than in the year after."""
        pairs = zip(self.steps, self.steps[1:], strict=False)
        return [step for step, after in pairs if step.goal.goal != after.goal.goal]


@dataclass
class GoalGroup:
    """The goals that were last written in the same agreement, in the order of its form."""

    agreement: Agreement
    lines: list[GoalLine] = field(default_factory=list)


def goal_groups(agreements: Iterable[Agreement], texts: Mapping[int, Texts]) -> list[GoalGroup]:
    """Return the goals of a leader's agreements, grouped by the agreement that each was last in, the newest first.

    `agreements` come oldest first, `texts` by their ids. An agreement that no goal ends in has no group.
    """
    ordered = list(agreements)
    lines: list[GoalLine] = []
    ends: dict[str, GoalLine] = {}
    for agreement in ordered:
        here: dict[str, GoalLine] = {}
        for step, goal in _steps(agreement, texts[agreement.pk]):
            # Taken out: what was carried over twice goes on once.
            line = ends.pop(goal["carried_from"], None)
            if line is None:
                line = GoalLine([], from_before=step.is_carried)
                lines.append(line)
            line.steps.append(step)
            here[goal["id"]] = line
        ends |= here
    groups = {agreement.pk: GoalGroup(agreement) for agreement in reversed(ordered)}
    for line in sorted(lines, key=lambda each: each.last.section.number):
        groups[line.last.agreement.pk].lines.append(line)
    return [group for group in groups.values() if group.lines]


def _steps(agreement: Agreement, texts: Texts) -> Iterable[tuple[Step, dict[str, Any]]]:
    for section in agreement.form_edition.sections:
        written, progress = texts.answers.get(section.id), texts.progress.get(section.id)
        standing = progress.payload.get("goals", {}) if progress else {}
        for goal in written.payload.get("goals", []) if written else []:
            stands = standing.get(goal["id"])
            yield (
                Step(
                    agreement=agreement,
                    section=section,
                    goal=goal_in_words(goal, stands),
                    is_carried=bool(goal["carried_from"]),
                    is_followed_up=bool(stands and stands.get("status")),
                ),
                goal,
            )
