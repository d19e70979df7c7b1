"""What does this post say, what does it show? One parse turns its HTML into plain data."""

import re
import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pelican_mlnotes.pictures import (
    BUNDLED,
    PictureRules,
    data_size,
    load_picture_rules,
    shown_address,
    size_of,
    usable_address,
    view_box_of,
)
from pelican_mlnotes.prose import BREAK, LITERAL, MORE, formula_mark, make_line, without_delimiters
from pelican_mlnotes.tex import lowered, raised


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that the post shows."""

    src: str
    """Address as written; may be relative, ``{static}…`` or ``data:…``."""
    alt: str
    """Alternative text, white space collapsed; empty if there is none."""
    width: int | None
    """In CSS pixels, if the markup says so."""
    height: int | None
    """In CSS pixels, if the markup says so."""


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed body."""

    prose: str
    """Readable text on one line: no code blocks, tables, headings, captions, footnotes, display formulas."""
    formulas: tuple[tuple[int, int], ...] = ()
    """Spans of ``prose`` that must never be cut, in order."""
    headings: tuple[str, ...] = ()
    """Texts of the headings in order."""
    captions: tuple[str, ...] = ()
    """Captions, table texts and alternative texts: what the post shows rather than says."""
    pictures: tuple[Picture, ...] = ()
    """Real pictures in order: no tracking pixels, icons, badges, formulas."""
    links: tuple[str, ...] = ()
    """Addresses of the links as written, in order."""
    kinds: frozenset[str] = frozenset()
    """Which of image, video, audio, code, math, table and notebook the post holds."""
    more: int | None = None
    """Offset in ``prose`` of the author's "read more" marker."""
    lead: int = 0
    """Offset in ``prose`` where the first paragraph ends."""


@dataclass(frozen=True, slots=True)
class Post:
    """A post as the topics and the related posts see it."""

    key: str
    """Source path: unique and stable."""
    title: str
    document: Document
    tags: tuple[str, ...]
    date: datetime
    lang: str


def parse_document(html: str, rules: PictureRules | None = None) -> Document:
    """Return what ``html``, the body of a post, says and shows; never raises.

    ``rules`` tell real pictures from icons and the like; without them the bundled ones count.
    """
    # Behind <body>, everything is read as content; nothing of it moves to the head.
    body = LexborHTMLParser("<!doctype html><body>" + html).body
    reader = _Reader(rules or _BUNDLED_RULES)
    if body is None:
        return reader.document()
    reader.read(body)
    document = reader.document()
    if not document.prose and body.css_first("table") is not None:
        # Nothing but tables: some of them only lay out the page.
        reader = _Reader(rules or _BUNDLED_RULES, layout=True)
        reader.read(body)
        document = reader.document()
    return document


# -- how elements are read ----------------------------------------------------------------------


def _each(role: str, names: str) -> dict[str, str]:
    return dict.fromkeys(names.split(), role)


# Elements not named here are part of the line.
_ROLES_OF_ELEMENTS = (
    _each("text", "-text")
    | _each("comment", "-comment")
    | _each("block", "address article aside blockquote center details dir div dl fieldset footer form header")
    | _each(
        "block", "hgroup legend main menu ol optgroup p search section summary ul tr td th thead tbody tfoot"
    )
    | _each("space", "br hr")
    | _each("item", "li dt dd")
    | _each("heading", "h1 h2 h3 h4 h5 h6")
    | _each("table", "table")
    | _each("figure", "figure")
    | _each("caption", "figcaption caption")
    | _each("code", "pre listing xmp plaintext")
    | _each("literal", "code kbd samp tt")
    | _each("script", "script")
    | _each(
        "nothing", "-doctype style template head title link meta base colgroup col area param source track"
    )
    | _each("nothing", "rp rt rtc noembed noframes frameset frame")
    | _each("gap", "select textarea button input output meter progress datalist nav canvas map")
    | _each("noscript", "noscript")
    | _each("image", "img amp-img")
    | _each("video", "video amp-video amp-youtube amp-vimeo")
    | _each("audio", "audio bgsound amp-audio")
    | _each("object", "object embed")
    | _each("frame", "iframe amp-iframe")
    | _each("svg", "svg")
    | _each("formula", "math mjx-container")
    | _each("raised", "sup")
    | _each("lowered", "sub")
    | _each("link", "a")
    | _each("dialog", "dialog")
)
_BLOCK_ROLES = frozenset(("block", "item", "heading", "table", "figure", "caption", "code"))
# Only these attributes can change how an element is read.
_TELLING = frozenset(("class", "id", "role", "style", "hidden", "aria-hidden"))

