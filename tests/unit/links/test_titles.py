"""Which texts of links are titles of papers, which may stand for one, and which say nothing."""

import pytest

from pelican_mlnotes.links.titles import LONGEST, best_title, clean_title, is_sensible, is_title


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Attention Is All You Need", "Attention Is All You Need"),
        ("“Attention is all you need.”", "Attention is all you need"),
        ('  "Attention is\n all you need,"', "Attention is all you need"),
        ("[12] Attention is all you need", "Attention is all you need"),
        ("3. Attention is all you need", "Attention is all you need"),
        ("Attention Is All You Need (Vaswani et al., 2017)", "Attention Is All You Need"),
        ("Attention Is All You Need [Vaswani 2017]", "Attention Is All You Need"),
        ("Attention Is All You Need (PDF)", "Attention Is All You Need"),
        ("Attention Is All You Need (arxiv.org)", "Attention Is All You Need"),
        ("Vaswani et al. (2017): Attention is all you need", "Attention is all you need"),
        ('"Why Should I Trust You?": Explaining', '"Why Should I Trust You?": Explaining'),
        ("Vaswani et al. “Attention is all you need” NIPS 2017", "Attention is all you need"),
        ("mixup: Beyond Empirical Risk Minimization", "mixup: Beyond Empirical Risk Minimization"),
        ("word2vec Explained: Deriving Mikolov", "word2vec Explained: Deriving Mikolov"),
        ("β-VAE: Learning basic visual concepts", "β-VAE: Learning basic visual concepts"),
        ("Weight Uncertainty (Bayes by Backprop)", "Weight Uncertainty (Bayes by Backprop)"),
        ("注意力就是你所需要的全部", "注意力就是你所需要的全部"),
    ],
)
def test_a_title_is_found_without_what_stands_around_it(text, expected):
    assert clean_title(text) == expected
    assert is_title(expected)


@pytest.mark.parametrize("text", ["BERT", "Adam", "Pointer networks", "GPT-4", "T5", "卷积"])
def test_a_name_may_stand_for_a_paper_but_is_no_title(text):
    assert is_sensible(clean_title(text))
    assert not is_title(clean_title(text))


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "[1]", "1", "(12)", "?", "→", "here", "this paper", "Paper", "link", "PDF"),
        *("the original paper", "read the paper"),
        *("arXiv", "arXiv:1706.03762", "[arXiv:1706.03762v5]", "1706.03762 [cs.CL]"),
        *("doi:10.1038/nature14236",),
        *("https://arxiv.org/abs/1706.03762", "arxiv.org/abs/1706.03762"),
        *("arXiv preprint arXiv:1706.03762",),
        *("Vaswani et al., 2017", "Vaswani, et al. 2017", "Kingma & Welling (2014)"),
        *("Hasselt, Guez, & Silver, 2016", "(Smith and Jones, 2020b)"),
        *("Vaswani et al.", "Van den Oord 2016"),
        *("Betancourt & Girolami (2013)",),
        *("in practice", "does not seem to play nice", "found", "论文", "P18-1001"),
        *("see the full paper here",),
        *("Graves, 2016", "Mikolov '13", "NeurIPS 2017", "x" * (LONGEST + 1), "Word " * 5000),
    ],
)  # fmt: skip
def test_what_says_nothing_of_a_paper_stands_for_none(text):
    assert not is_sensible(clean_title(text))


@pytest.mark.parametrize(
    "text",
    ["by the authors of BERT", "the original GAN paper", "this is what DeepMind did", "original GAN paper"],
)
def test_a_piece_of_a_sentence_is_no_title(text):
    assert not is_title(clean_title(text))


@pytest.mark.parametrize("sign", ["\u202a", "\u202b", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068"])
def test_a_title_turns_nothing_behind_it(sign):
    close = "\u2069" if sign >= "\u2066" else "\u202c"
    assert clean_title(f"A {sign}title of words") == f"A {sign}title of words{close}"
    assert clean_title(f"A {sign}title{close} of words{close}") == f"A {sign}title{close} of words"
    assert clean_title(f"Kingma {sign}(2014): A title{close} of words").count(close) == 0
    assert clean_title(f"A title of words {sign}(Kingma{close}, 2014)") == f"A title of words {sign}{close}"


def test_the_longest_title_is_the_best_else_the_longest_sensible_text():
    assert best_title(["BERT", "BERT: Pre-training of", "A fine title", "here"]) == "BERT: Pre-training of"
    assert best_title(["BERT", "ELECTRA", "here"]) == "ELECTRA"
    assert best_title(["GPT", "BAT"]) == best_title(["BAT", "GPT"]) == "BAT"
    assert best_title(["here", ""]) == ""


@pytest.mark.parametrize(
    "piece", ["and ", "A and ", "et al ", "(", "[1] ", "“", "A, ", "2017 ", "'17", "A.b/", "1706.03762 "]
)
def test_no_text_takes_long(piece):
    text = clean_title(piece * 100_000)
    assert not is_title(text)
    clean_title((piece * 500)[:LONGEST])
    is_title((piece * 500)[:LONGEST])
