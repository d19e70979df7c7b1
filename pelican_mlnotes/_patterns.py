"""How do a hundred regular expressions not slow every start down?

To compile them took two fifths of the time in which this package was imported, and most blogs meet a fraction
of what they look for.
"""

import re
import sys
from collections.abc import Callable
from functools import cached_property
from typing import Any, AnyStr, cast

_READING = frozenset(("search", "match", "fullmatch", "finditer", "findall"))
_REPLACING = frozenset(("sub", "subn"))


def pattern(source: AnyStr, flags: int = 0, *, at_most: int | None = None) -> re.Pattern[AnyStr]:
    """Return what ``re.compile`` would, compiled when something is first asked of it.

    A pattern that does not take linear time says how many characters its callers show it ``at_most``;
    ``ValueError`` if one shows it more. A wrong ``source`` raises ``re.error`` then, not before.
    """
    return cast("re.Pattern[AnyStr]", _Lazy(source, flags, at_most))


class _Lazy:
    def __init__(self, source: str | bytes, flags: int, at_most: int | None) -> None:
        self._source = source
        self._flags = flags
        self.at_most = at_most

    @cached_property
    def _compiled(self) -> re.Pattern[Any]:
        return re.compile(self._source, self._flags)

    def __getattr__(self, name: str) -> Any:
        # Kept, so that from now on a method is found here as fast as on the pattern itself.
        value = getattr(self._compiled, name)
        if self.at_most is not None and name in _READING | _REPLACING:
            value = self._bounded(name, value)
        self.__dict__[name] = value
        return value

    def _bounded(self, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        def check(length: int) -> None:
            if length > cast("int", self.at_most):
                raise ValueError(f"{self._source!r} is shown {length} characters, not at most {self.at_most}")

        def in_span(text: Any, start: int = 0, end: int = sys.maxsize) -> Any:
            check(min(end, len(text)) - start)
            return method(text, start, end)

        def in_whole(replacement: Any, text: Any, count: int = 0) -> Any:
            check(len(text))
            return method(replacement, text, count=count)

        return in_whole if name in _REPLACING else in_span
