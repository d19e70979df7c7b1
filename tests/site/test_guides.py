"""Each guide for a blog from elsewhere, followed word by word on an example of our own."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pages import parse_page

REPOSITORY = Path(__file__).resolve().parents[2]
DATA = Path(__file__).resolve().parent / "data"


def code_of(guide: str, name: str) -> str:
    """Return the code block of a guide that begins with the name of a file."""
    text = (REPOSITORY / "docs" / guide).read_text(encoding="utf-8")
    return re.search(rf"```python\n(# {re.escape(name)}\n.*?)```", text, re.DOTALL)[1]


def run(folder: Path, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-B", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def follow(
    folder: Path,
    guide: str,
    content: dict[str, str],
    *,
    names: dict[str, str] | None = None,
    mends: bool = True,
) -> dict[str, str]:
    """Copy, mend, set and build as ``guide`` says; returns path -> text of the pages.

    ``names`` are those of files that have another one here.
    """
    for source, target in content.items():
        shutil.copytree(DATA / source, folder / "content" / target, dirs_exist_ok=True)
    for here, name in (names or {}).items():
        (folder / "content" / here).rename(folder / "content" / name)
    if mends:
        (folder / "mend.py").write_text(code_of(guide, "mend.py"), encoding="utf-8")
        run(folder, "mend.py")
    (folder / "pelicanconf.py").write_text(code_of(guide, "pelicanconf.py"), encoding="utf-8")
    run(folder, "-m", "pelican", "--fatal", "errors")
    output = folder / "output"
    return {
        path.relative_to(output).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(output.rglob("*.*"))
        if path.suffix in {".html", ".xml", ".svg"}
    }


def body(page: str) -> str:
    return page[page.index('<div class="prose') :] if '<div class="prose' in page else page


@pytest.fixture(scope="module")
def jekyll(tmp_path_factory):
    folder = tmp_path_factory.mktemp("jekyll")
    return follow(folder, "from-jekyll.md", {"jekyll/_posts": "_posts", "jekyll/assets": "assets"})


def test_posts_of_jekyll_keep_addresses_titles_dates_and_tags(jekyll):
    page = jekyll["optimization/2024/05/01/gradient-descent/index.html"]
    assert "Gradient descent: one step at a time</h1>" in page
    assert 'datetime="2024-05-01' in page
    assert {"tag/gradient-descent.html", "tag/notes.html", "tag/optimisation.html"} <= set(jekyll)


def test_formulas_of_kramdown_stand_in_their_lines(jekyll):
    page = jekyll["optimization/2024/05/01/gradient-descent/index.html"]
    assert page.count("<math") >= 3
    assert page.count('display="block"') == 1
    assert "$$" not in body(page).replace("# $$ is no formula here", "")
    assert "# $$ is no formula here" in re.sub(r"<[^>]+>", "", page)


def test_nothing_of_liquid_is_left_and_links_lead_to_files(jekyll):
    page = jekyll["optimization/2024/05/01/gradient-descent/index.html"]
    assert "{%" not in page
    assert "{{" not in re.sub(r"<(script|pre).*?</\1>", "", page, flags=re.DOTALL)
    assert 'src="/assets/steps.svg"' in page
    assert 'href="/misc/2024/06/02/momentum/"' in page
    assert 'class="highlight"' in page


@pytest.fixture(scope="module")
def hugo(tmp_path_factory):
    return follow(tmp_path_factory.mktemp("hugo"), "from-hugo.md", {"hugo": "."})


def test_posts_and_bundles_of_hugo_keep_their_addresses(hugo):
    assert "Learning curves</h1>" in hugo["posts/curves/index.html"]
    assert "Bias: and variance</h1>" in hugo["posts/bias-variance/index.html"]
    assert {"tag/evaluation.html", "tag/data-and-more.html", "category/practice.html"} <= set(hugo)


def test_pictures_of_a_bundle_are_beside_its_page(hugo):
    page = body(hugo["posts/curves/index.html"])
    assert page.count('src="curve.svg"') == 3
    assert 'alt="Falling"' in page
    assert "posts/curves/curve.svg" in hugo


def test_shortcodes_of_hugo_become_links_and_code(hugo):
    page = body(hugo["posts/curves/index.html"])
    assert page.count('href="/posts/bias-variance/"') >= 2
    assert "{{" not in page
    assert "<math" in page
    code = parse_page(hugo["posts/bias-variance/index.html"]).select_one(".prose pre").get_text()
    assert code.strip() == '{{< ref "curves" >}}'
    assert "{{&lt; figure caption=" in hugo["posts/bias-variance/index.html"]


@pytest.fixture(scope="module")
def obsidian(tmp_path_factory):
    return follow(tmp_path_factory.mktemp("obsidian"), "from-obsidian.md", {"obsidian": "."}, mends=False)


def test_links_by_name_lead_to_notes_and_what_is_nowhere_is_plain(obsidian):
    page = body(obsidian["gradient-descent.html"])
    assert '<a href="/momentum.html">a heavy ball</a>' in page
    assert '<a href="/momentum.html#why-it-helps">' in page
    assert '<a href="/momentum.html">here</a>' in page
    assert "and Nowhere, with" in page
    assert "<code>[[x]]</code>" in page
    assert 'id="why-it-helps"' in obsidian["momentum.html"]


def test_pictures_callouts_and_formulas_of_obsidian_are_shown(obsidian):
    page = body(obsidian["gradient-descent.html"])
    assert 'src="/attachments/bowl.svg"' in page
    assert 'width="300"' in page
    assert 'class="admonition note"' in page
    assert "<math" in page


def test_excerpts_are_free_of_brackets(obsidian):
    excerpt = "Gradient descent rolls like a heavy ball, see Momentum – Why it helps and Nowhere, with"
    assert excerpt in obsidian["index.html"]


@pytest.fixture(scope="module")
def ox_hugo(tmp_path_factory):
    """A blog as ox-hugo writes it: https://ox-hugo.scripter.co."""
    content = {"ox-hugo/content": ".", "ox-hugo/static": "."}
    return follow(tmp_path_factory.mktemp("ox-hugo"), "from-hugo.md", content)


