"""Room for deep calls: a fifth of the suite's time.

The interpreter keeps the frames of nested calls in pieces of 16 kB, and gives a piece back as soon as nothing stands in
it. Whatever is called again and again across such a border asks the system for memory each time: some hundred times a
request, seen with strace. A frame that claims much at the bottom makes for one large piece, in which the rest finds
room; what is claimed and not used costs nothing.
"""

from types import FunctionType

ROOM = 65_000  # entries of a frame's stack, of eight bytes each


def give_room(function: FunctionType) -> None:
    """Let what this function calls find its frames in one piece."""
    function.__code__ = function.__code__.replace(co_stacksize=ROOM)
