"""The wheel, the sdist and the editable install, each used from outside of the checkout."""

import email
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]

# The folder of an install comes first; everything else comes from the environment that runs the tests.
SITE = """
import sys
sys.path.insert(0, {where!r})
{more}
from pathlib import Path
import pelican_mlnotes
from pelican.themes import mlnotes
from pelican.plugins._utils import load_plugins
from pelican import Pelican, signals
from pelican.settings import read_settings

assert str(Path(pelican_mlnotes.__file__).resolve()).startswith({home!r}), pelican_mlnotes.__file__
assert mlnotes.path() == pelican_mlnotes.theme_path()
theme = Path(mlnotes.path())
assert (theme / "templates" / "index.html").is_file()
assert (theme / "static" / "css" / "mlnotes.css").is_file()

for plugins in (None, ["mlnotes"], ["pelican_mlnotes"], ["mlnotes", "pelican_mlnotes"]):
    settings = read_settings(override={{
        "PLUGINS": plugins, "PATH": "content", "OUTPUT_PATH": "output", "THEME": mlnotes.path(),
        "SITEURL": "https://notes.example", "TIMEZONE": "UTC",
    }})
    pelican = Pelican(settings)
    assert any("mlnotes" in name for name in settings["PLUGINS"]), settings["PLUGINS"]
    receivers = [one for one in signals.article_generator_init.receivers_for(None)
                 if one.__module__.startswith("pelican_mlnotes")]
    assert len(receivers) == 1, receivers
    pelican.run()
    assert 'class="post-card' in Path("output/index.html").read_text()
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Return the folder that holds the wheel and the sdist."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(REPOSITORY)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture
def wheel(built):
    (path,) = built.glob("*.whl")
    return path


@pytest.fixture
def sdist(built):
    (path,) = built.glob("*.tar.gz")
    return path


def build_site(folder: Path, where: Path, home: Path, more: str = "") -> None:
    content = folder / "content"
    content.mkdir()
    (content / "hello.md").write_text("Title: Hello\nDate: 2026-01-01\n\nA note.\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", "-c", SITE.format(where=str(where), home=str(home.resolve()), more=more)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_installed_wheel_is_found_and_builds_a_site(wheel, tmp_path):
    # A wheel of pure Python is installed by unpacking it.
    installed = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    build_site(tmp_path, installed, installed)


def test_an_editable_install_is_found_and_builds_a_site(tmp_path):
    # What the .pth file of one holds: the folders of dev-mode-dirs.
    more = f"sys.path.insert(1, {str(REPOSITORY / 'pelican_mlnotes' / 'namespace')!r})"
    build_site(tmp_path, REPOSITORY, REPOSITORY, more)


def test_the_wheel_holds_the_package_the_theme_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    tops = {name.split("/")[0] for name in names}
    assert {name for name in tops if not name.endswith(".dist-info")} == {"pelican_mlnotes", "pelican"}
    packaged = {
        str(path.relative_to(REPOSITORY))
        for path in (REPOSITORY / "pelican_mlnotes").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and "namespace" not in path.parts
    }
    assert packaged <= set(names)
    assert sorted(name for name in names if name.startswith("pelican/") and not name.endswith("/")) == [
        "pelican/plugins/mlnotes/__init__.py",
        "pelican/themes/mlnotes/__init__.py",
    ]
    themed = [path for path in (REPOSITORY / "theme").rglob("*") if path.is_file()]
    assert {f"pelican_mlnotes/{path.relative_to(REPOSITORY).as_posix()}" for path in themed} <= set(names)


def test_the_sdist_holds_what_its_tests_need(sdist):
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "README.md", "LICENSE", "pelicanconf.py", "tests/site/conftest.py"} <= names
    assert {"CHANGELOG.md", "CONTRIBUTING.md", "docs/theme.md", ".ci/run"} <= names
    assert not any("__pycache__" in name or name.startswith("output/") for name in names)


def test_the_metadata_says_what_it_is(wheel):
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = email.message_from_bytes(archive.read(name))
        names = archive.namelist()
    assert metadata["Name"] == "pelican-mlnotes"
    assert metadata["License-Expression"] == "MIT"
    assert metadata.get_all("License-File") == ["LICENSE"]
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert {
        "Framework :: Pelican :: Plugins",
        "Framework :: Pelican :: Themes",
        "Typing :: Typed",
    } <= set(metadata.get_all("Classifier"))
    required = [one for one in metadata.get_all("Requires-Dist") if "extra ==" not in one]
    assert all(">=" in one for one in required), "every dependency has a lower bound"
    assert "pelican_mlnotes/py.typed" in names
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


NEW = """
import sys
sys.path.insert(0, {where!r})
from pathlib import Path
import pelican
from pelican_mlnotes.cli.main import main

languages = sorted(one.stem.removeprefix("post.") for one in Path({where!r}).rglob("new_site/post.*.md"))
words = next(Path({where!r}).rglob("templates/words"))
assert languages == sorted(one.stem for one in words.glob("*.txt")), languages
for lang in [*languages, "hi"]:
    folder = Path(lang).resolve()
    assert main(["new", lang, "--lang", lang, "--title", "Notes", "--url", "https://notes.example/n"]) == 0
    assert (folder / "requirements.txt").read_text().splitlines()[-1].startswith("pelican-mlnotes==")
    for conf in ("pelicanconf.py", "publishconf.py")[lang != "en":]:
        sys.modules.pop("pelicanconf", None)
        output = folder / conf.removesuffix(".py")
        pelican.main(["-s", str(folder / conf), "-o", str(output), "--fatal", "warnings"])
        page = (output / "index.html").read_text(encoding="utf-8")
        assert f'<html lang="{{lang}}"' in page
        assert 'class="post-card' in page and ">Image</span>" in page
    assert (output / "feeds" / "all.atom.xml").is_file()
    assert "<math" in next(output.glob("*-*.html")).read_text(encoding="utf-8")
    assert main(["new", lang]) == 2
"""


def test_a_new_blog_made_from_the_wheel_builds_without_a_warning_in_each_language(wheel, tmp_path):
    installed = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    code = NEW.format(where=str(installed))
    done = subprocess.run(
        [sys.executable, "-I", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_wheel_brings_the_command(wheel):
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/entry_points.txt"))
        assert "pelican-mlnotes = pelican_mlnotes.cli.main" in archive.read(name).decode()
