"""Loading, changing and checking topics."""

import pytest

from pelican_mlnotes.topics.taxonomy import (
    BUNDLED,
    Rule,
    Taxonomy,
    TaxonomyError,
    cached_taxonomy,
    load_taxonomy,
    plural,
    singular,
)

BASE = """
[words]
vision = ["image", "camera"]

[[topic]]
id = "learning"
label = "Learning"

[[topic]]
id = "networks"
label = "Networks of Neurons"
aliases = ["neuron network"]
broader = ["learning"]
aliases_de = ["Neuronennetz", "Die"]

[[topic]]
id = "clip"
label = "CLIP"
broader = ["networks"]
ambiguous = [
  { name = "CLIP", case = true, with = ["@vision"] },
]
"""


@pytest.fixture
def write(tmp_path):
    def write(text, name="topics.toml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def load(write):
    def load(*texts) -> Taxonomy:
        return load_taxonomy(*(write(text, f"{number}.toml") for number, text in enumerate(texts)))

    return load


def faults(load, *texts) -> list[str]:
    """The faults of the last file, without its path."""
    with pytest.raises(TaxonomyError) as caught:
        load(*texts)
    lines = str(caught.value).splitlines()
    assert all(f"{len(texts) - 1}.toml: " in line for line in lines)
    return [line.split(".toml: ", 1)[1] for line in lines]


def test_topics_are_in_the_order_of_ids(load):
    assert list(load(BASE).topics) == ["clip", "learning", "networks"]


def test_a_topic_keeps_what_the_file_says(load):
    topic = load(BASE).topics["clip"]
    assert (topic.label, topic.broader, topic.aliases) == ("CLIP", ("networks",), ())
    rule = topic.rules[0]
    assert (rule.name, rule.case, rule.near, rule.anywhere) == ("CLIP", True, (), ("@vision",))
    assert isinstance(rule, Rule)


def test_parents_stand_higher_than_children(load):
    assert load(BASE).height == {"clip": 0, "networks": 1, "learning": 2}


# ---------------------------------------------------------------------------------------------- names


@pytest.mark.parametrize(
    "tag",
    ["Networks of Neurons", "networks-of-neurons", "NEURON NETWORKS", "neuron network", "Networks of neuron"],
)
def test_a_tag_is_found_in_any_spelling(load, tag):
    topic = load(BASE).find(tag)
    assert topic is not None
    assert topic.id == "networks"


INSTANCES = """
[[topic]]
id = "charts"
label = "Charts"
aliases = ["graphics"]
instances = ["gridplot"]
instances_de = ["Rasterbild"]
ambiguous = [
  { name = "Bokeh", instance = true, with = ["axis"] },
  { name = "plot", with = ["axis"] },
]
"""


@pytest.mark.parametrize("tag", ["gridplot", "Grid-Plots", "bokeh"])
def test_something_narrower_names_no_topic(load, tag):
    taxonomy = load(BASE, INSTANCES)
    assert taxonomy.find(tag) is None
    assert taxonomy.find("plots").id == "charts"


def test_something_narrower_stands_for_its_topic_where_asked(load):
    taxonomy = load(BASE, INSTANCES)
    assert taxonomy.find("gridplot", instances=True).id == "charts"
    assert taxonomy.find("Rasterbild", "de", instances=True).id == "charts"
    assert taxonomy.find("Rasterbild", "en", instances=True) is None


def test_a_change_adds_and_takes_instances(load):
    change = '[[topic]]\nid = "charts"\nadd_instances = ["hexbin"]\nremove_names = ["gridplot"]'
    assert load(BASE, INSTANCES, change).topics["charts"].instances == ("hexbin",)


def test_a_name_is_no_instance_of_its_own_topic(load):
    wrong = '[[topic]]\nid = "charts"\nlabel = "Charts"\naliases = ["hexbin"]\ninstances = ["hexbins"]'
    twice = "'hexbins' is listed twice, under aliases and instances; remove one of them"
    assert faults(load, BASE, wrong) == [f"topic 'charts': key 'instances': {twice}"]


def test_a_tag_needs_no_evidence(load):
    topic = load(BASE).find("clip")
    assert topic is not None
    assert topic.id == "clip"


SHARED = """
[[topic]]
id = "film"
label = "Film"
ambiguous = [{ name = "clip", with = ["film"] }, { name = "Net", with = ["goal"] }]
[[topic]]
id = "football"
label = "Football"
ambiguous = [{ name = "net", with = ["goal"] }]
"""


def test_a_tag_that_several_topics_share_stands_for_none_of_them(load):
    assert load(BASE, SHARED).find("nets") is None


def test_the_label_decides_between_topics_that_share_a_name(load):
    assert load(BASE, SHARED).find("clip").id == "clip"


def test_the_spelling_decides_between_topics_that_share_a_name(load):
    assert load(BASE, SHARED).find("Net").id == "film"


@pytest.mark.parametrize("tag", ["", "...", "neuron", "network of", "unheard of"])
def test_an_unknown_tag_stands_for_nothing(load, tag):
    assert load(BASE).find(tag) is None


def test_names_of_a_language_count_in_that_language_only(load):
    taxonomy = load(BASE)
    assert taxonomy.find("Neuronennetz", "de-AT").id == "networks"
    assert taxonomy.find("Neuronennetz", "en") is None


def test_words_that_a_language_needs_for_its_grammar_are_no_names_there(load):
    assert load(BASE).find("die", "de") is None


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("network", "networks"),
        ("policy", "policies"),
        ("loss", "losses"),
        ("batch", "batches"),
        ("box", "boxes"),
        ("day", "days"),
        ("gan", "gans"),
    ],
)
def test_singular_and_plural_lead_to_each_other(one, many):
    assert (singular(many), plural(one)) == (one, many)
    assert singular(one) == one


