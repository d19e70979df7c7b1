"""The demo site in a real browser: layout, schemes, keyboard, scripts off, a strict policy."""

import gzip
from itertools import pairwise
from urllib.request import urlopen

import pytest

PAGES = ("index.html", "resnet.html", "tags.html", "archives.html", "404.html", "pages/about.html")
EVERY_KIND = (
    *PAGES,
    "papers.html",
    "tag/computer-vision.html",
    # Of these, others have all parts: an article with pictures, lists of names and of posts.
    *(
        pytest.param(name, marks=pytest.mark.slow)
        for name in (
            "wide-and-deep-learning-for-recommender-systems.html",
            "categories.html",
            "category/notes.html",
            "authors.html",
            "author/the-pelican_mlnotes-team.html",
            "2026/index.html",
        )
    ),
)


@pytest.fixture(scope="module")
def address(demo):
    return demo


@pytest.mark.parametrize("name", PAGES)
def test_nothing_scrolls_sideways_on_the_smallest_screen(open_page, name):
    assert open_page(name, width=320).evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("name", PAGES)
def test_text_of_twice_the_size_fits(open_page, name):
    page = open_page(name, width=640)
    page.evaluate("const s = new CSSStyleSheet(); s.replaceSync('html{font-size:200%}'); "
                  "document.adoptedStyleSheets = [s]")  # fmt: skip
    assert page.evaluate("document.documentElement.scrollWidth") <= 640


@pytest.mark.parametrize("name", PAGES)
def test_a_strict_policy_breaks_nothing(open_page, name):
    assert open_page(name).evaluate("window.broken") == []


@pytest.mark.parametrize("name", EVERY_KIND)
def test_axe_finds_nothing(open_page, name):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = open_page(name, color_scheme="light")
    page.evaluate("document.querySelectorAll('details').forEach(element => { element.open = true })")
    found = axe.run(page, options={"rules": {"target-size": {"enabled": True}}})
    assert found.violations_count == 0, found.generate_report()
    # Of a dark page, colours alone are other ones.
    page.emulate_media(color_scheme="dark")
    found = axe.run(page, options={"runOnly": ["color-contrast", "link-in-text-block"]})
    assert found.response["passes"]
    assert found.violations_count == 0, found.generate_report()


def test_the_page_follows_the_readers_scheme(open_page):
    script = "getComputedStyle(document.body).backgroundColor"
    light = open_page("index.html", color_scheme="light").evaluate(script)
    dark = open_page("index.html", color_scheme="dark").evaluate(script)
    assert (light, dark) == ("rgb(253, 252, 249)", "rgb(23, 25, 28)")


FONTS = ("", "serif", "sans-serif", "monospace", "fantasy")


def use_font(page, font):
    if font:
        page.evaluate(f"const s = new CSSStyleSheet(); s.replaceSync(':root{{--font-body:{font}}}'); "
                      "document.adoptedStyleSheets = [s]")  # fmt: skip


@pytest.mark.parametrize("font", FONTS)
def test_header_and_foot_end_at_the_edge_of_the_page_and_texts_at_one_of_their_own(open_page, font):
    page = open_page("index.html")
    use_font(page, font)
    # The search stands behind the menu where its extra is installed.
    last = ".site-header .icon" if page.locator(".site-header .icon").count() else ".site-header nav"
    header, foot, heading, text = page.evaluate(
        """names => names.map(name => {
          const box = document.querySelector(name).getBoundingClientRect(); return [box.left, box.right]
        })""",
        [last, ".site-footer", ".page-title", ".post-card__excerpt"],
    )
    assert abs(header[1] - foot[1]) < 1
    assert heading == text
    assert abs(text[0] + text[1] - 1280) < 1


@pytest.mark.parametrize("width", [768, 1280])
@pytest.mark.parametrize("entries", [4, 11, 15])
def test_the_header_is_low_however_many_entries_the_menu_has(open_page, width, entries):
    page = open_page("index.html", width=width)
    height = page.evaluate(
        """(entries) => {
          const list = document.querySelector('.site-header__menu ul'), shown = entries > 8 ? 6 : entries;
          list.innerHTML = '<li><a href="/">A broad category</a></li>'.repeat(shown);
          const rest = '<li><a href="/">x</a></li>'.repeat(entries - shown);
          if (rest) list.insertAdjacentHTML('afterend', '<details class="site-header__more">'
            + `<summary>More</summary><ul>${rest}</ul></details>`);
          return document.querySelector('.site-header').offsetHeight;
        }""",
        entries,
    )
    assert height <= 90