_SPACE = " \t\n\r\f"
_SPACE_OR_CLOSER = frozenset(" \t\n\r\f.,;:!?)]}")
_CLOSER = re.compile(r"[.,;:!?)\]}]+(?=[\s\"'”’»]|\Z)")

_MORE_COMMENT = re.compile(
    r"\s*(?:more|read[ -]more|truncate|excerpt|(?:pelican_)?end_summary)\b", re.IGNORECASE
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE)
_NOTE_ADDRESS = re.compile(
    r"#_?_?(?:fn|ftn|edn|footnote|note|endnote|cite[-_]note|sdfootnote|sdendnote)", re.IGNORECASE
)
_NOTE_MARK = re.compile(r"[\[(]?\s*(?:\w{1,3}|[*†‡§¶#^⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})\s*[\])]?")
_BACK_MARK = re.compile(r"[↩⤴↑^⏎\ufe0e\ufe0f]+")
_PERMALINK_TEXT = re.compile(
    r"[^\w]{0,3}|permalink|permanent link|anchor|link|link to this (?:heading|section)", re.IGNORECASE
)
_ORDINAL = re.compile(r"[a-zA-Z]{2,}|[eoaº]")

_VIDEO_HOST = re.compile(
    r"youtube|youtu\.be/|vimeo\.com|dailymotion|bilibili|wistia|loom\.com|twitch\.tv|video", re.IGNORECASE
)
_AUDIO_HOST = re.compile(r"soundcloud|spotify|podcast|anchor\.fm|bandcamp|audio", re.IGNORECASE)
_PICTURE_NAME = re.compile(
    r"\.(?:a?png|jpe?g|jpe|jfif|gif|svgz?|webp|avif|bmp|tiff?)(?:[?#}]|\Z)", re.IGNORECASE
)

_LONGEST_ADDRESS = 2000
_MORE_ID = re.compile(r"more-[0-9]+")
_BLOCKS = "p,ul,ol,table,h1,h2,h3,h4,h5,h6,blockquote,pre,figure"
_SHAPES = "path,rect,circle,ellipse,line,polyline,polygon,text,image,use,foreignObject"
_ENDS = frozenset(".,;:!?…。，；：！？、·–—([{«“‘")
_SHOWN_ANYWAY = frozenset(("image", "svg", "video", "object", "frame", "formula", "literal"))
_BLOCK_TAGS = frozenset(tag for tag, role in _ROLES_OF_ELEMENTS.items() if role in _BLOCK_ROLES)


def _load_parts() -> dict[str, dict[str, str]]:
    data = tomllib.loads(Path(__file__).with_name("reading.toml").read_text(encoding="utf-8"))
    parts: dict[str, dict[str, str]] = {"class": {}, "id": {}, "role": {}}
    for part in data["part"]:
        for attribute, words in parts.items():
            words.update(dict.fromkeys(part.get(attribute, ()), part["treat"]))
    return parts


_PARTS = _load_parts()
_TREATS_OF_CLASSES, _TREATS_OF_IDS, _TREATS_OF_ROLES = _PARTS["class"], _PARTS["id"], _PARTS["role"]
_BUNDLED_RULES = load_picture_rules(BUNDLED)