@pytest.mark.parametrize("word", ["loss", "corpus", "analysis", "gas", "is"])
def test_a_singular_that_ends_in_s_stays(word):
    assert singular(word) == word


# -------------------------------------------------------------------------------------------- changes


def test_a_later_file_adds_a_topic(load):
    taxonomy = load(BASE, '[[topic]]\nid = "perceptrons"\nlabel = "Perceptrons"\nbroader = ["networks"]')
    assert taxonomy.find("perceptron").broader == ("networks",)


def test_a_later_file_may_use_the_word_lists_of_the_first(load):
    rule = '{ name = "lens", with = ["@vision"] }'
    added = load(BASE, f'[[topic]]\nid = "optics"\nlabel = "Optics"\nambiguous = [{rule}]')
    assert added.evidence(("@vision",)).words >= {"image", "images", "camera"}


def test_a_renamed_topic_keeps_its_former_label_as_a_name(load):
    taxonomy = load(BASE, '[[topic]]\nid = "networks"\nlabel = "Neural Nets"')
    assert taxonomy.topics["networks"].label == "Neural Nets"
    assert taxonomy.find("Networks of Neurons").label == "Neural Nets"
    assert taxonomy.find("neuron network").label == "Neural Nets"


def test_keys_that_a_change_leaves_out_stay(load):
    changed = load(BASE, '[[topic]]\nid = "networks"\ndescription = "New."').topics["networks"]
    assert (changed.description, changed.label, changed.broader) == (
        "New.",
        "Networks of Neurons",
        ("learning",),
    )


def test_names_are_added_and_removed_one_by_one(load):
    change = '[[topic]]\nid = "networks"\nadd_aliases = ["connectionism"]\nremove_names = ["Neuron networks"]'
    taxonomy = load(BASE, change)
    assert taxonomy.find("connectionism").id == "networks"
    assert taxonomy.find("neuron network") is None


def test_an_alias_becomes_ambiguous(load):
    change = '[[topic]]\nid = "networks"\nadd_ambiguous = [{ name = "neuron network", near = ["brain"] }]'
    topic = load(BASE, change).topics["networks"]
    assert topic.aliases == ()
    assert [rule.name for rule in topic.rules] == ["neuron network"]


def test_a_rule_is_replaced_by_one_of_the_same_name(load):
    change = '[[topic]]\nid = "clip"\nadd_ambiguous = [{ name = "CLIP", case = true }]'
    assert [rule.anywhere for rule in load(BASE, change).topics["clip"].rules] == [()]


def test_a_removed_topic_gives_its_children_to_its_parents(load):
    taxonomy = load(BASE, '[[topic]]\nid = "networks"\nremove = true')
    assert list(taxonomy.topics) == ["clip", "learning"]
    assert taxonomy.topics["clip"].broader == ("learning",)


