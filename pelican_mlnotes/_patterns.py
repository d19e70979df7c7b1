"""How do a hundred regular expressions not slow every start down?

To compile them took two fifths of the time in which this package was imported, and most blogs meet a fraction
of what they look for.
"""

import re
from functools import cached_property
from typing import Any, cast


def pattern(source: str, flags: int = 0) -> re.Pattern[str]:
    """Return what ``re.compile`` would, compiled when something is first asked of it.

    A wrong ``source`` raises ``re.error`` then, not before.
    """
    return cast("re.Pattern[str]", _Lazy(source, flags))


class _Lazy:
    def __init__(self, source: str, flags: int) -> None:
        self._source = source
        self._flags = flags

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self._source, self._flags)

    def __getattr__(self, name: str) -> Any:
        # Kept, so that from now on a method is found here as fast as on the pattern itself.
        value = self.__dict__[name] = getattr(self._compiled, name)
        return value