class _Reader:
    """Walks the tree once and collects what a ``Document`` holds."""

    def __init__(self, rules: PictureRules, layout: bool = False) -> None:
        self.rules = rules
        self.layout = layout
        self.prose: list[str] = []
        self.headings: list[list[str]] = []
        self.captions: list[list[str]] = []
        self.pictures: list[Picture] = []
        self.links: list[str] = []
        self.kinds: set[str] = set()
        self.formulas: list[str] = []
        self.literal = 0
        self.noscript = 0
        self.fallbacks: set[str] = set()
        self.marked = False

    def read(self, body: LexborNode) -> None:
        """Visit what is below ``body`` in document order, without recursion."""
        roles, links, enter = _ROLES_OF_ELEMENTS, self.links, self.enter
        # Where text goes; None while it is left out.
        out: list[str] | None = self.prose
        # What is open: the element, how it ends, and where text goes after it.
        stack: list[tuple[LexborNode, str, list[str] | None]] = []
        node = body.first_child
        while node is not None or stack:
            if node is None:
                node, end, before = stack.pop()
                if end:
                    self.leave(end, out, before)
                    out = before
                node = node.next
                continue
            tag = node.tag or ""
            role = roles.get(tag, "line")
            if role == "text":
                if out is not None:
                    text = node.text_content or ""
                    if self.literal:
                        text = text.translate(LITERAL)
                    if text[:1] in _SPACE_OR_CLOSER:
                        text = _close_up(out, text)
                    out.append(text)
                node = node.next
                continue
            attributes = node.attributes
            if attributes and not _TELLING.isdisjoint(attributes):
                role = self.treat(role, tag, node, attributes)
            end, before, child = "", out, node.first_child
            if role == "link":
                if href := attributes.get("href"):
                    links.append(href)
                    if "#" in href and out is not None and _is_mark(node, href):
                        out = None
                        end = "note"
                elif out is self.prose and attributes.get("name") == "more":
                    self.mark(out)
            elif role == "block":
                if out is not None:
                    out.append(BREAK)
                    end = "block"
            elif role != "line":
                end, out = enter(role, tag, node, attributes, out)
                if end == "skip":
                    end, child = "", None
            if child is None:
                if end:
                    self.leave(end, out, before)
                    out = before
                node = node.next
            else:
                stack.append((node, end, before))
                node = child

    def treat(self, role: str, tag: str, node: LexborNode, attributes: dict[str, str | None]) -> str:
        """Return how an element is read whose attributes may say more than its name."""
        if "hidden" in attributes or _HIDDEN_STYLE.search(attributes.get("style") or ""):
            return "hidden"
        found = _TREATS_OF_ROLES.get((attributes.get("role") or "").lower())
        names = (attributes.get("class") or "").lower()
        for name in names.split() if names else ():
            found = _TREATS_OF_CLASSES.get(name) or _TREATS_OF_CLASSES.get(f"{tag}.{name}") or found
            if found and found != "notebook":
                break
        if identity := attributes.get("id"):
            if _MORE_ID.fullmatch(identity) and role in ("line", "link"):
                return "more"
            found = found or _TREATS_OF_IDS.get(identity.lower())
        if found is None:
            return "hidden" if attributes.get("aria-hidden") == "true" and role not in _SHOWN_ANYWAY else role
        if found == "notebook":
            self.kinds.add("notebook")
            return role
        return found if self.fits(found, role, node) else role

    def fits(self, found: str, role: str, node: LexborNode) -> bool:
        """Return whether a class can mean ``found`` on this element."""
        if role in ("image", "svg", "script", "video", "audio", "object", "frame"):
            return found == "hidden"
        if found == "code":
            return role == "table" or node.css_first("pre") is not None
        if found in ("formula", "display"):
            return role != "code" and node.css_first(_BLOCKS) is None
        if found == "permalink":
            return _PERMALINK_TEXT.fullmatch(_text_of(node)) is not None
        if found == "heading":
            return node.css_first(_BLOCKS) is None
        return True

    def enter(
        self, role: str, tag: str, node: LexborNode, attributes: dict[str, str | None], out: list[str] | None
    ) -> tuple[str, list[str] | None]:
        """Start an element; return how it ends ("skip": without its content) and where its text goes."""
        if out is not None and (role in _BLOCK_ROLES or tag in _BLOCK_TAGS):
            if role == "item":
                _separate(out, tag)
            out.append(BREAK)
        if role == "item":
            return "block", out
        if role == "literal":
            self.literal += 1
            return "literal", out
        if role in ("raised", "lowered"):
            return (role, []) if out is not None else ("", None)
        if role == "heading":
            return ("heading", []) if out is not None else ("", None)
        if (
            role == "figure"
            and node.css_first("blockquote")
            and not node.css_first("img,picture,svg,video,table,pre")
        ):
            return "block", out
        if role in ("figure", "caption"):
            return "caption", []
        if role == "table":
            return self.table(node, attributes, out)
        if role in ("note", "output"):
            return "note", None
        if role == "noscript":
            self.noscript += 1
            return "noscript", None
        if role == "comment":
            if out is self.prose and _MORE_COMMENT.match(node.comment_content or ""):
                self.mark(out)
        elif role == "more":
            if out is self.prose:
                self.mark(out)
            return "", out
        elif role == "formula" or role == "display":
            self.formula(role, tag, node, out)
        elif role == "script":
            self.script(node, attributes, out)
        elif role == "image":
            self.image(node, attributes, out)
        elif role == "svg":
            self.drawing(node, attributes)
            _space(out)
        elif role == "dialog":
            if "open" in attributes:
                return "block", out
        elif role == "object":
            if not self.embedded(attributes):
                return "", None
        elif role == "code":
            self.kinds.add("code")
        elif role not in ("nothing", "hidden", "permalink"):
            _space(out)
            self.medium(role, attributes)
        return "skip", out

    def leave(self, end: str, out: list[str] | None, before: list[str] | None) -> None:
        """Finish an element that ``enter`` started."""
        if end == "literal":
            self.literal -= 1
        elif end == "noscript":
            self.noscript -= 1
        elif end in ("raised", "lowered"):
            if before is not None and out is not None:
                before.append(_script(end, before, "".join(out)))
        elif end != "note":
            if end == "heading" and out is not None:
                self.headings.append(out)
            elif end == "caption" and out is not None:
                self.captions.append(out)
            if before is not None:
                before.append(BREAK)

    def mark(self, out: list[str]) -> None:
        """Note the author's "read more" marker; only the first one counts."""
        if not self.marked:
            self.marked = True
            out.append(MORE)

    def table(
        self, node: LexborNode, attributes: dict[str, str | None], out: list[str] | None
    ) -> tuple[str, list[str] | None]:
        if self.layout and not node.css_first("th,caption,thead") and node.css_first(_BLOCKS + ",br,img,div"):
            return "block", out
        plain = (attributes.get("role") or "").lower() in ("presentation", "none")
        if not plain and node.css_first("td+td,th+td,th+th,tr+tr"):
            self.kinds.add("table")
        return "caption", []

    def formula(self, role: str, tag: str, node: LexborNode, out: list[str] | None) -> None:
        """Add the formula that an element shows, if it belongs into the line."""
        self.kinds.add("math")
        if out is None:
            return
        source = node.css_first("annotation") if tag != "math" else node
        if tag == "math":
            tex = _mathml(node)
            display = node.attributes.get("display") == "block"
        else:
            math = node.css_first("math")
            script = node.css_first("script")
            if source is not None:
                tex = _text_of(source)
            elif math is not None:
                tex = _mathml(math)
            elif script is not None:
                tex = _text_of(script)
            elif tag == "mjx-container":
                return
            else:
                tex = _text_of(node)
            display = role == "display" or node.attributes.get("display") == "true" or tag in _BLOCK_TAGS
        tex, alone = without_delimiters(tex)
        out.append(formula_mark(tex, display or alone, self.formulas))

    def script(self, node: LexborNode, attributes: dict[str, str | None], out: list[str] | None) -> None:
        kind = (attributes.get("type") or "").lower()
        if kind.startswith("math/"):
            self.kinds.add("math")
            if out is not None:
                out.append(
                    formula_mark(without_delimiters(_text_of(node))[0], "display" in kind, self.formulas)
                )
        elif "gist.github.com" in (attributes.get("src") or ""):
            self.kinds.add("code")

    def medium(self, role: str, attributes: dict[str, str | None]) -> None:
        if role == "video":
            self.kinds.add("video")
            if poster := usable_address(attributes.get("poster")):
                self.add_picture(poster, attributes)
        elif role == "audio":
            self.kinds.add("audio")
        elif role == "frame":
            address = attributes.get("src") or attributes.get("data-src") or ""
            if _VIDEO_HOST.search(address[:_LONGEST_ADDRESS]):
                self.kinds.add("video")
            elif _AUDIO_HOST.search(address[:_LONGEST_ADDRESS]):
                self.kinds.add("audio")

    def image(self, node: LexborNode, attributes: dict[str, str | None], out: list[str] | None) -> None:
        address = shown_address(attributes, _sources(node))
        alt = " ".join((attributes.get("alt") or "").split())
        names = attributes.get("class") or ""
        if address is None:
            _space(out)
        elif self.rules.refuse_name(address[:_LONGEST_ADDRESS], names[:_LONGEST_ADDRESS], alt):
            if alt and not alt.isascii() and len(alt) <= 8 and out is not None:
                out.append(alt)
            else:
                _space(out)
        else:
            _space(out)
            self.add_picture(address, attributes)
            if alt:
                self.captions.append([alt])

    def add_picture(self, address: str, attributes: dict[str, str | None]) -> None:
        width, height = size_of(attributes)
        if self.rules.refuse_size(width, height) or self.rules.refuse_size(*data_size(address)):
            return
        if address in self.fallbacks:
            return
        if self.noscript:
            if any(picture.src == address for picture in self.pictures[-20:]):
                return
            self.fallbacks.add(address)
        self.kinds.add("image")
        alt = " ".join((attributes.get("alt") or "").split())
        self.pictures.append(Picture(address, alt, width, height))

    def drawing(self, node: LexborNode, attributes: dict[str, str | None]) -> None:
        width, height = size_of(attributes)
        if width is None and height is None:
            width, height = view_box_of(attributes.get("viewbox") or attributes.get("viewBox"))
        if self.rules.refuse_size(width, height) or self.rules.refuse_name(
            "", attributes.get("class") or "", ""
        ):
            return
        if node.css_first(_SHAPES) is not None:
            self.kinds.add("image")

    def embedded(self, attributes: dict[str, str | None]) -> bool:
        """Return whether an ``object`` or ``embed`` shows something itself, rather than what is inside it."""
        address = usable_address(attributes.get("data") or attributes.get("src"))
        kind = (attributes.get("type") or "").lower()
        if address is None:
            return False
        if kind.startswith("image/") or (not kind and _PICTURE_NAME.search(address[:_LONGEST_ADDRESS])):
            if not self.rules.refuse_name(address[:_LONGEST_ADDRESS], attributes.get("class") or "", ""):
                self.add_picture(address, attributes)
            return True
        if kind.startswith(("video/", "audio/")):
            self.kinds.add(kind[:5])
            return True
        if _VIDEO_HOST.search(address[:_LONGEST_ADDRESS]):
            self.kinds.add("video")
        return False

    def document(self) -> Document:
        """Return what was collected."""
        line = make_line(self.prose, self.formulas)
        others = [
            [make_line(pieces, self.formulas) for pieces in lists] for lists in (self.headings, self.captions)
        ]
        if line.math or any(other.math for other in (*others[0], *others[1])):
            self.kinds.add("math")
        return Document(
            prose=line.text,
            formulas=line.formulas,
            headings=tuple(heading.text for heading in others[0] if heading.text),
            captions=tuple(caption.text for caption in others[1] if caption.text),
            pictures=tuple(self.pictures),
            links=tuple(self.links),
            kinds=frozenset(self.kinds),
            more=line.more,
            lead=line.lead,
        )


