"""Every rule that can appear is explained in words, and the docs have the same words (`make docs`)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler import rules

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted([*ROOT.glob("extractors/**/*.py"), *ROOT.glob("crawler/*.py"), *ROOT.glob("crawler/spiders/*.py")])
# What a function hands on as the rule of a capture, without naming the argument.
CALLS = {"_fail": 1, "_failed": 0, "CodingError": 0}


def named(node: ast.expr, constants: dict[str, str]) -> Iterator[str]:
    """The texts that an expression may give; of one put together the part before the first gap."""
    match node:
        case ast.Name(id=name):
            yield constants.get(name, "")
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=[ast.Constant(value=str(text)), *_]):
            yield text
        case ast.IfExp(body=one, orelse=other):
            yield from (*named(one, constants), *named(other, constants))


def constants_of(module: ast.Module) -> dict[str, str]:
    return {
        target.id: node.value.value
        for node in module.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def used() -> set[str]:
    found: set[str] = set()
    for source in SOURCES:
        module = ast.parse(source.read_text("utf-8"))
        constants = constants_of(module)
        for call in (node for node in ast.walk(module) if isinstance(node, ast.Call)):
            for keyword in call.keywords:
                found |= set(named(keyword.value, constants)) if keyword.arg == "rule" else set()
            position = CALLS.get(call.func.id if isinstance(call.func, ast.Name) else "")
            if position is not None and len(call.args) > position:
                found |= set(named(call.args[position], constants))
    return found - {""}


def test_every_rule_in_the_code_is_explained() -> None:
    assert len(used()) > 50
    silent = sorted(rule for rule in used() if not (rules.of_block(rule) or rules.of_outcome(rule)))
    assert not silent, f"crawler/rules.py says nothing of {silent}"


@pytest.mark.parametrize(
    ("rule", "meaning"),
    [("feed:item", "an entry"), ("content:inhalt", "usual name"), ("berlin.de:content", "content column")],
)
def test_a_rule_with_a_detail_behind_it_is_explained(rule: str, meaning: str) -> None:
    assert meaning in rules.of_block(rule)


def test_a_status_is_explained_and_an_unknown_rule_is_not() -> None:
    assert "status" in rules.of_outcome("status-404")
    assert rules.of_block("nothing-of-ours") == ""
