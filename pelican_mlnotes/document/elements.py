"""What does each sort of element mean for the text of a post?

``STARTS`` holds a function for each way in which ``elements.toml`` says that elements are read. It returns
what ends the element (``None`` if nothing does, ``SKIP`` if its content is passed over) and where the text of
its content goes.
"""

import re
from collections.abc import Callable

from selectolax.lexbor import LexborNode

from pelican_mlnotes._patterns import pattern
from pelican_mlnotes.document.classify import treats
from pelican_mlnotes.document.equations import (
    BRACKETED_MARK,
    TEX_LIKE,
    formula_mark,
    script_mark,
    slanted_formula,
    subscript,
    superscript,
)
from pelican_mlnotes.document.lines import FAR, Sink, break_line, gap, has_text
from pelican_mlnotes.document.links import OpenLink
from pelican_mlnotes.document.media import (
    add_drawing,
    add_embedded,
    add_medium,
    add_picture,
    is_caption,
    is_fallback,
    refusal,
)
from pelican_mlnotes.document.page import Page
from pelican_mlnotes.document.pictures import shown_address
from pelican_mlnotes.document.prose import BREAK, without_delimiters
from pelican_mlnotes.document.tree import (
    BLOCKS,
    SECTIONS,
    Attributes,
    element_before,
    holds,
    is_alone,
    is_blank_text,
    sources,
    text_of,
)

# What finishes an element: its text went to the first sink, what follows it goes to the second.
End = Callable[[Page, Sink, Sink], None]
Step = tuple[End | None, Sink]
Start = Callable[[Page, LexborNode, str, Attributes, Sink], Step]

_SEVERAL_CELLS = "td+td,th+td,th+th,tr+tr"
_MOST_LAYOUTS = 8
# Attributes that say nothing about what a text is.
_PLAIN = frozenset(("style", "dir", "lang", "id"))
_CODE_SIGNS = "=()[]{}<>_;#$/\\*+|@`"
_CODE_SIGN_SHARE = 60
_FEW_WORDS = 8
_MOSTLY = 0.9
_NEVER_IN_HEADINGS = frozenset(("p", "ul", "ol", "blockquote"))
_MORE_COMMENT = pattern(
    r"\s*(?:read[ -]?)?more\s*|\s*truncate\s*|\s*(?:pelican_)?end_summary\s*|\s*end[ -]?excerpt\s*",
    re.IGNORECASE,
)
_CALLOUT = pattern(r"\[![A-Za-z][\w-]{0,30}(?:\|[^\]\n]{0,60})?\][+-]?[ \t]*(?P<title>[^\n]*)(?P<end>\n?)")
_BOX = pattern(r"\[[ xX]\]\s+")
_SENTENCE_ENDS = frozenset('.!?…。！？”"’»)')
_READ_ON = pattern(
    r"\W{0,9}(?:read (?:more|on)|read the (?:rest|full)[\w ]{0,40}|continue reading[\w ]{0,40}"
    r"|keep reading|weiterlesen|mehr lesen|lire la suite|leer más|seguir leyendo|leia mais|continua a leggere"
    r"|lees meer|читать далее|阅读全文|阅读更多|続きを読む|계속 읽기)\W{0,9}",
    re.IGNORECASE,
)
_SET_AS_BLOCK = pattern(r"display\s*:\s*(?:block|flex|grid)", re.IGNORECASE)
_NOTE_ADDRESS = pattern(
    r"#_{0,2}(?:fn|ftn|edn|footnote|note|endnote|cite[-_]note|sdfootnote|sdendnote)", re.IGNORECASE
)
_NOTE_MARK = pattern(r"[\[(]?\s*(?:\w{1,3}|[*†‡§¶#^⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})\s*[\])]?")
_BACK_MARK = pattern(r"[↩⤴↑^⏎\ufe0e\ufe0f\s]+")


# -- how elements end --------------------------------------------------------------------------------


def SKIP(page: Page, out: Sink, before: Sink) -> None:  # noqa: N802
    """Stand for the end of an element whose content is passed over."""


def end_block(page: Page, out: Sink, before: Sink) -> None:
    """End a block; what is no text of the post, but stands alone in it or at its end, is taken away."""
    if out and (out[-1] in page.tools or page.last_link == len(out) - 1):
        _drop_furniture(page, out)
    if before and before[-1] != BREAK:
        before.append(BREAK)


