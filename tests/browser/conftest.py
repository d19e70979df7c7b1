"""One Chromium for all files of a worker, sites of their own for it to visit, and what their pages tell.

Most of what a visit costs is the process that Chromium starts for a new tab, so tabs are used again.

Tests of this folder are marked ``browser``, and skipped where Playwright or Chromium is missing.
"""

import os
import shutil
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# The icon stands in the page.
STRICT = "default-src 'self'; img-src 'self' data:"
SETTINGS = {
    "SITENAME": "Notes",
    "SITEURL": "",
    "TIMEZONE": "UTC",
    "DEFAULT_LANG": "en",
    "THEME": str(REPOSITORY / "theme"),
    "PLUGINS": ["pelican_mlnotes"],
    **dict.fromkeys(
        (
            "FEED_ALL_ATOM",
            "CATEGORY_FEED_ATOM",
            "TRANSLATION_FEED_ATOM",
            "AUTHOR_FEED_ATOM",
            "AUTHOR_FEED_RSS",
        )
    ),
}
LISTEN = """
window.broken = []; addEventListener('securitypolicyviolation', event => broken.push(event.blockedURI));
window.moved = 0;
new PerformanceObserver(list => list.getEntries().forEach(entry => { moved += entry.value }))
  .observe({type: 'layout-shift', buffered: true});
"""


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)


class Handler(SimpleHTTPRequestHandler):
    """Serves a folder below ``prefix``, with ``policy`` as its security policy if there is one."""

    def __init__(self, *arguments, policy, prefix, **options):
        self.policy, self.prefix = policy, prefix
        super().__init__(*arguments, **options)

    def end_headers(self):
        self.send_header("Cache-Control", "no-store")  # every visit loads as the first one does
        if self.policy:
            self.send_header("Content-Security-Policy", self.policy)
        super().end_headers()

    def translate_path(self, path):
        return super().translate_path(path.removeprefix(self.prefix))

    def log_message(self, *_):
        pass


@pytest.fixture(scope="session")
def browser():
    """Return Playwright's Chromium, without a head."""
    sync_api = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("needs Chromium")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu"],
            # In a locale without "é" it could keep nothing below a temporary folder that has one in its name.
            env=os.environ | {"LC_ALL": "C.UTF-8"},
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def serve():
    """Return a function that serves a folder on this machine, and returns its address, with a slash."""
    servers = []

    def serve(folder, policy="", prefix=""):
        handler = partial(Handler, directory=str(folder), policy=policy, prefix=prefix)
        servers.append(ThreadingHTTPServer(("127.0.0.1", 0), handler))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{servers[-1].server_port}{prefix}/"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def run_pelican(*arguments, cwd):
    """Build in a process of its own; what Pelican says is the test's if it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "pelican", *arguments, "--quiet", "--fatal", "warnings"],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def build(tmp_path_factory):
    """Return a function that builds ``files``, path -> text, and returns the folder of the pages.

    Without a word else, a site has our theme, English, and no feeds.
    """

    def build(files, **settings):
        folder = tmp_path_factory.mktemp("site")
        for name, text in files.items():
            path = folder / "content" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        lines = [f"{name} = {value!r}\n" for name, value in {**SETTINGS, **settings}.items()]
        (folder / "pelicanconf.py").write_text("".join(lines), encoding="utf-8")
        run_pelican("content", cwd=folder)
        return folder / "output"

    return build


@pytest.fixture(scope="session")
def demo(tmp_path_factory, serve):
    """Return the address of the demo site, served under a strict policy."""
    output = tmp_path_factory.mktemp("demo")
    run_pelican("content", "-o", str(output), cwd=REPOSITORY)
    return serve(output, policy=STRICT)


@pytest.fixture(scope="session")
def tabs():
    """Tabs that no test uses at the moment: those with scripts, and those without."""
    return {True: [], False: []}


@pytest.fixture
def new_tab(browser):
    """Return a function that opens a tab as of a browser that is new here, with Playwright's ``options``."""
    contexts = []

    def new_tab(**options):
        contexts.append(browser.new_context(**options))
        return contexts[-1].new_page()

    yield new_tab
    for context in contexts:
        context.close()


@pytest.fixture
def tab(browser, tabs):
    """Return a function that gives a tab ``width`` wide, which remembers nothing, wherever it has been."""
    used = []

    def tab(width=1280, color_scheme="light", scripts=True):
        if tabs[scripts]:
            page = tabs[scripts].pop()
        else:
            page = listening(browser.new_context(java_script_enabled=scripts).new_page())
        used.append((scripts, page))
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=color_scheme, media="null", forced_colors="null")
        page.faults = []
        return page

    yield tab
    for scripts, page in used:
        page.mouse.move(0, 0)
        if page.url.startswith("http"):
            page.evaluate("localStorage.clear(); sessionStorage.clear()")
        page.context.clear_cookies()
        tabs[scripts].append(page)


def listening(page):
    """Have ``page`` keep what its policy blocks, how far things move, and faults, as ``visit`` tells."""
    page.add_init_script(LISTEN)
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("dialog", lambda dialog: (page.faults.append(dialog.message), dialog.dismiss()))
    return page


@pytest.fixture
def visit(tab, new_tab):
    """Return a function that opens an address on a screen ``width`` wide, as somebody who is new there.

    ``options`` are those of Playwright's contexts. The page knows what its policy blocked (``broken``) and
    how far things moved (``moved``); ``page.faults`` holds errors of scripts and words of dialogs. A test
    that listens to more than this does so in a ``new_tab``.
    """

    def visit(address, width=1280, color_scheme="light", java_script_enabled=True, **options):
        if options:
            size = {"width": width, "height": 800}
            page = listening(new_tab(viewport=size, color_scheme=color_scheme, **options))
        else:
            page = tab(width, color_scheme, java_script_enabled)
        assert page.goto(address).ok
        return page

    return visit


@pytest.fixture
def open_page(visit, address):
    """Return ``visit`` for names of pages below the ``address`` that a file of tests serves."""
    return lambda name, width=1280, **options: visit(address + name, width, **options)