def test_topics_below_a_removed_one_may_stand_before_it_or_behind_it_in_the_file(load):
    removed = '[[topic]]\nid = "networks"\nremove = true\n'
    below = '[[topic]]\nid = "optics"\nlabel = "Optics"\nbroader = ["networks"]\n'
    for change in (removed + below, below + removed):
        assert load(BASE, change).topics["optics"].broader == ("learning",)


def test_a_topic_is_removed_under_its_former_and_its_present_id_at_once(load):
    moved = '[[topic]]\nid = "old"\nreplaced_by = "clip"\n'
    removed = '[[topic]]\nid = "old"\nremove = true\n[[topic]]\nid = "clip"\nremove = true\n'
    assert "clip" not in load(BASE, moved, removed).topics


def test_a_name_moves_to_another_topic(load):
    change = """
[[topic]]
id = "networks"
remove_names = ["neuron network"]
[[topic]]
id = "brains"
label = "Brains"
aliases = ["neuron network"]
"""
    assert load(BASE, change).find("neuron network").id == "brains"


def test_a_third_file_changes_what_the_second_added(load):
    added = '[[topic]]\nid = "optics"\nlabel = "Optics"'
    assert load(BASE, added, '[[topic]]\nid = "optics"\nlabel = "Light"').topics["optics"].label == "Light"


# --------------------------------------------------------------------------------------------- faults


def test_all_faults_are_reported_at_once_with_file_topic_and_key(load):
    text = """
[[topic]]
id = "clip"
lable = "Clip"
broader = ["netwroks"]
[[topic]]
id = "new"
[[topic]]
id = "Bad Id"
label = "x"
"""
    assert faults(load, BASE, text) == [
        "topic 'clip': key 'lable': unknown key; did you mean 'label'?",
        "topic 'new': key 'label': missing; a new topic needs a label",
        "topic 'Bad Id': key 'id': must be small letters, digits and single hyphens",
        "topic 'clip': key 'broader': there is no topic 'netwroks'; did you mean 'networks'?",
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('label = ""', "must be a text, not ''"),
        ("label = 3", "must be a text, not 3"),
        ('aliases = "x"', "must be a list of texts, not 'x'"),
        ('broader = [""]', "must be a list of texts, not ['']"),
        ('kind = "thing"', "must be one of field, task, method, model, concept, dataset, tool, not 'thing'"),
        ("weak = 1", "must be true or false, not 1"),
        ("remove = 'yes'", "must be true or false, not 'yes'"),
        ("aliases_de = [1]", "must be a list of texts, not [1]"),
        ("ambiguous = ['x']", 'must be a list of rules, as { name = "CLIP", case = true }'),
        ("ambiguous = [{ name = 'x' }]", "'x': needs case, near or with; an alias needs no rule"),
        ("ambiguous = [{ case = true }]", "a rule without a name: {'case': True}"),
        ("ambiguous = [{ name = 'x', near = [] }]", "'x': near must be a list of texts, not []"),
        ("ambiguous = [{ name = 'x', case = 1 }]", "'x': case must be true or false, not 1"),
        (
            "ambiguous = [{ name = 'x', case = true, whit = ['a'] }]",
            "'x': unknown key 'whit'; did you mean 'with'?",
        ),
        (
            "ambiguous = [{ name = 'x', with = ['@visions'] }]",
            "'x': there is no word list 'visions'; did you mean 'vision'?",
        ),
        ("ambiguous = [{ name = '?!', case = true }]", "'?!' has no letters or digits"),
        ("aliases = ['--']", "'--' has no letters or digits"),
    ],
)
def test_a_wrong_value_is_reported_with_what_is_allowed(load, line, message):
    key = line.partition(" ")[0]
    assert faults(load, BASE, f'[[topic]]\nid = "learning"\n{line}') == [
        f"topic 'learning': key '{key}': {message}"
    ]


@pytest.mark.parametrize("line", ["remove = true", 'add_aliases = ["x"]', 'remove_names = ["x"]'])
def test_a_change_of_an_unknown_topic_is_reported(load, line):
    key = line.partition(" ")[0]
    assert faults(load, BASE, f'[[topic]]\nid = "network"\n{line}') == [
        f"topic 'network': key '{key}': there is no topic of this id to change; did you mean 'networks'?"
    ]


