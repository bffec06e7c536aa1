"""``deftrade compare`` and ``deftrade claims`` on the command line."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.inside import called as deftrade

REPOSITORY = Path(__file__).resolve().parents[2]
BASE = str(REPOSITORY / "scenarios" / "baseline.yaml")
MODULE = str(REPOSITORY / "scenarios" / "policies" / "skills.yaml")
SMALL = ["--runs", "2", "--years", "1", "--engine", "serial"]


def test_a_against_a_is_zero_and_says_so(tmp_path):
    done = deftrade("compare", BASE, BASE, *SMALL, "--json", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    data = json.loads(done.stdout)
    assert {(each["difference"], each["low"], each["high"]) for each in data["findings"]} == {(0.0, 0.0, 0.0)}
    assert data["acts"] == {"baseline-2": False}
    shown = deftrade("compare", BASE, BASE, *SMALL, cwd=tmp_path)
    assert shown.returncode == 0
    assert "no effect at all: the policy cannot act on it" in shown.stdout
    assert "runs exactly as baseline does in every pair" in shown.stdout
    assert "2 pairs of runs, 2025 to 2025, root seed 7" in shown.stdout


def test_different_worlds_exit_with_2_and_say_what_differs(tmp_path):
    other = tmp_path / "other.yaml"
    other.write_text(
        f"deftrade: 1\nextends: {BASE}\nparameters: {{accounting: {{civil_intensity: 2}}}}\n",
        encoding="utf-8",
    )
    done = deftrade("compare", BASE, str(other), *SMALL, cwd=tmp_path)
    assert done.returncode == 2
    assert "accounting.civil_intensity: 1.25 → 2" in done.stderr
    assert not (tmp_path / "outputs").exists()
    allowed = deftrade("compare", BASE, str(other), *SMALL, "--allow-different-worlds", "-q", cwd=tmp_path)
    assert (allowed.returncode, allowed.stdout) == (0, ""), allowed.stderr


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--until", "jobs_net"], "INDICATOR=HALF-WIDTH"),
        (["--indicators", "jobs_nett"], "did you mean jobs_net"),
        (["--shard", "3/2"], "there is no shard"),
        (["--shard", "1/2", "--until", "jobs_net=5"], "--until looks at whole pairs"),
        (["--shard", "1/2", "--indicators", "jobs_net"], "--indicators cannot be used with --shard"),
        (["--max-runs", "5"], "--max-runs is where --until gives up"),
        (["--engine", "serial", "--workers", "0"], "workers"),
    ],
)
def test_bad_options_exit_with_2_before_any_run(options, words, tmp_path):
    done = deftrade("compare", BASE, MODULE, "--runs", "2", "--years", "1", *options, cwd=tmp_path)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_shards_are_merged_and_the_folder_compared(tmp_path):
    for part in ("1/2", "2/2"):
        done = deftrade("compare", BASE, MODULE, *SMALL, "--shard", part, "-q", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    parts = sorted(str(path) for path in (tmp_path / "outputs").iterdir())
    assert len(parts) == 2
    assert deftrade("merge", *parts, "--into", "whole", "-q", cwd=tmp_path).returncode == 0
    done = deftrade("compare", "whole", "--indicators", "jobs_net,fiscal_cost", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    assert [each["indicator"] for each in data["findings"]] == ["jobs_net", "fiscal_cost"]
    assert (tmp_path / "whole" / "comparison.md").exists()


@pytest.fixture(scope="module")
def answered(tmp_path_factory):
    """Return the folder of a comparison that asked the main questions, not to be changed."""
    place = tmp_path_factory.mktemp("answered")
    done = deftrade("compare", BASE, MODULE, *SMALL, "-q", cwd=place)
    assert done.returncode == 0, done.stderr
    (folder,) = (place / "outputs").iterdir()
    return folder


@pytest.fixture
def answer(answered, tmp_path):
    """Return a copy of that folder."""
    return shutil.copytree(answered, tmp_path / "answer")


def bytes_of(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_folder_that_was_changed_is_refused_and_stays_as_it_is(answer, tmp_path):
    (lock,) = answer.glob("lock/skills/scenario.lock.yaml")
    lock.write_text(lock.read_text(encoding="utf-8").replace("civil_intensity: 1.25", "civil_intensity: 2"))
    with (answer / "status.csv").open("a", encoding="utf-8") as file:
        file.write("x")
    before = bytes_of(answer)
    for options in ([], ["--force"]):
        done = deftrade("compare", "answer", *options, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert "answer is not as it was written: lock/skills/scenario.lock.yaml was changed" in done.stderr
        assert "and 1 more; `deftrade verify answer` lists everything" in done.stderr
    assert bytes_of(answer) == before
    found = deftrade("verify", "answer", cwd=tmp_path)
    assert found.returncode == 1
    assert "status.csv was changed" in found.stdout + found.stderr


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--seed", "1", "--years", "2"], "--seed, --years cannot"),
        (["--runs", "200"], "--runs cannot"),
        (["--until", "jobs_net=5", "--max-runs", "40"], "--until, --max-runs cannot"),
        (["--shard", "1/2", "--resume", "--out", "x"], "--shard, --resume, --out cannot"),
        (["--engine", "serial", "--workers", "1"], "--workers, --engine cannot"),
    ],
)
def test_options_that_play_runs_are_refused_with_a_folder(answered, options, named):
    done = deftrade("compare", answered.name, *options, "--force", cwd=answered.parent)
    assert done.returncode == 2
    assert f"{named} be used with a folder" in done.stderr


def test_an_answer_to_many_questions_is_not_replaced_by_one_to_a_few(answer, tmp_path):
    before = bytes_of(answer)
    shown = deftrade("compare", "answer", cwd=tmp_path)
    assert "all 17 questions together" in shown.stdout
    assert bytes_of(answer) == before
    done = deftrade("compare", "answer", "--indicators", "know_how", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "holds the answer to 17 questions asked together; 1 question chosen afterwards" in done.stderr
    assert bytes_of(answer) == before
    done = deftrade("compare", "answer", "--indicators", "know_how", "--force", "-q", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    data = json.loads((answer / "comparison.json").read_text(encoding="utf-8"))
    assert data["family"] == 1
    assert deftrade("verify", "answer", cwd=tmp_path).returncode == 0


def test_asking_again_from_the_scenarios_replaces_no_answer_either(answered):
    before = bytes_of(answered)
    options = [*SMALL, "--indicators", "know_how"]
    done = deftrade("compare", BASE, MODULE, *options, cwd=answered.parent.parent)
    assert done.returncode == 2
    assert "17 questions asked together" in done.stderr
    assert bytes_of(answered) == before


def test_a_changed_answer_is_replaced_by_force_alone(answer, tmp_path):
    whole = (answer / "comparison.csv").read_bytes()
    (answer / "comparison.csv").write_bytes(whole.replace(b"net jobs", b"NET JOBS"))
    done = deftrade("compare", "answer", cwd=tmp_path)
    assert done.returncode == 2
    assert "comparison.csv was changed" in done.stderr
    assert deftrade("compare", "answer", "--force", "-q", cwd=tmp_path).returncode == 0
    assert (answer / "comparison.csv").read_bytes() == whole
    assert deftrade("verify", "answer", cwd=tmp_path).returncode == 0


@pytest.fixture(scope="module")
def kept_comparison(tmp_path_factory):
    """A folder where the first comparison is kept for the next ones."""
    return tmp_path_factory.mktemp("widths")


@pytest.mark.parametrize(
    "columns", [60, *(pytest.param(columns, marks=pytest.mark.slow) for columns in (100, 150))]
)
def test_nothing_is_wider_than_the_terminal(columns, kept_comparison):
    import struct

    fcntl, pty, termios = (pytest.importorskip(name) for name in ("fcntl", "pty", "termios"))
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    env = {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "LINES")}
    with subprocess.Popen(
        [
            sys.executable,
            "-m",
            "deftrade",
            "compare",
            BASE,
            MODULE,
            *SMALL,
            "--indicators",
            "jobs_net,fiscal_cost",
        ],
        cwd=kept_comparison,
        stdout=follower,
        stderr=subprocess.DEVNULL,
        env={**env, "PYTHONPATH": str(REPOSITORY / "src"), "PYTHONUTF8": "1", "TERM": "xterm"},
    ) as process:
        os.close(follower)
        text = b""
        while True:
            try:
                piece = os.read(leader, 65536)
            except OSError:
                break
            if not piece:
                break
            text += piece
    os.close(leader)
    assert process.returncode == 0
    lines = text.decode().replace("\r", "").splitlines()
    about = [line for line in lines if "net jobs" in line or "net fiscal cost" in line or "95 %" in line]
    assert about
    assert max(map(len, about)) <= columns


@pytest.mark.slow
def test_stopping_looks_from_twenty_pairs_on(tmp_path):
    options = ["--until", "jobs_net=100", "--max-runs", "40", "--years", "1", "--engine", "serial"]
    done = deftrade("compare", BASE, BASE, *options, "--indicators", "jobs_net", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "20 pairs of runs" in done.stdout
    again = deftrade("compare", BASE, BASE, *options, "--indicators", "jobs_net", cwd=tmp_path)
    assert again.stdout == done.stdout
    helped = deftrade("compare", "--help", cwd=tmp_path).stdout
    assert "without it 200, or with --until 20" in " ".join(helped.split())


def test_claims_of_a_file_with_faults_exit_with_2(tmp_path):
    assert deftrade("claims", "none.yaml", cwd=tmp_path).returncode == 2
    (tmp_path / "claims.yaml").write_text("deftrade_claims: 1\ntitle: None\n", encoding="utf-8")
    done = deftrade("claims", "claims.yaml", cwd=tmp_path)
    assert done.returncode == 2
    assert "claims.yaml" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "outputs").exists()
