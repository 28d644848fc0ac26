"""Installs a page object as a distribution of its own: a module and a dist-info folder that PYTHONPATH finds."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

HOW_TO = Path(__file__).resolve().parents[2] / "docs" / "how-to-new-site.md"


def example() -> tuple[str, str]:
    """The page object of the how-to, and the entry points of its pyproject.toml."""
    text = HOW_TO.read_text("utf-8")
    (code,) = re.findall(r'^```python\n(""".*?)^```$', text, re.DOTALL | re.MULTILINE)
    (project,) = re.findall(r"^```ini\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    return code, project.split('[project.entry-points."amtsblick.pages"]\n')[1].replace('"', "")


def install(folder: Path, code: str, points: str = "musterstadt = musterstadt", version: str = "1") -> Path:
    """Put a page object into a folder, in the place of one that is there."""
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.dist-info"):
        shutil.rmtree(old)
    (folder / "musterstadt.py").write_text(code, "utf-8")
    about = folder / f"amtsblick_musterstadt-{version}.dist-info"
    about.mkdir(exist_ok=True)
    (about / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: amtsblick-musterstadt\nVersion: {version}\n", "utf-8"
    )
    (about / "entry_points.txt").write_text(f"[amtsblick.pages]\n{points}\n", "utf-8")
    return folder
