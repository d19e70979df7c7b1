"""Searching in a real browser: four languages, keyboard, topics, no script, no server, a strict policy."""

import pytest

pytest.importorskip("pagefind")
sync_api = pytest.importorskip("playwright.sync_api")

POLICY = "default-src 'self'; img-src 'self' data:; script-src 'self' 'wasm-unsafe-eval'"

SETTINGS = {"MLNOTES_SEARCH": True, "MLNOTES_MATH": "mathml", "MLNOTES_TOPICS_MAX": 0}

POSTS = {
    "en": {
        "gradients": (
            "Running downhill",
            "Gradients",
            "Plain descent takes small steps against the gradient, $O(n^2)$ of them.\n\n"
            "## Momentum & friends\n\nA heavy ball knows where it rolled. Is 1 &lt; 2 &amp; &lt;b&gt; bold?",
        ),
        "gan": ("Forgers and experts", "Gradients", "A forger learns from the expert who finds his fakes."),
        "trees": ("Trees", "Forests", "A forest of trees votes; each tree sees other examples."),
        "markup": ("<img src=x onerror=alert(1)>", "<b>", "Some `<script>alert(2)</script>` to be shown."),
        "long": ("Long", "Forests", f"{'before ' * 60}middle{' after' * 60}."),
        **{f"page-{n}": (f"Entry {n}", "Forests", f"The walrus counts to {n}.") for n in range(23)},
    },
    "de": {"wald": ("Wälder", "Bäume", "In den Häusern am Wald lernen die Kinder zählen.")},
    "zh": {
        "cnn": (
            "卷积神经网络入门",
            "图像",
            "卷积神经网络提取图像的局部特征。我们用PyTorch训练了一个小模型。",
        ),
        "rnn": ("循环网络", "序列", "循环神经网络按时间步处理序列，门控缓解梯度消失。"),
    },
    "ar": {"ml": ("التعلم الآلي", "شبكات", "الشبكات العصبية تتعلم من الأمثلة، والتعلم العميق فرع منها.")},
}


def sources(posts, lang=""):
    head = f"Lang: {lang}\n" if lang else ""
    return {
        f"{slug}.md": f"Title: {title}\nDate: 2026-01-02\nSlug: {slug}\nTags: {tag}\n{head}\n{body}\n"
        for slug, (title, tag, body) in posts.items()
    }


@pytest.fixture(scope="module")
def sites(build):
    """Language -> the output folder of a site in it; the German posts are on the English site, too."""
    files = {lang: sources(posts) for lang, posts in POSTS.items()}
    files["en"] |= sources(POSTS["de"], "de")
    own = {"de": {"SITEURL": "/notes"}, "zh": {"RELATIVE_URLS": True}}
    return {lang: build(files[lang], DEFAULT_LANG=lang, **SETTINGS, **own.get(lang, {})) for lang in POSTS}


@pytest.fixture(scope="module")
def addresses(sites, serve):
    return {
        lang: serve(output, policy=POLICY, prefix="/notes" if lang == "de" else "")
        for lang, output in sites.items()
    }


@pytest.fixture
def open_page(visit, addresses):
    return lambda query="", lang="en", **options: visit(f"{addresses[lang]}search.html{query}", **options)


STATUS, TITLES = ".mlnotes-search__status", ".mlnotes-search__title a"


def titles(page, status):
    """Return the titles of the results once the status line says ``status``."""
    sync_api.expect(page.locator(STATUS)).to_have_text(status)
    return page.locator(TITLES).all_inner_texts()


