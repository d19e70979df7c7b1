"""Take the pictures that README and theme.md show: ``python docs/screenshots.py`` after ``pelican content``.

The examples of theme.md are built from its own code blocks, so text and picture agree.

Needs Playwright (in the ``test`` extra) and Chromium.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
OUTPUT = HERE.parent / "output"

# file name -> page, width, height
PICTURES = {
    "index": ("index.html", 1280, 900),
    "article": ("siamese-network.html", 1280, 900),
    "phone": ("index.html", 390, 844),
}


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def build_examples(folder: Path) -> dict[str, Path]:
    """Build the demo with the settings of each example in theme.md, and return the outputs by name."""
    text = (HERE / "theme.md").read_text(encoding="utf-8")
    outputs = {}
    for name, section in re.findall(r"^### (\w+)$(.*?)(?=^##)", text, re.MULTILINE | re.DOTALL):
        block = re.search(r"^```python\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
        if block is None:
            continue
        outputs[name.lower()] = output = folder / name
        content = folder / f"{name}-content"
        shutil.copytree(HERE.parent / "content", content)
        (content / "extra").mkdir()
        for css in re.findall(r"^```css\n(.*?)^```", section, re.MULTILINE | re.DOTALL):
            (content / "extra" / f"{name.lower()}.css").write_text(css, encoding="utf-8")
        conf = folder / f"{name}.py"
        own = {"THEME": str(HERE.parent / "theme"), "PLUGIN_PATHS": [str(HERE.parent)]}
        conf.write_text(
            f"import runpy\nglobals().update(runpy.run_path({str(HERE.parent / 'pelicanconf.py')!r}))\n"
            + "".join(f"{key} = {value!r}\n" for key, value in own.items())
            + block[1],
            encoding="utf-8",
        )
        command = [sys.executable, "-m", "pelican", str(content), "-s", str(conf)]
        subprocess.run([*command, "-o", str(output), "-q"], check=True)  # noqa: S603
    return outputs


def main() -> int:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None or not (OUTPUT / "index.html").is_file():
        print("Chromium and a built site in output/ are needed", file=sys.stderr)
        return 1
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(OUTPUT)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for scheme in ("light", "dark"):
            for name, (page_name, width, height) in PICTURES.items():
                page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": height})
                page.goto(f"http://127.0.0.1:{server.server_port}/{page_name}")
                page.screenshot(path=HERE / f"{name}-{scheme}.png")
                page.close()
        with tempfile.TemporaryDirectory() as folder:
            for name, output in build_examples(Path(folder)).items():
                examples = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(output)))
                threading.Thread(target=examples.serve_forever, daemon=True).start()
                page = browser.new_page(viewport={"width": 1280, "height": 800})
                page.goto(f"http://127.0.0.1:{examples.server_port}/index.html")
                page.screenshot(path=HERE / f"example-{name}.png")
                page.close()
                examples.shutdown()
        browser.close()
    server.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
