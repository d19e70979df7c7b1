"""Which pictures, videos and sounds does a page show?"""

import re

from selectolax.lexbor import LexborNode

from pelican_mlnotes._patterns import pattern
from pelican_mlnotes.document.model import Picture
from pelican_mlnotes.document.page import Page
from pelican_mlnotes.document.pictures import is_blank, shown_address, size_of, usable_address, view_box_of
from pelican_mlnotes.document.tree import (
    Attributes,
    element_before,
    is_alone,
    is_blank_text,
    sources,
    text_of,
)

_SHAPES = frozenset(
    (
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "text",
        "image",
        "use",
        "foreignObject",
    )
)
_NOT_DRAWN = frozenset(
    ("defs", "symbol", "clipPath", "mask", "pattern", "marker", "title", "desc", "metadata")
)
# What an image may stand alone in that has the class an image of its sort usually has.
_FRAMES = frozenset(("a", "span", "i", "b", "p", "div", "picture"))
MOST_FRAMES = 3
_ONE_IMAGE = frozenset(("img", "picture", "a"))
_FIGURE_NUMBER = pattern(
    r"(?:fig(?:ure|ura)?|abb(?:ildung)?|рис(?:унок)?|图|圖|図)\.?\s{0,3}\d{1,3}(?:\.\d{1,3})?\s?[.:：)–—-]",
    re.IGNORECASE,
)
_CAPTION_START = pattern(
    r"(?:fig(?:ure)?|image|photo|picture|source|credit|caption|screenshot|table|abb(?:ildung)?|bild|quelle|foto"
    r"|figura|fuente|рис|图|圖|図)\b[\s.:\d]",
    re.IGNORECASE,
)
_VIDEO_HOST = pattern(
    r"youtube|youtu\.be/|vimeo\.com|dailymotion|bilibili|wistia|loom\.com|twitch\.tv|video", re.IGNORECASE
)
_AUDIO_HOST = pattern(r"soundcloud|spotify|podcast|anchor\.fm|bandcamp|audio", re.IGNORECASE)
_LONGEST_ADDRESS = 2000
_PICTURE_NAME = pattern(
    r"\.(?:a?png|jpe?g|jpe|jfif|gif|svgz?|webp|avif|bmp|tiff?)(?:[?#}]|\Z)", re.IGNORECASE
)


def refusal(page: Page, address: str, node: LexborNode, attributes: Attributes, alt: str) -> str | None:
    """Return the id of a rule by which an image is no picture, by itself or its frame."""
    if "data-placeholder-image" in attributes or (
        attributes.get("aria-hidden") == "true" and address[:5] == "data:"
    ):
        return "spacer"
    classes = attributes.get("class") or ""
    # GitHub passes images on by addresses of its own.
    refused = page.rules.refused(attributes.get("data-canonical-src") or address, classes, alt)
    around = node.parent
    for _ in range(MOST_FRAMES):
        if refused or around is None or around.tag not in _FRAMES or not is_alone(node):
            break
        if classes := around.attributes.get("class") or "":
            refused = page.rules.refused("", classes, "")
        node, around = around, around.parent
    return refused


def add_picture(
    page: Page, address: str, attributes: Attributes, alt: str = "", replaces: bool = False
) -> bool:
    """Add a picture, unless it is too small, in code, or shown already where scripts run."""
    width, height = size_of(attributes)
    if page.literal or page.rules.refuse_size(width, height) or is_blank(address):
        return False
    if address in page.fallbacks or (page.noscript and address in page.shown):
        return False
    (page.fallbacks if page.noscript else page.shown).add(address)
    if replaces:
        page.pictures.pop()
    page.pictures.append(Picture(address, alt, width, height))
    page.fresh = True
    return True


def is_fallback(page: Page, node: LexborNode) -> bool:
    """Return whether an image is for readers without scripts what the last one is for all others."""
    around: LexborNode | None = node
    for _ in range(MOST_FRAMES if page.noscript and page.pictures else 0):
        around = around.parent if around is not None else None
        if around is not None and around.tag == "noscript":
            before = element_before(around)
            image = before.css_first("img") if before is not None and before.tag in _ONE_IMAGE else None
            return (
                image is not None and shown_address(image.attributes, sources(image)) == page.pictures[-1].src
            )
    return False


def is_numbered_caption(node: LexborNode) -> bool:
    """Return whether a paragraph right below the last picture starts like "Figure 2:"."""
    if not _FIGURE_NUMBER.match(text_of(node)):
        return False
    before = element_before(node)
    return before is not None and before.css_first("img") is not None and not text_of(before)


def is_caption(page: Page, node: LexborNode) -> bool:
    """Return whether slanted or small text stands alone below a picture, as captions in Markdown do."""
    before, after = node.prev, node.next
    while before is not None and (before.tag == "br" or is_blank_text(before)):
        before = before.prev
    if before is None and (block := node.parent) is not None and block.tag == "p":
        # In a paragraph of its own, it must say that it is one.
        before = element_before(block) if _CAPTION_START.match(text_of(node)) else None
    if before is None or before.is_text_node:
        return False
    while after is not None and (after.tag == "br" or is_blank_text(after)):
        after = after.next
    image = before.css_first("img") if before.tag in (*_ONE_IMAGE, "p", "div") else None
    return (
        after is None
        and image is not None
        and shown_address(image.attributes, sources(image)) == page.pictures[-1].src
        and not text_of(before)
    )


def add_drawing(page: Page, node: LexborNode, attributes: Attributes) -> None:
    width, height = size_of(attributes)
    if width is None and height is None:
        width, height = view_box_of(attributes.get("viewBox") or attributes.get("viewbox"))
    small = page.rules.refuse_size(width, height)
    if (
        not small
        and not page.literal
        and not refusal(page, "", node, attributes, "")
        and _draws(node, width is not None or height is not None)
    ):
        page.kinds.add("image")


def add_medium(page: Page, treat: str, attributes: Attributes) -> None:
    if treat == "frame":
        address = (attributes.get("src") or attributes.get("data-src") or "")[:_LONGEST_ADDRESS]
        if _VIDEO_HOST.search(address):
            page.kinds.add("video")
        elif _AUDIO_HOST.search(address):
            page.kinds.add("audio")
        return
    page.kinds.add(treat)
    if poster := usable_address(attributes.get("poster")):
        add_picture(page, poster, attributes)


def add_embedded(page: Page, attributes: Attributes) -> bool:
    """Return whether an ``object`` or ``embed`` shows something itself, rather than what is inside it."""
    address = usable_address(attributes.get("data") or attributes.get("src"))
    if address is None:
        return False
    kind = (attributes.get("type") or "").lower()
    start = address[:_LONGEST_ADDRESS]
    if kind.startswith("image/") or (not kind and _PICTURE_NAME.search(start)):
        if not page.rules.refused(address, attributes.get("class") or "", ""):
            add_picture(page, address, attributes)
        return True
    if kind.startswith(("video/", "audio/")):
        page.kinds.add(kind[:5])
        return True
    if _VIDEO_HOST.search(start):
        page.kinds.add("video")
    return False


def _draws(svg: LexborNode, sized: bool) -> bool:
    """Return whether an SVG draws anything by itself, rather than keep shapes for others."""
    stack = [svg.first_child]
    while stack:
        node = stack.pop()
        while node is not None:
            # Without a size, what only shows a shape that is kept elsewhere is an icon.
            if node.tag in _SHAPES and (node.tag != "use" or sized):
                return True
            sized = sized or node.tag == "defs"
            if node.tag not in _NOT_DRAWN and node.first_child is not None:
                stack.append(node.first_child)
            node = node.next
    return False
