"""What a build costs, counted rather than timed; ``python -m bench`` measures."""

import gc
import re
import shutil
from collections import Counter

import pytest

import pelican_mlnotes
from bench import doubling
from bench.__main__ import build, main
from bench.corpus import Shape, write_corpus
from bench.instructions import count, find_valgrind
from pelican_mlnotes.related.index import RelatedIndex
from tests.edge import caller_of


@pytest.mark.slow
def test_the_bench_prints_a_ratio_and_every_stage(capsys):
    main(["--posts", "4", "--pairs", "1"])
    printed = capsys.readouterr().out
    for row in ("CPU, s", "memory, MB", "parse", "words", "topics", "related", "write-back"):
        assert f"\n{row} " in printed


@pytest.mark.slow
def test_the_bench_doubles_each_input(capsys):
    main(["--posts", "2", "--pairs", "1", "--words", "60", "--growth"])
    rows = [line.split()[0] for line in capsys.readouterr().out.splitlines() if line and line[0].isalpha()]
    assert rows == ["doubled", "posts", "words", "images", "links", "topics", "taxonomy"]


def test_the_bench_says_what_it_counts_with_and_where_to_get_it(monkeypatch, capsys):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SystemExit):
        main(["--instructions"])
    assert "valgrind, which is not on PATH" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("valgrind") is None, reason="needs valgrind")
def test_the_bench_counts_the_same_instructions_again(tmp_path, capsys):
    main(["--instructions", "--posts", "2"])
    rows = {
        line.split()[0]: float(line.split()[1]) for line in capsys.readouterr().out.splitlines()[3:] if line
    }
    assert list(rows) == ["bare", "plugin", "lists", "theme", "plugin/bare", "lists/bare", "theme/lists"]
    write_corpus(tmp_path, 2)
    again = count(find_valgrind(), tmp_path, "bare") / 1e9
    assert abs(again / rows["bare"] - 1) < 0.01


def test_the_bench_says_why_a_build_failed(tmp_path):
    with pytest.raises(RuntimeError, match="no-such-taxonomy"):
        build(tmp_path, tmp_path / "output", "with", 'MLNOTES_TOPICS_TAXONOMY="no-such-taxonomy.toml"')


def test_the_same_numbers_give_the_same_corpus(tmp_path):
    for name in ("one", "two"):
        write_corpus(tmp_path / name, 3, Shape(words=50))
    files = [
        {file.name: file.read_bytes() for file in (tmp_path / name).rglob("*.*")} for name in ("one", "two")
    ]
    assert files[0] == files[1]
    assert sum(name.endswith(".md") for name in files[0]) == 3


def count_calls(monkeypatch):
    calls = Counter()

    def counted(name, function):
        def run(*args, **kwargs):
            calls[name] += 1
            return function(*args, **kwargs)

        return run

    for name in ("read_body", "words", "suggest_topics", "make_excerpt", "cached_taxonomy"):
        home = caller_of(name)
        monkeypatch.setattr(home, name, counted(name, getattr(home, name)))
    for name in ("add", "rank"):
        monkeypatch.setattr(RelatedIndex, name, counted(name, getattr(RelatedIndex, name)))
    return calls


def write_forest(site):
    for number in range(4):
        trees = f"A random forest is an ensemble of decision trees. Bagging grows tree {number} of it. " * 9
        site.post(f"forest-{number}", trees if number % 2 else "Knead the dough and bake the bread. " * 9)
    site.post("lake", "The lake froze over in January. " * 9)
    site.post("draft", "Gradient boosting.", Status="draft")


ONCE_A_POST = {"read_body": 6, "words": 6, "suggest_topics": 6, "make_excerpt": 6, "cached_taxonomy": 1}


def test_each_post_is_parsed_split_and_ranked_once(site, monkeypatch):
    calls = count_calls(monkeypatch)
    write_forest(site)
    site.build(THEME=pelican_mlnotes.theme_path())
    assert calls == {**ONCE_A_POST, "add": 6, "rank": 1}


def test_related_posts_cost_nothing_where_no_template_shows_them(site, monkeypatch):
    calls = count_calls(monkeypatch)
    write_forest(site)
    built = site.build()
    assert calls == ONCE_A_POST
    built.generators.clear()
    gc.collect()  # lists can still be looked at when the build is over
    shown = site.build(MLNOTES_RELATED_APPEND=True)
    calls.clear()
    for slug, article in built.articles.items():
        expected = [other.slug for other in shown.articles[slug].related_posts]
        assert [other.slug for other in article.related_posts] == expected
        assert bool(expected) == slug.startswith("forest")
        assert dict(article.related_reasons) == dict(shown.articles[slug].related_reasons)
    assert calls == {"read_body": 6, "add": 6, "rank": 1}


def test_nothing_of_a_build_is_kept_but_what_templates_show(site):
    site.post("one", "A random forest. " * 9)
    build = site.build().generators[0].mlnotes
    assert build.taxonomy is None
    assert build.relating is None
    assert build.readings == build.topic_tags == build.added_tags == {}


def test_doubling_tells_what_is_quadratic_from_what_is_linear(monkeypatch):
    # By a clock that counts the work, for a real one is moved by all else that runs.
    monkeypatch.setattr(
        doubling, "_seconds", lambda case, size, patience=0.0: case.run(case.make(size)) / 1e6
    )

    def text(size):
        return "a" * size

    def square(text):
        return len(text) ** 2

    assert doubling.measure(doubling.Case("square", square, text)).ratio > 3
    assert doubling.measure(doubling.Case("line", len, text)).size == 0
    assert doubling.measure(doubling.Case("steep line", lambda text: 100 * len(text), text)).ratio < 3


def test_doubling_finds_inputs_that_a_pattern_is_slow_on():
    slow = re.compile("<a>.*</a>")
    texts = list(doubling.hostile_texts(slow))
    assert ("", "<a>", "\0") in texts
    assert ("<a>", "\t", "\0") in texts


@pytest.mark.slow
def test_doubling_reaches_every_reader_and_pattern():
    names = [case.name for case in doubling.cases()]
    assert len(names) == len(set(names)) > 5000
    assert {name.split()[0] for name in names} == {"pattern", "reader"}
