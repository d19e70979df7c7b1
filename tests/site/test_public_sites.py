"""Sites set up as people set up theirs: a build with the plugin loses, breaks and warns of nothing.

Every setting of ``SITES`` stands in the configuration of some public site; texts and titles are made up.
"""

import posixpath
import re
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import pytest

import pelican_mlnotes

ADDRESS = re.compile(r"""(?:href|src)=["']([^"']*)["']""")
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000a0000000780802000000"
    "dd5ed7680000000049454e44ae426082"
)  # fmt: skip
RL = "Reinforcement learning trains an agent; Q-learning is one way to do so, policy gradients another. "
# Language -> (words between which there are spaces or none, tags)
TEXTS = {
    "fa": ("شبکه عصبی را با داده آموزش می‌دهیم و مدل را روی متن فارسی می‌سنجیم. ", "لینوکس, یادگیری ماشین"),
    "zh": ("我们用数据训练模型，然后在中文文本上测试它。机器学习需要很多数据。", "机器学习, 开源"),
    "ru": ("Мы обучаем модель на данных и проверяем её на русских текстах. ", "машинное обучение, Linux"),
    "th": ("เราฝึกแบบจำลองด้วยข้อมูลและทดสอบกับข้อความภาษาไทย", "ภาษาไทย, การเรียนรู้ของเครื่อง"),
    "en": ("We train the model on data and test it on texts that it has not seen. ", "Python, web dev, C++"),
}
FEEDS = {
    "FEED_ALL_ATOM": "feeds/all.atom.xml",
    "FEED_ALL_RSS": "feeds/all.rss.xml",
    "CATEGORY_FEED_ATOM": "feeds/c_{slug}.atom.xml",
    "TAG_FEED_ATOM": "feeds/t_{slug}.atom.xml",
    "AUTHOR_FEED_ATOM": "feeds/a_{slug}.atom.xml",
}
DATED = {
    "ARTICLE_URL": "{date:%Y}/{date:%m}/{slug}/",
    "ARTICLE_SAVE_AS": "{date:%Y}/{date:%m}/{slug}/index.html",
}
FOLDERS = {"TAG_URL": "tag/{slug}/", "TAG_SAVE_AS": "tag/{slug}/index.html"}
SITES = {
    # name: (language, extension, names of the files, settings)
    "persian, relative": (
        "fa",
        "md",
        "{n:02}-{title}",
        {
            "SITEURL": "",
            "RELATIVE_URLS": True,
            "ARTICLE_ORDER_BY": "filename",
            "DEFAULT_PAGINATION": False,
            "TIMEZONE": "Asia/Tehran",
        },
    ),
    "persian, unicode addresses": (
        "fa",
        "md",
        "{title}{n}",
        {**FEEDS, **DATED, **FOLDERS, "SLUGIFY_USE_UNICODE": True, "DEFAULT_PAGINATION": 3},
    ),
    "chinese, categories from folders": (
        "zh",
        "md",
        "编程/{title}{n}",
        {
            **FEEDS,
            "DEFAULT_LANG": "zh_CN",
            "DATE_FORMATS": {"zh_CN": "%Y-%m-%d"},
            "DEFAULT_DATE": "fs",
            "FILENAME_METADATA": "(?P<slug>.*)",
            "ARTICLE_URL": "{category}/{slug}.html",
            "ARTICLE_SAVE_AS": "{category}/{slug}.html",
            "TYPOGRIFY": False,
            "SUMMARY_MAX_LENGTH": 30,
        },
    ),
    "russian, several folders, everything static": (
        "ru",
        "md",
        "Статьи/{title}-{n}",
        {
            **FEEDS,
            "RELATIVE_URLS": True,
            "ARTICLE_PATHS": ["Статьи"],
            "PAGE_PATHS": ["None"],
            "STATIC_PATHS": [""],
            "SLUGIFY_SOURCE": "basename",
            "SLUGIFY_PRESERVE_CASE": True,
            "OUTPUT_SOURCES": True,
            "TAGS_SAVE_AS": "tag/alltags.html",
        },
    ),
    "thai, dates from file names": (
        "th",
        "md",
        "posts/2021-03-{n:02}-{title}{n}",
        {
            **FEEDS,
            "FILENAME_METADATA": r"(?P<date>\d{4}-\d{2}-\d{2})-(?P<slug>.*)",
            "ARTICLE_PATHS": ["posts"],
            "SLUGIFY_USE_UNICODE": True,
            "DEFAULT_PAGINATION": 2,
            "DEFAULT_ORPHANS": 1,
            "PAGINATION_PATTERNS": [
                (1, "{url}", "{save_as}"),
                (2, "{base_name}/page/{number}/", "{base_name}/page/{number}/index.html"),
            ],
        },
    ),
    "restructuredtext, paths as metadata": (
        "en",
        "rst",
        "blog/note {n}",
        {
            **FEEDS,
            "SITEURL": "https://docs.example/kernel",
            "DIRECT_TEMPLATES": ["index", "archives"],
            "PATH_METADATA": r"(blog/)?(?P<slug>.+)\.rst",
            "SLUG_REGEX_SUBSTITUTIONS": [(r"[^\w\s-]", ""), (r"[-\s]+", "-"), (r"C\+\+", "c++")],
            "ARTICLE_URL": "blog/{slug}/",
            "ARTICLE_SAVE_AS": "blog/{slug}/index.html",
            "FORMATTED_FIELDS": ["summary", "landing"],
            "AUTHOR_SAVE_AS": "",
            "AUTHORS_SAVE_AS": "",
        },
    ),
    "html, an import": (
        "en",
        "html",
        "2008/{n:03}",
        {**FEEDS, **DATED, "TAG_URL": "label/{slug}.html", "TAG_SAVE_AS": "label/{slug}.html",
         "SUMMARY_MAX_PARAGRAPHS": 1, "RSS_FEED_SUMMARY_ONLY": True, "DISPLAY_CATEGORIES_ON_MENU": True},
    ),
    "pages first, the list elsewhere": (
        "en",
        "md",
        "blog/n{n}",
        {
            **FEEDS,
            "ARTICLE_PATHS": ["blog"],
            "PAGE_PATHS": ["pages"],
            "INDEX_SAVE_AS": "all.html",
            "INDEX_URL": "all.html",
            "TEMPLATE_PAGES": {},
            "YEAR_ARCHIVE_SAVE_AS": "{date:%Y}/index.html",
            "PAGINATED_TEMPLATES": {"index": None, "tag": 2, "category": None, "author": None},
            "MENUITEMS": (("Archive", "/archives.html"),),
        },
    ),
    "nothing but articles": (
        "en",
        "md",
        "n{n}",
        {
            "DIRECT_TEMPLATES": ["index"],
            "TAG_SAVE_AS": "",
            "TAGS_SAVE_AS": "",
            "CATEGORY_SAVE_AS": "",
            "CATEGORIES_SAVE_AS": "",
            "AUTHOR_SAVE_AS": "",
            "AUTHORS_SAVE_AS": "",
            "ARCHIVES_SAVE_AS": "",
        },
    ),
}  # fmt: skip
SOURCES = {
    "md": """Title: {title} & {n}
Date: 2021-03-{n:02}
Tags: {tags}
Category: Main
Author: Ada

{text}

![plot]({{static}}/images/plot.png)

{more}

[before]({{filename}}/{before})
""",
    "rst": """{title} & {n}
{bar}

:date: 2021-03-{n:02}
:tags: {tags}
:category: Main
:author: Ada

{text}

.. image:: {{static}}/images/plot.png
   :alt: plot

{more}

`before <{{filename}}/{before}>`__
""",
    "html": """<html><head><title>{title} &amp; {n}</title>
<meta name="date" content="2021-03-{n:02}">
<meta name="tags" content="{tags}">
<meta name="category" content="Main">
<meta name="author" content="Ada"></head>
<body><p>{text}<p>{more}<b>bold<br><img src="{{static}}/images/plot.png" alt="plot">
<a href="{{filename}}/{before}">before</a></body></html>""",
}


