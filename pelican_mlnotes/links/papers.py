"""Which paper is at an address?

Read are the forms of address that archives and their mirrors give out; whatever else stands below their names
is a page like any other. Nothing is looked up.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from types import MappingProxyType
from urllib.parse import SplitResult, parse_qs, quote, unquote, urlsplit

from pelican_mlnotes._patterns import pattern

KINDS = MappingProxyType(
    {
        "arxiv": "arXiv",
        "doi": "DOI",
        "openreview": "OpenReview",
        "acl": "ACL Anthology",
        "pmlr": "PMLR",
        "jmlr": "JMLR",
        "neurips": "NeurIPS",
        "openalex": "OpenAlex",
    }
)
"""Kinds of papers -> the names of what keeps them."""

_NOT_IN_KEYS = pattern(r"[^A-Za-z0-9.-]+")
_LONGEST = 500
"""Characters of an address that is looked at."""
_PORTS = {"": None, "http": 80, "https": 443}

# https://info.arxiv.org/help/arxiv_identifier.html: the number has four digits until 2014, then five; before
# April 2007 it stands behind the name of an archive, which may have a class that is no part of the id.
_ARXIV = pattern(
    r"/(?:abs|pdf|html|format|overview)/(?:arxiv:)?(?:"
    r"(?P<yymm>(?:0[7-9]|[1-9]\d)(?:0[1-9]|1[0-2]))\.(?P<number>\d{4,5})"
    r"|(?P<archive>[a-z]+(?:-[a-z]+)?)(?:\.[a-z]{2}|\.[a-z]+-[a-z]+)?/"
    r"(?P<old>(?:9[1-9]|0[0-7])(?:0[1-9]|1[0-2])\d{3})"
    r")(?:v[1-9]\d*)?(?:\.pdf)?/?",
    re.IGNORECASE,
)
_FIVE_DIGITS = 1501
_DOI = pattern(r"/(?:doi:)?(?P<doi>10\.\d{4,9}(?:\.\d+)*/[^\s\\{}\"^`|\x00-\x1f\x7f]+)", re.IGNORECASE)
_ARXIV_DOI = pattern(r"10\.48550/arxiv\.?(?P<id>.*)")
_ACL_DOI = pattern(r"10\.(?:18653/v1|3115/v1)/(?P<id>.+)")
# https://aclanthology.org/info/ids/
_ACL = pattern(
    r"(?:/(?:anthology(?:-new)?|papers|[a-z]|[a-z]\d\d|[a-z]\d\d-\d{4,5}))*"
    r"/(?P<id>[a-z](?P<yy>\d\d)-\d{4,5}|(?P<year>(?:19|20)\d\d)\.[a-z0-9_]+-[a-z0-9_]+\.\d+)"
    r"(?:v\d+)?(?:\.(?:pdf|bib|html))?/?",
    re.IGNORECASE,
)
_SLUG = r"[a-z][a-z0-9-]*\d\d[a-z]{0,2}"
_PMLR = pattern(
    rf"(?:/proceedings/papers)?/(?P<volume>[vr]\d+)/(?P<slug>{_SLUG})(?:\.html|\.pdf|/(?P=slug)(?:-supp)?\.pdf)?/?"
)
_JMLR = pattern(
    rf"/papers/v(?:olume)?(?P<volume>\d+)/(?P<slug>{_SLUG}|\d\d-\d{{3,4}})(?:\.html|\.pdf|/(?P=slug)\.pdf)?/?"
)
_NEURIPS = pattern(
    r"(?:/paper_files)?/paper/(?P<year>(?:19|20)\d\d)/(?:hash|file)/"
    r"(?P<hash>[0-9a-f]{32})-[A-Za-z]+(?:-(?P<track>[A-Za-z_]+))?\.(?:html|pdf|bib|json|zip)"
)
_NIPS = pattern(r"/paper/(?P<number>\d{1,5})-(?P<name>[a-z0-9-]+?)(?:\.pdf|\.html)?/?", re.IGNORECASE)
_TRACKS_SINCE = 2022
_OPENREVIEW = pattern(r"/(?:forum|pdf)/?")
_OPENREVIEW_ID = pattern(r"[A-Za-z0-9_-]{5,20}")
_OPENALEX = pattern(r"/(?:works/)?(?P<id>W[1-9]\d{2,})/?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper as an address tells of it."""

    id: str
    """What its kind names it by, such as ``1706.03762``: no version, letters in one case."""
    kind: str
    """One of ``KINDS``."""
    url: str
    """Address of its page, the same whatever address a link had."""
    title: str
    """Plain text; the id where nobody says more."""
    year: int | None = None
    """Where the address tells it; with arXiv, the year in which it was handed in."""

    @property
    def key(self) -> str:
        """Names the paper where letters, digits and few signs are allowed; no two papers share one."""
        key = _NOT_IN_KEYS.sub("_", self.id)
        if key != self.id:
            key += "-" + blake2b(self.id.encode(), digest_size=4).hexdigest()
        return f"{self.kind}:{key}"

    @property
    def label(self) -> str:
        """The name of what keeps it, and the id, or for one that nobody can read, the year."""
        by_hash = self.kind == "neurips" and self.year is not None
        return f"{KINDS[self.kind]} {self.year if by_hash else self.id}"