def _end_item(page: Page, out: Sink, before: Sink) -> None:
    if out and out[-1] == BREAK and page.separated == len(out) - 2:
        # Nothing came that the item before should be set apart from.
        out[-2] = out[-2][:-1]
        if before and before[-1] != BREAK:
            before.append(BREAK)
    else:
        end_block(page, out, before)


def _end_unseen(page: Page, out: Sink, before: Sink) -> None:
    """End an element whose text was left out; its pictures and links were not."""


def _end_link(page: Page, out: Sink, before: Sink) -> None:
    link = page.open_links.pop()
    link.end = len(link.sink or ())


def _end_literal(page: Page, out: Sink, before: Sink) -> None:
    page.literal -= 1


def _end_noscript(page: Page, out: Sink, before: Sink) -> None:
    page.noscript -= 1


def _end_superscript(page: Page, out: Sink, before: Sink) -> None:
    if before is not None and out and (text := superscript(before, "".join(out))):
        before.append(text)


def _end_subscript(page: Page, out: Sink, before: Sink) -> None:
    if before is not None and out and (text := subscript(before, "".join(out))):
        before.append(text)


def _end_formula(page: Page, out: Sink, before: Sink) -> None:
    if before is not None and out and (text := slanted_formula(page, "".join(out))):
        before.append(text)


def _end_heading(page: Page, out: Sink, before: Sink) -> None:
    if out is not None:
        page.headings.append(out)
        page.heading = None
    if before is not None:
        break_line(before)


def end_caption(page: Page, out: Sink, before: Sink) -> None:
    """End what belongs to a picture or a table."""
    if out is not None:
        page.captions.append(out)
    if before is not None:
        break_line(before)


def _end_layout(page: Page, out: Sink, before: Sink) -> None:
    page.layouts -= 1
    if before is not None:
        break_line(before)


def _drop_furniture(page: Page, out: list[str]) -> None:
    """Take a text for a tool, or a link to the rest of the post, from the end of ``out``."""
    last = out[-1]
    if last in page.tools:
        if out[-2:-1] in ([BREAK], []) and "more" in out.pop():
            page.mark_more(out)
    elif page.last_link == len(out) - 1 and _READ_ON.fullmatch(last):
        # After half a sentence, a link is a part of it.
        said = out[-2].rstrip() if len(out) > 1 else BREAK
        if not said or said == BREAK or said[-1] in _SENTENCE_ENDS:
            out.pop()


# -- blocks ------------------------------------------------------------------------------------------


def beyond_heading(page: Page, tag: str, out: list[str]) -> list[str]:
    """Return where the text of a block goes: behind a heading or code, if that was only left open."""
    if tag in _NEVER_IN_HEADINGS and (out is page.scrap or (out is page.heading and has_text(out))):
        break_line(page.prose)
        return page.prose
    return out


def _start_item(page: Page, node: LexborNode, tag: str, attributes: Attributes, out: Sink) -> Step:
    return _end_item, out


def _start_list(page: Page, node: LexborNode, tag: str, attributes: Attributes, out: Sink) -> Step:
    if out is None:
        return None, None
    if _is_contents(node):
        _drop_label(out)
        return SKIP, out
    return end_block, beyond_heading(page, tag, out)


def _start_heading(page: Page, node: LexborNode, tag: str, attributes: Attributes, out: Sink) -> Step:
    page.heading = [] if out is not None else None
    return _end_heading, page.heading


def _start_caption(page: Page, node: LexborNode, tag: str, attributes: Attributes, out: Sink) -> Step:
    return end_caption, []


def _start_unseen(page: Page, node: LexborNode, tag: str, attributes: Attributes, out: Sink) -> Step:
    return _end_unseen, None


def _start_dialog(page: Page, node: LexborNode, tag: str, attributes: Attributes, out: Sink) -> Step:
    return (end_block, out) if "open" in attributes else _start_gap(page, node, tag, attributes, out)


def _start_figure(page: Page, node: LexborNode, tag: str, attributes: Attributes, out: Sink) -> Step:
    if _is_inner(page, out):
        return _step_inside(out)
    quote = node.css_first("blockquote") and not node.css_first("img,picture,svg,video,iframe,table,pre")
    return (end_block, out) if quote or node.css_first(SECTIONS) else (end_caption, [])


