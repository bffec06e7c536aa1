"""The README and the guides do what they show: their Python runs, their commands are found."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
README = REPOSITORY / "README.md"
PAGES = [README, *sorted((REPOSITORY / "docs").glob("*.md"))]
RUN_ELSEWHERE = (REPOSITORY / "docs" / "economists.md",)
"""Pages whose results are tested, too: `tests/experiments/test_economists_guide.py`."""
PYTHON = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
COMMAND = re.compile(r"^<!-- command: (\w+) -->\n```bash\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def snippets(page):
    """Return the page's Python blocks, each moved down to the line where it stands."""
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    return ["\n" * text.count("\n", 0, block.start(1)) + block.group(1) for block in PYTHON.finditer(text)]


@pytest.fixture
def beside_scenarios(tmp_path, monkeypatch):
    """Work in an empty folder that holds a copy of the scenarios."""
    if (REPOSITORY / "scenarios").exists():
        shutil.copytree(REPOSITORY / "scenarios", tmp_path / "scenarios")
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("beside_scenarios")
@pytest.mark.parametrize(
    "page", [p for p in PAGES if snippets(p) and p not in RUN_ELSEWHERE], ids=lambda page: page.name
)
def test_the_python_of_a_page_runs_from_top_to_bottom(page, monkeypatch):
    module = ModuleType(f"snippets_{page.stem}")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    for snippet in snippets(page):
        exec(compile(snippet, str(page), "exec"), module.__dict__)
    assert len(vars(module)) > len(vars(ModuleType("empty"))), "the snippets define nothing"


def test_the_readme_holds_the_two_commands():
    assert README.exists(), "README.md is missing"
    names = [name for name, _ in COMMAND.findall(README.read_text(encoding="utf-8"))]
    assert sorted(names) == ["run", "test"]


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_ci_finds_the_same_two_commands():
    assert README.exists(), "README.md is missing"
    commands = dict(COMMAND.findall(README.read_text(encoding="utf-8")))
    done = subprocess.run(
        ["bash", ".ci/run", "--commands"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == commands["run"] + commands["test"]
