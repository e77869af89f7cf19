"""The organisation as a tree, by unit or by who answers to whom, with what is wrong in it. Reads only.

Four queries at any size; the tree is made in memory. What does not fit on a page is left for a page of its own.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from leder.organisation import selectors
from leder.organisation.models import Position, Unit, UnitKind

# So many lines are shown at once; below them stand links.
ROOM = 300


class Problem(models.TextChoices):
    """What HR looks for."""

    VACANT = "vacant", _("Vacant")
    ACTING = "acting", _("Acting")
    ALONE = "alone", _("Without a superior")


@dataclass(frozen=True, slots=True)
class Post:
    """A position in use: who leads from it today, and whom that person answers to."""

    pk: int
    code: str
    title: str
    unit: Unit
    reports_to: int | None
    group: int
    person: str
    superior: str
    problems: tuple[Problem, ...]


@dataclass
class Node:
    """A unit with its positions, or a position; and what stands below. `total` counts the positions in all of it."""

    pk: int
    name: str
    kind: str
    posts: list[Post]
    below: list[Node] = field(default_factory=list)
    total: int = 0
    problems: int = 0
    # Not all of what stands below has room here: it is a link to a page of its own.
    is_link: bool = False


@dataclass
class Chart:
    """All positions in use, and the ways to look at them."""

    units: Mapping[int, Unit]
    posts: list[Post]

    def count(self, problem: Problem) -> int:
        """How many positions have this problem."""
        return sum(problem in post.problems for post in self.posts)

    def by_unit(self) -> list[Node]:
        """The units as a tree, from the top."""
        held: dict[int, list[Post]] = defaultdict(list)
        for post in self.posts:
            held[post.unit.pk].append(post)
        nodes = {
            pk: Node(pk, unit.name, str(UnitKind(unit.kind).label), held[pk])
            for pk, unit in self.units.items()
            if unit.active or pk in held
        }
        return _tree(nodes, {pk: self.units[pk].parent_id for pk in nodes})

    def by_superior(self) -> list[Node]:
        """The positions as a tree, by the position that each reports to."""
        nodes = {post.pk: Node(post.pk, post.title, "", [post]) for post in self.posts}
        return _tree(nodes, {post.pk: post.reports_to for post in self.posts})

    def search(self, words: str, problem: Problem | None) -> list[Post]:
        """The positions that have the problem, and all the words in title, unit, holder or code."""
        wanted = words.casefold().split()
        return [
            post
            for post in self.posts
            if (problem is None or problem in post.problems)
            and all(
                word in f"{post.title} {post.unit.name} {post.person} {post.code}".casefold()
                for word in wanted
            )
        ]

    def path_of(self, unit: Unit) -> list[Unit]:
        """The units that a unit is part of, from the top, itself last."""
        path: list[Unit] = []
        above: Unit | None = unit
        while above is not None and above not in path:
            path.insert(0, above)
            above = self.units.get(above.parent_id) if above.parent_id else None
        return path


def chart(on: date) -> Chart:
    """The organisation as it is on a day."""
    leaders = {leader.position.pk: leader for leader in selectors.leaders(on)}
    posts = []
    for position in (
        Position.objects.filter(active=True).select_related("unit").order_by("group", "title", "pk")
    ):
        leader = leaders.get(position.pk)
        at_the_top = position.reports_to_id is None and position.unit.kind == UnitKind.MUNICIPALITY
        problems = []
        if leader is None:
            problems.append(Problem.VACANT)
        elif leader.acting:
            problems.append(Problem.ACTING)
        if leader is not None and leader.superior is None and not at_the_top:
            problems.append(Problem.ALONE)
        posts.append(
            Post(
                position.pk,
                position.code,
                position.title,
                position.unit,
                position.reports_to_id,
                position.group,
                leader.person.get_full_name() if leader else "",
                leader.superior.get_full_name() if leader and leader.superior else "",
                tuple(problems),
            )
        )
    return Chart(Unit.objects.in_bulk(), posts)


def part_of(nodes: Iterable[Node], pk: int) -> Node | None:
    """The node with this id, wherever it stands."""
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        if node.pk == pk:
            return node
        waiting += node.below
    return None


def fit(nodes: list[Node], room: int = ROOM) -> None:
    """Make links of what there is no room for: the upper levels are shown first, whole families at a time.

    What stands right below the given nodes is shown in any case: a link leads somewhere.
    """
    room -= len(nodes)
    waiting = deque(nodes)
    while waiting:
        node = waiting.popleft()
        lines = sum(max(1, len(below.posts)) for below in node.below)
        if lines > room and not any(node is top for top in nodes):
            node.is_link = True
            continue
        room -= lines
        waiting += node.below


def _tree(nodes: dict[int, Node], above: Mapping[int, int | None]) -> list[Node]:
    """Hang each node below the one above it, where that one is here; count from below. Circles begin somewhere."""
    tops = []
    for pk, node in nodes.items():
        parent = nodes.get(above[pk] or 0)
        if parent is None or _circles(pk, above):
            tops.append(node)
        else:
            parent.below.append(node)
    in_order = [*tops]
    for node in in_order:
        node.below.sort(key=lambda each: (each.posts[0].group if each.posts else 0, each.name, each.pk))
        in_order += node.below
    for node in reversed(in_order):
        node.total = len(node.posts) + sum(below.total for below in node.below)
        node.problems = sum(bool(post.problems) for post in node.posts) + sum(
            each.problems for each in node.below
        )
    return sorted(tops, key=lambda node: (-node.total, node.name, node.pk))


def _circles(pk: int, above: Mapping[int, int | None]) -> bool:
    """Whether one comes back here by going up, and this is the smallest id of the circle."""
    seen = {pk}
    smallest = pk
    up = above.get(pk)
    while up is not None and up not in seen:
        seen.add(up)
        smallest = min(smallest, up)
        up = above.get(up)
    return up == pk and smallest == pk
