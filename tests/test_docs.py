"""The documentation is true: commands exist, config blocks load, links lead somewhere, generated pages are new."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import BaseModel

from crawler.cli import COMMANDS, run
from crawler.config import Config, load

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
COMMAND = re.compile(r"\bamtsblick((?: --?[\w-]+(?:[ =][\w./:-]+)?)*) ([a-z]+)\b")
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#]+)(?:#[^)]*)?\)")


def blocks(page: Path, *languages: str) -> list[str]:
    return [body for language, body in FENCE.findall(page.read_text(encoding="utf-8")) if language in languages]


def tables(model: type[BaseModel]) -> dict[str, type[BaseModel]]:
    """The model of each table of the config by its name in TOML."""
    found = {}
    for name, field in model.model_fields.items():
        inner = getattr(field.annotation, "__args__", (field.annotation,))[0]
        found[field.alias or name] = inner
    return found


TOML = [(page, text) for page in PAGES for text in blocks(page, "toml")]


@pytest.mark.parametrize(("page", "text"), TOML, ids=[f"{page.name}-{number}" for number, (page, _) in enumerate(TOML)])
def test_every_config_block_loads(page: Path, text: str, tmp_path: Path) -> None:
    file = tmp_path / "amtsblick.toml"
    file.write_text(text, encoding="utf-8")
    assert load(file)


def test_the_readme_shows_a_config_of_ten_lines_for_a_site_of_ones_own() -> None:
    (block,) = blocks(ROOT / "README.md", "toml")
    assert len([line for line in block.splitlines() if line.strip()]) <= 10
    assert "[[source]]" in block
    assert "[[subscription]]" in block


@pytest.mark.parametrize("table", sorted(tables(Config)))
def test_every_key_of_the_config_is_documented(table: str) -> None:
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    parts = re.split(
        r"^\[\[?(\w+)\]\]?.*$", "\n".join(blocks(ROOT / "docs" / "configuration.md", "toml")), flags=re.MULTILINE
    )
    documented = {
        key
        for name, body in zip(parts[1::2], parts[2::2], strict=True)
        if name == table
        for key in re.findall(r"^(\w+) *=", body, flags=re.MULTILINE)
    }
    keys = {field.alias or name for name, field in tables(Config)[table].model_fields.items()}
    assert keys <= documented, f"docs/configuration.md does not name {sorted(keys - documented)} of [{table}]"
    assert documented <= keys, page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_that_is_shown_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    shown = [
        *re.findall(r"`([^`\n]*)`", text),
        *(line for block in blocks(page, "sh", "text") for line in block.splitlines()),
    ]
    named = {found[2] for line in shown for found in COMMAND.finditer(line)}
    assert named <= set(COMMANDS), f"{page.name} shows commands that do not exist: {sorted(named - set(COMMANDS))}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_within_the_repository_leads_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name} links {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_of_the_repository_that_is_named_exists(page: Path) -> None:
    named = re.findall(
        r"`((?:alerts|crawler|docs|extractors|storage|tests|tools|benchmarks)/[\w./-]*)`",
        page.read_text(encoding="utf-8"),
    )
    for name in named:
        assert (ROOT / name).exists(), f"{page.name} names {name}"


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        named = set(re.findall(r"(?:^    |`|^)make ([a-z-]+)", text, flags=re.MULTILINE))
        assert named <= targets, f"{page.name} names {sorted(named - targets)}"


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help_with_an_example(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([name, "--help"]) == 0
    assert f"amtsblick {name}" in " ".join(capsys.readouterr().out.split())


def test_the_command_reference_is_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, "tools/cli_reference.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_every_rule_that_holds_something_back_is_explained() -> None:
    """`changes --explain` names rules; the page that explains them has each of them, and no other."""
    code = "\n".join(each.read_text(encoding="utf-8") for each in sorted((ROOT / "alerts" / "detect").glob("*.py")))
    held = set(re.findall(r'hold\((?:[^()"]|\([^()]*\))*?"([a-z-]+)"', code))
    held |= set(re.findall(r'(?:return|rule =|SHARED =) "([a-z]+(?:-[a-z]+)+)"', code))
    page = (ROOT / "docs" / "detection.md").read_text(encoding="utf-8").split("## What was seen and not told")[1]
    named = {
        name for line in re.findall(r"^\| (`[^|]+)\|", page, re.MULTILINE) for name in re.findall(r"`([a-z-]+)`", line)
    }
    assert held <= named, f"docs/detection.md does not explain {sorted(held - named)}"
