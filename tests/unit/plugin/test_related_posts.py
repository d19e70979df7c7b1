import copy
import pickle

import pytest
from jinja2 import Environment

from pelican_mlnotes.plugin.related import RelatedPosts


@pytest.fixture
def asked():
    return []


@pytest.fixture
def posts(asked):
    def find():
        asked.append(1)
        return "abc"

    return RelatedPosts(find)


def test_nothing_is_looked_for_until_the_list_is_looked_at(posts, asked):
    assert asked == []
    assert [*posts, *posts] == list("abcabc")
    assert asked == [1]


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("{% if posts %}yes{% endif %}", "yes"),
        ("{% for post in posts %}{{ loop.index }}{{ post }}{% endfor %}", "1a2b3c"),
        ("{{ posts | length }}{{ posts[0] }}{{ posts | last }}{{ posts[:2] | join }}", "3acab"),
        (
            "{{ posts is sequence }}{{ posts is iterable }}{{ 'b' in posts }}{{ posts == ['a'] }}",
            "TrueTrueTrueFalse",
        ),
        ("{{ (['z'] + posts) | join }}{{ (posts + ['z']) | join }}", "zabcabcz"),
        ("{{ posts | reverse | join }}{{ posts | batch(2) | list | length }}", "cba2"),
        ("{{ posts }}", "['a', 'b', 'c']"),
    ],
)
def test_templates_use_it_like_any_list(posts, template, shown):
    assert Environment(autoescape=False).from_string(template).render(posts=posts) == shown


def test_a_plugin_may_change_it(posts):
    posts.remove("b")
    posts.insert(0, "z")
    posts.sort()
    assert posts == ["a", "c", "z"]


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, RelatedPosts.copy, list, lambda posts: posts[:]]
)
def test_a_copy_has_the_same_posts(posts, copied):
    assert copied(posts) == list("abc")


def test_a_cache_holds_nothing_of_it(posts, asked):
    assert pickle.loads(pickle.dumps(posts)) == []
    assert asked == []
