"""Which paper is at an address, whatever form that has."""

import pytest

from pelican_mlnotes.links.papers import KINDS, paper_at

HASH = "3f5ee243547dee91fbd053c1c4a845aa"
ATTENTION = ("arxiv", "1706.03762", "https://arxiv.org/abs/1706.03762", 2017)
OLD = ("arxiv", "hep-th/9901001", "https://arxiv.org/abs/hep-th/9901001", 1999)
GEOMETRY = ("arxiv", "math/0309136", "https://arxiv.org/abs/math/0309136", 2003)
NATURE = ("doi", "10.1038/nature14236", "https://doi.org/10.1038/nature14236", None)
REVIEW = ("openreview", "rJY0-Kcll", "https://openreview.net/forum?id=rJY0-Kcll", None)
P18 = ("acl", "P18-1001", "https://aclanthology.org/P18-1001/", 2018)
ACL20 = ("acl", "2020.acl-main.1", "https://aclanthology.org/2020.acl-main.1/", 2020)
PMLR = ("pmlr", "v97/tan19a", "https://proceedings.mlr.press/v97/tan19a.html", None)
SILVER = ("pmlr", "v32/silver14", "https://proceedings.mlr.press/v32/silver14.html", None)
JMLR = ("jmlr", "v15/srivastava14a", "https://jmlr.org/papers/v15/srivastava14a.html", None)
JMLR21 = ("jmlr", "v21/20-074", "https://jmlr.org/papers/v21/20-074.html", None)
NIPS = ("neurips", "7181", "https://papers.nips.cc/paper/7181-attention-is-all-you-need", None)
PAGE = "https://proceedings.neurips.cc/paper_files/paper"
NEURIPS17 = ("neurips", HASH, f"{PAGE}/2017/hash/{HASH}-Abstract.html", 2017)
NEURIPS23 = ("neurips", HASH, f"{PAGE}/2023/hash/{HASH}-Abstract-Conference.html", 2023)
BENCH = f"{PAGE}/2023/hash/{HASH}-Abstract-Datasets_and_Benchmarks.html"
ALEX = ("openalex", "W2741809807", "https://openalex.org/W2741809807", None)