def test_a_new_topic_without_a_label_is_taken_for_a_misspelt_id(load):
    assert faults(load, BASE, '[[topic]]\nid = "network"\naliases = ["x"]') == [
        "topic 'network': key 'label': missing; a new topic needs a label; did you mean 'networks'?"
    ]


def test_a_new_topic_with_a_wrong_label_is_reported_once(load):
    text = (
        '[[topic]]\nid = "nets"\nlabel = ["Nets"]\n[[topic]]\nid = "deep"\nlabel = "Deep"\nbroader = ["nets"]'
    )
    assert faults(load, BASE, text) == ["topic 'nets': key 'label': must be a text, not ['Nets']"]


def test_a_name_of_another_topic_is_reported_with_the_way_out(load):
    (fault,) = faults(load, BASE, '[[topic]]\nid = "nets"\nlabel = "Nets"\naliases = ["Neuron-Networks"]')
    assert fault == (
        "topic 'nets': key 'aliases': 'Neuron-Networks' is already a name of topic 'networks'; "
        "take it from there with remove_names, or list it under ambiguous in both"
    )


def test_an_ambiguous_name_is_no_plain_name_of_another_topic(load):
    rule = '{ name = "neuron network", with = ["x"] }'
    (fault,) = faults(load, BASE, f'[[topic]]\nid = "nets"\nlabel = "Nets"\nambiguous = [{rule}]')
    assert "key 'ambiguous': 'neuron network' is already a name of topic 'networks'" in fault


def test_an_alias_with_a_rule_is_reported(load):
    change = '[[topic]]\nid = "clip"\nadd_aliases = ["clip"]'
    assert faults(load, BASE, change) == [
        "topic 'clip': key 'aliases': 'clip' is listed both as an alias and as ambiguous; remove one of them"
    ]


def test_labels_that_would_share_a_page_are_reported(load):
    (fault,) = faults(load, BASE, '[[topic]]\nid = "learning2"\nlabel = "LEARNING"')
    assert "key 'label': 'LEARNING' and the label of topic 'learning' would share a page" in fault


def test_an_id_used_twice_in_a_file_is_reported(load):
    twice = '[[topic]]\nid = "a"\nlabel = "A1"\n' * 2
    assert faults(load, BASE, twice) == ["topic 'a': key 'id': used twice in this file"]


def test_circles_are_reported_with_the_way_round(load):
    found = faults(load, BASE, '[[topic]]\nid = "learning"\nbroader = ["clip"]')
    assert found == [
        "topic 'learning': key 'broader': goes in a circle: learning > clip > networks > learning"
    ]


def test_a_name_that_is_not_there_cannot_be_removed(load):
    assert faults(load, BASE, '[[topic]]\nid = "networks"\nremove_names = ["neuro network"]') == [
        "topic 'networks': key 'remove_names': 'neuro network' is no name of this topic; "
        "did you mean 'neuron network'?"
    ]


def test_a_label_cannot_be_removed_as_a_name(load):
    assert faults(load, BASE, '[[topic]]\nid = "networks"\nremove_names = ["networks of neurons"]') == [
        "topic 'networks': key 'remove_names': 'networks of neurons' is the label; "
        "give the topic another label"
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[topic]\n", "cannot be read: "),
        ("topics = []", "key 'topics': unknown key; did you mean 'topic'?"),
        ("topic = 1", "key 'topic': must be written as [[topic]] tables"),
        ("words = 1", "key 'words': must be a table of word lists"),
        ("[words]\na = 1", "key 'words.a': must be a list of texts, not 1"),
    ],
)
def test_a_file_of_another_form_is_reported(load, text, message):
    assert faults(load, BASE, text)[0].startswith(message)


def test_a_missing_file_is_reported(tmp_path):
    with pytest.raises(TaxonomyError, match=r"none\.toml: there is no such file"):
        load_taxonomy(tmp_path / "none.toml")


