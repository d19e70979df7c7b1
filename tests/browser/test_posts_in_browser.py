"""What authors write, in a real browser: on dark pages, in margins, on paper, from right to left."""

import pytest

PAPER = 718  # CSS pixels of A4 between its margins

SETTINGS = {
    "RELATIVE_URLS": True,
    "MLNOTES_COLOR_TOGGLE": True,
    "MLNOTES_COPY_BUTTON": True,
    "MLNOTES_LIST_LINES": 4,
    "MLNOTES_LIST_META": ["date", "topics"],
    "MARKDOWN": {
        "extension_configs": {
            "markdown.extensions.codehilite": {"css_class": "highlight", "linenums": True},
            "markdown.extensions.extra": {},
            "markdown.extensions.meta": {},
        }
    },
}
WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
COLUMNS = range(11)
POST = f"""Title: Everything
Date: 2026-01-02
Slug: everything
Tags: attention

Two marks close together.[^a] The second comes at once.[^b] {"Words that fill a few lines. " * 30}

![Lines]({{static}}/images/lines.svg)

| {" | ".join(f"column {n}" for n in COLUMNS)} |
|{"|".join("--:" for _ in COLUMNS)}|
| {" | ".join(f"{n}234.567" for n in COLUMNS)} |

    :::python
    first = 1
    second = "{"a line that goes on beyond any paper " * 5}"

<div style="background: #e8f5e9">Light <a href="#x">ground</a></div>

[^a]: {"A note of some length. " * 8}
[^b]: The other note.
"""
ARABIC = (
    "Title: \u0639\u0646\u0648\u0627\u0646\nDate: 2026-01-03\nSlug: everything\nLang: ar\n\n\u0646\u0635\n"
)


@pytest.fixture(scope="module")
def address(build, serve):
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="90"><path d="M0 0l9 9"/></svg>'
    files = {"images/lines.svg": drawing, "everything.md": POST, "everything-ar.md": ARABIC}
    for length in (150, 180, 300):  # about four lines of a telephone, and of a wide screen
        text = ("Words that fill lines. " * 15)[:length]
        files[f"text-{length}.md"] = f"Title: Text {length}\nDate: 2026-01-01\n\n{text}\n"
    for day, title in ((1, WORD), (3, f"After {WORD}")):
        files[f"word-{day}.md"] = (
            f"Title: {title}\nDate: 2026-01-0{day}\nSlug: word-{day}\n\n{'word ' * 200}\n"
        )
    return serve(build(files, **SETTINGS))


def box(page, selector):
    return page.locator(selector).first.bounding_box()


@pytest.mark.parametrize("name", ["everything.html", "everything-ar.html", "index.html", "archives.html"])
@pytest.mark.parametrize("width", [320, 785, 1920])
def test_long_words_and_the_way_of_writing_widen_no_page(open_page, name, width):
    assert open_page(name, width=width).evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("name", ["everything.html", "index.html"])
def test_nothing_moves_when_scripts_come(open_page, name):
    # Less than a hair: letters that are drawn anew may differ by parts of a pixel.
    assert open_page(name).evaluate("moved") < 0.0005


def test_a_drawing_has_a_light_ground_on_dark_pages_alone(open_page):
    script = "getComputedStyle(document.querySelector('.prose img')).backgroundColor"
    assert open_page("everything.html", color_scheme="light").evaluate(script) == "rgba(0, 0, 0, 0)"
    assert open_page("everything.html", color_scheme="dark").evaluate(script) == "rgb(243, 240, 234)"


def test_a_light_box_has_dark_words_on_dark_pages(open_page):
    script = "getComputedStyle(document.querySelector('.mlnotes-on-light')).color"
    assert open_page("everything.html", color_scheme="dark").evaluate(script) == "rgb(34, 32, 28)"


def test_footnotes_stand_beside_their_marks_one_below_the_other(open_page):
    page = open_page("everything.html")
    text, mark = box(page, ".post__body"), box(page, ".footnote-ref")
    first, second = box(page, ".footnote li"), box(page, ".footnote li + li")
    assert first["x"] + first["width"] < text["x"]
    assert abs(first["y"] - mark["y"]) < 40
    assert second["y"] >= first["y"] + first["height"]


def test_footnotes_stand_at_the_end_where_there_is_no_margin(open_page):
    page = open_page("everything.html", width=800)
    assert box(page, ".footnote li")["y"] > box(page, ".prose .scroll-box")["y"]


def test_paper_loses_nothing_of_tables_and_code(open_page):
    page = open_page("everything.html", width=PAPER)
    page.emulate_media(media="print")
    over = page.evaluate(
        """[...document.querySelectorAll('.prose td, .prose th, .prose pre')].filter(e =>
             e.getBoundingClientRect().right > innerWidth || e.scrollWidth > e.clientWidth + 1).length"""
    )
    assert over == 0


def test_code_with_numbers_has_one_button_that_copies_none_of_them(open_page):
    page = open_page("everything.html", permissions=["clipboard-read", "clipboard-write"])
    assert page.locator(".copy").count() == 1
    page.locator(".copy").click()
    page.locator(".copy", has_text="Copied").wait_for()
    assert page.locator("[role=status]").inner_text() == "Copied"
    assert page.evaluate("navigator.clipboard.readText()").startswith("first = 1\nsecond")
    page.locator(".copy", has_text="Copy").wait_for()


def test_the_colour_of_the_browser_follows_the_switch(open_page):
    page = open_page("index.html", color_scheme="light")
    page.locator(".scheme-toggle").click()
    colors = page.evaluate(
        "[...document.querySelectorAll('meta[name=theme-color]')].map(meta => meta.content)"
    )
    assert set(colors) == {"rgb(23, 25, 28)"}


def test_a_short_excerpt_opens_to_the_whole_text(open_page):
    page = open_page("index.html", java_script_enabled=False)
    before = box(page, ".post-card__excerpt")["height"]
    page.locator(".post-card__more summary").first.click()
    assert before <= 4 * 24 + 1
    assert box(page, ".post-card__excerpt")["height"] > before


@pytest.mark.parametrize(("width", "cut"), [(390, [300]), (700, []), (1280, [])])
def test_only_a_text_that_is_cut_can_be_opened(open_page, width, cut):
    page = open_page("index.html", width=width, java_script_enabled=False)
    cards = page.locator(".post-card", has=page.get_by_role("link", name="Text "))
    opens = cards.filter(has=page.locator(".post-card__more summary:visible"))
    assert sorted(opens.locator("h2").all_inner_texts()) == [f"Text {length}" for length in cut]
    for card in cards.all():
        excerpt, whole = box(card, ".post-card__excerpt"), box(card, ":scope")
        below = whole["y"] + whole["height"] - excerpt["y"] - excerpt["height"]
        assert below < 1 or card.locator("summary:visible").count()
