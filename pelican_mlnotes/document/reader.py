"""What does this post say, what does it show? One parse turns its HTML into plain data."""

import re
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pelican_mlnotes._cache import read_toml
from pelican_mlnotes._patterns import pattern
from pelican_mlnotes.document.flatten import tame
from pelican_mlnotes.document.pictures import (
    BUNDLED,
    PictureRules,
    is_blank,
    load_picture_rules,
    shown_address,
    size_of,
    usable_address,
    view_box_of,
)
from pelican_mlnotes.document.prose import (
    BREAK,
    FORMULA,
    MORE,
    Formulas,
    literal,
    make_line,
    money,
    without_delimiters,
)
from pelican_mlnotes.formulas.plain import DEEPEST, lowered, raised


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


def parse_document(html: str, rules: PictureRules | None = None, *, marked: bool = False) -> Document:
    """Return what ``html``, the body of a post, says and shows; never raises.

    ``rules`` tell real pictures from icons and the like; without them the bundled ones count. ``marked``
    says that every formula stands in an element of its own, so that a dollar sign is one.
    """
    if "[/caption]" in html and len(_CAPTION_CODE.findall(html)) == html.count("[/caption]"):
        html = _CAPTION_CODE.sub("<figure>", html).replace("[/caption]", "</figure>")
    # Behind <body>, everything is read as content; nothing of it moves to the head.
    body = LexborHTMLParser("<!doctype html><body>" + tame(html)).body
    reader = _Reader(rules or _BUNDLED_RULES, marked)
    if body is None:
        return reader.document()
    reader.read(body)
    document = reader.document()
    if not document.prose and body.css_first("table" if document.headings else "table,pre") is not None:
        # All the text may stand in tables that only lay out the page, or in one preformatted text.
        reader = _Reader(rules or _BUNDLED_RULES, marked, layout=True)
        reader.read(body)
        document = reader.document()
    return document


def parse_text(text: str, *, marked: bool = False) -> Document:
    """Return what a line of the front matter says: it is HTML if it holds any, plain text if not.

    ``marked`` is that of ``parse_document``.
    """
    return parse_document(text if _MARKUP.search(text) else escape(text, quote=False), marked=marked)


# -- how elements are read ----------------------------------------------------------------------


def _load_parts() -> dict[str, dict[str, str]]:
    data = read_toml(Path(__file__).with_name("elements.toml"))
    parts: dict[str, dict[str, str]] = {"element": {}, "class": {}, "id": {}, "role": {}}
    for part in data["part"]:
        for attribute, words in parts.items():
            words.update(dict.fromkeys(part.get(attribute, ()), part["treat"]))
    return parts


_PARTS = _load_parts()
# These stand on lines of their own, whatever a class makes of them.
_BLOCK_TREATS = frozenset(("block", "list", "item", "heading", "table", "figure", "caption", "code"))
_BLOCK_TAGS = frozenset(("hr", "nav")).union(
    tag for tag, treat in _PARTS["element"].items() if treat in _BLOCK_TREATS
)
# A class makes no text of these.
_EMBEDDED = frozenset(("image", "svg", "script", "video", "audio", "object", "frame", "comment"))
# A screen reader passes these over where they are marked so; others still see them.
_SEEN_WHEN_MUTE = _EMBEDDED | {"formula", "literal"}
# Only these attributes can change how an element is read.
_TELLING = frozenset(("class", "id", "role", "style", "hidden", "aria-hidden"))

_BLOCKS = "p,ul,ol,dl,table,h1,h2,h3,h4,h5,h6,blockquote,pre,figure"
# What stands in a frame that is no figure and no table after all: one left open, or one for layout.
_SEVERAL_CELLS = "td+td,th+td,th+th,tr+tr"
_MOST_LAYOUTS = 8
_SECTIONS = "h1,h2,h3,h4,h5,h6,p~p~p"
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
_SLANTED = "i,em,var,sub,sup"
# What an image may stand alone in that has the class an image of its sort usually has.
_FRAMES = frozenset(("a", "span", "i", "b", "p", "div", "picture"))
_MOST_FRAMES = 3
_ONE_IMAGE = frozenset(("img", "picture", "a"))

_SPACE = " \t\n\r\f"
_WIDE_CLOSERS = "。，、；：？！）」』】》〉"
_SPACE_OR_CLOSER = frozenset(" \t\n\r\f.,;:!?)]}" + _WIDE_CLOSERS)
_CLOSER = pattern(rf"(?![:;][-']?[)(])[.,;:!?)\]}}]+(?=[\s\"'”’»]|\Z)|[{_WIDE_CLOSERS}]")
_BRACKETS = {"(": ")", "[": "]"}
# After these, no sign is needed to set the next item of a list apart.
_ENDS = frozenset(".,;:!?…。，；：！？、·–—([{«“‘")
_FAR = 8
_MOSTLY = 0.9
# Attributes that say nothing about what a text is.
_PLAIN = frozenset(("style", "dir", "lang", "id"))
_CODE_SIGNS = "=()[]{}<>_;#$/\\*+|@`"
_CODE_SIGN_SHARE = 60
_FEW_WORDS = 8
# Text in the page that is meant for a tool.
_CONTENTS_LABELS = frozenset(
    (
        "contents",
        "table of contents",
        "toc",
        "in this post",
        "in this article",
        "on this page",
        "outline",
        "jump to",
        "inhalt",
        "inhaltsverzeichnis",
        "sommaire",
        "table des matières",
        "contenido",
        "tabla de contenidos",
        "índice",
        "indice",
        "sumário",
        "conteúdo",
        "inhoud",
        "innehåll",
        "spis treści",
        "içindekiler",
        "содержание",
        "оглавление",
        "目录",
        "目錄",
        "目次",
        "목차",
    )
)
_NEVER_IN_HEADINGS = frozenset(("p", "ul", "ol", "blockquote"))
_TOOL_TEXT = frozenset(
    ("[TOC]", "[toc]", "[[TOC]]", "[[_TOC_]]", "{:toc}", "{{TOC}}", "<!-- more -->", "<!--more-->", ".. more")
)

