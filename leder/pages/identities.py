"""Ids of blocks: what agreements cite by, and what stands in addresses. UUIDs only, each once on a page.

The page editor sends ids along with the text and Wagtail stores whatever was sent; text from files may hold anything
or nothing. An id that won't do is exchanged here, always for the same new one, so that a page, its revisions and its
editions agree.
"""

import re
import uuid
from collections.abc import Iterator
from typing import Any

from wagtail.blocks import Block, BoundBlock, ListBlock, StreamBlock, StructBlock

SOUND = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
# The id of a page's introduction in editions; no block may have it.
INTRODUCTION = str(uuid.uuid5(uuid.NAMESPACE_URL, "https://lorenskog-intranet.example/introduction"))


def make_sound(body: Any, identity: uuid.UUID) -> None:
    """Give each block and list item of a StreamField's value an id that is a UUID of its own, where it has none.

    Ids that are sound stay. `identity` is of the page, so that two pages never get the same new id.
    """
    taken = {INTRODUCTION}
    for number in range(len(body)):
        changed = False
        for place, child in _with_id(body[number], str(number)):
            # Wagtail gives a list item that is stored without an id another one each time it is read.
            old = getattr(child, "original_id", child.id)
            new = _sound_id(old, child, place, identity, taken)
            taken.add(new)
            changed = changed or new != old
            child.id = new
        if changed:
            body.raw_data[number] = body[number].get_prep_value()


def _sound_id(old: Any, child: BoundBlock, place: str, identity: uuid.UUID, taken: set[str]) -> str:
    if isinstance(old, str) and SOUND.fullmatch(old):
        if old not in taken:
            return old
        name = f"{place} {old}"
    elif old:
        name = ascii(old)
    else:
        # With the words in it: other words that stand in the same place another time are not the same thing.
        name = " ".join([place, *child.block.get_searchable_content(child.value)])
    new = str(uuid.uuid5(identity, name))
    while new in taken:
        new = str(uuid.uuid5(identity, f"{place} {new}"))
    return new


def _with_id(child: Any, place: str) -> Iterator[tuple[str, Any]]:
    """A block or list item and all of them in its value, each with its place."""
    yield place, child
    yield from _in_value(child.block, child.value, place)


def _in_value(block: Block, value: Any, place: str) -> Iterator[tuple[str, Any]]:
    if isinstance(block, StructBlock):
        for name, below in block.child_blocks.items():
            yield from _in_value(below, value[name], f"{place}/{name}")
    elif isinstance(block, ListBlock | StreamBlock):
        for number, child in enumerate(getattr(value, "bound_blocks", value)):
            yield from _with_id(child, f"{place}/{number}")
