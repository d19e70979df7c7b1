"""What if one post breaks us? A healthy build goes on.

Part of the edge.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

logger = logging.getLogger(__name__)


@contextmanager
def guard(post: Any, what: str) -> Iterator[None]:
    """Turn an exception into one warning that names the post and what it goes without."""
    try:
        yield
    except Exception as error:
        logger.warning("pelican_mlnotes: %s gets no %s: %s: %s", post, what, type(error).__name__, error)
