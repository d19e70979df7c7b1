"""What has been read of a page so far?"""

from collections.abc import Callable

from pelican_mlnotes.document.classify import treats
from pelican_mlnotes.document.lines import Sink, has_text
from pelican_mlnotes.document.links import OpenLink, make_links
from pelican_mlnotes.document.model import Document, Picture
from pelican_mlnotes.document.pictures import PictureRules
from pelican_mlnotes.document.prose import BREAK, MORE, Formulas, make_line


class Page:
    """What a walk through the tree has collected, and what it must remember on its way."""

    def __init__(
        self,
        rules: PictureRules,
        marked: bool = False,
        layout: bool = False,
        links: Callable[[str], bool] | None = None,
    ) -> None:
        """Start an empty page; ``layout`` says that tables may only lay it out.

        ``links`` tells of an address whether its links are asked for.
        """
        self.rules = rules
        self.formulas_marked = marked
        self.layout = layout
        self.prose: list[str] = []
        self.headings: list[list[str]] = []
        self.captions: list[list[str]] = []
        self.pictures: list[Picture] = []
        self.asks_for = links
        self.links: list[OpenLink] = []
        # Those of them that have not ended.
        self.open_links: list[OpenLink] = []
        self.kinds: set[str] = set()
        self.formulas = Formulas()
        # Where the text of the heading, of what was left open, of the superscript that is being read goes.
        self.heading: Sink = None
        self.scrap: Sink = None
        self.raised: Sink = None
        # Where among the pieces the last link starts, and a sign was put behind the last item of a list.
        self.last_link = 0
        self.separated = -1
        # Whether the last picture may still get a caption.
        self.fresh = False
        # How many of these elements are open, and how many tables were taken for layout.
        self.literal = 0
        self.noscript = 0
        self.layouts = 0
        # Addresses of the pictures that all readers see, and of those for readers without scripts.
        self.shown: set[str] = set()
        self.fallbacks: set[str] = set()
        self.marked = False
        self.tools = treats().tools

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
            links=make_links(self.links, self.formulas) if self.links else (),
            kinds=frozenset(kinds),
            more=line.more,
            lead=line.lead,
            drawing="image" in self.kinds,
        )

    def mark_more(self, out: Sink) -> None:
        """Note the author's "read more" marker; only the first one counts."""
        if out is self.prose and not self.marked and has_text(out):
            self.marked = True
            out += (BREAK, MORE, BREAK)
