"""Take the pictures that README shows: ``python docs/screenshots.py`` after ``pelican content``.

Needs Playwright (in the ``test`` extra) and Chromium.
"""

import shutil
import sys
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
        browser.close()
    server.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