@pytest.mark.parametrize(
    ("lang", "query", "status", "title"),
    [
        ("en", "gradient descending", "Results: 1", "Running downhill"),
        ("en", "O(n²)", "Results: 1", "Running downhill"),
        ("de", "haus", "Ergebnisse: 1", "Wälder"),
        ("zh", "神经网络 图像", "结果：1", "卷积神经网络入门"),
        ("zh", "网络处理的序列", "结果：1", "循环网络"),
        ("zh", "PyTorch", "结果：1", "卷积神经网络入门"),
        ("ar", "الشبكة", "النتائج: 1", "التعلم الآلي"),
    ],
)
def test_a_post_is_found_by_its_words_in_its_language(open_page, lang, query, status, title):
    page = open_page(lang=lang)
    page.get_by_role("searchbox").fill(query)
    assert titles(page, status) == [title]
    assert page.locator("mark").count()
    assert page.evaluate("broken") == []
    assert page.faults == []


def test_an_address_can_ask_and_what_is_typed_is_put_into_it(open_page):
    page = open_page("?q=walrus")
    assert titles(page, "Results: 23")[0].startswith("Entry")
    page.get_by_role("searchbox").fill("forger")
    assert titles(page, "Results: 1") == ["Forgers and experts"]
    assert page.url.endswith("search.html?q=forger")


def test_more_results_are_ten_at_a_time_and_the_first_of_them_has_the_focus(open_page):
    page = open_page("?q=walrus")
    assert len(titles(page, "Results: 23")) == 10
    more = page.get_by_role("button", name="More results")
    more.click()
    sync_api.expect(page.locator(TITLES)).to_have_count(20)
    sync_api.expect(page.locator(TITLES).nth(10)).to_be_focused()
    more.click()
    sync_api.expect(page.locator(TITLES)).to_have_count(23)
    assert more.is_hidden()


def test_a_topic_keeps_its_own_results_and_stands_in_the_address(open_page):
    page = open_page("?q=a")
    box = page.get_by_label("Topics")
    sync_api.expect(box.locator("option", has_text="Gradients (2)")).to_have_count(1)
    box.select_option("Gradients")
    assert set(titles(page, "Results: 2")) == {"Running downhill", "Forgers and experts"}
    assert page.url.endswith("?q=a&topic=Gradients")
    again = open_page("?q=a&topic=Gradients")
    assert set(titles(again, "Results: 2")) == {"Running downhill", "Forgers and experts"}
    page.get_by_label("Topics").select_option("")
    sync_api.expect(page.locator(STATUS)).not_to_have_text("Results: 2")


def test_a_topic_that_no_post_has_finds_nothing(open_page):
    assert titles(open_page("?q=walrus&topic=constructor"), "Nothing found for “walrus”.") == []


def test_a_result_tells_its_date_and_topics(open_page):
    page = open_page("?q=forger")
    titles(page, "Results: 1")
    assert page.locator(".mlnotes-search__meta").inner_text() == "Fri 02 January 2026 · Gradients"


def test_nothing_found_is_said_and_nothing_is_shown(open_page):
    page = open_page("?q=xylophone")
    assert titles(page, "Nothing found for “xylophone”.") == []


def test_what_only_another_language_has_is_found_there(open_page):
    page = open_page("?q=Kinder")
    assert titles(page, "Results: 1") == ["Wälder"]
    assert page.get_by_label("Language").input_value() == "de"
    assert page.locator(".mlnotes-search__result").get_attribute("lang") == "de"


def test_a_heading_with_an_address_is_offered_and_leads_there(open_page):
    page = open_page("?q=ball")
    titles(page, "Results: 1")
    page.get_by_role("link", name="Momentum & friends").click()
    page.wait_for_url("**/gradients.html#momentum-friends")
    assert page.locator(":target").inner_text() == "Momentum & friends"


def test_an_excerpt_has_dots_where_the_text_goes_on(open_page):
    page = open_page("?q=middle")
    titles(page, "Results: 1")
    text = page.locator(".mlnotes-search__excerpt").inner_text()
    assert text.startswith("… before before")
    assert text.endswith("after after …")
    page = open_page("?q=forger")
    titles(page, "Results: 1")
    text = page.locator(".mlnotes-search__excerpt").inner_text()
    assert text == "A forger learns from the expert who finds his fakes."


