"""What if one post breaks us? A healthy build goes on.

Part of the edge.
"""

import logging
from types import TracebackType
from typing import Any

logger = logging.getLogger(__name__)


class guard:  # noqa: N801  # used like a function, and a third of the time of one with contextmanager
    """Turns an exception into one warning that names the post and what it goes without."""

    __slots__ = ("_post", "_what")

    def __init__(self, post: Any, what: str) -> None:
        """Guard what is done for ``post``, to give it ``what``."""
        self._post = post
        self._what = what

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> bool:
        if kind is None or not issubclass(kind, Exception):
            return False
        logger.warning("pelican_mlnotes: %s gets no %s: %s: %s", self._post, self._what, kind.__name__, error)
        return True