def _start_code(page: Page, node: LexborNode, tag: str, attributes: Attributes, out: Sink) -> Step:
    if node.css_first("p,h1,h2,h3,h4,h5,h6,ul,ol"):
        if treats().element.get(node.tag or "") != "code":
            return end_block, out
        # Left open, so that the rest of the post came into it.
        page.kinds.add("code")
        page.scrap = []
        return end_block, page.scrap
    if page.layout and not page.headings and _PLAIN.issuperset(attributes) and _reads_as_prose(node):
        return end_block, out
    page.kinds.add("code")
    return SKIP, out


def _start_table(page: Page, node: LexborNode, tag: str, attributes: Attributes, out: Sink) -> Step:
    if _is_inner(page, out):
        if out is None and node.css_first(_SEVERAL_CELLS):
            page.kinds.add("table")
        return _step_inside(out)
    if page.layouts >= _MOST_LAYOUTS:
        return end_block, out
    if _is_layout(page, node, attributes):
        page.layouts += 1
        return _end_layout, out
    if node.css_first(_SEVERAL_CELLS):
        page.kinds.add("table")
    return end_caption, []


def _is_inner(page: Page, out: Sink) -> bool:
    """Return whether a frame is a part of a figure or a table, which has been looked at, or of an output."""
    return out is not page.prose and out is not page.heading


def _step_inside(out: Sink) -> Step:
    return (end_block if out is not None else _end_unseen), out


def _is_layout(page: Page, node: LexborNode, attributes: Attributes) -> bool:
    """Return whether a table holds no data, but lays out what is in it."""
    around = node.parent.attributes if node.parent is not None else {}
    layout = (attributes.get("role") or "").lower() in ("presentation", "none")
    layout = layout or "admonitionblock" in (around.get("class") or "").split()
    if not node.css_first("th,thead,caption"):
        layout = layout or node.css_first(SECTIONS) is not None
        if page.layout and (holds(node, f"{BLOCKS},br,img,div") or not node.css_first(_SEVERAL_CELLS)):
            layout = True
    return layout


def without_box(node: LexborNode, text: str) -> str:
    """Return the first text of an item without the brackets that stand for a box of a list of tasks."""
    around = node.parent
    if around is not None and around.tag == "p":
        around = around.parent if element_before(around) is None else None
    box = _BOX.match(text) if around is not None and around.tag == "li" else None
    return text[box.end() :] if box else text


def without_callout_mark(node: LexborNode, text: str) -> str:
    """Return the first text of a quotation without the mark and the title that make it a callout.

    GitHub and Obsidian write ``[!note]``, with a title behind it or none.
    """
    around = node.parent
    if around is not None and around.tag == "p":
        around = around.parent
    mark = _CALLOUT.match(text)
    if mark is None or around is None or around.tag != "blockquote":
        return text
    title_ends = mark["end"] or (node.next is not None and node.next.tag == "br")
    return text[mark.end() :] if title_ends else mark["title"]


# -- parts of a line ---------------------------------------------------------------------------------


def _start_link(page: Page, node: LexborNode, tag: str, attributes: Attributes, out: Sink) -> Step:
    address = attributes.get("href")
    if address:
        wanted = page.asks_for is not None and page.asks_for(address.strip())
        if out is not None:
            raised = out is page.raised
            if ("#" in address or raised) and _is_mark(node, address, raised):
                if wanted:
                    page.links.append(OpenLink(address.strip(), node, None, 0))
                return _end_unseen, None
            page.last_link = len(out)
        if wanted:
            # What is raised becomes a part of the text around it only when it ends.
            sink = page.prose if out is not None and out is page.raised else out
            link = OpenLink(address.strip(), node, sink, len(sink or ()))
            page.links.append(link)
            page.open_links.append(link)
            return _end_link, out
    elif attributes.get("name") == "more" and node.first_child is None:
        page.mark_more(out)
    return None, out


def _start_literal(page: Page, node: LexborNode, tag: str, attributes: Attributes, out: Sink) -> Step:
    # Only what nothing stands before can be alone in its block.
    if (not out or out[-1] == BREAK or "style" in attributes) and _is_block_of_code(node, attributes):
        page.kinds.add("code")
        if out is not None:
            break_line(out)
        return SKIP, out
    page.literal += 1
    return _end_literal, out


def _start_slanted(page: Page, node: LexborNode, tag: str, attributes: Attributes, out: Sink) -> Step:
    shown = out is not None and page.pictures
    return (end_caption, []) if shown and is_caption(page, node) else (None, out)