def test_what_authors_wrote_stays_text(open_page):
    page = open_page("?q=bold")
    titles(page, "Results: 1")
    assert "Is 1 < 2 & <b> bold?" in page.locator(".mlnotes-search__excerpt").inner_text()
    page = open_page("?q=shown")
    assert titles(page, "Results: 1") == ["<img src=x onerror=alert(1)>"]
    sync_api.expect(page.locator("img")).to_have_count(0)
    assert page.faults == []
    assert page.evaluate("broken") == []


def test_a_hostile_address_stays_text(open_page):
    page = open_page("?q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E%24%26&topic=%3Cb%3E&lang=../../x")
    sync_api.expect(page.locator(STATUS)).not_to_be_empty()
    assert page.locator("img").count() == 0
    assert page.faults == []
    assert page.evaluate("broken") == []


def test_the_keyboard_reaches_everything(open_page):
    page = open_page("?q=walrus")
    found = titles(page, "Results: 23")
    page.locator("body").press("/")
    box = page.get_by_role("searchbox", name="Search")
    sync_api.expect(box).to_be_focused()
    assert box.input_value() == "walrus"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    sync_api.expect(page.get_by_role("link", name=found[1], exact=True)).to_be_focused()
    page.keyboard.press("ArrowUp")
    sync_api.expect(page.get_by_role("link", name=found[0], exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    sync_api.expect(box).to_be_focused()
    page.keyboard.type("/forger")
    assert titles(page, "Results: 1") == ["Forgers and experts"]


def test_screen_readers_are_told_what_the_parts_are(open_page):
    page = open_page("?q=walrus")
    titles(page, "Results: 23")
    assert page.get_by_role("search").get_by_role("status").inner_text() == "Results: 23"
    assert page.get_by_role("main").get_by_role("list").first.get_by_role("heading", level=2).count() == 10


def test_without_scripts_the_page_says_what_it_needs(open_page):
    page = open_page(java_script_enabled=False)
    assert "Searching needs JavaScript" in page.get_by_role("main").inner_text()


def test_without_a_server_the_page_says_what_it_needs(tab, sites):
    page = tab()
    page.goto((sites["zh"] / "search.html").as_uri() + "?q=forest")
    sync_api.expect(page.locator(STATUS)).to_contain_text("pelican --listen")


def test_without_its_index_the_page_says_so(open_page):
    page = open_page()
    page.route("**/topics.json", lambda route: route.abort())
    page.get_by_role("searchbox").fill("forest")
    sync_api.expect(page.locator(STATUS)).to_have_text("The search index could not be loaded.")
    page.unroute("**/topics.json")
    page.get_by_role("searchbox").fill("forests")
    assert titles(page, "Results: 1") == ["Trees"]


@pytest.mark.parametrize("lang", ["en", "de", "zh", "ar"])
def test_results_fit_the_screen_and_break_no_rule_of_accessibility(open_page, lang):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    query = {"en": "walrus", "de": "Wald", "zh": "网络", "ar": "التعلم"}[lang]
    page = open_page(f"?q={query}", lang=lang)
    page.locator(TITLES).first.wait_for()
    everything, colors = (
        {"rules": {"target-size": {"enabled": True}}},
        {"runOnly": ["color-contrast", "link-in-text-block"]},
    )
    for width, scheme, options in ((390, "light", everything), (1280, "dark", colors)):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert [rule["id"] for rule in axe.run(page, options=options).response["violations"]] == []


def test_a_search_loads_at_most_200_kilobytes(new_tab, addresses):
    page = new_tab()
    sizes = []
    page.on("response", lambda response: sizes.append(len(response.body())))
    page.goto(f"{addresses['en']}search.html?q=walrus")
    titles(page, "Results: 23")
    assert sum(sizes) <= 200_000, sizes
