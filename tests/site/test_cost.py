"""What a build costs, counted rather than timed; ``python -m bench`` measures."""

from collections import Counter

import pytest

from bench.__main__ import build, main
from bench.corpus import Shape, write_corpus
from pelican_mlnotes import plugin


def test_the_bench_prints_a_ratio_and_every_stage(capsys):
    main(["--posts", "4", "--pairs", "1"])
    printed = capsys.readouterr().out
    for row in ("CPU, s", "memory, MB", "parse", "words", "topics", "related", "write-back"):
        assert f"\n{row} " in printed


def test_the_bench_doubles_each_input(capsys):
    main(["--posts", "2", "--pairs", "1", "--words", "60", "--growth"])
    rows = [line.split()[0] for line in capsys.readouterr().out.splitlines() if line and line[0].isalpha()]
    assert rows == ["doubled", "posts", "words", "images", "links", "topics", "taxonomy"]


def test_the_bench_says_why_a_build_failed(tmp_path):
    with pytest.raises(RuntimeError, match="no-such-taxonomy"):
        build(tmp_path, tmp_path / "output", "with", "no-such-taxonomy.toml")


def test_the_same_numbers_give_the_same_corpus(tmp_path):
    for name in ("one", "two"):
        write_corpus(tmp_path / name, 3, Shape(words=50))
    files = [
        {file.name: file.read_bytes() for file in (tmp_path / name).rglob("*.*")} for name in ("one", "two")
    ]
    assert files[0] == files[1]
    assert sum(name.endswith(".md") for name in files[0]) == 3


def test_each_post_is_parsed_split_and_ranked_once(site, monkeypatch):
    calls = Counter()

    def counted(name):
        function = getattr(plugin, name)

        def run(*args, **kwargs):
            calls[name] += 1
            return function(*args, **kwargs)

        return run

    for name in ("parse_document", "words", "suggest_topics", "make_excerpt", "load_taxonomy", "_rank"):
        monkeypatch.setattr(plugin, name, counted(name))
    for number in range(5):
        site.post(f"post-{number}", "A random forest is an ensemble of decision trees. " * 9)
    site.post("draft", "Gradient boosting.", Status="draft")
    site.build()
    assert calls == {
        "parse_document": 6,
        "words": 6,
        "suggest_topics": 6,
        "make_excerpt": 6,
        "load_taxonomy": 1,
        "_rank": 1,
    }


def test_nothing_of_a_build_is_kept_but_what_templates_show(site):
    site.post("one", "A random forest. " * 9)
    build = site.build().generators[0].mlnotes
    assert build.taxonomy is None
    assert build.readings == build.related == build.topic_tags == build.added_tags == {}