def paper_at(address: str) -> Paper | None:
    """Return the paper at ``address``, its id for a title; ``None`` for every other address."""
    if "/" not in address or len(address) > _LONGEST:
        return None
    try:
        parts = urlsplit(address.strip())
        host, port = (parts.hostname or "").removeprefix("www."), parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or port not in (None, _PORTS[parts.scheme]):
        return None
    read = _ARCHIVES.get(host)
    if read is None and host.endswith(".arxiv.org"):  # mirrors
        read = _arxiv
    return read(unquote(parts.path).replace("//", "/"), parts) if read else None


def _paper(kind: str, name: str, url: str, year: int | None = None) -> Paper:
    return Paper(name, kind, url, name, year)


def _arxiv(path: str, _: SplitResult | None = None) -> Paper | None:
    match = _ARXIV.fullmatch(path)
    if match is None:
        return None
    if match["old"]:
        name = f"{match['archive'].lower()}/{match['old']}"
        year = int(match["old"][:2])
        year += 1900 if year > 90 else 2000
    else:
        name = f"{match['yymm']}.{match['number']}"
        year = 2000 + int(match["yymm"][:2])
        if len(match["number"]) != (5 if int(match["yymm"]) >= _FIVE_DIGITS else 4):
            return None
    return _paper("arxiv", name, f"https://arxiv.org/abs/{name}", year)


def _doi(path: str, _: SplitResult) -> Paper | None:
    match = _DOI.fullmatch(path.rstrip("/"))
    if match is None:
        return None
    # https://www.doi.org/doi-handbook/: names are the same in either case.
    name = match["doi"].lower()
    if name[-1] in ".,;:" or name.count("(") != name.count(")"):
        return None  # signs of the sentence around it
    if not name.isprintable():
        return None  # https://www.doi.org/doi-handbook/: a name is of printable characters.
    if elsewhere := _ARXIV_DOI.fullmatch(name):
        return _arxiv(f"/abs/{elsewhere['id']}")
    if (elsewhere := _ACL_DOI.fullmatch(name)) and (found := _acl(f"/{elsewhere['id']}")):
        return found
    return _paper("doi", name, "https://doi.org/" + quote(name, safe="/:;()._-"))


def _acl(path: str, _: SplitResult | None = None) -> Paper | None:
    match = _ACL.fullmatch(path)
    if match is None:
        return None
    if match["year"]:
        name, year = match["id"].lower(), int(match["year"])
    else:
        name, year = match["id"].upper(), int(match["yy"])
        year += 1900 if year >= 60 else 2000
    return _paper("acl", name, f"https://aclanthology.org/{name}/", year)


def _aclweb(path: str, _: SplitResult) -> Paper | None:
    return _acl(path) if path.startswith(("/anthology/", "/anthology-new/")) else None


def _pmlr(path: str, _: SplitResult) -> Paper | None:
    match = _PMLR.fullmatch(path)
    if match is None:
        return None
    name = f"{match['volume']}/{match['slug']}"
    return _paper("pmlr", name, f"https://proceedings.mlr.press/{name}.html")


def _jmlr(path: str, parts: SplitResult) -> Paper | None:
    if path.startswith("/proceedings/"):
        return _pmlr(path, parts)
    match = _JMLR.fullmatch(path)
    if match is None:
        return None
    name = f"v{match['volume']}/{match['slug']}"
    return _paper("jmlr", name, f"https://jmlr.org/papers/{name}.html")


def _neurips(path: str, _: SplitResult) -> Paper | None:
    if match := _NEURIPS.fullmatch(path):
        year = int(match["year"])
        track = match["track"] or ("Conference" if year >= _TRACKS_SINCE else "")
        page = f"{match['hash']}-Abstract{'-' if track else ''}{track}.html"
        url = f"https://proceedings.neurips.cc/paper_files/paper/{year}/hash/{page}"
        return _paper("neurips", match["hash"], url, year)
    if match := _NIPS.fullmatch(path):
        # The page is found by the whole name; the number alone is the paper's.
        url = f"https://papers.nips.cc/paper/{match['number']}-{match['name'].lower()}"
        return _paper("neurips", match["number"], url)
    return None


def _openreview(path: str, parts: SplitResult) -> Paper | None:
    names = parse_qs(parts.query).get("id", [""])
    if not _OPENREVIEW.fullmatch(path) or not _OPENREVIEW_ID.fullmatch(names[0]):
        return None
    return _paper("openreview", names[0], f"https://openreview.net/forum?id={names[0]}")


def _openalex(path: str, _: SplitResult) -> Paper | None:
    match = _OPENALEX.fullmatch(path)
    return (
        _paper("openalex", match["id"].upper(), f"https://openalex.org/{match['id'].upper()}")
        if match
        else None
    )


_ARCHIVES: dict[str, Callable[[str, SplitResult], Paper | None]] = {
    **dict.fromkeys(("arxiv.org", "ar5iv.org", "ar5iv.labs.arxiv.org", "alphaxiv.org"), _arxiv),
    **dict.fromkeys(("doi.org", "dx.doi.org"), _doi),
    **dict.fromkeys(("aclanthology.org", "aclanthology.info", "anthology.aclweb.org"), _acl),
    "aclweb.org": _aclweb,
    "proceedings.mlr.press": _pmlr,
    **dict.fromkeys(("jmlr.org", "jmlr.csail.mit.edu"), _jmlr),
    **dict.fromkeys(("papers.nips.cc", "papers.neurips.cc", "proceedings.neurips.cc"), _neurips),
    "openreview.net": _openreview,
    **dict.fromkeys(("openalex.org", "api.openalex.org", "explore.openalex.org"), _openalex),
}
