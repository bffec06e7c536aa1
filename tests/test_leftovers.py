"""What killed writers leave is cleaned up by the next one; what is a user's is never deleted nor sealed."""

import shutil
import warnings

import pytest
from tests.killed import dead_owner
from tests.worlds import small_scenario

from deftrade.errors import ExperimentError, OutputError
from deftrade.experiments.batch import engines, folder, running
from deftrade.experiments.batch.batch import Batch
from deftrade.experiments.batch.execution import Execution
from deftrade.experiments.batch.replicate import Cell
from deftrade.experiments.batch.running import run_batch
from deftrade.experiments.batch.verify import verify_batch
from deftrade.files import leftovers, manifests, writing
from deftrade.files.leftovers import owner, sweep
from deftrade.report import figures
from deftrade.report.files import check_folder, write_run
from deftrade.simulation import simulate

HERE = Execution("serial")


class KilledError(BaseException):
    """Stands for whatever ends a process half way."""


@pytest.fixture(scope="module")
def results():
    return simulate(small_scenario(years=1))


@pytest.fixture
def run(results, tmp_path, monkeypatch):
    monkeypatch.setattr(figures, "FIGURES", {})
    return write_run(results, tmp_path / "out").folder


@pytest.fixture(scope="module")
def batch():
    return Batch((Cell("small", small_scenario(years=1)),), 5, 1)


@pytest.fixture(scope="module")
def played(batch, tmp_path_factory):
    return run_batch(batch, batch.place(tmp_path_factory.mktemp("played")), HERE).folder


@pytest.fixture
def ensemble(played, tmp_path):
    return shutil.copytree(played, tmp_path / "out" / played.name)


def names_in(place):
    return sorted(path.name for path in place.iterdir())


def bend(place):
    data = manifests.read(place)
    data["content"]["contracts"] = "0" * 64
    manifests.write(data, place)


def test_parts_of_the_dead_are_removed_and_what_only_looks_alike_is_not(tmp_path):
    dead, alive = dead_owner(), owner()
    kept = [
        ".thesis.part-1",
        f".thesis.part-{alive}-abcdefgh",
        f".thesis.part-{dead}-ABC",
        f"thesis.part-{dead}-abcdefgh",
        ".thesis.part-00000000-1-abcdefgh",  # of another machine, and new
    ]
    for name in (*kept, f".thesis.part-{dead}-abcdefgh"):
        (tmp_path / name).mkdir()
    (tmp_path / f".mine.part-{dead}-abcdefgh").write_text("a file", encoding="utf-8")
    sweep(tmp_path)
    assert names_in(tmp_path) == sorted([*kept, f".mine.part-{dead}-abcdefgh"])


def test_the_next_run_in_the_same_place_cleans_up(results, run):
    (run.parent / f".other-1-abc.part-{dead_owner()}-abcdefgh").mkdir()
    assert not write_run(results, run.parent).is_new
    assert names_in(run.parent) == [run.name]


def test_a_result_moved_away_by_a_killed_run_is_put_back(results, run):
    run.rename(run.with_name(f".{run.name}.old-{dead_owner()}-abcdefgh"))
    check_folder(results.scenario, run.parent)
    assert names_in(run.parent) == [run.name]
    assert not manifests.damages(run, manifests.read(run))


