"""The documentation's generated tables are those of the declarations, and its links lead somewhere."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from PIL import Image

from deftrade import __version__, load
from deftrade.cli.app import COMMANDS
from deftrade.core.tables import ALL
from deftrade.phases import ORDER
from validation import accounts, reference, renew

REPOSITORY = Path(__file__).resolve().parents[1]
PAGES = [
    REPOSITORY / "README.md",
    REPOSITORY / "CONTRIBUTING.md",
    *sorted((REPOSITORY / "docs").glob("*.md")),
]
WITH_TABLES = [page for page in PAGES if page.exists() and reference.BLOCK.search(page.read_text("utf-8"))]
GUIDE = REPOSITORY / "docs" / "scenarios.md"
COMMAND_ROW = re.compile(r"^\| `deftrade (\w+)[^|]*\|([^|]*)\|$", re.MULTILINE)
YAML = re.compile(r"^```yaml\n(.*?)^```$", re.DOTALL | re.MULTILINE)
GENERATED = re.compile(r"<!-- (generated|facts|flow matrix|explained|replication|claims file|findings)\b")
KEY = re.compile(r"\bV\d\d\b|L§\d")
PATH = re.compile(r"`((?:src|tests|validation|docs|scenarios|benchmarks)/[^`<>\s]*)`")
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


def name(page):
    return page.relative_to(REPOSITORY).as_posix()


@pytest.mark.parametrize("page", WITH_TABLES, ids=name)
def test_generated_tables_are_current(page):
    text = page.read_text(encoding="utf-8")
    stale = text != reference.renew(text)
    assert not stale, (
        f"{name(page)} is not what the declarations say; update it with\n"
        "    python -m validation.renew reference rooms"
    )


def test_every_table_is_shown_on_some_page():
    shown = {
        block.group(1) for page in WITH_TABLES for block in reference.BLOCK.finditer(page.read_text("utf-8"))
    }
    assert shown == set(reference.GENERATED)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_inside_the_repository_lead_somewhere(page):
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    assert not [target for target in targets if not (page.parent / target).exists()]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_paths_that_a_page_names_are_there(page):
    named = PATH.findall(page.read_text(encoding="utf-8"))
    assert not [path for path in named if not list(REPOSITORY.glob(path))]


def test_the_readme_tells_every_command():
    told = [command for command, _ in COMMAND_ROW.findall((REPOSITORY / "README.md").read_text("utf-8"))]
    assert sorted(told) == sorted(command.__name__ for command in COMMANDS)


def test_the_citation_names_the_version_and_the_licence():
    citation = yaml.safe_load((REPOSITORY / "CITATION.cff").read_text("utf-8"))
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    assert citation["version"] == __version__ == project["version"]
    assert citation["license"] == project["license"]
    assert citation["authors"] == project["authors"]


def test_the_columns_of_every_table_are_listed():
    text = reference.columns()
    for table in ALL:
        assert f"### {table.__name__}\n" in text
        for column in table.columns:
            assert f"| `{column.name}" in text


def test_the_phases_stand_in_their_order():
    rows = reference.phases_in_brief().splitlines()[2:]
    assert [row.split("`")[1] for row in rows] == [phase.name for phase in ORDER]


def test_a_page_is_rewritten_and_nothing_else_in_it(tmp_path):
    (tmp_path / "docs").mkdir()
    for path in renew.STEPS["reference"].paths:
        page = tmp_path / path
        page.write_text("before\n<!-- generated: laws -->\nold\n<!-- end -->\nafter\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "validation.renew", "reference", "--root", str(tmp_path)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n<!-- generated: laws -->\n\n| law |")
    assert text.endswith("|\n\n<!-- end -->\nafter\n")
    assert "old" not in text


def test_the_matrix_of_payments_is_that_of_the_flagship():
    page = REPOSITORY / "docs" / "accounts.md"
    text = page.read_text(encoding="utf-8")
    assert accounts.BLOCK.search(text)
    assert text == accounts.renew(text, REPOSITORY / "scenarios"), "python -m validation.renew accounts"


@pytest.mark.slow
def test_the_picture_of_the_flagship_says_what_a_run_says():
    kept = Image.open(REPOSITORY / renew.PICTURE).info["Title"]
    assert kept == renew.picture()[1], "python -m validation.renew picture"


def test_every_generated_page_has_a_builder():
    written = {path for page in renew.STEPS.values() for path in page.paths if path.endswith(".md")}
    pages = [*PAGES, REPOSITORY / "benchmarks" / "README.md"]
    marked = {name(page) for page in pages if GENERATED.search(page.read_text(encoding="utf-8"))}
    assert marked == written


def test_an_unknown_page_is_refused(capsys):
    with pytest.raises(SystemExit) as stop:
        renew.main(["refrence"])
    assert stop.value.code == 2
    assert "nothing is called refrence; there are golden, evidence, reference" in capsys.readouterr().err


def test_an_unknown_table_is_refused():
    with pytest.raises(reference.PageError, match="no table is called 'lawz'"):
        reference.renew("<!-- generated: lawz -->\n<!-- end -->\n")


def test_every_source_key_is_explained():
    used = set(KEY.findall((REPOSITORY / "docs" / "reference.md").read_text("utf-8")))
    sources = (REPOSITORY / "docs" / "model.md").read_text("utf-8").split("\n## Sources\n")[1]
    explained = {line.split("|")[1].strip() for line in sources.splitlines() if line.startswith("|")}
    assert used
    assert used <= explained, f"explain under Sources in docs/model.md: {sorted(used - explained)}"


@pytest.mark.parametrize("block", YAML.findall(GUIDE.read_text("utf-8")), ids=lambda text: text.split(":")[0])
def test_the_scenarios_of_the_guide_load(block, tmp_path):
    shutil.copytree(REPOSITORY / "scenarios", tmp_path / "scenarios")
    page = tmp_path / "scenarios" / "of_the_guide.yaml"
    page.write_text(block if "deftrade: 1" in block else f"extends: baseline.yaml\n{block}", encoding="utf-8")
    assert load(page).world.names.states


@pytest.mark.parametrize(
    ("command", "does"), COMMAND_ROW.findall((REPOSITORY / "README.md").read_text("utf-8"))
)
def test_the_commands_of_the_readme_exist_with_their_options(command, does):
    shown = subprocess.run(
        [sys.executable, "-m", "deftrade", command, "--help"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    assert shown.returncode == 0, shown.stderr
    for option in re.findall(r"--\w+", does):
        assert option in shown.stdout
