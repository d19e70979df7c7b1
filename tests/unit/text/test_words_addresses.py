"""The address of a web page says where something is, not what is spoken of."""

import pytest

from pelican_mlnotes.text.words import normalise_all, words


@pytest.mark.parametrize(
    "address",
    [
        "https://blog.example/gan/bert/lstm",
        "HTTP://Blog.Example/gan?bert=lstm#gan",
        "www.gan.example/bert",
        "github.com/someone/gan",
        "docs.bert.ai/lstm",
        "arxiv.org/abs/1810.04805",
    ],
)
def test_an_address_holds_no_words(address):
    assert words(f"See {address} there") == ["see", "there"]
    assert normalise_all([f"See {address} there", "plain"]) == ["see there", "plain"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("TCP/IP and read/write", ["tcp", "ip", "and", "read", "write"]),
        ("node.js/deno", ["node", "js", "deno"]),
        ("the U.S./Canada border", ["the", "u", "s", "canada", "border"]),
        ("C++/C#", ["c++", "c#"]),
    ],
)
def test_a_slash_alone_makes_no_address(text, found):
    assert words(text) == found