_MARKUP = pattern(
    r"<!--|</?(?:a|abbr|b|blockquote|br|cite|code|del|div|em|figure|h[1-6]|hr|i|img|ins|kbd|li|mark|math|ol|p|pre|q"
    r"|s|samp|script|section|small|span|strong|sub|sup|table|u|ul|var)(?:\s[^<>]*)?/?>|&(?:#\w+|[a-zA-Z]\w+);",
    re.IGNORECASE,
)
_CAPTION_CODE = pattern(r"\[caption(?:\s[^\]<>]{0,400})?\]")
_MORE_COMMENT = pattern(
    r"\s*(?:read[ -]?)?more\s*|\s*truncate\s*|\s*(?:pelican_)?end_summary\s*|\s*end[ -]?excerpt\s*",
    re.IGNORECASE,
)
_MORE_ID = pattern(r"more(?:-[0-9]+)?")  # pandoc writes the first form for <a name="more">
# Styles in lower case.
_HIDDEN_STYLE = pattern(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|clip\s*:\s*rect\(\s*[01](?:px)?[\s,]"
    r"|clip-path\s*:\s*inset\(\s*(?:50|100)%|(?:left|text-indent)\s*:\s*-\d{4}|mso-hide\s*:\s*all"
)
_TRANSPARENT = pattern(r"(?<![\w-])opacity\s*:\s*0(?:\.0{1,9})?\s*(?:;|!|\Z)")
_FADES = pattern(r"transition|animation")
_NO_SIZE = pattern(r"(?<![\w-])(width|height|font-size)\s*:\s*(?:0|1px)(?:[a-z%]{1,3})?\s*(?:;|!|\Z)")
_OVERFLOW = pattern(r"overflow\s*:\s*hidden")
_SET_AS_BLOCK = pattern(r"display\s*:\s*(?:block|flex|grid)", re.IGNORECASE)
_NOTE_ID = pattern(
    r"fn:[\w:-]+|_?(?:fn|ftn|ftnt|edn)[-_.]?\d+|(?:footnote|endnote|cite_note|sdfootnote)[-_:.]?\w+"
)
_NOTE_ADDRESS = pattern(
    r"#_{0,2}(?:fn|ftn|edn|footnote|note|endnote|cite[-_]note|sdfootnote|sdendnote)", re.IGNORECASE
)
_NOTE_MARK = pattern(r"[\[(]?\s*(?:\w{1,3}|[*†‡§¶#^⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})\s*[\])]?")
_BRACKETED_MARK = pattern(r"\[\s*\w{1,4}\s*\]")
_WORD = pattern(r"[^\W\d_\u0370-\u03ff]{2,}")
_WORDS = pattern(r"[^\W\d_]{2,}\s+[^\W\d_]{2,}")
_FIGURE_NUMBER = pattern(
    r"(?:fig(?:ure|ura)?|abb(?:ildung)?|рис(?:унок)?|图|圖|図)\.?\s{0,3}\d{1,3}(?:\.\d{1,3})?\s?[.:：)–—-]",
    re.IGNORECASE,
)
_CAPTION_START = pattern(
    r"(?:fig(?:ure)?|image|photo|picture|source|credit|caption|screenshot|table|abb(?:ildung)?|bild|quelle|foto"
    r"|figura|fuente|рис|图|圖|図)\b[\s.:\d]",
    re.IGNORECASE,
)
_NUMBERS = pattern(r"[0-9]{1,3}(?:[,–-]\s?[0-9]{1,3})*")
# A number that is raised after one of these points to a note; it is no exponent.
_AFTER_SENTENCE = frozenset('.,;:!?”"’»')
_SENTENCE_ENDS = frozenset('.!?…。！？”"’»)')
_READ_ON = pattern(
    r"\W{0,9}(?:read (?:more|on)|read the (?:rest|full)[\w ]{0,40}|continue reading[\w ]{0,40}"
    r"|keep reading|weiterlesen|mehr lesen|lire la suite|leer más|seguir leyendo|leia mais|continua a leggere"
    r"|lees meer|читать далее|阅读全文|阅读更多|続きを読む|계속 읽기)\W{0,9}",
    re.IGNORECASE,
)
_SIGNS = {"TM": "™", "SM": "℠", "®": "®"}
_NOTE_MARKS = pattern(r"[\[\](),;\s]*")
_BACK_MARK = pattern(r"[↩⤴↑^⏎\ufe0e\ufe0f\s]+")
_PERMALINK = pattern(
    r"[^\w]{0,3}|permalink|permanent link|anchor|link|link to (?:this|the) (?:heading|section)", re.IGNORECASE
)

_VIDEO_HOST = pattern(
    r"youtube|youtu\.be/|vimeo\.com|dailymotion|bilibili|wistia|loom\.com|twitch\.tv|video", re.IGNORECASE
)
_AUDIO_HOST = pattern(r"soundcloud|spotify|podcast|anchor\.fm|bandcamp|audio", re.IGNORECASE)
_LONGEST_ADDRESS = 2000
_PICTURE_NAME = pattern(
    r"\.(?:a?png|jpe?g|jpe|jfif|gif|svgz?|webp|avif|bmp|tiff?)(?:[?#}]|\Z)", re.IGNORECASE
)

_BUNDLED_RULES = load_picture_rules(BUNDLED)

Attributes = dict[str, str | None]
# Where collected text goes; None while it is left out.
Sink = list[str] | None


class _Reader:
    """Walks the tree once and collects what a ``Document`` holds."""

    def __init__(self, rules: PictureRules, marked: bool = False, layout: bool = False) -> None:
        self.rules = rules
        self.formulas_marked = marked
        self.layout = layout
        self.prose: list[str] = []
        self.headings: list[list[str]] = []
        self.captions: list[list[str]] = []
        self.pictures: list[Picture] = []
        self.links: list[str] = []
        self.kinds: set[str] = set()
        self.formulas = Formulas()
        self.heading: Sink = None
        self.scrap: Sink = None
        self.raised: Sink = None
        self.last_link = 0
        self.separated = -1
        self.fresh = False
        self.literal = 0
        self.noscript = 0
        self.layouts = 0
        self.shown: set[str] = set()
        self.fallbacks: set[str] = set()
        self.marked = False

    def document(self) -> Document:
        """Return what was collected."""
        line = make_line(self.prose, self.formulas)
        headings = [make_line(pieces, self.formulas) for pieces in self.headings]
        captions = [make_line(pieces, self.formulas) for pieces in self.captions]
        kinds = self.kinds | ({"image"} if self.pictures else set())
        if any(found.math for found in (line, *headings, *captions)):
            kinds.add("math")
        return Document(
            prose=line.text,
            formulas=line.formulas,
            headings=tuple(heading.text for heading in headings if heading.text),
            captions=tuple(caption.text for caption in captions if caption.text),
            pictures=tuple(self.pictures),
            links=tuple(self.links),
            kinds=frozenset(kinds),
            more=line.more,
            lead=line.lead,
        )

    # -- the walk --------------------------------------------------------------------------------

    def read(self, body: LexborNode) -> None:
        """Visit what is below ``body`` in document order, without recursion."""
        treats = _PARTS["element"]
        out: Sink = self.prose
        # What is open: the element, how it ends, and where text goes after it.
        stack: list[tuple[LexborNode, str, Sink]] = []
        node = body.first_child
        while node is not None or stack:
            if node is None:
                node, end, before = stack.pop()
                if end:
                    self.leave(end, out, before)
                    out = before
                node = node.next
                continue
            if node.is_text_node:
                if out is not None:
                    text = node.text_content or ""
                    if self.literal:
                        text = literal(text)
                    elif self.formulas_marked and "$" in text:
                        text = money(text)
                    if text[:1] in _SPACE_OR_CLOSER:
                        text = _close_up(out, text)
                    if text:
                        out.append(text)
                node = node.next
                continue
            tag = node.tag or ""
            treat = treats.get(tag, "line")
            attributes = node.attributes
            if attributes and not _TELLING.isdisjoint(attributes):
                treat = self.treat(treat, tag, node, attributes)
            child = node.first_child
            end, after = "", out
            if treat == "block":
                if out is not None:
                    if out and out[-1] != BREAK:
                        out.append(BREAK)
                    end = "block"
                    if out is not self.prose:
                        after = self.beyond_heading(tag, out)
                    elif self.fresh and tag == "p":
                        self.fresh = False
                        if self.is_numbered_caption(node):
                            end, after = "caption", []
            elif treat != "line":
                end, after = self.enter(treat, tag, node, attributes, out)
                if end == "skip":
                    end, child, after = "", None, out
            if child is None:
                if end:
                    self.leave(end, after, out)
                node = node.next
            else:
                stack.append((node, end, out))
                out = after
                node = child

    def leave(self, end: str, out: Sink, before: Sink) -> None:
        """Finish an element whose text went to ``out``; what follows goes to ``before``."""
        if end in ("block", "item"):
            if out:
                last = out[-1]
                if end == "item" and last == BREAK and self.separated == len(out) - 2:
                    # Nothing came that the item before should be set apart from.
                    out[-2] = out[-2][:-1]
                elif last in _TOOL_TEXT or self.last_link == len(out) - 1:
                    self.end_block(out, last)
            if before and before[-1] != BREAK:
                before.append(BREAK)
            return
        if end == "note":
            return
        if end == "literal":
            self.literal -= 1
            return
        if end == "noscript":
            self.noscript -= 1
            return
        if end in ("raised", "lowered", "formula"):
            if before is not None and out and (text := self.shifted(end, before, "".join(out))):
                before.append(text)
            return
        if end == "heading" and out is not None:
            self.headings.append(out)
            self.heading = None
        elif end == "caption" and out is not None:
            self.captions.append(out)
        elif end == "layout":
            self.layouts -= 1
        if before is not None:
            _break(before)

    def end_block(self, out: list[str], last: str) -> None:
        """Take what is no text of the post, but stands alone in its block or at its end, from ``out``."""
        if last in _TOOL_TEXT:
            if out[-2:-1] in ([BREAK], []):
                self.tool_text(out)
        elif self.last_link == len(out) - 1 and _READ_ON.fullmatch(last):
            # A link to the rest of the post; after half a sentence, it is a part of it.
            said = out[-2].rstrip() if len(out) > 1 else BREAK
            if not said or said == BREAK or said[-1] in _SENTENCE_ENDS:
                out.pop()

    def beyond_heading(self, tag: str, out: list[str]) -> list[str]:
        """Return where the text of a block goes: behind a heading or code, if that was only left open."""
        if tag in _NEVER_IN_HEADINGS and (out is self.scrap or (out is self.heading and _has_text(out))):
            _break(self.prose)
            return self.prose
        return out

    def tool_text(self, out: list[str]) -> None:
        """Take text that is meant for a tool, and alone in its block, from the end of ``out``."""
        if "more" in out.pop():
            self.mark(out)

    # -- what an element is ------------------------------------------------------------------------

    def treat(self, treat: str, tag: str, node: LexborNode, attributes: Attributes) -> str:
        """Return how an element is read whose attributes may say more than its name."""
        if "hidden" in attributes or (attributes.get("style") and _is_hidden(attributes, treat)):
            return "hidden"
        classes = _PARTS["class"]
        for name in (attributes.get("class") or "").lower().split():
            found = classes.get(name) or classes.get(f"{tag}.{name}")
            if found == "notebook":
                self.kinds.add("notebook")
            elif found and self.fits(found, treat, node):
                return found
        found = _PARTS["role"].get((attributes.get("role") or "").lower())
        if identity := attributes.get("id"):
            if treat in ("line", "link") and node.first_child is None and _MORE_ID.fullmatch(identity):
                return "more"
            if treat in ("item", "block", "table") and _NOTE_ID.fullmatch(identity):
                return "note"
            found = found or _PARTS["id"].get(identity.lower())
        if found and self.fits(found, treat, node):
            return found
        if attributes.get("aria-hidden") == "true" and treat not in _SEEN_WHEN_MUTE:
            return "hidden"
        return treat

    def fits(self, found: str, treat: str, node: LexborNode) -> bool:
        """Return whether a class can mean ``found`` on this element."""
        if treat in _EMBEDDED:
            return found == "hidden"
        if found == "code":
            return treat == "table" or node.css_first("pre") is not None or _is_only_code(node, treat)
        if found in ("formula", "display"):
            return treat != "code" and not _holds(node, _BLOCKS)
        if found == "heading":
            return not _holds(node, _BLOCKS)
        if found == "caption":
            return node.css_first(_SECTIONS) is None
        if found == "toc":
            text = _text_of(node)
            return len(text) < 200 or 2 * sum(len(_text_of(link)) for link in node.css("a")) > len(text)
        if found == "permalink":
            return treat in ("link", "line") and _PERMALINK.fullmatch(_text_of(node)) is not None
        return True

    def enter(
        self, treat: str, tag: str, node: LexborNode, attributes: Attributes, out: Sink
    ) -> tuple[str, Sink]:
        """Start an element; return how it ends ("skip": without its content) and where its text goes."""
        if out is not None and tag in _BLOCK_TAGS:
            if treat == "item":
                self.separated = _separate(node, tag, out)
            _break(out)
        if treat == "item":
            return "item", out
        if treat == "list":
            if out is None:
                return "", None
            if _is_contents(node):
                _drop_label(out)
                return "skip", out
            return "block", self.beyond_heading(tag, out)
        if treat == "link":
            return self.link(node, attributes, out)
        if treat == "literal":
            # Only what nothing stands before can be alone in its block.
            if (not out or out[-1] == BREAK or "style" in attributes) and _is_block_of_code(node, attributes):
                self.kinds.add("code")
                if out is not None:
                    _break(out)
                return "skip", out
            self.literal += 1
            return "literal", out
        if treat == "slanted":
            shown = out is not None and self.pictures
            return ("caption", []) if shown and self.is_caption(node) else ("", out)
        if treat in ("raised", "lowered"):
            if out is None:
                return "", None
            self.raised = [] if treat == "raised" else None
            return treat, self.raised if self.raised is not None else []
        if treat == "heading":
            self.heading = [] if out is not None else None
            return "heading", self.heading
        if treat in ("figure", "table", "code"):
            return self.frame(treat, node, attributes, out)
        if treat == "caption":
            return "caption", []
        if treat in ("note", "output"):
            return "note", None
        if treat == "noscript":
            self.noscript += 1
            return "noscript", None
        if treat in ("formula", "display"):
            return self.formula(treat, tag, node, attributes, out)
        if treat == "dialog" and "open" in attributes:
            return "block", out
        if treat == "object" and not self.embedded(attributes):
            # What it holds is for browsers that cannot show it; unless it was only left open.
            return ("", out) if node.css_first(_SECTIONS) else ("note", None)
        if treat == "more":
            self.mark(out)
            return "", out
        self.leaf(treat, node, attributes, out)
        return "skip", out

    def leaf(self, treat: str, node: LexborNode, attributes: Attributes, out: Sink) -> None:
        """Read an element whose content is no text of the post."""
        if treat == "comment":
            if _MORE_COMMENT.fullmatch(node.comment_content or ""):
                self.mark(out)
        elif treat == "newline":
            if out is not None:
                _break(out) if _after_newline(node) else _gap(out)
        elif treat == "image":
            self.image(node, attributes, out)
        elif treat == "script":
            self.script(node, attributes, out)
        elif treat not in ("nothing", "hidden", "permalink"):
            if out is not None:
                _gap(out)
            if treat == "svg":
                self.drawing(node, attributes)
            elif treat in ("video", "audio", "frame"):
                self.medium(treat, attributes)

    def mark(self, out: Sink) -> None:
        """Note the author's "read more" marker; only the first one counts."""
        if out is self.prose and not self.marked and _has_text(out):
            self.marked = True
            out += (BREAK, MORE, BREAK)

    def link(self, node: LexborNode, attributes: Attributes, out: Sink) -> tuple[str, Sink]:
        address = attributes.get("href")
        if address:
            self.links.append(address)
            if out is not None:
                raised = out is self.raised
                if ("#" in address or raised) and _is_mark(node, address, raised):
                    return "note", None
                self.last_link = len(out)
        elif attributes.get("name") == "more" and node.first_child is None:
            self.mark(out)
        return "", out

    def frame(self, treat: str, node: LexborNode, attributes: Attributes, out: Sink) -> tuple[str, Sink]:
        """Read a figure, a table or a code block, or what only looks like one."""
        if treat != "code" and out is not self.prose and out is not self.heading:
            # A part of a figure or a table; what holds it has been looked at. Or a notebook's output.
            if out is None and treat == "table" and node.css_first(_SEVERAL_CELLS):
                self.kinds.add("table")
            return ("block" if out is not None else "note"), out
        if treat == "figure":
            quote = node.css_first("blockquote") and not node.css_first(
                "img,picture,svg,video,iframe,table,pre"
            )
            return ("block", out) if quote or node.css_first(_SECTIONS) else ("caption", [])
        if treat == "code":
            if node.css_first("p,h1,h2,h3,h4,h5,h6,ul,ol"):
                if _PARTS["element"].get(node.tag or "") != "code":
                    return "block", out
                # Left open, so that the rest of the post came into it.
                self.kinds.add("code")
                self.scrap = []
                return "block", self.scrap
            if self.layout and not self.headings and _PLAIN.issuperset(attributes) and _reads_as_prose(node):
                return "block", out
            self.kinds.add("code")
            return "skip", out
        if self.layouts >= _MOST_LAYOUTS:
            return "block", out
        around = node.parent.attributes if node.parent is not None else {}
        layout = (attributes.get("role") or "").lower() in ("presentation", "none")
        layout = layout or "admonitionblock" in (around.get("class") or "").split()
        if not node.css_first("th,thead,caption"):
            layout = layout or node.css_first(_SECTIONS) is not None
            if self.layout and (_holds(node, f"{_BLOCKS},br,img,div") or not node.css_first(_SEVERAL_CELLS)):
                layout = True
        if layout:
            self.layouts += 1
            return "layout", out
        if node.css_first(_SEVERAL_CELLS):
            self.kinds.add("table")
        return "caption", []

    # -- formulas ----------------------------------------------------------------------------------

    def formula(
        self, treat: str, tag: str, node: LexborNode, attributes: Attributes, out: Sink
    ) -> tuple[str, Sink]:
        """Read an element that shows a formula."""
        self.kinds.add("math")
        if out is None:
            return "skip", out
        source = node if tag == "math" else node.css_first("math")
        display = treat == "display" or tag in _BLOCK_TAGS or "block" in attributes
        display = display or attributes.get("display") in ("true", "block")
        if source is not None:
            tex = _mathml(source)
            display = display or source.attributes.get("display") == "block"
        elif (script := node.css_first("script")) is not None:
            tex = _text_of(script)
        elif tag == "mjx-container":
            return "skip", out
        else:
            tex = _text_of(node)
            if not display and not _TEX.search(tex) and node.css_first(_SLANTED) is not None:
                return "formula", []
        tex, alone = without_delimiters(tex)
        out.append(self.formulas.mark(tex, display or alone))
        return "skip", out

    def shifted(self, end: str, before: list[str], text: str) -> str:
        """Return what a superscript, a subscript or a formula of them adds to the line."""
        if end == "formula":
            return text if FORMULA in text else self.formulas.mark_text(text.replace(BREAK, " "))
        word = text.strip(_SPACE)
        last = before[-1][-1:] if before else ""
        if len(word) > _FAR or FORMULA in word:
            if end == "lowered" or FORMULA in word or not (last.isalnum() or last in ")]") or BREAK in word:
                return text
            return f" {text}" if last.isalpha() and _WORDS.search(word) else f"^({word})"
        if _NOTE_MARKS.fullmatch(word) or (end == "raised" and _BRACKETED_MARK.fullmatch(word)):
            return ""
        if end == "raised" and last in _AFTER_SENTENCE and _NUMBERS.fullmatch(word):
            return ""
        if end == "raised" and word.upper() in _SIGNS:
            return _SIGNS[word.upper()]
        # 1st, 2e and the like are words; so is what follows a space.
        if _WORD.fullmatch(word) or (last.isdigit() and word in "eoaº") or not last.strip(_SPACE):
            return text
        shifted = (raised if end == "raised" else lowered)(word)
        if shifted is not None:
            return shifted
        # Without a sign, 2 to the power of n/2 would read 2n/2.
        return f"^({word})" if end == "raised" and (last.isalnum() or last in ")]") else text

    def script(self, node: LexborNode, attributes: Attributes, out: Sink) -> None:
        kind = (attributes.get("type") or "").lower()
        if kind.startswith("math/"):
            self.kinds.add("math")
            if out is not None:
                tex, alone = without_delimiters(_text_of(node))
                out.append(self.formulas.mark(tex, alone or "display" in kind))
        elif "gist.github.com" in (attributes.get("src") or ""):
            self.kinds.add("code")

    # -- pictures and other media -------------------------------------------------------------------

    def image(self, node: LexborNode, attributes: Attributes, out: Sink) -> None:
        alt = " ".join((attributes.get("alt") or "").split())
        address = shown_address(attributes, _sources(node))
        refused = self.refused(address or "", node, attributes, alt)
        text = " "
        if refused == "formula":
            self.kinds.add("math")
            if _FORMULA_LIKE.search(alt) or len(alt) == 1:
                text = self.formulas.mark(without_delimiters(alt)[0], False)
        elif refused == "emoji":
            text = alt if alt and not alt.isascii() and len(alt) <= _FAR else " "
        elif (
            address is not None
            and refused is None
            and self.picture(address, attributes, alt, self.is_fallback(node))
        ):
            self.captions.append([alt])
        if out is not None:
            _gap(out) if text == " " else out.append(text)

    def refused(self, address: str, node: LexborNode, attributes: Attributes, alt: str) -> str | None:
        """Return the id of a rule by which an image is no picture, by itself or its frame."""
        if "data-placeholder-image" in attributes or (
            attributes.get("aria-hidden") == "true" and address[:5] == "data:"
        ):
            return "spacer"
        classes = attributes.get("class") or ""
        # GitHub passes images on by addresses of its own.
        refused = self.rules.refused(attributes.get("data-canonical-src") or address, classes, alt)
        around = node.parent
        for _ in range(_MOST_FRAMES):
            if refused or around is None or around.tag not in _FRAMES or not _is_alone(node):
                break
            if classes := around.attributes.get("class") or "":
                refused = self.rules.refused("", classes, "")
            node, around = around, around.parent
        return refused

    def picture(self, address: str, attributes: Attributes, alt: str = "", replaces: bool = False) -> bool:
        """Add a picture, unless it is too small, in code, or shown already where scripts run."""
        width, height = size_of(attributes)
        if self.literal or self.rules.refuse_size(width, height) or is_blank(address):
            return False
        if address in self.fallbacks or (self.noscript and address in self.shown):
            return False
        (self.fallbacks if self.noscript else self.shown).add(address)
        if replaces:
            self.pictures.pop()
        self.pictures.append(Picture(address, alt, width, height))
        self.fresh = True
        return True

    def is_fallback(self, node: LexborNode) -> bool:
        """Return whether an image is for readers without scripts what the last one is for all others."""
        around: LexborNode | None = node
        for _ in range(_MOST_FRAMES if self.noscript and self.pictures else 0):
            around = around.parent if around is not None else None
            if around is not None and around.tag == "noscript":
                before = _element_before(around)
                image = before.css_first("img") if before is not None and before.tag in _ONE_IMAGE else None
                return (
                    image is not None
                    and shown_address(image.attributes, _sources(image)) == self.pictures[-1].src
                )
        return False

    def is_numbered_caption(self, node: LexborNode) -> bool:
        """Return whether a paragraph right below the last picture starts like "Figure 2:"."""
        if not _FIGURE_NUMBER.match(_text_of(node)):
            return False
        before = _element_before(node)
        return before is not None and before.css_first("img") is not None and not _text_of(before)

    def is_caption(self, node: LexborNode) -> bool:
        """Return whether slanted or small text stands alone below a picture, as captions in Markdown do."""
        before, after = node.prev, node.next
        while before is not None and (before.tag == "br" or _is_blank(before)):
            before = before.prev
        if before is None and (block := node.parent) is not None and block.tag == "p":
            # In a paragraph of its own, it must say that it is one.
            before = _element_before(block) if _CAPTION_START.match(_text_of(node)) else None
        if before is None or before.is_text_node:
            return False
        while after is not None and (after.tag == "br" or _is_blank(after)):
            after = after.next
        image = before.css_first("img") if before.tag in (*_ONE_IMAGE, "p", "div") else None
        return (
            after is None
            and image is not None
            and shown_address(image.attributes, _sources(image)) == self.pictures[-1].src
            and not _text_of(before)
        )

    def drawing(self, node: LexborNode, attributes: Attributes) -> None:
        width, height = size_of(attributes)
        if width is None and height is None:
            width, height = view_box_of(attributes.get("viewBox") or attributes.get("viewbox"))
        small = self.rules.refuse_size(width, height)
        if (
            not small
            and not self.literal
            and not self.refused("", node, attributes, "")
            and _draws(node, width is not None or height is not None)
        ):
            self.kinds.add("image")

    def medium(self, treat: str, attributes: Attributes) -> None:
        if treat == "frame":
            address = (attributes.get("src") or attributes.get("data-src") or "")[:_LONGEST_ADDRESS]
            if _VIDEO_HOST.search(address):
                self.kinds.add("video")
            elif _AUDIO_HOST.search(address):
                self.kinds.add("audio")
            return
        self.kinds.add(treat)
        if poster := usable_address(attributes.get("poster")):
            self.picture(poster, attributes)

    def embedded(self, attributes: Attributes) -> bool:
        """Return whether an ``object`` or ``embed`` shows something itself, rather than what is inside it."""
        address = usable_address(attributes.get("data") or attributes.get("src"))
        if address is None:
            return False
        kind = (attributes.get("type") or "").lower()
        start = address[:_LONGEST_ADDRESS]
        if kind.startswith("image/") or (not kind and _PICTURE_NAME.search(start)):
            if not self.rules.refused(address, attributes.get("class") or "", ""):
                self.picture(address, attributes)
            return True
        if kind.startswith(("video/", "audio/")):
            self.kinds.add(kind[:5])
            return True
        if _VIDEO_HOST.search(start):
            self.kinds.add("video")
        return False


def _is_hidden(attributes: Attributes, treat: str) -> bool:
    """Return whether the style of an element makes it show nothing."""
    style = (attributes.get("style") or "").lower()
    if _HIDDEN_STYLE.search(style):
        return True
    if "opacity" in style and _TRANSPARENT.search(style) and not _FADES.search(style):
        # Pictures that a script fades in once they are loaded are only not there yet.
        return not any(name == "loading" or name.startswith("data-") for name in attributes)
    if "font-size" not in style and "overflow" not in style:
        return False
    none = set(_NO_SIZE.findall(style))
    # A container of size 0 may be there to lay out what it holds; a word of size 0 may not.
    return ("font-size" in none and treat == "line") or (
        none >= {"width", "height"} and _OVERFLOW.search(style) is not None
    )


def _reads_as_prose(node: LexborNode) -> bool:
    """Return whether preformatted text is sentences rather than code."""
    if node.css_first("code,samp,kbd,span"):
        return False
    text = _text_of(node)
    signs = sum(map(text.count, _CODE_SIGNS))
    return len(text.split()) >= _FEW_WORDS and _CODE_SIGN_SHARE * signs < len(text)


def _holds(node: LexborNode, selector: str) -> bool:
    """Return whether anything below ``node``, not itself, matches."""
    return any(found.mem_id != node.mem_id for found in node.css(selector)[:2])


def _text_of(node: LexborNode) -> str:
    return node.text().strip()


def _break(out: list[str]) -> None:
    if out and out[-1] != BREAK:
        out.append(BREAK)


def _gap(out: list[str]) -> None:
    if out and out[-1] != BREAK and not out[-1][-1].isspace():
        out.append(" ")


def _has_text(out: list[str]) -> bool:
    """Return whether anything readable was collected near the end of ``out``."""
    return any(piece.strip("\0 \t\n\r\f\xa0") for piece in reversed(out[-_FAR:])) or len(out) > 4 * _FAR


def _close_up(out: list[str], text: str) -> str:
    """Return ``text`` without space that is out of place, and take such space from the end of ``out``."""
    rest = text.lstrip(_SPACE)
    last = out[-1] if out else BREAK
    if last == BREAK or (not rest and last[-1].isspace()):
        return rest
    if not rest or rest[0] not in _SPACE_OR_CLOSER or not _CLOSER.match(rest):
        return rest if last[-1] in _BRACKETS else text
    while out and out[-1] != BREAK:
        last = out[-1].rstrip(_SPACE)
        if last:
            # Brackets around nothing but a footnote mark.
            if rest[0] == _BRACKETS.get(last[-1]):
                last, rest = last[:-1], rest[1:]
            # No piece is ever empty.
            out[-1:] = [last] if last else []
            return rest
        out.pop()
    return rest


def _element_before(node: LexborNode) -> LexborNode | None:
    before = node.prev
    while before is not None and (before.tag or "-")[0] == "-":
        before = before.prev
    return before


def _separate(node: LexborNode, tag: str, out: list[str]) -> int:
    """Set an item of a list apart from the one before it, or from the words that a nested list belongs to.

    Returns where among ``out`` a sign was added, or -1.
    """
    before = _element_before(node)
    if before is None and tag == "dt" and (group := node.parent) is not None and group.tag == "div":
        before = _element_before(group)
    if before is not None:
        sign = ":" if tag == "dd" and before.tag == "dt" else ";"
    elif (
        tag == "li"
        and (around := node.parent) is not None
        and (outer := around.parent) is not None
        and outer.tag == "li"
    ):
        sign = ":"
    else:
        return -1
    for index in range(len(out) - 1, max(len(out) - _FAR, 0) - 1, -1):
        text = out[index].rstrip("\0 \t\n\r\f\xa0")
        if text:
            if text[-1] not in _ENDS and text != MORE:
                out[index] = text + sign
                return index
            return -1
        if sign == ":" and out[index] == BREAK and index < len(out) - 2:
            return -1
    return -1


def _is_only_code(node: LexborNode, treat: str) -> bool:
    code = node.css_first("code") if treat == "block" else None
    return code is not None and len(_text_of(code)) >= _MOSTLY * len(_text_of(node)) > 0


def _is_block_of_code(node: LexborNode, attributes: Attributes) -> bool:
    """Return whether ``code`` without ``pre`` is a block all the same: several lines alone in their block."""
    if (style := attributes.get("style")) and _SET_AS_BLOCK.search(style):
        return True
    if not _is_alone(node) or (parent := node.parent) is None or parent.tag not in ("p", "div", "body", "li"):
        return False
    return node.css_first("br") is not None or "\n" in _text_of(node)


def _is_alone(node: LexborNode) -> bool:
    """Return whether nothing but white space stands beside ``node``."""
    after = node.next
    if after is not None and (not _is_blank(after) or after.next is not None):
        return False
    before = node.prev
    return before is None or (_is_blank(before) and before.prev is None)


def _drop_label(out: list[str]) -> None:
    """Take the words that announce a table of contents from the end of ``out``."""
    end = len(out)
    while end and out[end - 1] == BREAK:
        end -= 1
    start = end
    while start and end - start < _FAR and out[start - 1] != BREAK:
        start -= 1
    label = "".join(out[start:end]).strip(" \t\n\r\f\xa0:.").casefold()
    if label in _CONTENTS_LABELS and (start == 0 or out[start - 1] == BREAK):
        del out[start:end]


def _is_contents(node: LexborNode) -> bool:
    """Return whether a list holds nothing but links to places in the same post."""
    first: LexborNode | None = node
    while first is not None and first.tag != "a":
        first = first.first_child
        while first is not None and _is_blank(first):
            first = first.next
    if first is None or not (first.attributes.get("href") or "").startswith("#"):
        return False
    links = node.css("a")
    if len(links) < 2 or not all((link.attributes.get("href") or "").startswith("#") for link in links):
        return False
    return sum(len(_text_of(link)) for link in links) >= _MOSTLY * len("".join(node.text().split()))


def _after_newline(node: LexborNode) -> bool:
    """Return whether a line break follows another one, so that the two set paragraphs apart."""
    before = node.prev
    if before is not None and _is_blank(before):
        before = before.prev
    return before is not None and before.tag == "br"


def _is_mark(node: LexborNode, address: str, raised: bool) -> bool:
    """Return whether a link only points to a footnote, back from one, or to the heading it stands in."""
    text = _text_of(node)
    if len(text) > _FAR:
        return False
    if _BACK_MARK.fullmatch(text) or (address[0] == "#" and text in ("#", "¶", "§", "🔗", "¤")):
        return True
    if not _NOTE_MARK.fullmatch(text):
        return False
    if _NOTE_ADDRESS.search(address):
        return True
    if raised:
        # No exponent is a link to somewhere else.
        return address[0] == "#" or _BRACKETED_MARK.fullmatch(text) is not None or text.isdecimal()
    child = node.first_child
    return address[0] == "#" and child is not None and child.tag == "sup" and child.next is None


def _is_blank(node: LexborNode) -> bool:
    return node.is_text_node and not (node.text_content or "").strip()


def _sources(node: LexborNode) -> list[Attributes]:
    """Return the attributes of the sources that a ``picture`` offers for its image."""
    parent = node.parent
    if parent is None or parent.tag != "picture":
        return []
    return [child.attributes for child in parent.iter() if child.tag == "source"]


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


# -- MathML as TeX ---------------------------------------------------------------------------------

_TEX = pattern(r"[\\^_${}]")
_FORMULA_LIKE = pattern(r"[\\^_${}=+<>|]")
_TEX_ACCENTS = {
    "^": "hat",
    "ˆ": "hat",
    "~": "tilde",
    "˜": "tilde",
    "¯": "bar",
    "‾": "bar",
    "→": "vec",
    "˙": "dot",
}
_TEX_LITERAL = str.maketrans(
    {sign: f"\\{sign}" for sign in "{}_&%#$"} | {"\\": "\\backslash ", "^": "\\hat{}"}
)


def _mathml(math: LexborNode) -> str:
    """Return a ``math`` element as TeX: the author's own where the page keeps it."""
    if alternative := math.attributes.get("alttext"):
        return alternative
    annotation = math.css_first("annotation")
    return _text_of(annotation) if annotation is not None else _tex(math, 0)


def _tex(node: LexborNode, depth: int) -> str:
    """Return a MathML element as TeX; below ``DEEPEST`` levels only its text."""
    if depth > DEEPEST:
        return _text_of(node).translate(_TEX_LITERAL)
    tag = node.tag or ""
    parts = [child for child in node.iter() if child.tag != "annotation-xml"]
    if not parts:
        return _text_of(node).translate(_TEX_LITERAL)
    if tag == "mphantom":
        return ""
    texts = [_tex(child, depth + 1) for child in parts]
    if len(parts) == 2:
        first, second = texts
        accent = _TEX_ACCENTS.get(second) if tag == "mover" else None
        if accent:
            return f"\\{accent}{{{first}}}"
        if tag in ("msup", "mover"):
            return f"{{{first}}}^{{{second}}}"
        if tag in ("msub", "munder"):
            return f"{{{first}}}_{{{second}}}"
        if tag == "mfrac":
            return f"\\frac{{{first}}}{{{second}}}"
    if len(parts) == 3 and tag in ("msubsup", "munderover"):
        return f"{{{texts[0]}}}_{{{texts[1]}}}^{{{texts[2]}}}"
    if tag == "msqrt":
        return f"\\sqrt{{{''.join(texts)}}}"
    if tag == "mfenced":
        return f"({','.join(texts)})"
    if tag == "semantics":
        return texts[0]
    return " ".join(texts) if tag in ("mtr", "mtable") else "".join(texts)