@pytest.mark.parametrize("font", FONTS)
def test_lines_are_of_a_length_that_eyes_can_follow(open_page, font):
    page = open_page("index.html")
    use_font(page, font)
    letters = page.evaluate(
        """() => {
          const p = document.querySelector('.post-card__excerpt'), style = getComputedStyle(p);
          return p.innerText.length / Math.round(p.clientHeight / parseFloat(style.lineHeight));
        }"""
    )
    assert 60 <= letters <= 85


def test_a_list_needs_two_requests_and_an_article_asks_only_its_own_host(new_tab, address):
    page = new_tab()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for name, most in (("index.html", 2), ("resnet.html", 8)):
        asked.clear()
        page.goto(address + name)
        own = [url for url in asked if not url.startswith("data:")]
        assert all(url.startswith(address) for url in own)
        assert len(own) <= most


def test_the_keyboard_reaches_the_text_first_and_then_everything_in_order(open_page):
    page = open_page("index.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    tops = []
    for _ in range(8):
        page.keyboard.press("Tab")
        tops.append(page.evaluate("document.activeElement.getBoundingClientRect().top + scrollY"))
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    assert all(after > before - 8 for before, after in pairwise(tops))


def test_an_article_says_the_same_without_scripts(open_page):
    script = "document.querySelector('main').innerText.replace(/Copy/g, '').replace(/\\s+/g, ' ')"
    assert open_page("resnet.html", java_script_enabled=False).evaluate(script) == open_page(
        "resnet.html"
    ).evaluate(script)


def test_wide_things_scroll_in_boxes_that_the_keyboard_reaches(open_page):
    page = open_page("resnet.html", width=320)
    wide = page.evaluate(
        """() => [...document.querySelectorAll('.prose *')].filter(e =>
             /auto|scroll/.test(getComputedStyle(e).overflowX) && e.scrollWidth > e.clientWidth + 1)
           .map((e, at) => { e.dataset.wide = at; return String(at); })"""
    )
    assert wide
    # By the keys themselves: browsers make a stop of what scrolls also where no attribute says so.
    reached = set()
    for _ in range(page.evaluate("document.querySelectorAll('*').length")):
        page.keyboard.press("Tab")
        focused = page.evaluate("[document.activeElement.tagName, document.activeElement.dataset.wide]")
        if focused[0] == "BODY":
            break
        reached.add(focused[1])
    assert reached >= set(wide)


def test_pictures_have_their_size_and_nothing_moves(open_page):
    page = open_page("wide-and-deep-learning-for-recommender-systems.html")
    pictures = page.evaluate(
        "[...document.querySelectorAll('.prose img')].map(e => [e.width > 0, e.getAttribute('height') > 0,"
        " e.decoding])"
    )
    assert pictures
    assert all(picture == [True, True, "async"] for picture in pictures)


def test_print_leaves_the_menu_out(open_page):
    page = open_page("resnet.html")
    page.emulate_media(media="print")
    assert not page.locator(".site-header__menu").is_visible()
    assert page.locator("h1").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_switch_changes_the_scheme_and_the_next_page_remembers(open_page, address, scheme):
    page = open_page("index.html", color_scheme=scheme)
    page.evaluate(
        """async () => {
          document.body.insertAdjacentHTML('beforeend', '<button class="scheme-toggle" hidden>x</button>');
          await new Promise((ok) => {
            const script = document.createElement('script');
            Object.assign(script, {src: 'theme/mlnotes.js', onload: ok});
            document.head.append(script);
          });
          dispatchEvent(new Event('DOMContentLoaded'));
        }"""
    )
    page.locator(".scheme-toggle").click()
    other = {"light": "dark", "dark": "light"}[scheme]
    assert page.evaluate("document.documentElement.dataset.scheme") == other
    page.goto(address + "resnet.html")  # it has the script for its code
    assert page.evaluate("document.documentElement.dataset.scheme") == other


def test_code_can_be_copied(open_page):
    page = open_page("resnet.html", permissions=["clipboard-read", "clipboard-write"])
    page.locator(".prose .copy").first.click()
    page.locator(".copy", has_text="Copied").first.wait_for()
    assert (
        page.evaluate("navigator.clipboard.readText()")
        == page.locator(".prose pre").first.inner_text().rstrip()
    )


def test_script_and_stylesheets_are_small(address):
    def packed(*names):
        return sum(len(gzip.compress(urlopen(f"{address}theme/{name}").read(), 9)) for name in names)

    assert packed("mlnotes.js") <= 1536
    assert packed("css/mlnotes.css", "css/reading.css") <= 8 * 1024
    assert packed("css/mlnotes.css") <= 4700  # with a list of ten posts, 8 KiB in all
