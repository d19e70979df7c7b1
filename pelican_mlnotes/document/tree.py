"""What stands around a node of the tree, and what does it hold?"""

from selectolax.lexbor import LexborNode

Attributes = dict[str, str | None]

BLOCKS = "p,ul,ol,dl,table,h1,h2,h3,h4,h5,h6,blockquote,pre,figure"
# What stands in a frame that is no figure and no table after all: one left open, or one for layout.
SECTIONS = "h1,h2,h3,h4,h5,h6,p~p~p"


def text_of(node: LexborNode) -> str:
    return node.text().strip()


def holds(node: LexborNode, selector: str) -> bool:
    """Return whether anything below ``node``, not itself, matches."""
    return any(found.mem_id != node.mem_id for found in node.css(selector)[:2])


def is_blank_text(node: LexborNode) -> bool:
    return node.is_text_node and not (node.text_content or "").strip()


def is_alone(node: LexborNode) -> bool:
    """Return whether nothing but white space stands beside ``node``."""
    after = node.next
    if after is not None and (not is_blank_text(after) or after.next is not None):
        return False
    before = node.prev
    return before is None or (is_blank_text(before) and before.prev is None)


def element_before(node: LexborNode) -> LexborNode | None:
    before = node.prev
    while before is not None and (before.tag or "-")[0] == "-":
        before = before.prev
    return before


def sources(node: LexborNode) -> list[Attributes]:
    """Return the attributes of the sources that a ``picture`` offers for its image."""
    parent = node.parent
    if parent is None or parent.tag != "picture":
        return []
    return [child.attributes for child in parent.iter() if child.tag == "source"]