def test_a_file_of_bytes_is_reported(tmp_path):
    (tmp_path / "b.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TaxonomyError, match=r"b\.toml: cannot be read"):
        load_taxonomy(tmp_path / "b.toml")


def test_the_bundled_topics_load_without_a_fault():
    assert load_taxonomy(BUNDLED).topics


def test_a_topic_that_goes_leaves_its_id(load):
    taxonomy = load(
        BASE,
        '[[topic]]\nid = "networks"\nreplaced_by = "nets"\n\n'
        '[[topic]]\nid = "nets"\nlabel = "Nets"\nbroader = ["learning"]\n',
    )
    assert set(taxonomy.topics) == {"learning", "nets", "clip"}
    assert taxonomy.moved == {"networks": "nets"}
    assert taxonomy.topics["clip"].broader == ("nets",)
    assert taxonomy.find("networks").id == "nets"
    assert taxonomy.find("neuron network") is None


def test_a_former_id_leads_over_others(load):
    moves = '[[topic]]\nid = "old"\nreplaced_by = "older"\n\n[[topic]]\nid = "older"\nreplaced_by = "clip"\n'
    taxonomy = load(BASE, moves, '[[topic]]\nid = "x"\nlabel = "X"\nbroader = ["old", "older", "clip"]\n')
    assert taxonomy.moved == {"old": "clip", "older": "clip"}
    assert taxonomy.topics["x"].broader == ("clip",)


def test_a_later_file_may_change_a_topic_under_its_former_id(load):
    moved = '[[topic]]\nid = "old"\nreplaced_by = "clip"\n'
    change = '[[topic]]\nid = "old"\nadd_aliases = ["CLIP model"]\n'
    assert load(BASE, moved, change).find("CLIP model").id == "clip"


def test_what_replaces_the_topic_above_it_takes_its_place(load):
    taxonomy = load(BASE, '[[topic]]\nid = "networks"\nreplaced_by = "clip"\n')
    assert taxonomy.topics["clip"].broader == ("learning",)


def test_what_a_site_never_wants_may_be_a_former_id(write):
    path = write(BASE + '\n[[topic]]\nid = "old"\nreplaced_by = "clip"\n')
    taxonomy = load_taxonomy(path, never=["old"])
    assert "clip" not in taxonomy.topics
    assert taxonomy.find("old") is None


def test_former_ids_of_a_topic_that_a_site_removes_are_gone_with_it(load):
    moved = '[[topic]]\nid = "networks"\nreplaced_by = "clip"\n'
    taxonomy = load(BASE, moved, '[[topic]]\nid = "clip"\nremove = true\n')
    assert set(taxonomy.topics) == {"learning"}
    assert taxonomy.moved == {}


@pytest.mark.parametrize("name", ["networks", "Networks of Neurons", "networks-of-neurons", "old"])
def test_what_a_site_never_wants_may_be_removed_already(write, name):
    path = write(BASE + '[[topic]]\nid = "old"\nreplaced_by = "networks"\n', "base.toml")
    own = write('[[topic]]\nid = "networks"\nremove = true\n')
    assert set(load_taxonomy(path, own, never=[name]).topics) == {"learning", "clip"}


def test_what_was_removed_and_is_back_is_wanted_never(write):
    paths = [
        write(BASE, "base.toml"),
        write('[[topic]]\nid = "clip"\nremove = true\n', "one.toml"),
        write('[[topic]]\nid = "clip"\nlabel = "CLIP"\n', "two.toml"),
    ]
    assert load_taxonomy(*paths).find("CLIP").id == "clip"
    assert "clip" not in load_taxonomy(*paths, never=["CLIP"]).topics


def test_the_names_of_removed_topics_are_known_and_kept(write):
    path = write(BASE)
    for _ in range(2):
        taxonomy = cached_taxonomy([path], ["en"], ["networks"])
        assert [taxonomy.is_removed(name) for name in ("Neuron networks", "networks", "neural")] == [
            True,
            True,
            False,
        ]


def test_kept_topics_hold_former_ids(write):
    path = write(BASE + '\n[[topic]]\nid = "old"\nreplaced_by = "clip"\n')
    for _ in range(2):
        assert cached_taxonomy([path], ["en"]).find("old").id == "clip"


GONE = '[[topic]]\nid = "networks"\nreplaced_by = "clip"\n'


@pytest.mark.parametrize("tag", ["Networks of Neurons", "networks of neuron", "Networks-of-Neurons"])
def test_the_label_of_a_topic_that_is_gone_names_the_one_that_stands_for_it(load, tag):
    assert load(BASE, GONE).find(tag).id == "clip"


def test_the_label_of_a_topic_that_is_gone_is_no_evidence_in_texts(load):
    assert load(BASE, GONE).names().find("Networks of Neurons") == []


def test_a_former_label_leads_over_others_and_outlives_a_second_replacement(load):
    moved = '[[topic]]\nid = "clip"\nreplaced_by = "learning"\n'
    assert load(BASE, GONE, moved).find("Networks of Neurons").id == "learning"
    moved = '[[topic]]\nid = "networks"\nreplaced_by = "learning"\n'
    taxonomy = load(BASE, GONE, moved)
    assert taxonomy.find("Networks of Neurons").id == "learning"
    assert taxonomy.topics["clip"].broader == ("learning",)


@pytest.mark.parametrize("key", ["label", "aliases", "aliases_de", "signs"])
def test_a_former_label_that_another_topic_has_means_that_one_or_nothing(write, key):
    value = "Networks of Neurons"
    label = "" if key == "label" else 'label = "Brains"\n'
    given = f'"{value}"' if key == "label" else f'["{value}"]'
    path = write(BASE, "base.toml")
    change = write(f'{GONE}[[topic]]\nid = "brains"\n{label}{key} = {given}\n', "change.toml")
    taxonomy = load_taxonomy(path, change)
    assert taxonomy.former == {}
    assert getattr(taxonomy.find(value), "id", None) == (None if key == "aliases_de" else "brains")


def test_a_former_label_of_signs_alone_names_nothing(load):
    signs = '[[topic]]\nid = "signs"\nlabel = "???"\n'
    taxonomy = load(BASE + signs, '[[topic]]\nid = "signs"\nreplaced_by = "clip"\n')
    assert taxonomy.find("!!!") is None


@pytest.mark.parametrize(
    ("name", "former"),
    [
        ("networks of neurons", True),
        ("networks", True),
        ("CLIP", False),
        ("learning", False),
        ("cats", False),
    ],
)
def test_a_name_is_former_if_it_means_a_topic_by_one_that_is_gone_alone(load, name, former):
    assert load(BASE, GONE).is_former(name) is former


@pytest.mark.parametrize(
    "names",
    [
        ("CLIP", "clip"),
        ("clip", "clip"),
        ("clip", "networks", "CLIP"),
        ("Networks of Neurons",),
        ("networks of neurons", "networks"),
    ],
)
def test_what_a_site_never_wants_may_be_named_twice_and_by_former_names(write, names):
    taxonomy = load_taxonomy(write(BASE, "base.toml"), write(GONE, "change.toml"), never=names)
    assert set(taxonomy.topics) == {"learning"}
    assert (taxonomy.moved, taxonomy.former) == ({}, {})
    assert taxonomy.find("Networks of Neurons") is None


def test_kept_topics_hold_former_labels(write):
    paths = [write(BASE, "base.toml"), write(GONE, "change.toml")]
    for _ in range(2):
        assert cached_taxonomy(paths, ["en"]).find("Networks of Neurons").id == "clip"


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ('id = "old"\nreplaced_by = "clipp"', "there is no topic 'clipp'; did you mean 'clip'?"),
        ('id = "old"\nreplaced_by = 3', "must be the id of a topic, not 3"),
        ('id = "old"\nreplaced_by = "clip"\nlabel = "Old"', "can hold nothing else, as 'label'"),
        ('id = "old"\nreplaced_by = "old"', "goes in a circle: old > old"),
        (
            'id = "old"\nreplaced_by = "new"\n[[topic]]\nid = "new"\nreplaced_by = "old"',
            "goes in a circle: old > new > old",
        ),
    ],
)
def test_a_former_id_that_leads_nowhere_is_reported_with_file_and_id(load, entry, message):
    (fault,) = faults(load, BASE, f"[[topic]]\n{entry}\n")
    assert fault.startswith("topic 'old': key 'replaced_by': ")
    assert message in fault


def test_topics_in_a_circle_that_are_replaced_end(load):
    circle = "".join(
        f'[[topic]]\nid = "{one}"\nlabel = "{one} name"\nbroader = ["{two}"]\n'
        for one, two in (("a", "b"), ("b", "a"), ("c", "a"))
    )
    moved = "".join(f'[[topic]]\nid = "{one}"\nreplaced_by = "c"\n' for one in "ab")
    assert load(circle, moved).topics["c"].broader == ()
