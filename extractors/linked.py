"""How much of a block is a way to somewhere else."""

from __future__ import annotations

from extractors.model import Block

MAX_BETWEEN_LINKS = 3  # characters: a bar or a bullet with its spaces. Our choice.


def linked_chars(block: Block) -> int:
    """Count the characters of a block that stand in links."""
    return sum(len(link.text) for link in block.links)


def is_only_links(block: Block) -> bool:
    """Tell whether a block is nothing but links, with at most a bar or a bullet between them."""
    return bool(block.links) and len(block.text) - linked_chars(block) <= len(block.links) * MAX_BETWEEN_LINKS
