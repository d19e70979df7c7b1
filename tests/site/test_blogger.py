"""From an export file of Blogger to a site whose list equals the old one."""

import json
import re
import shutil
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest

from pelican_mlnotes import theme_path
from pelican_mlnotes.cli.main import main

DATA = Path(__file__).resolve().parent / "data"
EXPORT = DATA / "blogger.xml"
PATTERN = "{date:%Y}/{date:%m}/{slug}.html"
OLD_ADDRESSES = [
    "2013/05/why-margins-matter.html",
    "2014/11/precision-recall-whats-in-name.html",
    "2015/01/learning-curves-of-small-network.html",
    "2015/03/ten-days-without-screen.html",
    "2016/07/gradient-descent-in-2-3-steps.html",
]

# Newest first: address, title, whether readers saw the label Image, and the text up to the jump break.
OLD_LIST = [
    (
        "/2016/07/gradient-descent-in-2-3-steps.html",
        "Gradient descent in 2 * 3 steps",
        False,
        "The update is wₜ₊₁ = wₜ - η∇f(wₜ), and ∑ᵢ aᵢ * bᵢ stands on its own line. In_code names like "
        "snake_case stay, 5 * 6 * 7 too. Choose a step of [0.1] first; then halve it # as often as needed.",
    ),
    (
        "/2015/03/ten-days-without-screen.html",
        "Ten days without a screen",
        False,
        "We walked the coast path from hut to hut. It rained on nine of ten days, and nobody minded.",
    ),
    (
        "/2015/01/learning-curves-of-small-network.html",
        "Learning curves of a small network",
        True,
        "More data or a larger network? The curves say which. A gap between the curves asks for data; two "
        "high curves ask for capacity, as margins do. R&D budgets differ. Plot both before you buy anything.",
    ),
    (
        "/2014/11/precision-recall-whats-in-name.html",
        "Precision & recall: what's <in> a name?",
        False,
        "How many found things are right, and how many right things were found? The formula of the first is "
        "TP/(TP+FP) for true positives TP. Both are needed. high precision: few false alarms; high recall: "
        "little is missed",
    ),
    (
        "/2013/05/why-margins-matter.html",
        "Why margins matter",
        True,
        "A support vector machine keeps the widest margin between two classes. Its dual depends on inner "
        "products only, so kernels come for free.",
    ),
]


def shown(built) -> list[tuple[str, str, bool, str]]:
    """Return address, title, label and excerpt of every post in the list, as a browser gets them."""
    cards = re.findall(r'<article class="post-card.*?</article>', built.read("index.html"), re.DOTALL)
    found = []
    for card in cards:
        link = re.search(r'<a href="([^"]*)">(.*?)</a>', card, re.DOTALL)
        text = re.search(r'<p class="post-card__excerpt">(.*?)</p>', card, re.DOTALL)
        found.append((link[1], unescape(link[2]), ">Image</span>" in card, unescape(text[1])))
    return found


def build(site, **settings):
    return site.build(THEME=theme_path(), TIMEZONE="America/Los_Angeles", SLUGIFY_SOURCE="title", **settings)


@pytest.fixture
def imported(site, capsys):
    """Posts made by our own command."""
    assert main(["blogger", str(EXPORT), "-o", str(site.content)]) == 0
    return site


def test_the_list_equals_the_old_one(imported):
    assert shown(build(imported)) == OLD_LIST


def test_every_old_address_is_a_file(imported):
    built = build(imported)
    for address in [*OLD_ADDRESSES, "p/about.html"]:
        assert (built.output / address).is_file()


def test_code_and_links_between_posts_survive(imported):
    page = build(imported).read("2015/01/learning-curves-of-small-network.html")
    assert "for size in sizes:\n    fit(size)\n\n    score(size)\n" in page
    assert '<a href="/2013/05/why-margins-matter.html">margins</a>' in page


def test_drafts_stay_drafts_and_comments_become_no_posts(imported):
    built = build(imported)
    assert [slug for slug, post in built.articles.items() if post.status == "draft"] == [
        "half-a-thought-on-dropout"
    ]
    assert not any(
        "I also like the hinge" in text.decode(errors="replace") for text in built.files().values()
    )