def write_all(site, lang, extension, names):
    sentence, tags = TEXTS[lang]
    site.write("images/plot.png", PNG)
    site.write("pages/about.md", f"Title: About\nSlug: about\n\n{sentence}\n")
    before = ""
    for n in range(1, 10):
        words = re.split(r"[ ，。.]+", sentence)
        title = words[n % len(words)][:12] or "x"
        name = names.format(n=n, title=title) + f".{extension}"
        text = SOURCES[extension].format(
            title=title,
            n=n,
            tags=", ".join(tags.split(", ")[: n % 3]),
            bar="#" * 40,
            text=sentence * 5,
            more=RL * 6 * (n % 2),
            before=before or name,
        )
        site.write(name, text)
        before = name


def broken_links(built, root):
    """Return the links to addresses on the site at which there is no file, and the pages that hold them."""
    files = set(built.files())
    broken = {}
    for page in sorted(files):
        if not page.endswith(".html"):
            continue
        for address in ADDRESS.findall(built.read(page)):
            address = address.replace("&amp;", "&").removeprefix(root) if root else address
            parts = urlsplit(address)
            if parts.scheme or parts.netloc or not parts.path:
                continue
            path = unquote(parts.path)
            inside = (
                path.lstrip("/") if path.startswith("/") else posixpath.join(posixpath.dirname(page), path)
            )
            target = posixpath.normpath(inside)
            if not {target, posixpath.normpath(f"{target}/index.html")} & files:
                broken.setdefault(target, set()).add(page)
    return broken


