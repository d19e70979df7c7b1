"""Papers in BibTeX: what is known of each, and nothing else."""

from dataclasses import replace

from pelican_mlnotes.links.bibtex import escape, write_bibtex
from pelican_mlnotes.links.papers import paper_at


def paper(address, title=""):
    found = paper_at(address)
    return replace(found, title=title) if title else found


def test_an_entry_says_what_is_known():
    text = write_bibtex(
        [
            paper("https://arxiv.org/abs/1706.03762", "Attention Is All You Need"),
            paper("https://doi.org/10.1038/nature14236"),
            paper("https://aclanthology.org/P18-1001/", "Words & numbers"),
        ]
    )
    assert text == (
        "@misc{arxiv:1706.03762,\n"
        "  title = {{Attention Is All You Need}},\n"
        "  year = {2017},\n"
        "  eprint = {1706.03762},\n"
        "  archivePrefix = {arXiv},\n"
        "  url = {https://arxiv.org/abs/1706.03762},\n"
        "}\n\n"
        "@misc{doi:10.1038_nature14236-434752f8,\n"
        "  doi = {10.1038/nature14236},\n"
        "  url = {https://doi.org/10.1038/nature14236},\n"
        "}\n\n"
        "@misc{acl:P18-1001,\n"
        "  title = {{Words \\& numbers}},\n"
        "  year = {2018},\n"
        "  url = {https://aclanthology.org/P18-1001/},\n"
        "}\n"
    )


def test_signs_of_latex_are_shown_and_braces_stay_balanced():
    text = escape("100% {x}} \\input{y} $a_1^2$ ~#& é 卷")
    assert text.count("{") == text.count("}")
    assert text == (
        "100\\% \\textbraceleft{}x\\textbraceright{}\\textbraceright{} \\textbackslash{}input"
        "\\textbraceleft{}y\\textbraceright{} \\$a\\_1\\textasciicircum{}2\\$ \\textasciitilde{}\\#\\& é 卷"
    )


def test_an_address_with_percent_signs_starts_no_comment():
    (line,) = [
        line
        for line in write_bibtex([paper("https://doi.org/10.1002/a%3C1")]).splitlines()
        if line.startswith("  url")
    ]
    assert line == "  url = {https://doi.org/10.1002/a\\%3C1},"