ADDRESSES = [
    *(
        (address, ATTENTION)
        for address in (
            "https://arxiv.org/abs/1706.03762",
            "http://arxiv.org/abs/1706.03762v5",
            "//arxiv.org/abs/1706.03762",
            "HTTPS://ARXIV.org/abs/1706.03762/",
            "https://www.arxiv.org/pdf/1706.03762",
            "https://arxiv.org/pdf/1706.03762v12.pdf#page=3",
            "https://arxiv.org/abs/1706.03762?context=cs.LG",
            "https://arxiv.org/html/1706.03762v7",
            "https://export.arxiv.org/abs/1706.03762",
            "https://arxiv.org/abs/arXiv:1706.03762",
            "https://arxiv.org:443/abs/1706.03762",
            "https://arxiv.org//abs/1706.03762",
            "https://ar5iv.labs.arxiv.org/html/1706.03762",
            "https://ar5iv.org/abs/1706.03762v3",
            "https://www.alphaxiv.org/abs/1706.03762v7",
            "https://alphaxiv.org/overview/1706.03762",
            "https://doi.org/10.48550/arXiv.1706.03762",
            "https://doi.org/10.48550/ARXIV.1706.03762",
        )
    ),
    ("https://arxiv.org/abs/hep-th/9901001", OLD),
    ("http://arxiv.org/pdf/hep-th/9901001v2.pdf", OLD),
    ("https://arxiv.org/abs/math.GT/0309136", GEOMETRY),
    ("https://arxiv.org/abs/math/0309136v1", GEOMETRY),
    ("https://arxiv.org/abs/0704.0001", ("arxiv", "0704.0001", "https://arxiv.org/abs/0704.0001", 2007)),
    ("https://doi.org/10.1038/nature14236", NATURE),
    ("http://dx.doi.org/10.1038/NATURE14236", NATURE),
    ("https://www.doi.org/10.1038%2Fnature14236?nosfx=y", NATURE),
    ("https://doi.org/doi:10.1038/nature14236/", NATURE),
    (
        "https://doi.org/10.1002/(SICI)1097-0258(19980815)17:15%3C1661::AID-SIM968%3E3.0.CO;2-2",
        (
            "doi",
            "10.1002/(sici)1097-0258(19980815)17:15<1661::aid-sim968>3.0.co;2-2",
            "https://doi.org/10.1002/(sici)1097-0258(19980815)17:15%3C1661::aid-sim968%3E3.0.co;2-2",
            None,
        ),
    ),
    ("https://doi.org/10.18653/v1/P18-1001", P18),
    ("https://doi.org/10.18653/v1/2020.acl-main.1", ACL20),
    ("https://openreview.net/forum?id=rJY0-Kcll", REVIEW),
    ("https://openreview.net/pdf?id=rJY0-Kcll", REVIEW),
    ("https://openreview.net/forum?id=rJY0-Kcll&noteId=abc#x", REVIEW),
    ("https://aclanthology.org/P18-1001/", P18),
    ("https://aclanthology.org/p18-1001v2.pdf", P18),
    ("https://www.aclweb.org/anthology/P18-1001", P18),
    ("http://aclweb.org/anthology/papers/P/P18/P18-1001/", P18),
    ("http://anthology.aclweb.org/P/P18/P18-1001.pdf", P18),
    ("https://aclanthology.info/papers/P18-1001/p18-1001", P18),
    ("https://aclanthology.org/2020.acl-main.1.pdf", ACL20),
    ("https://www.aclweb.org/anthology/2020.acl-main.1/", ACL20),
    ("https://aclanthology.org/P98-2152", ("acl", "P98-2152", "https://aclanthology.org/P98-2152/", 1998)),
    ("https://proceedings.mlr.press/v97/tan19a.html", PMLR),
    ("http://proceedings.mlr.press/v97/tan19a/tan19a.pdf", PMLR),
    ("http://proceedings.mlr.press/v97/tan19a/tan19a-supp.pdf", PMLR),
    ("http://proceedings.mlr.press/v32/silver14.pdf", SILVER),
    ("http://jmlr.org/proceedings/papers/v32/silver14.pdf", SILVER),
    ("http://jmlr.csail.mit.edu/proceedings/papers/v32/silver14.html", SILVER),
    ("https://jmlr.org/papers/v15/srivastava14a.html", JMLR),
    ("http://www.jmlr.org/papers/volume15/srivastava14a/srivastava14a.pdf", JMLR),
    ("http://jmlr.csail.mit.edu/papers/v15/srivastava14a.html", JMLR),
    ("https://jmlr.org/papers/v21/20-074.html", JMLR21),
    ("https://www.jmlr.org/papers/volume21/20-074/20-074.pdf", JMLR21),
    ("https://papers.nips.cc/paper/7181-attention-is-all-you-need", NIPS),
    ("http://papers.nips.cc/paper/7181-attention-is-all-you-need.pdf", NIPS),
    (f"https://papers.nips.cc/paper/2017/hash/{HASH}-Abstract.html", NEURIPS17),
    (f"https://papers.neurips.cc/paper/2017/file/{HASH}-Paper.pdf", NEURIPS17),
    (f"https://proceedings.neurips.cc/paper_files/paper/2017/file/{HASH}-Paper.pdf", NEURIPS17),
    (f"https://proceedings.neurips.cc/paper_files/paper/2023/file/{HASH}-Paper-Conference.pdf", NEURIPS23),
    (f"https://proceedings.neurips.cc/paper/2023/hash/{HASH}-Abstract-Conference.html", NEURIPS23),
    (f"{PAGE}/2023/file/{HASH}-Paper-Datasets_and_Benchmarks.pdf", ("neurips", HASH, BENCH, 2023)),
    ("https://openalex.org/W2741809807", ALEX),
    ("https://openalex.org/works/w2741809807", ALEX),
    ("https://api.openalex.org/works/W2741809807?select=id", ALEX),
]


@pytest.mark.parametrize(("address", "expected"), ADDRESSES, ids=lambda value: str(value)[:60])
def test_a_paper_is_one_whatever_the_form_of_its_address(address, expected):
    paper = paper_at(address)
    assert paper is not None
    assert (paper.kind, paper.id, paper.url, paper.year) == expected
    assert paper.title == paper.id
    assert paper_at(paper.url) == paper