def test_labels_are_the_authors_tags(imported):
    built = build(imported)
    assert [tag.name for tag in built.articles["why-margins-matter"].tags][:2] == ["SVM", "Machine Learning"]


def test_comments_are_kept_where_asked_for(site, capsys):
    kept = site.folder / "comments.json"
    assert main(["blogger", str(EXPORT), "-o", str(site.content), "--comments", str(kept)]) == 0
    (comment,) = json.loads(kept.read_text(encoding="utf-8"))
    assert comment["post"] == "/2013/05/why-margins-matter.html"
    assert comment["author"] == "Ada Example"


def test_no_file_is_written_over_unasked(imported, capsys):
    edited = imported.content / "2013-05-02-why-margins-matter.html"
    edited.write_text("mine", encoding="utf-8")
    assert main(["blogger", str(EXPORT), "-o", str(imported.content)]) == 2
    assert edited.read_text(encoding="utf-8") == "mine"
    assert main(["blogger", str(EXPORT), "-o", str(imported.content), "--replace"]) == 0
    assert edited.read_text(encoding="utf-8") != "mine"


def test_with_new_addresses_the_old_ones_redirect(site, capsys, monkeypatch):
    monkeypatch.chdir(site.folder)
    assert main(["blogger", str(EXPORT), "-o", str(site.content), "--new-addresses"]) == 0
    values = {name: value for name, value in site.settings().items() if name != "PATH"}
    conf = "".join(f"{name} = {value!r}\n" for name, value in values.items())
    (site.folder / "pelicanconf.py").write_text(conf, encoding="utf-8")
    capsys.readouterr()
    assert main(["redirects", str(EXPORT), "--json"]) == 0
    moved = json.loads(capsys.readouterr().out)
    assert {f"/{address}" for address in OLD_ADDRESSES} < set(moved)
    assert moved["/search/label/Neural%20Networks"] == "/tag/neural-networks.html"
    built = build(site)
    assert all((built.output / new.lstrip("/")).is_file() for new in moved.values())

    assert main(["redirects", str(EXPORT), "--pages", str(built.output)]) == 0
    assert 'url=/why-margins-matter.html"' in built.read("2013/05/why-margins-matter.html")


@pytest.mark.parametrize("arguments", [["redirects", "--tags"], ["blogger"]])
def test_a_folder_is_no_export_and_that_is_said(site, capsys, arguments):
    assert main([*arguments, str(site.content)]) != 0
    error = capsys.readouterr().err
    assert f"{site.content} is a folder; name an export file of Blogger" in error
    assert "--before" in error


# What pelican-import makes of the same file, by pandoc 2.17: see data/imported.


@pytest.fixture
def from_pelican_import(site):
    shutil.copytree(DATA / "imported", site.content, dirs_exist_ok=True)
    return site


def build_mended(site):
    """Do what docs/from-blogger.md says, and build."""
    for post in site.content.glob("*.md"):
        # Without this, Python-Markdown takes the listing for a line of text.
        post.write_text(post.read_text(encoding="utf-8").replace("``` brush:", "```"), encoding="utf-8")
    return build(
        site,
        ARTICLE_URL=PATTERN,
        ARTICLE_SAVE_AS=PATTERN,
        PAGE_URL="p/{slug}.html",
        PAGE_SAVE_AS="p/{slug}.html",
        IGNORE_FILES=["**/.*", "__pycache__", "comment-*.md"],
    )


def test_the_list_equals_the_old_one_after_pelican_import(from_pelican_import):
    assert shown(build_mended(from_pelican_import)) == OLD_LIST


def test_every_old_address_is_a_file_after_pelican_import(from_pelican_import):
    built = build_mended(from_pelican_import)
    for address in [*OLD_ADDRESSES, "p/about.html"]:
        assert (built.output / address).is_file()


@pytest.mark.skipif(not shutil.which("pandoc"), reason="pelican-import needs pandoc; its result is in data/")
def test_pelican_import_runs_on_the_file(site):
    command = "from pelican.tools.pelican_import import main; main()"
    arguments = ["--blogger", "-m", "markdown", "--dir-page", "-o", str(site.content), str(EXPORT)]
    subprocess.run([sys.executable, "-c", command, *arguments], check=True, capture_output=True)
    assert shown(build_mended(site)) == OLD_LIST
