"""Real Pelican builds of tiny sites, in ``tmp_path``."""

import logging
import os
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import pelican
import pytest
from pelican import Pelican, signals
from pelican.contents import Article, Content
from pelican.generators import ArticlesGenerator
from pelican.log import LimitFilter
from pelican.settings import read_settings

from pelican_mlnotes.topics.taxonomy import BUNDLED
from tests.edge import caller_of

REPOSITORY = Path(__file__).resolve().parents[2]

# A build writes no feeds and knows no zone but UTC unless a test asks for it.
QUIET = {
    "SITEURL": "",
    "SITENAME": "Notes",
    "TIMEZONE": "UTC",
    "DEFAULT_LANG": "en",
    "THEME": "simple",
    "PLUGINS": ["pelican_mlnotes"],
    "PLUGIN_PATHS": [str(REPOSITORY)],
    "FEED_ALL_ATOM": None,
    "CATEGORY_FEED_ATOM": None,
    "TRANSLATION_FEED_ATOM": None,
    "AUTHOR_FEED_ATOM": None,
    "AUTHOR_FEED_RSS": None,
    "CACHE_CONTENT": False,
    "LOAD_CONTENT_CACHE": False,
}

_generators: list[Any] = []


def _keep_generators(generators: list[Any]) -> None:
    _generators[:] = generators


@dataclass
class Built:
    """A built site: its folder, Pelican's articles by slug, and what was logged."""

    output: Path
    articles: dict[str, Article]
    generators: list[Any]
    warnings: list[str] = field(default_factory=list)

    def read(self, name: str) -> str:
        return (self.output / name).read_text(encoding="utf-8")

    def files(self) -> dict[str, bytes]:
        return {
            str(path.relative_to(self.output)): path.read_bytes()
            for path in sorted(self.output.rglob("*"))
            if path.is_file()
        }


class Site:
    """A folder of sources that can be built again and again."""

    def __init__(self, folder: Path, caplog: pytest.LogCaptureFixture) -> None:
        self.folder = folder
        self.content = folder / "content"
        self.content.mkdir()
        self.caplog = caplog

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.content / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
        return path

    def post(self, slug: str, body: str = "A note.", date: str = "2026-01-01", **metadata: str) -> Path:
        lines = {"Title": slug.replace("-", " ").title(), "Date": date, "Slug": slug, **metadata}
        head = "".join(f"{key}: {value}\n" for key, value in lines.items())
        return self.write(f"{slug}.md", f"{head}\n{body}\n")

    def settings(self, **settings: Any) -> dict[str, Any]:
        return {
            **QUIET,
            "PATH": str(self.content),
            "OUTPUT_PATH": str(self.folder / "output"),
            "CACHE_PATH": str(self.folder / "cache"),
            **settings,
        }

    def build(self, **settings: Any) -> Built:
        """Build in this process; an exception of the build is the test's."""
        self.caplog.clear()
        LimitFilter._raised_messages.clear()  # Pelican logs a message once a process
        signals.all_generators_finalized.connect(_keep_generators)
        with self.caplog.at_level(logging.WARNING):
            built = Pelican(read_settings(override=self.settings(**settings)))
            built.run()
        generators = list(_generators)
        articles = {}
        for generator in generators:
            if isinstance(generator, ArticlesGenerator):
                for name in ("articles", "translations", "drafts", "hidden_articles"):
                    for article in getattr(generator, name):
                        key = article.slug if article.in_default_lang else f"{article.slug}-{article.lang}"
                        articles[key] = article
        messages = [record.getMessage() for record in self.caplog.records]
        return Built(Path(built.output_path), articles, generators, messages)

    def run(
        self, *arguments: str, env: dict[str, str] | None = None, **settings: Any
    ) -> subprocess.CompletedProcess[str]:
        """Run the ``pelican`` command on the site in a process of its own."""
        conf = self.folder / "pelicanconf.py"
        values = self.settings(**settings)
        conf.write_text("".join(f"{name} = {value!r}\n" for name, value in values.items()), encoding="utf-8")
        # Settings written twice in a second, of equal length, would be taken for those that were compiled.
        return subprocess.run(
            [sys.executable, "-B", "-m", "pelican", str(self.content), "-s", str(conf), *arguments],
            cwd=self.folder,
            env={**os.environ, "COLUMNS": "500", **(env or {})},  # log lines are not broken within words
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="session", autouse=True)
def _compile_simple_once():
    """Most of a tiny build is the work of compiling the same templates of the theme ``simple`` again."""
    simple = str(Path(pelican.__file__).with_name("themes") / "simple")
    compile_template, kept = jinja2.Environment.compile, {}

    def compile_once(self, source, name=None, filename=None, *more, **options):
        if not filename or not filename.startswith(simple):
            return compile_template(self, source, name, filename, *more, **options)
        # All that shapes the code: the syntax and what there is to use.
        values = [value for value in vars(self).values() if isinstance(value, str | bool | None)]
        key = (source, filename, *values, *self.extensions, *self.filters, *self.tests, more)
        if key not in kept:
            kept[key] = compile_template(self, source, name, filename, *more, **options)
        return kept[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jinja2.Environment, "compile", compile_once)
        yield


@pytest.fixture(scope="session", autouse=True)
def _load_bundled_topics_once():
    """Half of a tiny build is the work of loading the same topics again; those of a site are loaded."""
    edge = caller_of("cached_taxonomy")
    load = edge.cached_taxonomy

    @cache
    def load_bundled(langs, never):
        return load([BUNDLED], langs, never)

    def load_once(paths, langs, never=()):
        if paths != [BUNDLED]:
            return load(paths, langs, never)
        return load_bundled(tuple(langs), tuple(never))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(edge, "cached_taxonomy", load_once)
        yield


@pytest.fixture(autouse=True)
def _forget_posts():
    """Let go of the posts of a test: Pelican keeps every one that a process has ever shown."""
    yield
    for name in ("get_content", "get_summary"):
        vars(Content)[name].cache.clear()


@pytest.fixture
def site(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Site:
    return Site(tmp_path, caplog)


@pytest.fixture
def conf(site: Site, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Write a settings file beside ``content`` and work there."""
    monkeypatch.chdir(site.folder)

    def write(**settings: Any) -> None:
        values = site.settings(**settings)
        del values["PATH"]
        text = "".join(f"{name} = {value!r}\n" for name, value in values.items())
        (site.folder / "pelicanconf.py").write_text(text, encoding="utf-8")

    write()
    return write
