"""What does this post say, what does it show? One walk over the tree of its HTML turns it into plain data."""

import re
from collections.abc import Callable
from functools import cache
from html import escape

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pelican_mlnotes._patterns import pattern
from pelican_mlnotes.document.classify import TELLING, classify, treats
from pelican_mlnotes.document.elements import (
    SKIP,
    STARTS,
    End,
    beyond_heading,
    end_block,
    end_caption,
    without_box,
    without_callout_mark,
)
from pelican_mlnotes.document.flatten import flatten
from pelican_mlnotes.document.lines import SPACE_OR_CLOSER, Sink, break_line, close_up, separate
from pelican_mlnotes.document.media import is_numbered_caption
from pelican_mlnotes.document.model import Document
from pelican_mlnotes.document.page import Page
from pelican_mlnotes.document.pictures import BUNDLED, PictureRules, load_picture_rules
from pelican_mlnotes.document.prose import BREAK, literal, money

_MARKUP = pattern(
    r"<!--|</?(?:a|abbr|b|blockquote|br|cite|code|del|div|em|figure|h[1-6]|hr|i|img|ins|kbd|li|mark|math|ol|p|pre|q"
    r"|s|samp|script|section|small|span|strong|sub|sup|table|u|ul|var)(?:\s[^<>]*)?/?>|&(?:#\w+|[a-zA-Z]\w+);",
    re.IGNORECASE,
)
_CAPTION_CODE = pattern(r"\[caption(?:\s[^\]<>]{0,400})?\]")


def parse_document(
    html: str,
    rules: PictureRules | None = None,
    *,
    marked: bool = False,
    links: Callable[[str], bool] | None = None,
) -> Document:
    """Return what ``html``, the body of a post, says and shows; never raises.

    ``rules`` tell real pictures from icons and the like; without them the bundled ones count. ``marked``
    says that every formula stands in an element of its own, so that a dollar sign is one. ``links`` tells of
    an address whether its links are asked for; without it, none are.
    """
    if "[/caption]" in html and len(_CAPTION_CODE.findall(html)) == html.count("[/caption]"):
        html = _CAPTION_CODE.sub("<figure>", html).replace("[/caption]", "</figure>")
    # Behind <body>, everything is read as content; nothing of it moves to the head.
    body = LexborHTMLParser("<!doctype html><body>" + flatten(html)).body
    page = Page(rules or _bundled_rules(), marked, links=links)
    if body is None:
        return page.document()
    _walk(page, body)
    document = page.document()
    if not document.prose and body.css_first("table" if document.headings else "table,pre") is not None:
        # All the text may stand in tables that only lay out the page, or in one preformatted text.
        page = Page(rules or _bundled_rules(), marked, layout=True, links=links)
        _walk(page, body)
        document = page.document()
    return document


def parse_text(text: str, *, marked: bool = False) -> Document:
    """Return what a line of the front matter says: it is HTML if it holds any, plain text if not.

    ``marked`` is that of ``parse_document``.
    """
    return parse_document(text if _MARKUP.search(text) else escape(text, quote=False), marked=marked)


@cache
def _bundled_rules() -> PictureRules:
    return load_picture_rules(BUNDLED)


def _walk(page: Page, body: LexborNode) -> None:
    """Visit what is below ``body`` in document order, without recursion."""
    by_name, blocks = treats().element, treats().blocks
    prose = page.prose
    out: Sink = prose
    # What is open: the element, how it ends, and where text goes after it.
    stack: list[tuple[LexborNode, End | None, Sink]] = []
    node = body.first_child
    while node is not None or stack:
        if node is None:
            node, end, before = stack.pop()
            if end is not None:
                end(page, out, before)
                out = before
            node = node.next
            continue
        if node.is_text_node:
            if out is not None:
                # In line, for there are as many texts as elements: a function takes 3% longer to read a post.
                text = node.text_content or ""
                if text[:1] == "[" and (not out or out[-1] == BREAK):
                    text = without_callout_mark(node, text) if text[1:2] == "!" else without_box(node, text)
                if page.literal:
                    text = literal(text)
                elif page.formulas_marked and "$" in text:
                    text = money(text)
                if text[:1] in SPACE_OR_CLOSER:
                    text = close_up(out, text)
                if text:
                    out.append(text)
            node = node.next
            continue
        tag = node.tag or ""
        treat = by_name.get(tag, "line")
        attributes = node.attributes
        if attributes and not TELLING.isdisjoint(attributes):
            treat = classify(treat, tag, node, attributes, page.kinds)
        child = node.first_child
        end, after = None, out
        if treat == "block":
            if out is not None:
                if out and out[-1] != BREAK:
                    out.append(BREAK)
                end = end_block
                if out is not prose:
                    after = beyond_heading(page, tag, out)
                elif page.fresh and tag == "p":
                    page.fresh = False
                    if is_numbered_caption(node):
                        end, after = end_caption, []
        elif treat != "line":
            if out is not None and tag in blocks:
                if treat == "item":
                    page.separated = separate(node, tag, out)
                break_line(out)
            end, after = STARTS[treat](page, node, tag, attributes, out)
            if end is SKIP:
                end, child, after = None, None, out
        if child is None:
            if end is not None:
                end(page, after, out)
            node = node.next
        else:
            stack.append((node, end, out))
            out = after
            node = child
