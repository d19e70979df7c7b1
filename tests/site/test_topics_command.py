"""``python -m pelican_mlnotes topics`` on real sites."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from pelican_mlnotes.cli.main import main

SIAMESE = (
    "Siamese networks learn a metric: two twins with shared weights embed two faces, and the triplet loss "
    "pulls embeddings of one person together. A siamese network needs few examples of a class. "
    "Metric learning with the triplet loss is sensitive to the choice of triplets."
)
# A method that no taxonomy knows, on a blog about language models.
QUOKKA = (
    "We train a language model with Quokka sampling. With Quokka sampling the decoder of a large language "
    "model looks ahead, and Quokka sampling costs less than beam search. What Quokka sampling needs is a "
    "draft from a small language model; the Quokka sampling loop then fine-tunes its temperature."
)


def answer(capsys, *arguments, code=0):
    capsys.readouterr()
    assert main([*arguments, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def printed(capsys, *arguments, code=0):
    capsys.readouterr()
    assert main([*arguments]) == code
    return capsys.readouterr()


def on_terminal(capsys, monkeypatch, *arguments, columns=80):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("LINES", "50")  # without, a dumb terminal is taken for 80 columns
    return re.sub(r"\x1b\[[0-9;]*m", "", printed(capsys, *arguments).out)


# ---------------------------------------------------------------------------------------------- listing


def test_topics_are_listed_with_what_posts_have_them(site, conf, capsys):
    site.post("siamese-networks", SIAMESE)
    site.post("twins", SIAMESE, Tags="siamese nets")
    site.post("draft-of-it", SIAMESE, Status="draft")
    site.post("hidden-one", SIAMESE, Status="hidden")
    built = site.build()
    found = {one["id"]: one for one in answer(capsys, "topics")}
    for article in built.articles.values():
        assert article.topics
    entry = found["siamese-networks"]
    assert entry["label"] == "Siamese Networks"
    assert entry["posts"] == 2
    assert "metric-learning" in entry["broader"]
    assert "siamese-networks" in found["metric-learning"]["narrower"]
    assert found["object-detection"]["posts"] == 0
    assert found["object-detection"]["tag"] == ""


def test_a_topic_is_told_by_the_name_that_it_has_on_the_site(site, conf, capsys):
    site.post("siamese-networks", SIAMESE, Tags="siamese network")
    (found,) = [one for one in answer(capsys, "topics", "siamese") if one["id"] == "siamese-networks"]
    assert found["tag"] == "siamese network"


def test_posts_are_counted_where_no_post_gets_topics(site, conf, capsys):
    conf(MLNOTES_TOPICS_MAX=0)
    site.post("a", "Nothing.", Tags="reinforcement learning")
    assert answer(capsys, "topics", "reinforcement-learning")[0]["posts"] == 1


def test_rare_topics_are_counted(site, conf, capsys):
    conf(MLNOTES_TOPICS_MIN_POSTS=3)
    site.post("siamese-networks", SIAMESE)
    assert answer(capsys, "topics", "siamese-networks")[0]["posts"] == 1


@pytest.mark.parametrize(
    ("asked", "topic"),
    [
        ("SIAMESE networks", "siamese-networks"),
        ("siamese-network", "siamese-networks"),
        ("rl", "reinforcement-learning"),
        ("apprentissage par renforcement", "reinforcement-learning"),
        ("aprendizado por reforco", "reinforcement-learning"),
        ("强化学习", "reinforcement-learning"),
        ("convolutional n", "convolutional-neural-networks"),
        ("object-detection", "object-detection"),
    ],
)
def test_a_word_finds_topics_by_any_name(capsys, asked, topic, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert answer(capsys, "topics", *asked.split())[0]["id"] == topic


def test_a_former_label_finds_the_topic_that_stands_for_it(site, conf, capsys):
    site.write("topics.toml", '[[topic]]\nid = "atari"\nreplaced_by = "robotics"\n')
    conf(MLNOTES_TOPICS_TAXONOMY="topics.toml")
    (found,) = answer(capsys, "topics", "Atari benchmarks")
    assert (found["id"], found["found_by"]) == ("robotics", "Atari Benchmark")


def test_a_word_is_looked_for_where_words_begin_before_inside_of_them(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = {one["id"] for one in answer(capsys, "topics", "rl")}
    assert "world-models" not in found
    assert answer(capsys, "topics", "orchvisio")[0]["found_by"].lower().find("orchvisio") > 0


def test_what_nothing_is_called_is_answered_with_what_is_like_it(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert answer(capsys, "topics", "reinforcment learnin") == []
    told = printed(capsys, "topics", "reinforcment learnin")
    assert told.out == ""
    assert "did you mean 'Reinforcement Learning'" in told.err


def test_topics_are_listed_without_a_site(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = answer(capsys, "topics")
    assert len(found) > 900
    assert {one["posts"] for one in found} == {None}
    lines = printed(capsys, "topics").out.splitlines()
    assert len(lines) == len(found)
    assert all(2 <= len(line.split("\t")) <= 5 for line in lines)


def test_an_empty_site_has_topics_and_lacks_none(site, conf, capsys):
    assert {one["posts"] for one in answer(capsys, "topics")} == {0}
    assert answer(capsys, "topics", "--missing") == []
    told = printed(capsys, "topics", "--missing")
    assert (told.out, "no topic" in told.err) == ("", True)


@pytest.mark.parametrize("columns", [30, 80, 300])
def test_topics_are_shown_on_terminals_of_any_width(site, conf, capsys, monkeypatch, columns):
    site.post("siamese-networks", SIAMESE, Tags="siamese network")
    whole = on_terminal(capsys, monkeypatch, "topics", "siamese", columns=columns)
    assert 'Posts: 1, tag "siamese network"' in re.sub(r"\s+", " ", whole)
    table = on_terminal(capsys, monkeypatch, "topics", columns=columns)
    assert "Broader" in table
    assert max(map(len, (whole + table).splitlines())) <= columns


@pytest.mark.parametrize("columns", [50, 100, 300])
def test_no_id_is_broken_on_a_terminal(capsys, monkeypatch, tmp_path, columns):
    monkeypatch.chdir(tmp_path)
    shown = on_terminal(capsys, monkeypatch, "topics", "reinforcement", columns=columns)
    found = answer(capsys, "topics", "reinforcement")
    assert {one["id"] for one in found} | {id_ for one in found for id_ in one["broader"]} <= set(
        re.findall(r"[^\s,]+", shown)
    )


def test_a_post_that_cannot_be_read_is_told(site, conf, capsys):
    site.post("siamese-networks", SIAMESE)
    site.write("broken.md", b"Title: Broken\nDate: 2026-13-45\n\nText.\n")
    for arguments in (["topics", "siamese"], ["topics", "--missing"]):
        assert "content/broken.md: Pelican cannot read this post" in printed(capsys, *arguments).err


def test_a_names_signs_cannot_steer_the_terminal(site, conf, capsys, monkeypatch):
    label = "Quok\\u001b[31mka\\u202e"
    site.write("topics.toml", f'[[topic]]\nid = "quokka"\nlabel = "{label}"\ndescription = "\\u0007x"\n')
    conf(MLNOTES_TOPICS_TAXONOMY="topics.toml")
    for out in (
        on_terminal(capsys, monkeypatch, "topics", "quokka"),
        on_terminal(capsys, monkeypatch, "topics"),
    ):
        assert "\ufffd[31m" in out
        assert "\x07" not in out
        assert "\u202e" not in out


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["topics", "--missing", "word"], "not both"),
        (["topics", "-s", "nowhere.py"], "no settings file nowhere.py"),
        (["topics", "--missing"], "no pelicanconf.py here"),
    ],
)
def test_what_cannot_be_answered_says_why(capsys, tmp_path, monkeypatch, arguments, why):
    monkeypatch.chdir(tmp_path)
    assert why in printed(capsys, *arguments, code=2).err


# ---------------------------------------------------------------------------------------------- missing


def test_a_phrase_of_several_posts_is_proposed_and_pasting_it_works(site, conf, capsys):
    site.post("quokka-sampling", QUOKKA)
    site.post("faster-with-quokka-sampling", QUOKKA)
    site.post("siamese-networks", SIAMESE)
    (one,) = answer(capsys, "topics", "--missing")
    assert (one["id"], one["label"]) == ("quokka-sampling", "Quokka Sampling")
    assert one["posts"] == ["content/faster-with-quokka-sampling.md", "content/quokka-sampling.md"]
    site.write("topics.toml", printed(capsys, "topics", "--missing").out)
    built = site.build(MLNOTES_TOPICS_TAXONOMY="topics.toml")
    having = [slug for slug, post in built.articles.items() if "Quokka Sampling" in map(str, post.topics)]
    assert sorted(f"content/{slug}.md" for slug in having) == one["posts"]
    conf(MLNOTES_TOPICS_TAXONOMY="topics.toml")
    assert answer(capsys, "topics", "--missing") == []
    assert answer(capsys, "topics", "quokka")[0]["posts"] == 2


def test_a_phrase_of_a_title_and_its_text_is_proposed(site, conf, capsys):
    site.post("quokka-sampling", QUOKKA)
    assert [one["label"] for one in answer(capsys, "topics", "--missing")] == ["Quokka Sampling"]


@pytest.mark.parametrize("metadata", [{"Status": "draft"}, {"Status": "hidden"}, {"Topics": "none"}])
def test_what_no_listed_post_would_get_is_not_proposed(site, conf, capsys, metadata):
    site.post("quokka-sampling", QUOKKA, **metadata)
    assert answer(capsys, "topics", "--missing") == []


def test_what_the_taxonomy_has_and_turns_of_phrase_are_not_proposed(site, conf, capsys):
    heads = "".join(f"\n\n## {name}\n\n" for name in ("Getting started", "Final thoughts", "Related work"))
    for number in range(3):
        text = f"{SIAMESE} {QUOKKA.replace('Quokka sampling', 'beam search')} Getting started is easy. " * 2
        site.post(f"siamese-networks-part-{number}", text + heads + "Final thoughts on related work. " * 4)
    assert answer(capsys, "topics", "--missing") == []


def test_names_of_the_site_and_its_author_are_not_proposed(site, conf, capsys):
    conf(SITENAME="Quokka", AUTHOR="Sampling")
    site.post("quokka-sampling", QUOKKA)
    assert answer(capsys, "topics", "--missing") == []


def test_entries_to_paste_are_toml_whatever_titles_and_paths_hold(site, conf, capsys):
    title = 'Quokka "sampling" \\ <b>now</b> &amp; \x1b[31m'
    for name in ("with a \n line", "q\x7fuokka"):
        body = QUOKKA.replace("Quokka sampling", 'Quokka "sampling"')
        site.write(f"{name}.md", f"Title: {title}\nDate: 2026-01-01\nSlug: {len(name)}\n\n{body}\n")
    told = printed(capsys, "topics", "--missing").out
    assert "\x1b" not in told
    entries = tomllib.loads(told)["topic"]
    assert entries
    assert all(re.fullmatch("[a-z0-9-]+", one["id"]) for one in entries)


def test_ids_that_are_taken_are_not_proposed_again(site, conf, capsys):
    site.write("topics.toml", '[[topic]]\nid = "quokka-sampling"\nlabel = "Something Else"\n')
    conf(MLNOTES_TOPICS_TAXONOMY="topics.toml")
    site.post("quokka-sampling", QUOKKA)
    (one,) = answer(capsys, "topics", "--missing")
    assert one["id"] == "quokka-sampling-2"
    assert "paste what you like into content/topics.toml" in printed(capsys, "topics", "--missing").err


def test_nothing_is_written(site, conf, capsys):
    site.post("quokka-sampling", QUOKKA)
    before = sorted(map(str, Path().rglob("*")))
    printed(capsys, "topics", "--missing")
    assert sorted(map(str, Path().rglob("*"))) == before