@pytest.fixture(scope="module")
def vault(tmp_path_factory):
    """A folder in which most of Obsidian's syntax is used: https://help.obsidian.md/syntax."""
    # Not every system keeps an accent in the name of a file as a clone has it.
    names = {"Reseau.md": "Réseau.md"}
    return follow(
        tmp_path_factory.mktemp("vault"), "from-obsidian.md", {"vault": "."}, names=names, mends=False
    )


# Shortcodes, links, emphasis, delimiters of formulas, names, boxes, escapes, items, fences, comments, marks.
RAW = re.compile(
    r"\{[{#]|\[\^|\]\(|\*\*|\\|\$\$|\[[ xX]\]|^\s*(?:[-+*]|\d+\.) "
    r"|~~|\[\[|==|%%|markdown=|```|:::|(?:^| )\^\w+$",
    re.MULTILINE,
)


@pytest.mark.parametrize(("site", "count"), [("ox_hugo", 6), ("vault", 5)])
def test_nothing_of_its_syntax_is_left_in_a_whole_blog(request, site, count):
    left, read = {}, 0
    for path, text in request.getfixturevalue(site).items():
        prose = parse_page(text).select_one(".prose") if path.endswith(".html") else None
        if prose is None or path.startswith("drafts/"):
            continue
        read += 1
        for element in prose.select("script, style, pre, code, math"):
            element.extract()
        said = prose.get_text("\n")
        if found := RAW.search(said):
            left[path] = found[0]
    assert left == {}
    assert read == count


