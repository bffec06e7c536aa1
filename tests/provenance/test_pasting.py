"""What ``reproduce`` prints is harmless in a shell, whoever wrote the manifest."""

import shutil
import subprocess

import pytest
from tests.experiments.experiments import GRID, write

from deftrade.files import manifests
from deftrade.provenance.pasting import path_word, remark, word
from deftrade.provenance.reproduce import reproduce
from deftrade.report.snapshots import run_into

BASH = shutil.which("bash")
HOSTILE = [
    "a\ntouch owned",
    "a\r\ntouch owned #",
    "$(touch owned)",
    "`touch owned`",
    "; touch owned;",
    "' ; touch owned ; '",
    '"; touch owned; "',
    "\x1b[2J\x07; touch owned",
    "a\u2028touch owned",
    "!!",
    "\udc80; touch owned",
    "\\'; touch owned; \\'",
]
COMMAND = ["deftrade", "run", "offsets.yaml"]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    place = tmp_path_factory.mktemp("whole")
    write(place, GRID)
    _, written = run_into(place / "out", place / "offsets.yaml", years=1)
    return written.folder


@pytest.fixture
def folder(whole, tmp_path):
    return shutil.copytree(whole, tmp_path / whole.name)


def facts(data, where, text):
    """Return a manifest with a stranger's text somewhere."""
    changed = {
        "title": {"scenario": {**data["scenario"], "title": text}},
        "commit": {"commit": text},
        "deftrade": {"deftrade": text, "commit": ""},
        "version": {"versions": {**data["versions"], "numpy": text}},
        "package": {"versions": {**data["versions"], text: "1.0"}},
        "python": {"versions": {**data["versions"], "python": text}},
        "platform": {"platform": dict.fromkeys(data["platform"], text)},
        "code": {"code": text},
        "command": {"command": ["deftrade", text, text]},
        "argument": {"command": [*COMMAND, text, "--seed", text, text], "inputs": {}},
        "input": {"inputs": {text: "0" * 64}, "command": COMMAND},
        "file": {"files": {**data["files"], text: "0" * 64}},
    }
    return {**data, **changed[where]}


WHERE = ("title", "commit", "deftrade", "version", "package", "python", "platform", "code", "command",
         "argument", "input", "file")  # fmt: skip


def harmless_lines(printed):
    """Check that a text has the lines of a recipe and no others."""
    assert all(letter.isprintable() or letter == "\n" for letter in printed)
    begins = ("# ", "git checkout ", "pip install ", "deftrade ")
    assert [line for line in printed.split("\n") if line and not line.startswith(begins)] == []


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.skipif(BASH is None, reason="no bash here")
def test_nothing_of_a_stranger_is_run_or_breaks_out_of_its_line(folder, tmp_path, where):
    data = manifests.read(folder)
    data.pop(manifests.SEAL)
    for text in HOSTILE:
        manifests.write(facts(data, where, text), folder)
        printed = str(reproduce(folder))
        harmless_lines(printed)
        # As it is pasted, and as a shell takes it that knows no comments: nothing is found by its name.
        for lines in (printed, printed.replace("# ", "echo ")):
            done = subprocess.run(
                [BASH, "-c", lines],
                cwd=tmp_path,
                env={"PATH": "/nowhere"},
                capture_output=True,
                check=False,
            )
            assert b"touch: " not in done.stderr, (text, done.stderr)
            assert b"syntax error" not in done.stderr, (text, done.stderr)


def test_a_commit_and_versions_are_refused_by_name_where_they_are_none(folder):
    data = manifests.read(folder)
    data.pop(manifests.SEAL)
    versions = {**data["versions"], "numpy": "1;id", "evil": "1.0"}
    manifests.write({**data, "commit": "main", "versions": versions}, folder)
    recipe = reproduce(folder)
    assert not any("numpy" in line or "evil" in line or "main" in line for line in recipe.install)
    assert "this is no commit: main" in recipe.obstacles
    assert "this is no version of numpy: '1;id'" in recipe.obstacles


def test_words_and_paths_stay_one_word_on_one_line():
    assert word("a b") == "'a b'"
    assert word("a\nb'c\\") == r"$'a\nb\'c\\'"
    assert path_word("-rf") == "./-rf"
    assert remark("Offsets: Noor, 30 % (draft)\n") == r"'Offsets: Noor, 30 % (draft)\n'"
    assert remark("Détente in Noor") == "Détente in Noor"


@pytest.mark.skipif(BASH is None, reason="no bash here")
@pytest.mark.parametrize("text", HOSTILE)
def test_a_shell_reads_back_the_very_word(text):
    done = subprocess.run([BASH, "-c", f"printf %s {word(text)}"], capture_output=True, check=True,
                          env={"LC_ALL": "C.UTF-8"})  # fmt: skip
    assert done.stdout == text.encode(errors="surrogateescape")
