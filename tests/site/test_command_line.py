"""``python -m pelican_mlnotes`` on real sites."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pelican_mlnotes.cli.main import _program, main
from pelican_mlnotes.cli.shown import rounded

SIAMESE = (
    "Siamese networks learn a metric: two twins with shared weights embed two faces, and the triplet loss "
    "pulls embeddings of one person together. A siamese network needs few examples of a class. "
    "Metric learning with the triplet loss is sensitive to the choice of triplets."
)
COAST = (
    "We walked along the coast for nine days, from one village to the next, with heavy bags and light minds. "
    "It rained on most mornings and cleared in the afternoon, so that the sea was grey first and then blue. "
    "In the evening somebody always had soup, bread and a story about a boat that did not come back in time."
)


REPOSITORY = Path(__file__).resolve().parents[2]
LISTS = """
from pelican import signals

def set_lists(generator):
    if "lists" not in generator.settings["PLUGINS"]:  # signals keep firing in the builds after
        return
    for article in generator.articles:
        article.related_posts = [{"title": "Far", "url": "https://far.example/"}]

def register():
    signals.article_generator_pretaxonomy.connect(set_lists)
"""

LISTS_READER = """
from pelican import signals
from pelican.readers import MarkdownReader

class ListsReader(MarkdownReader):
    def read(self, source):
        with open(source, encoding="utf-8-sig") as file:
            head, body = file.read().removeprefix("---").split("---", 1)
        found, key = {}, ""
        for line in head.strip().splitlines():
            if line.startswith("- "):
                found.setdefault(key, []).append(line[2:])
            else:
                key, _, value = line.partition(":")
                if value.strip():
                    found[key] = [value.strip()]
        names = {key.lower(): ", ".join(values) for key, values in found.items()}
        return f"<p>{body}</p>", {key: self.process_metadata(key, value) for key, value in names.items()}

def add(readers):
    if "yaml_lists" in readers.settings["PLUGINS"]:  # signals keep firing in the builds after
        readers.reader_classes["md"] = ListsReader

def register():
    signals.readers_init.connect(add)
