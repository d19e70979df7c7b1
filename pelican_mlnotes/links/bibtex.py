"""How does a list of papers look in BibTeX?"""

from collections.abc import Iterable

from pelican_mlnotes._patterns import pattern
from pelican_mlnotes.links.papers import Paper

_SIGNS = str.maketrans(
    {
        # A brace counts in BibTeX even behind a backslash.
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "&%$#_"},
    }
)
_UNSAFE = pattern(r"[{}\\%\s]")


def write_bibtex(papers: Iterable[Paper]) -> str:
    """Return an entry for each of ``papers`` that says what is known: no authors, a title if links have one.

    Keys follow from the ids alone, so that no other paper changes one.
    """
    return "\n".join(_entry(paper) for paper in papers)


def _entry(paper: Paper) -> str:
    fields = []
    if paper.title != paper.id:
        fields.append(("title", f"{{{escape(paper.title)}}}"))
    if paper.year is not None:
        fields.append(("year", str(paper.year)))
    if paper.kind == "arxiv":
        fields += [("eprint", paper.id), ("archivePrefix", "arXiv")]
    elif paper.kind == "doi" and not _UNSAFE.search(paper.id):
        fields.append(("doi", paper.id))
    fields.append(("url", paper.url.replace("%", r"\%")))
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields)
    return f"@misc{{{paper.key},\n{lines}}}\n"


def escape(text: str) -> str:
    """Return plain text as BibTeX and LaTeX show it."""
    return text.translate(_SIGNS)
