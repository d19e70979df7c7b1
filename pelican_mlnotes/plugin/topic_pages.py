"""What do pages of tags say of their topics?"""

from collections import Counter
from typing import Any

from pelican.generators import ArticlesGenerator
from pelican.urlwrappers import Tag

from pelican_mlnotes.topics.map import Branch, make_topic_map, nearest_broader
from pelican_mlnotes.topics.taxonomy import Taxonomy

NEIGHBOURS = 6  # most topics named beside one


def describe_tags(generator: ArticlesGenerator, taxonomy: Taxonomy) -> None:
    """Tell templates what the site's tags mean and how they hang together.

    ``mlnotes_topics`` maps the slug of a tag to its description and to the tags that are broader, narrower,
    and most often on the same posts; ``mlnotes_topic_map`` is the list of trees that they form, with the
    topics that have too few posts for a page.
    """
    tags: dict[str, Tag] = {}
    uses: dict[str, int] = {}
    ids: dict[str, str] = {}
    # A tag that only was a topic's name gives way to one that is.
    for tag, articles in sorted(generator.tags.items(), key=lambda item: taxonomy.is_former(item[0].name)):
        found = taxonomy.find(tag.name)
        if found is not None and found.id not in tags:
            tags[found.id], uses[found.id], ids[tag.slug] = tag, len(articles), found.id
    broader = {topic: nearest_broader(topic, uses, taxonomy) for topic in tags}
    narrower: dict[str, list[str]] = {topic: [] for topic in tags}
    for topic, parents in broader.items():
        for parent in parents:
            narrower[parent].append(topic)
    together: dict[str, Counter[str]] = {topic: Counter() for topic in tags}
    for article in generator.articles:
        topics = [ids[tag.slug] for tag in getattr(article, "tags", ()) if tag.slug in ids]
        for topic in topics:
            together[topic].update(topics)
    described = {}
    for slug, topic in ids.items():
        above, below = broader[topic], sorted(narrower[topic], key=lambda other: (-uses[other], other))
        beside = [other for other in together[topic] if other not in {topic, *above, *below}]
        beside.sort(key=lambda other: (-together[topic][other], other))
        described[slug] = {
            "count": uses[topic],
            "description": taxonomy.topics[topic].description,
            "broader": [tags[other] for other in above],
            "narrower": [tags[other] for other in below],
            "related": [tags[other] for other in beside[:NEIGHBOURS]],
        }

    def dress(branch: Branch) -> dict[str, Any]:
        tag = tags[branch.topic]
        children = [dress(inner) for inner in branch.branches]
        # Among others, one spelling of a name; what the author calls otherwise keeps the author's name.
        label = taxonomy.topics[branch.topic].label
        label = label if _letters(label) == _letters(tag.name) else tag.name
        return {"label": label, "tag": tag, "count": uses[branch.topic], "children": children}

    for topic, (tag, count) in _rare_topics(generator, taxonomy).items():
        tags.setdefault(topic, tag)
        uses.setdefault(topic, count)
    trees = [dress(branch) for branch in make_topic_map(uses, taxonomy)]
    own = sorted((tag for tag in generator.tags if tag.slug not in ids), key=lambda tag: tag.name.lower())
    if trees and own:
        leaves = [
            {"label": tag.name, "tag": tag, "count": len(generator.tags[tag]), "children": []} for tag in own
        ]
        trees.append({"label": "", "tag": None, "count": len(own), "children": leaves})
    generator.context["mlnotes_topics"] = described
    generator.context["mlnotes_topic_map"] = trees


def _rare_topics(generator: ArticlesGenerator, taxonomy: Taxonomy) -> dict[str, tuple[Tag, int]]:
    """Return the topics of listed posts that have too few of them for a page: id -> name, number of posts."""
    found: dict[str, tuple[Tag, int]] = {}
    if generator.settings["TAG_SAVE_AS"]:
        for article in generator.articles:
            for tag in getattr(article, "topics", ()):
                topic = None if tag.save_as else taxonomy.find(tag.name)
                if topic:
                    found[topic.id] = (tag, found.get(topic.id, (tag, 0))[1] + 1)
    return found


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name.lower()))