def _start_raised(page: Page, node: LexborNode, tag: str, attributes: Attributes, out: Sink) -> Step:
    if out is None:
        return None, None
    page.raised = []
    return _end_superscript, page.raised


def _start_lowered(page: Page, node: LexborNode, tag: str, attributes: Attributes, out: Sink) -> Step:
    if out is None:
        return None, None
    page.raised = None
    return _end_subscript, []


def _start_formula(page: Page, node: LexborNode, tag: str, attributes: Attributes, out: Sink) -> Step:
    return _formula(page, node, tag, attributes, out, display=False)


def _start_display(page: Page, node: LexborNode, tag: str, attributes: Attributes, out: Sink) -> Step:
    return _formula(page, node, tag, attributes, out, display=True)


def _formula(
    page: Page, node: LexborNode, tag: str, attributes: Attributes, out: Sink, *, display: bool
) -> Step:
    page.kinds.add("math")
    if out is None:
        return SKIP, out
    mark = formula_mark(page, node, tag, attributes, display=display)
    if mark is None:
        return _end_formula, []
    if mark:
        out.append(mark)
    return SKIP, out


def _start_newline(page: Page, node: LexborNode, tag: str, attributes: Attributes, out: Sink) -> Step:
    if out is not None:
        break_line(out) if _after_newline(node) else gap(out)
    return SKIP, out


# -- marks and what is not shown ---------------------------------------------------------------------


def _start_more(page: Page, node: LexborNode, tag: str, attributes: Attributes, out: Sink) -> Step:
    page.mark_more(out)
    return None, out


def _start_comment(page: Page, node: LexborNode, tag: str, attributes: Attributes, out: Sink) -> Step:
    if _MORE_COMMENT.fullmatch(node.comment_content or ""):
        page.mark_more(out)
    return SKIP, out


def _start_script(page: Page, node: LexborNode, tag: str, attributes: Attributes, out: Sink) -> Step:
    kind = (attributes.get("type") or "").lower()
    if kind.startswith("math/"):
        page.kinds.add("math")
        if out is not None:
            out.append(script_mark(page, node, kind))
    elif "gist.github.com" in (attributes.get("src") or ""):
        page.kinds.add("code")
    return SKIP, out


def _start_nothing(page: Page, node: LexborNode, tag: str, attributes: Attributes, out: Sink) -> Step:
    return SKIP, out


def _start_gap(page: Page, node: LexborNode, tag: str, attributes: Attributes, out: Sink) -> Step:
    if out is not None:
        gap(out)
    return SKIP, out


# -- pictures and other media ------------------------------------------------------------------------


def _start_image(page: Page, node: LexborNode, tag: str, attributes: Attributes, out: Sink) -> Step:
    alt = " ".join((attributes.get("alt") or "").split())
    address = shown_address(attributes, sources(node))
    refused = refusal(page, address or "", node, attributes, alt)
    text = " "
    if refused == "formula":
        page.kinds.add("math")
        if TEX_LIKE.search(alt) or len(alt) == 1:
            text = page.formulas.mark(without_delimiters(alt)[0], False)
    elif refused == "emoji":
        text = alt if alt and not alt.isascii() and len(alt) <= FAR else " "
    elif (
        address is not None
        and refused is None
        and add_picture(page, address, attributes, alt, is_fallback(page, node))
    ):
        page.captions.append([alt])
    if out is not None:
        gap(out) if text == " " else out.append(text)
    return SKIP, out


def _start_drawing(page: Page, node: LexborNode, tag: str, attributes: Attributes, out: Sink) -> Step:
    add_drawing(page, node, attributes)
    return _start_gap(page, node, tag, attributes, out)


def _start_video(page: Page, node: LexborNode, tag: str, attributes: Attributes, out: Sink) -> Step:
    add_medium(page, "video", attributes)
    return _start_gap(page, node, tag, attributes, out)


def _start_audio(page: Page, node: LexborNode, tag: str, attributes: Attributes, out: Sink) -> Step:
    add_medium(page, "audio", attributes)
    return _start_gap(page, node, tag, attributes, out)


def _start_frame(page: Page, node: LexborNode, tag: str, attributes: Attributes, out: Sink) -> Step:
    add_medium(page, "frame", attributes)
    return _start_gap(page, node, tag, attributes, out)