def test_boxes_captions_and_places_of_ox_hugo_are_kept(ox_hugo):
    attention = body(ox_hugo["posts/attention/index.html"])
    assert 'href="/posts/autoencoders/#loss"' in attention
    assert 'alt="Figure 1: Weights of one query, with d = 4" src="/ox-hugo/weights.svg"' in attention
    assert "<em>one</em> query, with <math" in attention
    assert '<li><a href="#why-the-root">' in attention
    boxed = body(ox_hugo["posts/autoencoders/index.html"])
    assert re.search(r'<div class="note">\s*<p>It <em>may</em>', boxed)
    assert re.search(
        r"<details>\s*<summary>A proof, in short</summary>\s*<div class=\"details\">\s*<p>", boxed
    )
    assert "{{ this }}" in re.sub(r"<[^>]+>", "", boxed)
    assert "<del>never</del>" in ox_hugo["posts/sgd/index.html"]
    assert "Code Snippet" not in ox_hugo["index.html"]


def test_what_only_obsidian_shows_to_its_author_is_on_no_page(vault):
    for path, text in vault.items():
        assert "ask somebody" not in text, path
    page = body(vault["loss-functions.html"])
    assert "<mark>Smaller is better</mark>" in page
    assert re.search(r"for many</li>\s*</ul>", page)
    assert 'alt="A small net" src="/attachments/net.svg" width="120"' in page
    assert '<p class="admonition-title">Not always</p>' in page
    assert '<p class="admonition-title">Beside it</p>' in page


@pytest.mark.parametrize("site", ["jekyll", "hugo", "obsidian", "ox_hugo", "vault"])
def test_what_was_not_published_is_not(site, request):
    pages = request.getfixturevalue(site)
    public = {path: text for path, text in pages.items() if not path.startswith("drafts/")}
    assert len(public) > 4
    for text in public.values():
        assert "walrus" not in text
        assert "narwhal" not in text


@pytest.fixture(scope="module", params=["notes.py", "pages.py"])
def notebook(request, tmp_path_factory):
    """A note that a script of the guide makes of a notebook, and the output it is built to."""
    folder = tmp_path_factory.mktemp("notebook")
    shutil.copy(DATA / "notebook" / "curves.ipynb", folder)
    (folder / request.param).write_text(code_of("from-jupyter.md", request.param), encoding="utf-8")
    run(folder, request.param, "curves.ipynb")
    conf = (
        "import pelican_mlnotes\nSITENAME = 'N'\nPATH = 'content'\nTIMEZONE = 'UTC'\n"
        "MLNOTES_MATH = 'mathml'\n"
        "PLUGINS = ['pelican_mlnotes']\nTHEME = pelican_mlnotes.theme_path()\n"
        "ARTICLE_URL = ARTICLE_SAVE_AS = 'notes/{slug}.html'\n"
        "FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = None\n"
        "AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None\n"
    )
    (folder / "pelicanconf.py").write_text(conf, encoding="utf-8")
    run(folder, "-m", "pelican", "--fatal", "errors")
    return folder / "output"


def test_pictures_of_a_notebook_are_files_beside_its_page(notebook):
    page = (notebook / "notes" / "learning-curves.html").read_text(encoding="utf-8")
    sources = re.findall(r'<img[^>]* src="([^"]+)"', body(page))
    assert len(sources) == 2
    assert all((notebook / source.lstrip("/")).read_bytes().startswith(b"\x89PNG") for source in sources)
    assert "data:image/png" not in page
    assert not [file for file in notebook.rglob("*.html") if "data:image/png" in file.read_text("utf-8")]


def test_outputs_code_tables_and_formulas_of_a_notebook_are_readable(notebook):
    page = body((notebook / "notes" / "learning-curves.html").read_text(encoding="utf-8"))
    assert "10 &lt; 0.1\n100 &lt; 0.01" in re.sub(r"<[^>]+>", "", page)
    assert "<td>0.1</td>" in page
    assert 'class="highlight' in page
    assert page.count("<math") == 2


def test_the_list_shows_a_notebook_by_its_words_and_its_label(notebook):
    page = (notebook / "index.html").read_text(encoding="utf-8")
    excerpt = re.search(r'post-card__excerpt">(.*?)</p>', page, re.DOTALL)[1]
    assert excerpt.startswith("A learning curve shows the error ϵ(n) against the number of examples.")
    assert "print" not in excerpt
    assert "Out[" not in excerpt
    assert ">Image</span>" in page
