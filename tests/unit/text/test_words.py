import unicodedata

import pytest

from pelican_mlnotes.text.words import normalise, stop_words, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Self-Attention is all", ["self", "attention", "is", "all"]),
        ("word2vec and GPT-4", ["word2vec", "and", "gpt", "4"]),
        ("C++, C# or g++ (c++17)", ["c++", "c#", "or", "g++", "c++", "17"]),
        ("i + 1, #tag, a++b, x\x01y", ["i", "1", "tag", "a", "b", "x", "y"]),
        ("the model's, Bayes' and 's", ["the", "model", "bayes", "and"]),
        ("the model’s weights don’t", ["the", "model", "weights", "don", "t"]),
        ("snake_case and __init__", ["snake", "case", "and", "init"]),
        ("  \t\n ", []),
        ("", []),
        ("--- !!! ___", []),
    ],
)
def test_words_are_letters_and_digits_in_lower_case(text, expected):
    assert words(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("naïve Bayes", "naive bayes"),
        ("Fréchet inception distance", "Frechet Inception Distance"),
        ("cafe\u0301", "café"),
        ("tiếng Việt", unicodedata.normalize("NFD", "tiếng Việt")),
        ("straße", "STRASSE"),
        ("İstanbul", "istanbul"),
        ("ﬁne‑tuning", "fine-tuning"),
        ("soft\u00adware", "software"),
        ("ｗｏｒｄ２ｖｅｃ", "word2vec"),
        ("𝑥 𝐱", "x x"),
        ("ёлка", "елка"),
        ("کتاب‌ها", "كتاب ها"),
        ("کِتاب", "کتاب"),
        ("ok ✅️", "ok"),
        ("“quoted” – text…", "quoted text"),
        ("ОБУЧЕНИЕ", "обучение"),
        ("ΛΌΓΟΣ", "λόγος"),
    ],
)
def test_spellings_of_one_word_are_one(one, other):
    assert normalise(one) == normalise(other) != ""


def test_cyrillic_short_i_stays_a_letter_of_its_own():
    assert words("новый") == ["новый"]


def test_indic_vowel_signs_stay_in_their_word():
    assert words("हिन्दी भाषा") == ["हिन्दी", "भाषा"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("深度学习，模型", ["深度", "度学", "学习", "模型"]),
        ("GPT模型的2023年", ["gpt", "模型", "型的", "2023", "年"]),
        ("ｶﾀｶﾅ", ["カタ", "タカ", "カナ"]),
        ("딥러닝 모델", ["딥러", "러닝", "모델"]),
        ("รู้จัก", ["รู้จั", "จัก"]),
    ],
)
def test_scripts_without_blanks_give_overlapping_pairs(text, expected):
    assert words(text) == expected


def test_a_lone_surrogate_separates():
    assert words("a\ud800b é\udfff") == ["a", "b", "e"]


@pytest.mark.parametrize(
    "lang",
    ["en", "de", "fr", "es", "it", "pt", "nl", "sv", "pl", "tr", "ru", "uk", "fa", "ar", "zh", "ja", "ko"],
)
def test_stop_words_are_spelt_as_words_gives_them(lang):
    assert len(stop_words(lang)) > 80
    assert all(words(word) == [word] for word in stop_words(lang))


def test_stop_words_go_by_the_first_part_of_a_language_tag():
    assert stop_words("pt-BR") == stop_words("PT_pt") == stop_words(" pt ")


def test_an_unknown_language_has_no_stop_words():
    assert stop_words("tlh") == stop_words("") == frozenset()


def test_stop_words_hold_what_contractions_leave():
    assert {"don", "t", "ll", "isn"} <= stop_words("en")
    assert {"l", "qu", "aujourd", "hui"} <= stop_words("fr")