@pytest.mark.parametrize(
    "address",
    [
        "https://arxiv.org/abs/",
        "https://arxiv.org/abs",
        "https://arxiv.org/",
        "https://arxiv.org/list/cs/recent",
        "https://arxiv.org/abs/1706.0376",
        "https://arxiv.org/abs/1713.03762",
        "https://arxiv.org/abs/1412.03762",
        "https://arxiv.org/abs/1706.03762)",
        "https://arxiv.org/abs/[1706.03762",
        "https://arxiv.org/abs/1706.03762v0",
        "https://arxiv.org/abs/9901001",
        "https://arxiv.org/abs/hep-th/990100",
        "https://arxiv.org/abs/hep-th/9913001",
        "https://arxiv.org/abs/../abs/1706.03762",
        "https://arxiv.org:8080/abs/1706.03762",
        "https://arxiv.org@evil.example/abs/1706.03762",
        "https://arxiv.org.evil.example/abs/1706.03762",
        "https://notarxiv.org/abs/1706.03762",
        "ftp://arxiv.org/abs/1706.03762",
        "javascript://arxiv.org/abs/1706.03762",
        "arxiv.org/abs/1706.03762",
        "/abs/1706.03762",
        "https://doi.org/",
        "https://doi.org/10.1038/",
        "https://doi.org/10.1038",
        "https://doi.org/10.1038/a%20b",
        "https://doi.org/10.1038/a{b}",
        "https://doi.org/10.1038/%00",
        "https://doi.org/10.1038/x%E2%80%AEy",
        "https://doi.org/10.1038/x\u2067y",
        "https://doi.org/10.1038/xy%E2%80%8B",
        "https://doi.org/10.1038/x\ud800y",
        "https://doi.org/10.1038/nature14236)",
        "https://doi.org/10.1038/nature14236.",
        "https://doi.org/10.1002/(sici",
        "https://doi.org/10.48550/arXiv.",
        "https://openreview.net/forum",
        "https://openreview.net/forum?id=",
        "https://openreview.net/forum?id=%3Cb%3Eabcd",
        "https://openreview.net/group?id=ICLR.cc/2020/Conference",
        "https://aclanthology.org/volumes/P18-1/",
        "https://aclanthology.org/P18-1/",
        "https://www.aclweb.org/P18-1001/",
        "https://2025.aclweb.org/anthology/P18-1001/",
        "https://proceedings.mlr.press/v97/",
        "https://proceedings.mlr.press/v97/tan19a/other19a.pdf",
        "https://jmlr.org/papers/v15/",
        "https://jmlr.org/mloss/",
        "https://papers.nips.cc/paper/2017",
        "https://papers.nips.cc/paper/7181",
        f"https://papers.nips.cc/paper/2017/hash/{HASH[:-1]}-Abstract.html",
        "https://neurips.cc/Conferences/2020/CallForPapers",
        "https://openalex.org/A2741809807",
        "https://openalex.org/W",
        "https://[::1/abs/1706.03762",
        "https://arxiv.org:x/abs/1706.03762",
        "https://doi.org/10.1000/" + "x" * 1000,
        "",
        "#",
    ],
)
def test_what_names_no_paper_is_none(address):
    assert paper_at(address) is None


def test_keys_are_unique_and_hold_few_signs():
    papers = [paper_at(address) for address, _ in ADDRESSES]
    papers += [paper_at(f"https://doi.org/10.1000/{name}") for name in ("a_b", "a(b)", "a<b", "a:b", "a;b")]
    keys = {paper.key for paper in papers}
    assert len(keys) == len({(paper.kind, paper.id) for paper in papers})
    assert not [
        key
        for key in keys
        if not key.replace(":", "").replace(".", "").replace("-", "").replace("_", "").isalnum()
    ]
    assert {paper.kind for paper in papers} == set(KINDS)


def test_a_label_names_who_keeps_the_paper():
    assert paper_at("https://arxiv.org/abs/1706.03762").label == "arXiv 1706.03762"
