"""Every kind of page of a small blog, as it was when somebody last looked at it.

``python -m pytest tests/golden --update-golden`` writes them anew; read what changed before you commit.
The blog says itself what its posts are about, so only the theme decides what stands in these pages.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]
SETTINGS = {
    "PATH": str(HERE / "content"),
    "THEME": str(REPOSITORY / "theme"),
    "PLUGIN_PATHS": [str(REPOSITORY)],
    "PLUGINS": ["pelican_mlnotes"],
    "SITENAME": "Notes & Queries",
    "SITESUBTITLE": "on learning",
    "SITEURL": "https://example.org/blog",
    "AUTHOR": "Ada Lovelace",
    "TIMEZONE": "UTC",
    "DEFAULT_LANG": "en",
    "DEFAULT_DATE_FORMAT": "%Y-%m-%d",
    "DEFAULT_PAGINATION": 2,
    "DIRECT_TEMPLATES": ["index", "tags", "categories", "authors", "archives", "404"],
    "YEAR_ARCHIVE_SAVE_AS": "{date:%Y}/index.html",
    "TAG_FEED_ATOM": "feeds/tag.{slug}.atom.xml",
    "LINKS": [["Pelican", "https://getpelican.com/"]],
    "SOCIAL": [["Mastodon & more", "https://example.social/@ada?a=1&b=2"]],
    "MLNOTES_COLOR_TOGGLE": True,
    "MLNOTES_COPY_BUTTON": True,
    "MLNOTES_EDIT_URL": "https://example.org/edit/{path}",
    "MLNOTES_LIST_META": ["date", "reading_time", "topics", "thumbnail"],
    "MLNOTES_LOGO": "{static}/images/square.svg",
    "MLNOTES_SHARE": ["email", "mastodon"],
}
PAGES = (
    "index.html",
    "index2.html",
    "attention.html",
    "attention-ar.html",
    "trees.html",
    "drafts/not-yet.html",
    "pages/about.html",
    "tags.html",
    "tag/attention.html",
    "categories.html",
    "category/notes.html",
    "authors.html",
    "author/ada-lovelace.html",
    "archives.html",
    "2026/index.html",
    "404.html",
)


@pytest.fixture(scope="module")
def output(tmp_path_factory):
    folder = tmp_path_factory.mktemp("golden")
    lines = [f"{name} = {value!r}\n" for name, value in {**SETTINGS, "OUTPUT_PATH": str(folder)}.items()]
    conf = tmp_path_factory.mktemp("conf") / "pelicanconf.py"
    conf.write_text("".join(lines), encoding="utf-8")
    command = [sys.executable, "-m", "pelican", "-s", str(conf), "--fatal", "warnings"]
    subprocess.run(command, check=True, cwd=REPOSITORY, capture_output=True)
    return folder


def normal(html):
    """Without what no reader sees: indentation, empty lines, and whether tags share a line."""
    return "".join(
        f"{line.strip()}\n" for line in re.sub(r"(?<=>)(?=<)", "\n", html).splitlines() if line.strip()
    )


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_as_it_was(output, name, request):
    page = normal((output / name).read_text(encoding="utf-8"))
    kept = HERE / "pages" / name.replace("/", "-")
    if request.config.getoption("--update-golden"):
        kept.write_text(page, encoding="utf-8")
    assert page == kept.read_text(encoding="utf-8")


def test_no_page_is_kept_that_nobody_compares():
    assert sorted(path.name for path in (HERE / "pages").iterdir()) == sorted(
        name.replace("/", "-") for name in PAGES
    )