def entries(feed):
    root = ElementTree.fromstring(feed)
    atom = "{http://www.w3.org/2005/Atom}"
    return [entry.findtext(f"{atom}id") for entry in root.iter(f"{atom}entry")] + [
        item.findtext("guid") for item in root.iter("item")
    ]


def in_order(few, many):
    rest = iter(many)
    return all(one in rest for one in few)


@pytest.mark.parametrize("name", SITES)
@pytest.mark.parametrize("theme", ["simple", "ours"])
def test_nothing_is_lost_or_broken(site, name, theme):
    lang, extension, names, settings = SITES[name]
    own = {"SITEURL": "https://notes.example", "DEFAULT_LANG": lang, "STATIC_PATHS": ["images"], **settings}
    write_all(site, lang, extension, names)
    bare = site.build(PLUGINS=[], DELETE_OUTPUT_DIRECTORY=True, **own)
    without, links = bare.files(), broken_links(bare, own["SITEURL"])
    path = "simple" if theme == "simple" else pelican_mlnotes.theme_path()
    built = site.build(THEME=path, DELETE_OUTPUT_DIRECTORY=True, **own)
    files = built.files()
    assert [warning for warning in built.warnings if warning not in bare.warnings] == []
    assert [file for file in without if file not in files and not file.startswith("theme/")] == []
    assert broken_links(built, own["SITEURL"]).keys() <= links.keys()
    for file, feed in without.items():
        if file.endswith(".xml"):
            kept = entries(feed)
            assert in_order(kept, entries(files[file])) if "/t_" in file else kept == entries(files[file])
    assert len(without) > 11
    assert all(article.excerpt for article in built.articles.values())
    assert any(article.topics for article in built.articles.values())
    if theme == "simple":
        # Pages that show nothing of ours stay as they are, to the byte.
        for file in ("pages/about.html", "archives.html", "authors.html", "categories.html"):
            assert files.get(file) == without.get(file)


MENUS = (
    (("Blog", "/blog.html"), ("Feed", "/feed.html")),
    [("Blog", "/blog.html", "icon"), ["Feed", "/feed.html"]],
    [{"name": "Blog", "url": "/blog.html"}, {"title": "Feed", "href": "/feed.html"}],
    [("Blog", "/blog.html"), ("Feed", "/feed.html"), ("More", (("A", "/a.html"),)), "About", 7, None, ("x",)],
)


@pytest.mark.parametrize("menu", MENUS)
def test_our_theme_shows_menus_of_every_shape_that_themes_ask_for(site, menu):
    site.post("one")
    page = site.build(THEME=pelican_mlnotes.theme_path(), MENUITEMS=menu, LINKS=menu, SOCIAL=menu).read(
        "index.html"
    )
    assert page.count('<li><a href="/blog.html"') == page.count('<li><a href="/feed.html"') == 3
    assert "/a.html" not in page


THEME_THAT_READS_IMAGES = """<img class="a" src="{{ SITEURL }}/{{ article.image }}">
{{ "remote" if article.image.startswith("http") else "local" }} {{ "plot" in article.image }}
{{ article.image | replace("plot", "graph") }} <img class="b" src="{{ article.image.url }}">"""


def test_a_picture_that_the_author_named_is_still_the_authors_text_in_other_themes(site):
    (site.folder / "overrides").mkdir()
    (site.folder / "overrides" / "article.html").write_text(THEME_THAT_READS_IMAGES, encoding="utf-8")
    site.post("one", Image="images/plot.png")
    settings = {
        "THEME_TEMPLATES_OVERRIDES": [str(site.folder / "overrides")],
        "SITEURL": "https://notes.example",
    }
    without = site.build(PLUGINS=[], **settings).read("one.html")
    page = site.build(**settings).read("one.html")
    assert page.split('<img class="b"')[0] == without.split('<img class="b"')[0]
    assert '<img class="a" src="https://notes.example/images/plot.png">' in page
    assert '<img class="b" src="https://notes.example/images/plot.png">' in page