def test_a_result_that_was_replaced_before_the_kill_gives_its_notes_and_goes(results, run):
    old = shutil.copytree(run, run.with_name(f".{run.name}.old-{dead_owner()}-abcdefgh"))
    (old / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.warns(UserWarning, match=r"they were left there: notes\.txt"):
        check_folder(results.scenario, run.parent)
    assert names_in(run.parent) == [run.name]
    assert (run / "notes.txt").read_text("utf-8") == "mine"


def test_a_kill_while_a_replaced_result_is_removed_leaves_none_of_its_files(results, run, monkeypatch):
    old = shutil.copytree(run, run.with_name(f".{run.name}.old-{dead_owner()}-abcdefgh"))

    def die(place, **_):
        (place / manifests.NAME).unlink(missing_ok=True)
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(leftovers.shutil, "rmtree", die)
        with pytest.raises(KilledError):
            leftovers.put_back(old, run)
    check_folder(results.scenario, run.parent)
    assert names_in(run.parent) == [run.name]
    assert not manifests.damages(run, manifests.read(run))


def test_force_leaves_files_of_the_user_and_names_them(results, run):
    bend(run)
    (run / "figures").mkdir()
    for name in ("notes.txt", "figures/mine.png"):
        (run / name).write_text("mine", encoding="utf-8")
    with pytest.warns(UserWarning, match=r"left there: figures/mine\.png, notes\.txt"):
        written = write_run(results, run.parent, force=True)
    assert written.is_new
    assert "notes.txt" not in written.manifest["files"]
    assert [(run / name).read_text("utf-8") for name in ("notes.txt", "figures/mine.png")] == ["mine"] * 2


@pytest.mark.parametrize("force", [False, True])
def test_a_link_in_the_place_of_a_result_is_refused_before_the_run(results, run, force):
    aside = run.rename(run.parent.parent / "aside")
    run.symlink_to(aside if force else aside.with_name("nowhere"))
    with pytest.raises(OutputError, match=r"is a link to \S+(aside|nowhere), and"):
        check_folder(results.scenario, run.parent, force=force)
    assert manifests.read(aside)


def test_an_unfinished_batch_of_a_user_is_not_deleted_by_force(batch, ensemble):
    (ensemble / manifests.NAME).unlink()
    (ensemble / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.warns(UserWarning, match=r"notes\.txt"):
        run_batch(batch, ensemble, Execution("serial", force=True))
    assert (ensemble / "notes.txt").read_text("utf-8") == "mine"


def test_resume_seals_neither_a_stray_part_nor_a_note(batch, ensemble):
    (ensemble / manifests.NAME).unlink()
    strays = (".status.csv.part", "notes.txt", "runs/small-7.parquet", "runs/mine.txt")
    for name in strays:
        (ensemble / name).write_text("mine", encoding="utf-8")
    half = ensemble / "runs" / f".small-0.parquet.{dead_owner()}.part"
    half.write_text("half", encoding="utf-8")
    with pytest.warns(UserWarning, match=r"left there: notes\.txt, runs/mine\.txt"):
        run_batch(batch, ensemble, Execution("serial", resume=True))
    assert not half.exists()
    assert all((ensemble / name).exists() for name in strays)
    assert verify_batch(ensemble).damages == [f"{name} was added" for name in sorted(strays)]


@pytest.mark.parametrize("options", [{}, {"resume": True}, {"force": True}])
@pytest.mark.parametrize("stage", ["write_text", "write_lock"])
def test_a_batch_killed_at_its_plan_begins_again_under_any_option(
    batch, tmp_path, monkeypatch, options, stage
):
    place = batch.place(tmp_path)

    def die(*_):
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(folder, stage, die)
        patch.setattr(writing.shutil, "rmtree", lambda *_, **__: None)  # kill -9: no clean-up
        with pytest.raises(KilledError):
            run_batch(batch, place, HERE)
    assert not place.exists()
    (left,) = tmp_path.iterdir()
    left.rename(left.with_name(left.name.replace(owner(), dead_owner())))
    assert run_batch(batch, place, Execution("serial", **options)).folder == place
    assert names_in(tmp_path) == [place.name]


@pytest.mark.parametrize("options", [{"resume": True}, {"force": True}])
def test_a_batch_whose_folder_has_no_plan_yet_can_be_gone_on_with(batch, ensemble, options):
    for path in ensemble.iterdir():
        if path.is_file():
            path.unlink()
    shutil.rmtree(ensemble / "figures")
    shutil.rmtree(ensemble / "runs")
    (ensemble / "runs").mkdir()
    again = run_batch(batch, ensemble, Execution("serial", **options))
    assert verify_batch(again.folder).is_sound


def test_a_full_disk_at_the_plan_leaves_nothing(batch, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folder, "write_lock", full)
    with pytest.raises(OutputError, match="No space left on device"):
        run_batch(batch, batch.place(tmp_path), HERE)
    assert names_in(tmp_path) == []


def test_a_scheduler_that_does_not_answer_leaves_no_batch(batch, tmp_path, monkeypatch):
    def refuse(_):
        raise OSError("connection refused")

    monkeypatch.setattr(engines, "_knock", refuse)
    with pytest.raises(ExperimentError, match="no dask scheduler answers at tcp://x:1"):
        run_batch(batch, batch.place(tmp_path), Execution("dask", scheduler="tcp://x:1"))
    assert names_in(tmp_path) == []


def test_a_batch_that_is_gone_on_with_is_not_whole_until_it_is_finished(batch, ensemble, monkeypatch):
    def die(*_):
        raise KilledError

    monkeypatch.setattr(running, "finish_folder", die)
    (ensemble / "status.csv").unlink()
    with warnings.catch_warnings(), pytest.raises(KilledError):
        run_batch(batch, ensemble, Execution("serial", resume=True))
    assert not (ensemble / manifests.NAME).exists()
