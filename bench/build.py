"""One build in a process of its own; what it cost goes to standard output as JSON.

    python -m bench.build CONTENT OUTPUT {bare|with|profile} [NAME=VALUE ...]

``bare`` leaves the plugin out, ``profile`` adds the CPU time of its stages. What follows are settings, their
values in JSON.
"""

import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

_STARTED = time.process_time()

# Which function of the edge does which stage's work; time spent in one inside another counts once.
# Related posts are ranked when a page first shows some, so their stage goes on while Pelican writes.
STAGES = {
    "set-up": ("load_configuration",),
    "parse": ("read_body",),
    "words": ("words",),
    "excerpts": ("make_excerpt",),
    "topics": ("suggest_topics",),
    "related": ("Relating.read", "Relating.link", "Relating.relations"),
    "write-back": ("annotate_tags", "annotate_articles", "finish_build"),
}


def settings(content: Path, output: Path, plugin: bool) -> dict[str, Any]:
    """Return what Pelican is told: its plainest theme, no feeds, no tag pages."""
    feeds = ("FEED_ALL_ATOM", "CATEGORY_FEED_ATOM", "TRANSLATION_FEED_ATOM", "AUTHOR_FEED_ATOM")
    return {
        "PATH": str(content),
        "OUTPUT_PATH": str(output),
        "THEME": "simple",
        "PLUGINS": ["pelican_mlnotes"] if plugin else [],
        "AUTHOR": "Someone",
        "SITENAME": "Notes",
        "TIMEZONE": "UTC",
        "TAG_SAVE_AS": "",
        **dict.fromkeys((*feeds, "AUTHOR_FEED_RSS")),
    }


class Stopwatch:
    """Adds up CPU seconds by stage; a stage's time leaves out that of stages inside it."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._inner = [0.0]

    def watch(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return ``function``, timed."""

        def timed(*args: Any, **kwargs: Any) -> Any:
            self._inner.append(0.0)
            start = time.process_time()
            try:
                return function(*args, **kwargs)
            finally:
                spent = time.process_time() - start
                self.seconds[stage] += spent - self._inner.pop()
                self._inner[-1] += spent

        return timed


def main(content: str, output: str, mode: str, *more: str) -> None:
    """Build the site and print what it cost."""
    from pelican import Pelican
    from pelican.settings import read_settings

    cost: dict[str, Any] = {}
    stopwatch = Stopwatch()
    if mode != "bare":
        before = time.process_time()
        from pelican_mlnotes.plugin import articles, handlers

        cost["import"] = time.process_time() - before
        if mode == "profile":
            for stage, names in STAGES.items():
                for name in names:
                    owner, _, method = name.rpartition(".")
                    module = handlers if hasattr(handlers, owner or method) else articles
                    home = getattr(module, owner) if owner else module
                    setattr(home, method, stopwatch.watch(stage, getattr(home, method)))
    chosen = settings(Path(content), Path(output), mode != "bare")
    chosen |= {name: json.loads(value) for name, _, value in (one.partition("=") for one in more)}
    Pelican(read_settings(override=chosen)).run()
    cost["stages"] = dict(stopwatch.seconds)
    json.dump(cost, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