"""


def files(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def answer(capsys, *arguments, code=0):
    capsys.readouterr()
    assert main([*map(str, arguments), "--json"]) == code
    return json.loads(capsys.readouterr().out)


def test_explain_tells_topics_with_evidence_runners_up_and_the_authors_tags(site, conf, capsys):
    site.post("siamese-networks", SIAMESE, Tags="triplet loss, notes")
    (post,) = answer(capsys, "explain")
    assert post["path"] == "content/siamese-networks.md"
    assert post["excerpt_length"] == len(SIAMESE)
    assert post["topics_chosen_by"] == "text"
    best = post["topics"][0]
    assert best["topic"] == "Siamese Networks"
    assert 0.3 <= best["score"] <= 1
    assert best["evidence"][0].lower() == "title: siamese networks"
    assert post["runners_up"]
    assert all(one["lost"] for one in post["runners_up"])
    assert [tag["tag"] for tag in post["author_tags"]] == ["triplet loss", "notes"]
    assert post["author_tags"][0]["topic"]
    assert post["author_tags"][1]["topic"] == ""


def test_explain_tells_what_a_build_shows(site, conf, capsys):
    site.post("siamese-networks", SIAMESE)
    site.post("metric-learning", SIAMESE + " ![Twins](https://images.example/twins.png)", Tags="metrics")
    explained = answer(capsys, "explain")
    built = site.build()
    for post in explained:
        article = built.articles[Path(post["path"]).stem]
        assert [topic["tag"] for topic in post["topics"]] == [tag.name for tag in article.topics]
        assert post["badges"] == article.badges
        assert post["excerpt_length"] == len(article.excerpt)
        assert [one["title"] for one in post["related"]] == [one.title for one in article.related_posts]


@pytest.mark.parametrize(
    ("body", "metadata", "source"),
    [
        (SIAMESE, {"Excerpt": "My own."}, "the line 'Excerpt:'"),
        (SIAMESE, {"Summary": "My own."}, "the line 'Summary:'"),
        (f"{SIAMESE}\n\n<!-- more -->\n\n{COAST}", {}, "the text up to the 'more' marker"),
        (SIAMESE, {}, "the text"),
        (f"{SIAMESE} {COAST} {COAST} {COAST}\n\n<!-- more -->\n\n{COAST}", {}, "the start of the text"),
        ("## Twins", {}, "the headings"),
        ("---", {}, ""),
    ],
)
def test_explain_tells_what_the_excerpt_was_made_from(site, conf, capsys, body, metadata, source):
    site.post("siamese-networks", body, **metadata)
    (post,) = answer(capsys, "explain")
    assert post["excerpt_from"] == source
    conf(MLNOTES_EXCERPT_LENGTH=0)
    assert answer(capsys, "explain")[0]["excerpt_from"] == ""


def test_explain_tells_the_picture_of_the_badge_and_the_authors_own(site, conf, capsys):
    pictures = "![Twins](https://images.example/twins.png) ![Twins](https://images.example/more.png)"
    site.post("siamese-networks", f"{SIAMESE}\n\n{pictures}", Image="https://images.example/own.png")
    (post,) = answer(capsys, "explain")
    assert post["picture"] == "https://images.example/twins.png"
    assert post["image"] == "https://images.example/own.png"


def test_explain_tells_scores_of_related_posts_and_near_misses(site, conf, capsys):
    site.post("siamese-networks", SIAMESE)
    site.post("metric-learning", SIAMESE + " Few examples of a class will do.")
    site.post("coast", COAST + " The twins came with us.")
    post = next(one for one in answer(capsys, "explain") if one["title"] == "Siamese Networks")
    assert [one["title"] for one in post["related"]] == ["Metric Learning"]
    assert post["related"][0]["score"] > 0.3
    assert post["related_short"] == "the next scores less than 0.01"
    assert [one["title"] for one in post["near_misses"]] == ["Coast"]
    assert 0 < post["near_misses"][0]["score"] < 0.05


def test_explain_tells_why_there_are_no_related_posts(site, conf, capsys):
    site.post("siamese-networks", SIAMESE)
    site.post("hidden", SIAMESE, Status="draft")
    assert [one["related_short"] for one in answer(capsys, "explain")] == [
        "there are no other posts",
        "no other post in 'en' is published",
    ]
    site.post("coast", COAST, Related_posts="none")
    posts = {one["title"]: one["related_short"] for one in answer(capsys, "explain")}
    assert posts["Coast"] == "the author wrote 'Related_posts: none'"
    assert posts["Siamese Networks"] == "the others share too few telling words"
    conf(MLNOTES_RELATED_MAX=0)
    assert {one["related_short"] for one in answer(capsys, "explain")} == {"MLNOTES_RELATED_MAX is 0"}


def test_explain_tells_which_topics_are_names_without_a_page(site, conf, capsys, monkeypatch):
    site.post("siamese-networks", SIAMESE)
    site.post("draft", "Q-learning is a reinforcement learning algorithm. " * 4, Status="draft")
    why = "a name without a page: 1 post has it, MLNOTES_TOPICS_MIN_POSTS is 2"
    assert {
        topic["without_page"]
        for topic in answer(capsys, "explain", "content/siamese-networks.md")[0]["topics"]
    } == {""}
    assert answer(capsys, "explain", "--site")["topics_without_page"] == []
    conf(MLNOTES_TOPICS_MIN_POSTS=2)
    (post,) = answer(capsys, "explain", "content/siamese-networks.md")
    assert {topic["without_page"] for topic in post["topics"]} == {why}
    (draft,) = answer(capsys, "explain", "content/draft.md")
    assert {topic["without_page"] for topic in draft["topics"]} == {
        "a name without a page: no listed post has it"
    }
    names = sorted(topic["tag"] for topic in post["topics"])
    assert answer(capsys, "explain", "--site")["topics_without_page"] == names
    main(["explain", "content/siamese-networks.md"])
    assert why in capsys.readouterr().out
    site.post("twins", SIAMESE)
    assert answer(capsys, "explain", "--site")["topics_without_page"] == []
    conf(MLNOTES_TOPICS_MIN_POSTS=3, TAG_SAVE_AS="")
    assert answer(capsys, "explain", "--site")["topics_without_page"] == []


def test_explain_names_a_narrower_topic_once(site, conf, capsys):
    site.post("siamese-networks", SIAMESE)
    (post,) = answer(capsys, "explain")
    told = [*post["topics"], *post["runners_up"]]
    assert any(one["through"] for one in told)
    for one in told:
        assert len(set(one["through"])) == len(one["through"])
        assert not any(part.startswith("narrower") for part in one["evidence"])
        assert one["evidence"] or one["through"]


def test_explain_judges_topics_beside_those_that_the_author_adds(site, conf, capsys):
    # Of the text alone the post would have this topic, which is broader than the added one.
    text = "Reinforcement learning: the agent learns a value function with a reward, by policy gradient."
    site.post("grid", text, Topics="+Markov Decision Processes")
    (post,) = answer(capsys, "explain")
    assert [topic["topic"] for topic in post["topics"]] == ["Markov Decision Processes"]
    lost = {one["topic"]: one["lost"] for one in post["runners_up"]}
    assert lost["Reinforcement Learning"].startswith("Markov Decision Processes is narrower")


def test_explain_tells_what_the_author_and_the_site_bar_and_add(site, conf, capsys, monkeypatch):
    conf(MLNOTES_TOPICS_NEVER=("Metric Learning",))
    site.post("siamese-networks", SIAMESE, Topics="+Cats, -siamese nets, -robotics")
    (post,) = answer(capsys, "explain")
    assert post["topics_chosen_by"] == "text and author"
    cats, *others = post["topics"]
    assert (cats["tag"], cats["chosen_by"]) == ("Cats", "author")
    assert {one["chosen_by"] for one in others} <= {"text"}
    lost = {one["topic"]: one for one in post["runners_up"]}
    assert lost["Siamese Networks"]["lost"] == "barred by the author"
    assert lost["Siamese Networks"]["score"] > 0.3
    assert lost["Robotics"]["lost"] == "barred by the author"
    assert lost["Metric Learning"]["lost"] == "MLNOTES_TOPICS_NEVER has it"
    main(["explain"])
    lines = capsys.readouterr().out.splitlines()
    assert "content/siamese-networks.md\ttopic\tCats\t\tthe author added it" in lines
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    main(["explain"])
    shown = re.sub(r"\s+", " ", capsys.readouterr().out)
    assert "The author added or barred single topics." in shown
    assert "barred by the author" in shown


def test_explain_tells_of_a_topic_that_both_the_author_and_the_site_bar(site, conf, capsys):
    conf(MLNOTES_TOPICS_NEVER=("Robotics", "Siamese Networks"))
    site.post("siamese-networks", SIAMESE, Topics="-robotics, -siamese nets")
    (post,) = answer(capsys, "explain")
    lost = {one["topic"]: (one["lost"], one["score"] > 0) for one in post["runners_up"]}
    assert lost["Siamese Networks"] == ("MLNOTES_TOPICS_NEVER has it", True)
    assert lost["Robotics"] == ("MLNOTES_TOPICS_NEVER has it", False)


def test_explain_lists_the_papers_of_a_post_where_they_are_read(site, conf, capsys, monkeypatch):
    attention, old = "https://arxiv.org/abs/1706.03762", "https://papers.nips.cc/paper/3964-some-words"
    site.post("one", f"[Attention is all you need]({attention}v2), [here]({old})", Papers="planted")
    assert [post["papers"] for post in answer(capsys, "explain")] == [[]]
    conf(MLNOTES_PAPERS=True)
    (post,) = answer(capsys, "explain")
    assert post["papers"] == [
        {"title": "Attention is all you need", "label": "arXiv 1706.03762", "url": attention},
        {"title": "3964", "label": "NeurIPS 3964", "url": old},
    ]
    main(["explain"])
    lines = capsys.readouterr().out.splitlines()
    assert f"content/one.md\tpaper\tAttention is all you need\tarXiv 1706.03762\t{attention}" in lines
    site.post(
        "one", "".join(f"[Paper number {n:02}](https://arxiv.org/abs/1706.000{n:02}), " for n in range(30))
    )
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    main(["explain"])
    shown = capsys.readouterr().out
    assert "Paper: Paper number 00 (arXiv 1706.00000)" in shown
    assert "and 22 more papers" in shown


def test_explain_bears_with_the_lists_of_other_plugins(site, conf, capsys):
    site.write("plugins/lists.py", LISTS)
    site.post("siamese-networks", SIAMESE)
    site.post("coast", COAST)
    conf(PLUGIN_PATHS=[str(REPOSITORY), str(site.content / "plugins")], PLUGINS=["pelican_mlnotes", "lists"])
    coast, siamese = answer(capsys, "explain")
    assert coast["related"] == siamese["related"] == []
    assert coast["related_short"] == "another plugin made the list"


def test_a_score_below_the_limit_is_not_shown_as_the_limit():
    assert rounded(0.5996) == "0.59"
    assert rounded(0.6) == "0.60"
    assert rounded(0.29) == "0.29"
    assert rounded(None) == ""


def test_explain_takes_posts_and_folders(site, conf, capsys):
    site.post("one", SIAMESE)
    site.write("notes/two.md", f"Title: Two\nDate: 2026-01-01\n\n{COAST}\n")
    site.write("notes/three.rst", f"Three\n=====\n\n:date: 2026-01-01\n\n{SIAMESE}\n")
    assert [post["title"] for post in answer(capsys, "explain", "content/notes")] == ["Three", "Two"]
    assert [post["title"] for post in answer(capsys, "explain", "content/one.md")] == ["One"]


def test_explain_works_on_posts_without_a_site(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "siamese.md").write_text(f"Title: Siamese networks\nDate: 2026-01-01\n\n{SIAMESE}\n")
    (post,) = answer(capsys, "explain", "siamese.md")
    assert post["topics"][0]["topic"] == "Siamese Networks"


def test_nothing_is_written_by_reading(site, conf, capsys, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)  # as it is where nobody has asked for another way
    site.post("siamese-networks", SIAMESE)
    site.build()
    before = files(site.folder)
    for command in ("explain", "check", "suggest"):
        assert main([command]) == 0
    assert files(site.folder) == before


@pytest.mark.parametrize("path", ["content/missing.md", "pelicanconf.py"])
def test_a_path_that_is_no_post_is_named(site, conf, capsys, path):
    site.post("one", SIAMESE)
    assert main(["explain", path]) == 2
    assert path in capsys.readouterr().err


def test_wrong_settings_are_told_without_a_traceback(site, conf, capsys):
    site.post("one", SIAMESE)
    conf(MLNOTES_TOPIC_MAX=3)
    assert main(["explain"]) == 2
    assert "MLNOTES_TOPICS_MAX" in capsys.readouterr().err
    (found,) = answer(capsys, "check", code=2)
    assert (found["level"], found["kind"]) == ("error", "settings")


@pytest.mark.parametrize(
    ("setting", "text", "kind", "fault"),
    [
        ("MLNOTES_TOPICS_TAXONOMY", '[[topic]]\nid = "x"\nlable = "X"\n', "taxonomy", "lable"),
        ("MLNOTES_PICTURE_RULES", '[[rule]]\nid = "x"\nclas = ["y"]\n', "picture-rules", "clas"),
    ],
)
def test_a_wrong_file_of_the_site_is_told_with_all_faults(site, conf, capsys, setting, text, kind, fault):
    site.post("one", SIAMESE)
    site.write("own.toml", text)
    conf(**{setting: "own.toml"})
    (found,) = answer(capsys, "check", code=2)
    assert found["kind"] == kind
    assert fault in found["message"]


def test_check_is_content_with_a_good_site(site, conf, capsys):
    site.post("siamese-networks", SIAMESE)
    site.post("coast", COAST, Topics="none")
    assert answer(capsys, "check") == []


def test_check_finds_broken_images_and_missing_alternative_texts(site, conf, capsys):
    site.write("images/there.svg", '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200"/>')
    images = "![](images/there.svg) ![Gone]({static}/images/gone.png) ![Far](https://far.example/a.png)"
    site.post("siamese-networks", f"{SIAMESE}\n\n{images}")
    found = answer(capsys, "check", code=1)
    assert [(one["level"], one["kind"]) for one in found] == [
        ("error", "no-image-file"),
        ("warning", "pelican"),  # Pelican says so too, of what {static} names
        ("warning", "no-alt-text"),
    ]
    assert "gone.png" in found[0]["message"]
    assert "there.svg" in found[-1]["message"]


def test_check_looks_at_pictures_as_the_built_page_addresses_them(site, conf, capsys):
    site.write("images/pic.svg", '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200"/>')
    conf(ARTICLE_URL="{date:%Y}/{slug}/", ARTICLE_SAVE_AS="{date:%Y}/{slug}/index.html")
    shown = " ".join(f"![A plot]({start}images/pic.svg)" for start in ("{static}/", "../../", "/"))
    site.post("siamese-networks", f"{SIAMESE}\n\n![A plot](images/pic.svg) {shown}")
    (found,) = answer(capsys, "check", code=1)
    assert found["kind"] == "no-image-file"
    assert (
        "image images/pic.svg has no file where the page 2026/siamese-networks/index.html" in found["message"]
    )
    assert found["message"].endswith("write {attach}images/pic.svg")


@pytest.mark.parametrize("address", ["{static}/images/missing.png", "images/missing.png", "data:image/png,x"])
def test_check_looks_at_the_picture_that_the_author_chose(site, conf, capsys, address):
    site.post("siamese-networks", SIAMESE, Image=address)
    (found,) = answer(capsys, "check", code=1)
    assert (found["level"], found["kind"]) == ("error", "no-image-file")
    assert found["message"].startswith("Image: ")
    assert "data:" not in found["message"]
    assert address.startswith("data:") or "missing.png" in found["message"]


def test_check_finds_misspelt_keys_and_topics(site, conf, capsys):
    misspelt = {"Exerpt": "x", "Topic": "x", "Related_post": "x", "Imag": "none"}
    site.post("siamese-networks", SIAMESE, **misspelt)
    meant = {"Images": "x", "Tag": "x", "Summary": "x"}
    site.post("coast", COAST, Topics="Siamese Network, Siamse Networks", **meant)
    found = answer(capsys, "check")
    assert {(one["level"], one["kind"]) for one in found} == {("warning", "misspelt")}
    messages = [one["message"] for one in found]
    for key, line, right in (
        ("Exerpt", 4, "Excerpt"),
        ("Topic", 5, "Topics"),
        ("Related_post", 6, "Related_posts"),
        ("Imag", 7, "Image"),
    ):
        assert f"line {line}: nothing reads {key!r}; did you mean {right!r}?" in messages
    assert len(messages) == 5
    assert any("'Siamse Networks'" in message and "'Siamese Networks'" in message for message in messages)


def test_check_tells_what_is_wrong_with_signed_topics_once(site, conf, capsys):
    site.post("siamese-networks", SIAMESE, Topics="+metric lerning, -siamese netwroks")
    site.post("twins", COAST, Topics="+metric learning, deep learning")
    found = answer(capsys, "check")
    assert [(one["level"], one["kind"], one["path"]) for one in found] == [
        ("warning", "misspelt", "content/siamese-networks.md"),
        ("warning", "misspelt", "content/siamese-networks.md"),
        ("warning", "mixed-signs", "content/twins.md"),
    ]
    assert ["Metric Learning" in one["message"] for one in found] == [True, False, False]


@pytest.mark.parametrize("least", [1, 3])
def test_check_tells_how_many_tags_each_least_number_of_posts_would_leave(site, conf, capsys, least):
    site.post("siamese-networks", SIAMESE, Tags="zoo")
    site.post("more-siamese-networks", SIAMESE)
    site.post(
        "q-learning", "Q-learning is a reinforcement learning algorithm. Q-learning learns values. " * 4
    )
    site.post("draft", SIAMESE, Status="draft")
    conf(MLNOTES_TOPICS_MIN_POSTS=least)
    main(["check"])
    told = capsys.readouterr().err
    for number in (1, 2, 3, 5, 10):
        built = site.build(MLNOTES_TOPICS_MIN_POSTS=number, DELETE_OUTPUT_DIRECTORY=True)
        pages = sum(name.startswith("tag/") for name in built.files())
        assert f"{pages} if it is {number}" in told
    assert "1 if it is 10" in told


def test_a_key_that_two_posts_have_is_something_else(site, conf, capsys):
    for slug in ("siamese-networks", "more"):
        site.post(slug, SIAMESE if slug[0] == "s" else COAST, Topic="x", Topics="Siamese Networks")
    assert answer(capsys, "check") == []


def test_an_image_that_another_path_puts_into_the_output_is_not_missing(site, conf, capsys):
    site.write("extra/graph.svg", '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200"/>')
    site.post("siamese-networks", f"{SIAMESE}\n\n![Graph](/pictures/graph.svg)")
    conf(STATIC_PATHS=["extra"], EXTRA_PATH_METADATA={"extra/graph.svg": {"path": "pictures/graph.svg"}})
    assert answer(capsys, "check") == []


def test_check_finds_related_posts_that_do_not_exist(site, conf, capsys):
    site.post("siamese-networks", SIAMESE, Related_posts="nowhere")
    (found,) = answer(capsys, "check", code=1)
    assert (found["level"], found["kind"], found["path"]) == (
        "error",
        "related-posts",
        "content/siamese-networks.md",
    )
    assert "nowhere" in found["message"]


def test_check_tells_a_formula_that_cannot_be_read_as_it_is_written(site, conf, capsys):
    body = f"{SIAMESE} The loss is $\\frac{{a}}{{b$."
    site.post("siamese-networks", body)
    assert answer(capsys, "check") == []
    conf(MLNOTES_MATH="mathml")
    (found,) = answer(capsys, "check", code=1)
    assert (found["level"], found["kind"], found["path"]) == (
        "error",
        "formula",
        "content/siamese-networks.md",
    )
    assert found["message"].startswith("the formula \\frac{a}{b is shown as TeX: ")


def test_check_names_each_page_that_shows_tex_as_text(site, conf, capsys):
    site.post("siamese-networks", f"{SIAMESE} The loss is $\\alpha falls, and `$$` is code.")
    site.write(
        "pages/about.html", "<html><head><title>About</title></head><body>A $$ and \\(x.</body></html>"
    )
    conf(MLNOTES_MATH="mathml")
    found = [one for one in answer(capsys, "check") if one["kind"] in ("left-over", "plugin")]
    assert [(one["level"], one["path"]) for one in found] == [
        ("warning", "content/pages/about.html"),
        ("warning", "content/siamese-networks.md"),
    ]
    assert "$\\alpha falls" in found[1]["message"]


def test_check_gathers_commands_that_a_site_could_define(site, conf, capsys):
    site.post("siamese-networks", f"{SIAMESE} Here $\\Lap x$, $\\Lap y$ and $\\KL$.")
    conf(MLNOTES_MATH="mathml")
    assert main(["check", "--json"]) == 1
    found = capsys.readouterr()
    assert {one["kind"] for one in json.loads(found.out)} == {"formula"}
    assert "\\Lap (2), \\KL (1); MLNOTES_MATH_MACROS" in found.err
    conf(MLNOTES_MATH="mathml", MLNOTES_MATH_MACROS={"Lap": r"\Delta", "KL": r"\mathrm{KL}"})
    assert answer(capsys, "check") == []


def test_check_finds_near_duplicates(site, conf, capsys):
    site.post("coast", COAST, Topics="none")
    site.post("again", COAST.replace("nine days", "ten days"), Topics="none")
    site.post("siamese-networks", SIAMESE)
    (found,) = answer(capsys, "check")
    assert (found["level"], found["kind"], found["path"]) == ("warning", "near-duplicate", "content/again.md")
    assert "content/coast.md" in found["message"]


def test_translations_are_no_duplicates(site, conf, capsys):
    site.post("coast", COAST, Topics="none")
    site.write("coast-de.md", f"Title: K\nDate: 2026-01-01\nSlug: coast\nLang: de\nTopics: none\n\n{COAST}\n")
    assert answer(capsys, "check") == []


def test_check_finds_posts_without_topics_and_posts_that_cannot_be_read(site, conf, capsys):
    site.post("coast", COAST)
    site.write("undated.md", "Title: Undated\n\nText.\n")
    found = answer(capsys, "check", code=1)
    assert {(one["kind"], one["path"]) for one in found} >= {
        ("unreadable", "content/undated.md"),
        ("no-topics", "content/coast.md"),
    }


@pytest.mark.parametrize(("level", "code"), [("error", 0), ("warning", 0), ("note", 1), ("never", 0)])
def test_check_fails_from_the_level_that_is_asked_for(site, conf, capsys, level, code):
    site.post("coast", COAST)
    assert main(["check", "--fail-on", level]) == code


def test_suggest_changes_nothing_without_write(site, conf, capsys):
    path = site.post("siamese-networks", SIAMESE)
    before = path.read_bytes()
    (found,) = answer(capsys, "suggest")
    assert found["topics"][0] == "Siamese Networks"
    assert found["line"] == 4
    assert found["written"] is False
    assert path.read_bytes() == before


def test_suggest_writes_one_line_and_the_build_obeys_it(site, conf, capsys):
    markdown = site.post("siamese-networks", SIAMESE, Tags="twins")
    rest = site.write("twins.rst", f"Siamese twins\n#############\n\n:date: 2026-01-01\n\n{SIAMESE}\n")
    old = {path: path.read_text(encoding="utf-8").split("\n") for path in (markdown, rest)}
    before = site.build()
    written = answer(capsys, "suggest", "--write")
    assert all(one["written"] for one in written)
    for path, lines in old.items():
        now = path.read_text(encoding="utf-8").split("\n")
        (line,) = [one["line"] for one in written if one["path"].endswith(path.name)]
        assert re.match(r":?topics: .*Siamese Networks", now.pop(line - 1), re.IGNORECASE)
        assert now == lines
    after = site.build()
    for slug, article in before.articles.items():
        assert [tag.name for tag in after.articles[slug].topics] == [tag.name for tag in article.topics]
    assert {one["skipped"] for one in answer(capsys, "suggest", "--write")} == {"has a line 'Topics:'"}


def test_suggest_writes_whole_files_and_keeps_who_may_read_them(site, conf, capsys, monkeypatch):
    path = site.post("siamese-networks", SIAMESE)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    path.chmod(0o640)
    before = path.read_bytes()

    def full(self, data):
        with self.open("wb") as file:
            file.write(data[:20])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("pelican_mlnotes.cli.commands._changes_topics_alone", lambda *_: True)
        patched.setattr(Path, "write_bytes", full)
        assert main(["suggest", "--write"]) == 2
    assert "No space left" in capsys.readouterr().err
    assert path.read_bytes() == before
    assert [file.name for file in site.content.iterdir()] == [path.name]
    answer(capsys, "suggest", "--write")
    after = path.read_bytes()
    assert after.startswith(b"\xef\xbb\xbf")
    assert after.count(b"\r\n") == after.count(b"\n") == before.count(b"\n") + 1
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o777 == 0o640


def test_suggest_refuses_a_line_that_would_change_more_than_topics(site, conf, capsys):
    # Read as YAML, as a reader of the site's may, the line would stand in the middle of a list.
    path = site.post("siamese-networks", SIAMESE)
    path.write_text(
        f"---\nTitle: Siamese networks\nDate: 2026-01-01\nTags:\n- twins\n- pairs\n---\n\n{SIAMESE}\n",
        encoding="utf-8",
    )
    (site.folder / "yaml_lists.py").write_text(LISTS_READER, encoding="utf-8")
    conf(PLUGINS=["yaml_lists", "pelican_mlnotes"], PLUGIN_PATHS=[str(site.folder), str(REPOSITORY)])
    before = path.read_bytes()
    (found,) = answer(capsys, "suggest", "--write")
    assert found["written"] is False
    assert "write the line yourself" in found["skipped"]
    assert path.read_bytes() == before


def test_suggest_leaves_posts_alone_that_need_nothing(site, conf, capsys):
    site.post("coast", COAST)
    site.write(
        "page.html",
        f"<html><head><title>T</title><meta name='date' content='2026-01-01'></head>"
        f"<body>{SIAMESE}</body></html>",
    )
    assert [one["skipped"] for one in answer(capsys, "suggest", "--write")] == [
        "no topic fits",
        "neither Markdown nor reStructuredText",
    ]


def test_suggest_leaves_signed_posts_alone(site, conf, capsys):
    path = site.post("siamese-networks", SIAMESE, Topics="+Cats")
    before = path.read_bytes()
    (found,) = answer(capsys, "suggest", "--write")
    assert (found["written"], found["skipped"]) == (False, "has a line 'Topics:'")
    assert path.read_bytes() == before


def test_plain_lines_where_a_program_reads_and_a_table_where_a_person_does(site, conf, capsys, monkeypatch):
    site.post("coast", COAST)
    main(["check"])
    line = capsys.readouterr().out
    assert line.startswith("note\tno-topics\tcontent/coast.md\t")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "dumb")
    main(["check"])
    table = capsys.readouterr().out
    assert table.split()[:4] == ["Level", "Kind", "Post", "What"]


def test_a_title_cannot_steer_the_terminal(site, conf, capsys):
    site.post("coast", COAST)
    site.write("odd.md", "Title: \x1b[31mred\nDate: 2026-01-01\n\n" + SIAMESE)
    main(["explain"])
    assert "\x1b" not in capsys.readouterr().out


def test_the_module_runs_and_a_closed_pipe_is_no_error(site, conf):
    for number in range(3):
        site.post(f"note-{number}", SIAMESE)
    command = f"{sys.executable} -W error -m pelican_mlnotes explain content | head -n 1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=site.folder,
        env={"PYTHONPATH": str(REPOSITORY), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout == f"content/note-0.md\texcerpt\t{len(SIAMESE)}\tthe text\n"
    assert done.returncode == 0


def test_modules_in_the_blogs_folder_do_not_stop_a_command(site, conf):
    site.post("coast", COAST)
    for name in ("argparse", "json", "logging", "math", "pathlib", "pelican", "random", "re", "string"):
        (site.folder / f"{name}.py").write_text(f"raise ImportError('{name} of the blog')\n")
    with (site.folder / "pelicanconf.py").open("a", encoding="utf-8") as opened:
        opened.write(
            "import random\nimport sys\nassert not {'', str(__import__('os').getcwd())} & {*sys.path}\n"
        )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "pelican_mlnotes", "explain"],
        cwd=site.folder,
        env={"PYTHONPATH": str(REPOSITORY), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("content/coast.md\texcerpt")


@pytest.mark.parametrize(
    ("called", "shown"),
    [
        ("/site-packages/pelican_mlnotes/__main__.py", "python -m pelican_mlnotes"),
        ("/usr/bin/pelican-mlnotes", "pelican-mlnotes"),
        ("pelican-mlnotes.exe", "pelican-mlnotes"),
    ],
)
def test_help_shows_the_name_it_was_called_by(called, shown):
    assert _program(called) == shown


def test_a_build_does_not_load_what_only_importing_needs(site):
    site.post("coast", COAST)
    code = "import sys; from pelican import main; main(sys.argv[1:]); print(*sorted(sys.modules))"
    conf = site.folder / "conf.py"
    loaded = {}
    # Without us first: Pelican, and plugins that happen to be installed, may load anything.
    for plugins in ([], ["pelican_mlnotes"]):
        settings = site.settings(PLUGINS=plugins).items()
        conf.write_text("".join(f"{name} = {value!r}\n" for name, value in settings), encoding="utf-8")
        command = [sys.executable, "-B", "-c", code, str(site.content), "-s", str(conf)]
        done = subprocess.run(command, cwd=site.folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        loaded[bool(plugins)] = set(done.stdout.split())
    ours = loaded[True] - loaded[False]
    assert "pelican_mlnotes.plugin.handlers" in ours
    assert not {"bs4", "pelican_mlnotes.importers", "pelican_mlnotes.cli.main"} & ours


@pytest.mark.parametrize("command", ["check", "explain", "suggest"])
@pytest.mark.parametrize("closed", ["stdout", "stderr"])
def test_what_the_shell_has_closed_ends_no_command(site, conf, monkeypatch, command, closed):
    site.post("coast", COAST)
    monkeypatch.setattr(sys, closed, None)
    assert main([command]) == 0
    # Else what is told of faults would stand among the answers.
    assert getattr(sys, closed).name == os.devnull
    getattr(sys, closed).close()
