"""Sites in several languages by i18n_subsites: its translations of words win over those of the theme."""

import struct

import pytest

import pelican_mlnotes
from tests.pages import parse_page

pytest.importorskip("pelican.plugins.i18n_subsites")

SETTINGS = {
    "THEME": pelican_mlnotes.theme_path(),
    "PLUGINS": ["i18n_subsites", "pelican_mlnotes"],
    "SITEURL": "https://example.org",
    "JINJA_ENVIRONMENT": {"extensions": ["jinja2.ext.i18n"]},
    "I18N_SUBSITES": {"de": {"SITENAME": "Notizen"}, "fr": {}},
}


def write_catalogue(path, words):
    """Write ``words`` as gettext reads them: a header, two tables of lengths and places, the texts."""
    words = {"": "Content-Type: text/plain; charset=UTF-8\n", **words}
    texts = [text.encode() for pairs in (sorted(words), map(words.get, sorted(words))) for text in pairs]
    place = 28 + 8 * len(texts)
    table = []
    for text in texts:
        table += [len(text), place]
        place += len(text) + 1
    header = (0x950412DE, 0, len(words), 28, 28 + 8 * len(words), 0, 0)
    path.parent.mkdir(parents=True)
    path.write_bytes(
        struct.pack(f"<{7 + len(table)}I", *header, *table) + b"".join(text + b"\0" for text in texts)
    )


def test_a_subsite_speaks_its_language_and_its_own_translations_win(site):
    site.post("one", Lang="en")
    site.write("one-de.md", "Title: Eins\nDate: 2026-01-01\nSlug: one\nLang: de\n\nEine Notiz.\n")
    site.write("one-fr.md", "Title: Un\nDate: 2026-01-01\nSlug: one\nLang: fr\n\nUne note.\n")
    locale = site.folder / "locale"
    write_catalogue(
        locale / "de" / "LC_MESSAGES" / "messages.mo", {"Archive": "Älteres", "Edit this page": "Bearbeiten"}
    )
    done = site.run(**SETTINGS, I18N_GETTEXT_LOCALEDIR=str(locale), MLNOTES_EDIT_URL="https://e.org/{path}")
    assert done.returncode == 0, done.stdout + done.stderr
    pages = {
        name: parse_page((site.folder / "output" / name).read_text(encoding="utf-8"))
        for name in ("archives.html", "de/archives.html", "de/one.html", "fr/one.html", "one.html")
    }
    headings = [pages[name].select_one("h1").get_text() for name in ("archives.html", "de/archives.html")]
    assert headings == ["Archive", "Älteres"]
    assert pages["de/one.html"].select_one("summary").get_text() == "Diese Notiz zitieren"
    assert pages["de/one.html"].select_one(".edit").get_text() == "Bearbeiten"
    assert pages["fr/one.html"].select_one("summary").get_text() == "Citer cette note"
    other = pages["one.html"].select_one("footer a[hreflang=de]")
    assert other["href"] == "https://example.org/de/"