def _text_of(node: LexborNode) -> str:
    return (node.text_content or "").strip()


def _space(out: list[str] | None) -> None:
    if out is not None:
        out.append(" ")


def _close_up(out: list[str], text: str) -> str:
    """Return ``text`` without space before punctuation, and take that space from the end of ``out``."""
    rest = text.lstrip(_SPACE)
    if not _CLOSER.match(rest):
        return rest if out and out[-1][-1:] in "([" else text
    while out:
        last = out[-1].rstrip(_SPACE)
        if last:
            out[-1] = last
            break
        out.pop()
    return rest


def _separate(out: list[str], tag: str) -> None:
    """Set an item apart from what stands before it in the same list."""


def _is_mark(node: LexborNode, address: str) -> bool:
    """Return whether a link only points to a footnote, back from one, or to its own heading."""
    text = _text_of(node)
    if len(text) > 8:
        return False
    if _PERMALINK_TEXT.fullmatch(text) or _BACK_MARK.fullmatch(text):
        return True
    if _NOTE_ADDRESS.search(address):
        return _NOTE_MARK.fullmatch(text) is not None
    parent = node.parent
    return (
        parent is not None
        and parent.tag == "sup"
        and address.startswith("#")
        and bool(_NOTE_MARK.fullmatch(text))
    )


def _script(end: str, before: list[str], text: str) -> str:
    """Return a raised or lowered ``text`` as it reads after ``before``."""
    word = text.strip()
    if not word or (_ORDINAL.fullmatch(word) and (len(word) > 1 or not before or before[-1][-1:].isdigit())):
        return text
    shifted = (raised if end == "raised" else lowered)(word)
    if shifted is not None:
        return shifted
    return text


def _mathml(node: LexborNode) -> str:
    """Return a MathML formula as TeX."""
    annotation = node.css_first("annotation")
    if annotation is not None:
        return _text_of(annotation)
    return _text_of(node)


def _sources(node: LexborNode) -> list[dict[str, str | None]]:
    """Return the attributes of the sources that a ``picture`` offers for its image."""
    parent = node.parent
    if parent is None or parent.tag != "picture":
        return []
    return [child.attributes for child in parent.iter() if child.tag == "source"]