def _start_object(page: Page, node: LexborNode, tag: str, attributes: Attributes, out: Sink) -> Step:
    if add_embedded(page, attributes):
        return _start_gap(page, node, tag, attributes, out)
    # What it holds is for browsers that cannot show it; unless it was only left open.
    return (None, out) if node.css_first(SECTIONS) else (_end_unseen, None)


def _start_noscript(page: Page, node: LexborNode, tag: str, attributes: Attributes, out: Sink) -> Step:
    page.noscript += 1
    return _end_noscript, None


STARTS: dict[str, Start] = {
    "item": _start_item,
    "list": _start_list,
    "heading": _start_heading,
    "caption": _start_caption,
    "figure": _start_figure,
    "table": _start_table,
    "code": _start_code,
    "dialog": _start_dialog,
    "link": _start_link,
    "literal": _start_literal,
    "slanted": _start_slanted,
    "raised": _start_raised,
    "lowered": _start_lowered,
    "formula": _start_formula,
    "display": _start_display,
    "newline": _start_newline,
    "more": _start_more,
    "comment": _start_comment,
    "script": _start_script,
    "note": _start_unseen,
    "output": _start_unseen,
    "nothing": _start_nothing,
    "hidden": _start_nothing,
    "permalink": _start_nothing,
    "gap": _start_gap,
    "toc": _start_gap,
    "image": _start_image,
    "svg": _start_drawing,
    "video": _start_video,
    "audio": _start_audio,
    "frame": _start_frame,
    "object": _start_object,
    "noscript": _start_noscript,
}


# -- what elements are -------------------------------------------------------------------------------


def _reads_as_prose(node: LexborNode) -> bool:
    """Return whether preformatted text is sentences rather than code."""
    if node.css_first("code,samp,kbd,span"):
        return False
    text = text_of(node)
    signs = sum(map(text.count, _CODE_SIGNS))
    return len(text.split()) >= _FEW_WORDS and _CODE_SIGN_SHARE * signs < len(text)


def _is_block_of_code(node: LexborNode, attributes: Attributes) -> bool:
    """Return whether ``code`` without ``pre`` is a block all the same: several lines alone in their block."""
    if (style := attributes.get("style")) and _SET_AS_BLOCK.search(style):
        return True
    if not is_alone(node) or (parent := node.parent) is None or parent.tag not in ("p", "div", "body", "li"):
        return False
    return node.css_first("br") is not None or "\n" in text_of(node)


def _drop_label(out: list[str]) -> None:
    """Take the words that announce a table of contents from the end of ``out``."""
    end = len(out)
    while end and out[end - 1] == BREAK:
        end -= 1
    start = end
    while start and end - start < FAR and out[start - 1] != BREAK:
        start -= 1
    label = "".join(out[start:end]).strip(" \t\n\r\f\xa0:.").casefold()
    if label in treats().contents and (start == 0 or out[start - 1] == BREAK):
        del out[start:end]


def _is_contents(node: LexborNode) -> bool:
    """Return whether a list holds nothing but links to places in the same post."""
    first: LexborNode | None = node
    while first is not None and first.tag != "a":
        first = first.first_child
        while first is not None and is_blank_text(first):
            first = first.next
    if first is None or not (first.attributes.get("href") or "").startswith("#"):
        return False
    links = node.css("a")
    if len(links) < 2 or not all((link.attributes.get("href") or "").startswith("#") for link in links):
        return False
    return sum(len(text_of(link)) for link in links) >= _MOSTLY * len("".join(node.text().split()))


def _after_newline(node: LexborNode) -> bool:
    """Return whether a line break follows another one, so that the two set paragraphs apart."""
    before = node.prev
    if before is not None and is_blank_text(before):
        before = before.prev
    return before is not None and before.tag == "br"


def _is_mark(node: LexborNode, address: str, raised: bool) -> bool:
    """Return whether a link only points to a footnote, back from one, or to the heading it stands in."""
    text = text_of(node)
    if len(text) > FAR:
        return False
    if _BACK_MARK.fullmatch(text) or (address[0] == "#" and text in ("#", "¶", "§", "🔗", "¤")):
        return True
    if not _NOTE_MARK.fullmatch(text):
        return False
    if _NOTE_ADDRESS.search(address):
        return True
    if raised:
        # No exponent is a link to somewhere else.
        return address[0] == "#" or BRACKETED_MARK.fullmatch(text) is not None or text.isdecimal()
    child = node.first_child
    return address[0] == "#" and child is not None and child.tag == "sup" and child.next is None
