"""The theme's templates are compiled once a version, and nothing is ever read that is out of date."""

import os
import shutil
import tempfile
from itertools import cycle

import jinja2
import pytest
from jinja2.bccache import bc_magic

import pelican_mlnotes

THEME = pelican_mlnotes.theme_path()
# Without topics: in a fresh folder for temporary files the taxonomy would be read anew, which takes a second.
OURS = {"THEME": THEME, "MLNOTES_TOPICS_MAX": 0}


@pytest.fixture
def compiled(monkeypatch, tmp_path):
    """The names of the templates that are compiled from now on, and a folder for temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    names = []
    compile_template = jinja2.Environment.compile

    def counted(self, source, name=None, *args, **options):
        names.append(name)
        return compile_template(self, source, name, *args, **options)

    monkeypatch.setattr(jinja2.Environment, "compile", counted)
    return names


def test_the_themes_templates_are_compiled_for_the_first_build_only(site, compiled):
    site.post("one")
    site.write("pages/about.md", "Title: About\n\nHello.\n")
    first = site.build(**OURS)
    assert sorted(set(compiled)) == sorted(compiled)
    assert "base.html" in compiled
    compiled.clear()
    assert site.build(**OURS).files() == first.files()
    assert compiled == []


def test_a_changed_template_is_compiled_anew(site, compiled, tmp_path):
    theme = shutil.copytree(THEME, tmp_path / "theme")
    site.post("one")
    site.build(**OURS | {"THEME": str(theme)})
    compiled.clear()
    base = theme / "templates" / "base.html"
    base.write_text(base.read_text(encoding="utf-8").replace("</body>", "<hr></body>"), encoding="utf-8")
    assert "<hr></body>" in site.build(**OURS | {"THEME": str(theme)}).read("one.html")
    assert compiled == ["base.html"]


def test_another_way_of_compiling_has_its_own_code(site, compiled):
    site.post("one")
    site.build(**OURS)
    compiled.clear()
    site.build(**OURS, JINJA_ENVIRONMENT={"trim_blocks": False, "lstrip_blocks": False})
    assert "base.html" in compiled


def test_templates_of_the_site_are_always_compiled(site, compiled, tmp_path):
    own = tmp_path / "own" / "partials"
    own.mkdir(parents=True)
    footer = own / "site_footer.html"
    footer.write_text("{{ 'x' | mine }}", encoding="utf-8")
    site.post("one")
    for shown in ("first", "second"):
        built = site.build(
            **OURS,
            THEME_TEMPLATES_OVERRIDES=[str(own.parent)],
            JINJA_FILTERS={"mine": lambda _, shown=shown: shown},
        )
        assert shown in built.read("one.html")


@pytest.mark.parametrize("own", [{"autoescape": lambda _: False}, {"finalize": str}])
def test_a_site_with_code_of_its_own_in_compiling_is_left_alone(site, compiled, tmp_path, own):
    site.post("one")
    site.build(**OURS, JINJA_ENVIRONMENT={"trim_blocks": True, "lstrip_blocks": True, **own})
    assert not list((tmp_path / "temporary").rglob("*.cache"))


def test_a_build_needs_no_folder_for_temporary_files(site, compiled, tmp_path):
    site.post("one")
    shutil.rmtree(tmp_path / "temporary")
    assert site.build(**OURS).warnings == []


@pytest.mark.skipif(os.name == "nt", reason="each user of Windows has a folder for temporary files")
def test_a_link_that_another_user_has_put_there_is_left_alone(site, compiled, tmp_path):
    victim = tmp_path / "victim"
    victim.mkdir()
    victim.chmod(0o755)
    for name in (f"mlnotes-{os.getuid()}", f"_jinja2-cache-{os.getuid()}"):
        (tmp_path / "temporary" / name).symlink_to(victim)
    site.post("one")
    assert site.build(**OURS).warnings == []
    assert victim.stat().st_mode & 0o777 == 0o755
    assert list(victim.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_a_folder_that_others_can_write_to_is_not_used(site, compiled, tmp_path):
    shared = tmp_path / "temporary" / f"mlnotes-{os.getuid()}"
    shared.mkdir()
    shared.chmod(0o777)
    site.post("one")
    site.build(**OURS)
    assert list(shared.iterdir()) == []


def flipped(place):
    def flip(data):
        at = int(place * len(data))
        return data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :]

    return flip


def cut(kept):
    return lambda data: data[:kept]


@pytest.mark.parametrize(
    "damages",
    [
        [flipped(place) for place in (0.02, 0.3, 0.6, 0.99)],
        [cut(kept) for kept in (0, 5, len(bc_magic), len(bc_magic) + 20, -20)],
    ],
    ids=["a bit is another", "an end is missing"],
)
def test_what_cannot_be_read_is_compiled(site, compiled, tmp_path, damages):
    site.post("one")
    first = site.build(**OURS)
    whole = sorted(compiled)
    files = sorted((tmp_path / "temporary").rglob("*.cache"))
    assert len(files) == len(whole) > 2 * len(damages)
    for file, damage in zip(files, cycle(damages)):
        file.write_bytes(damage(file.read_bytes()))
    compiled.clear()
    assert site.build(**OURS).files() == first.files()
    assert sorted(compiled) == whole
    compiled.clear()
    site.build(**OURS)
    assert compiled == []
