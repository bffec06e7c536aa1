"""Sweeps, sensitivity and robustness: from runs to tables, words and figures."""

import json
import re
import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from tests.drawn import check_drawn
from tests.experiments.experiments import GRID, write

from deftrade import load_experiment, robustness, sensitivity, sweep
from deftrade.cli.app import app
from deftrade.core.wording import NO_BREAK
from deftrade.errors import ExperimentError
from deftrade.experiments.answers import files as answer_files
from deftrade.experiments.answers.api import for_method
from deftrade.experiments.batch.replicate import Cell, play
from deftrade.experiments.design.design import lay_out
from deftrade.experiments.design.experiment import Goal
from deftrade.experiments.design.indices import Measured, Morris
from deftrade.experiments.design.noise import NoiseShare
from deftrade.experiments.design.outcomes import Outcomes, gather, summarise
from deftrade.experiments.robustness.robustness import judge
from deftrade.experiments.sensitivity.sensitivity import Sensitivity, measure
from deftrade.experiments.sweep.sweep import Sweep


@pytest.fixture
def experiment(tmp_path):
    return load_experiment(write(tmp_path, GRID))


@pytest.fixture
def two(experiment):
    """Two factors by name only: outcomes are made up, nothing is run."""
    policies = {name: next(iter(experiment.policies.values())) for name in ("bold", "timid")}
    return replace(experiment, policies=policies, baseline=None, indicators=("exports",), runs=4)


def plain(text):
    return text.replace(NO_BREAK, " ").replace("\u202f", " ")


# Runs


def test_a_sweep_gives_the_paired_differences_of_its_runs(experiment):
    answer = sweep(experiment, engine="serial")
    frame = answer.to_frame()
    assert len(frame) == 4 * 2
    row = frame[(frame["point"] == 2) & (frame["indicator"] == "imports")].iloc[0]
    assert row["policy.states.Noor.procurement_share"] == 0.5
    assert row["parameters.budgeting.reaction"] == 0.1
    point = np.array([0.5, 0.1])
    differences = []
    for run in range(2):
        policy, baseline = (
            play(Cell(arm, experiment.scenario_at(arm, point)), run, experiment.seed).indicators["imports"]
            for arm in experiment.arms
        )
        differences.append(policy - baseline)
    assert row["mean"] == pytest.approx(np.mean(differences), rel=1e-12)
    assert row["low"] < row["mean"] < row["high"]
    assert row["runs"] == 2
    assert np.ptp(frame["mean"]) > 0


def test_answers_do_not_depend_on_workers(experiment, tmp_path):
    alone = sweep(experiment, engine="serial")
    together = sweep(experiment, engine="processes", workers=2, out=tmp_path)
    pd.testing.assert_frame_equal(alone.to_frame(), together.to_frame(), check_exact=True)
    assert alone.outcomes.batch.content == together.outcomes.batch.content


def test_sensitivity_runs_the_design_of_its_method(experiment):
    one = replace(experiment, indicators=("imports",), factors=experiment.factors[:1], baseline=None)
    answer = sensitivity(one, "morris", points=2, runs=1, engine="serial")
    frame = answer.to_frame()
    assert frame["factor"].tolist() == ["policy.states.Noor.procurement_share"]
    assert frame["size"].tolist()[0] > 0
    assert "With one run a point, luck cannot be told from the factors." in " ".join(answer.sentences())


def test_a_method_needs_a_size_that_fits_it(experiment):
    with pytest.raises(ExperimentError, match="the design grid has no sensitivity indices"):
        for_method(experiment)
    with pytest.raises(
        ExperimentError, match="cannot take 12 points; allowed: a power of two, such as 8 or 16"
    ):
        for_method(experiment, "sobol", 12)
    asked, method = for_method(experiment, "sobol", 16)
    assert (asked.design, asked.points, method) == ("saltelli", 16, "sobol")


def test_robustness_needs_goals(experiment):
    with pytest.raises(ExperimentError, match="experiment has no goals"):
        robustness(experiment)


# Outcomes


def test_runs_are_gathered_by_name_and_missing_ones_stay_missing(experiment):
    rows = [
        (cell.name, run, name, number + 10 * run + (100 if cell.name.endswith("policy") else 0))
        for number, cell in enumerate(experiment.cells(experiment.lay_out()))
        for run in range(2)
        for name in experiment.indicators
        if (cell.name, run) != ("p1-baseline", 1)
    ]
    frame = pd.DataFrame(rows[::-1], columns=["cell", "run", "indicator", "value"])
    outcomes = gather(experiment, experiment.lay_out(), frame)
    assert outcomes.values.shape == (4, 1, 2, 2)
    assert np.isnan(outcomes.values[1, 0, 1]).all()
    assert outcomes.values[0, 0].tolist() == [[99, 99], [99, 99]]


def with_failures(experiment, *failed):
    """Return a grid's outcomes in which runs of given points failed; the last point is the highest."""
    where = experiment.lay_out()
    shape = (len(where), 1, experiment.runs, len(experiment.indicators))
    values = np.arange(float(len(where)))[:, None, None, None] + np.linspace(0, 0.1, shape[2])[:, None]
    values = np.broadcast_to(values, shape).copy()
    for row, run in failed:
        values[row, :, run] = np.nan
    return Outcomes(experiment, where, values)


def test_a_point_whose_runs_failed_is_named_and_not_called_highest(experiment):
    answer = Sweep(with_failures(replace(experiment, runs=3), (3, 0), (3, 2), (1, 1)))
    short, *ends = map(plain, answer.sentences())
    assert short == (
        "Runs failed. Left of the 3 asked for:"
        " 2 at point 1 (states.Noor.procurement_share 15%, budgeting.reaction 0.4);"
        " 1 at point 3 (states.Noor.procurement_share 50%, budgeting.reaction 0.4)."
    )
    assert all("highest 2.05 MUSD/yr (95 % interval" in text for text in ends)
    assert "no interval" not in " ".join(ends)
    for _, figure in answer_files.figures(answer):
        words = plain(" ".join(text.get_text() for text in figure.texts))
        assert "2.05" in words
        assert "runs failed at 2 points" in " ".join(words.split())


def test_nothing_is_called_highest_where_no_point_has_two_runs(experiment):
    answer = Sweep(with_failures(replace(experiment, runs=2), (0, 0), (1, 0), (2, 1), (3, 1)))
    assert "no point has two runs that succeeded." in list(answer.sentences())[1]


def test_many_points_with_failed_runs_are_counted(experiment):
    grid = replace(experiment, points=4, design="grid")
    answer = Sweep(with_failures(grid, *((row, 0) for row in range(8))))
    assert next(answer.sentences()).endswith("; and at 3 more.")


def test_means_have_students_intervals():
    mean, low, high, count = summarise(np.array([[1.0, 2.0, 3.0, np.nan], [5.0, np.nan, np.nan, np.nan]]), 1)
    assert mean.tolist() == [2, 5]
    assert count.tolist() == [3, 1]
    assert (low[0], high[0]) == pytest.approx((2 - 4.302653 / 3**0.5, 2 + 4.302653 / 3**0.5))
    assert np.isnan([low[1], high[1]]).all()


# Sensitivity


def made_up(experiment, kind, points, function, noise=0.0):
    """Return outcomes that a function of the points gives, with noise that differs by point and run."""
    asked = replace(experiment, design=kind, points=points)
    where = lay_out(kind, asked.factors, points, asked.seed)
    rng = np.random.default_rng(1)
    shape = (len(where), len(asked.policies), asked.runs, 1)
    values = np.broadcast_to(function(where)[:, None, None, None], shape) + rng.normal(size=shape) * noise
    return Outcomes(asked, where, values)


def test_sobol_is_told_in_words(two):
    ranged = replace(two, factors=(replace(two.factors[0], levels=(), low=0.0, high=1.0), two.factors[1]))
    answer = measure(made_up(ranged, "saltelli", 256, lambda x: 10 * x[:, 0] + 1000 * x[:, 1]), "sobol")
    frame = answer.to_frame()
    true = 300**2 / (300**2 + 10**2)
    assert frame["total"].tolist()[0] == pytest.approx(true, abs=0.02)
    first = plain(next(answer.sentences()))
    assert first.startswith("budgeting.reaction drives exports (bold) most: 100 % of variance, 95 % interval")
    assert "Luck makes 0 % of the variance of single runs" in first


def test_luck_is_told_apart(two):
    ranged = replace(two, factors=two.factors[1:])
    answer = measure(made_up(ranged, "saltelli", 512, lambda x: x[:, 0] / 0.3, noise=12**-0.5), "sobol")
    found = answer.luck_frame()
    assert found["single"].to_numpy() == pytest.approx(0.5, abs=0.06)
    assert found["remaining"].to_numpy() == pytest.approx(0.2, abs=0.05)


def test_morris_is_told_with_direction_and_doubt(two):
    answer = measure(made_up(two, "morris", 10, lambda x: -300 * (x[:, 0] > 0.3) + x[:, 1]), "morris")
    first = plain(next(answer.sentences()))
    assert first.startswith(
        "states.Noor.procurement_share moves exports (bold) most: 300 MUSD/yr over its range,"
        " 95 % interval 300 MUSD/yr to 300 MUSD/yr, downwards; then budgeting.reaction: 0.300 MUSD/yr"
    )
    assert "too few" not in first
    bent = measure(made_up(two, "morris", 10, lambda x: x[:, 0] * (x[:, 1] > 0.25)), "morris")
    assert "by how much depends on the other factors" in next(bent.sentences())


@pytest.mark.parametrize(("points", "few"), [(1, "1 trajectory is"), (3, "3 trajectories are")])
def test_few_trajectories_tell_neither_intervals_nor_spread(two, points, few):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        answer = measure(
            made_up(two, "morris", points, lambda x: x[:, 0] * (x[:, 1] - 0.2), noise=0.1), "morris"
        )
        for _, figure in answer_files.figures(answer):
            figure.canvas.draw()
    text = " ".join(answer.sentences())
    assert "interval " not in text
    assert "by how much depends" not in text
    assert (
        f" {few} too few to tell intervals, the order of factors or whether an effect depends on the"
        " other factors: take 10 or more." in text
    )
    assert answer.to_frame()[["low", "high"]].isna().all(axis=None)
    headings, _, rows = answer_files.shown(answer)
    assert {row[headings.index("95 % interval")] for row in rows} == {"–"}
    assert ({row[-1] for row in rows} == {"–"}) == (points == 1)


def test_few_base_points_tell_no_intervals(two):
    answer = measure(made_up(two, "saltelli", 4, lambda x: x[:, 0] * x[:, 1]), "sobol")
    text = " ".join(answer.sentences())
    assert "interval " not in text
    assert "4 base points are too few to tell intervals or the order of factors: take 16 or more." in text


def test_wide_intervals_of_shares_are_called_too_wide_to_tell(two):
    ranged = replace(two, factors=(replace(two.factors[0], levels=(), low=0.0, high=1.0), two.factors[1]))
    answer = measure(made_up(ranged, "saltelli", 16, lambda x: x[:, 0], noise=1.0), "sobol")
    assert "16 base points are too few to tell shares: an interval spans" in next(answer.sentences())
    frame = answer.to_frame()
    assert (frame["high"] <= np.maximum(frame["total"], 1)).all()
    assert (frame["low"] >= 0).all()


def test_a_factor_without_effect_is_last_and_not_open(two):
    # The interval of the first factor begins at 0, where the whole interval of the other stands.
    found = Morris(*np.array([[5.0, 0.0], [0.0, 0.0], [12.0, 0.0], [5.0, 0.0], [9.0, 0.0]]))
    asked = replace(two, design="morris", points=10, runs=1)
    measured = (Measured("bold", "exports", found, NoiseShare(np.nan, np.nan), 1),)
    (text,) = Sensitivity(asked, "morris", measured).sentences()
    assert "without effect" in text
    assert "The order is open" not in text


def test_a_constant_is_moved_by_nothing(two):
    answer = measure(made_up(two, "morris", 4, lambda x: np.full(len(x), 7.0)), "morris")
    assert next(answer.sentences()) == "exports (bold) is the same at every point: no factor moves it."
    assert answer.to_frame().empty


def test_indices_need_every_point(two):
    outcomes = made_up(two, "morris", 4, lambda x: x[:, 0])
    outcomes.values[3, 1] = np.nan
    with pytest.raises(ExperimentError, match="no run gave exports of timid at every point"):
        measure(outcomes, "morris")


def test_indices_tell_that_not_all_runs_count(two):
    outcomes = made_up(two, "morris", 4, lambda x: x[:, 0])
    outcomes.values[3, :, 1] = np.nan
    first = next(measure(outcomes, "morris").sentences())
    assert first == "Runs failed: only 3 of 4 succeeded at every point and count."


# Robustness


@pytest.fixture
def judged(two):
    factors = tuple(replace(factor, levels=(), low=0.0, high=1.0) for factor in two.factors)
    goals = (Goal("exports", 100.0, more=True),)
    asked = replace(two, goals=goals, factors=factors, design="lhs", points=200)
    where = asked.lay_out()
    bold = np.where((where[:, 0] < 0.3) & (where[:, 1] > 0.4), 50.0, 300.0)
    values = np.stack([bold, np.full(len(where), 120.0)], axis=1)[:, :, None, None]
    return judge(Outcomes(asked, where, np.broadcast_to(values, (200, 2, 4, 1)).copy()))


def test_satisficing_and_regret_are_what_they_are_defined_to_be(judged):
    frame = judged.to_frame().set_index(["policy", "goal"])
    where = judged.outcomes.points
    share = 1 - np.mean((where[:, 0] < 0.3) & (where[:, 1] > 0.4))
    assert frame.loc[("bold", "all goals"), "satisfied"] == pytest.approx(share)
    assert frame.loc[("timid", "all goals"), "satisfied"] == 1
    assert frame.loc[("timid", "all goals"), "low"] < 1
    goal = "exports at least 100 MUSD/yr"
    assert frame.loc[("bold", goal), "regret_mean"] == pytest.approx(70 * (1 - share))
    assert frame.loc[("bold", goal), "regret_largest"] == 70
    assert frame.loc[("timid", goal), "regret_largest"] == 180
    assert (judged.regret >= 0).all()


def test_less_is_better_where_a_goal_is_a_ceiling(judged):
    asked = replace(judged.experiment, goals=(Goal("exports", 100.0, more=False),))
    other = judge(replace(judged.outcomes, experiment=asked))
    assert (other.met == ~judged.met).all()
    assert other.regret[:, 1].max() == 70


def test_failures_are_told_in_words(judged):
    text = plain(" ".join(judged.sentences()))
    assert re.search(r"bold fails when states.Noor.procurement_share is below (29\.\d+|30\.\d+|30)%", text)
    assert "and budgeting.reaction is above 0." in text
    assert "100 % of the failures" in text
    assert "timid fails" not in text
    (row,) = (judged.boxes_frame().query("factor == 'policy.states.Noor.procurement_share'")).to_dict(
        "records"
    )
    assert row["below"] == pytest.approx(0.3, abs=0.02)
    assert row["above"] == -np.inf


def test_too_few_failures_or_successes_are_said_to_be_too_few(judged):
    where = judged.outcomes.points[:8]
    bold = np.where(np.arange(8) < 2, 50.0, 300.0)
    timid = np.where(np.arange(8) < 7, 50.0, 300.0)
    values = np.broadcast_to(np.stack([bold, timid], axis=1)[:, :, None, None], (8, 2, 4, 1)).copy()
    text = " ".join(judge(Outcomes(judged.experiment, where, values)).sentences())
    assert "bold fails in 2 of 8 worlds: fewer than 5 failures are too few to tell" in text
    assert "timid fails in 7 of 8 worlds: fewer than 5 successes are too few to tell" in text
    assert "more worlds are needed" in text
    assert "here and there" not in text


def test_failures_that_nothing_tells_apart_are_here_and_there(judged):
    values = judged.outcomes.values.copy()
    values[:, 0] = np.where(np.arange(200) % 2, 50.0, 300.0)[:, None, None]
    text = " ".join(judge(replace(judged.outcomes, values=values)).sentences())
    assert "bold fails here and there: no factor tells its failures apart." in text


def test_worlds_with_failed_runs_are_named(judged):
    values = judged.outcomes.values.copy()
    values[4, 1, :3] = np.nan
    first = next(judge(replace(judged.outcomes, values=values)).sentences())
    assert first.startswith("Runs failed. Left of the 4 asked for: 1 at world 4, timid (")


def test_worlds_whose_runs_failed_are_left_out(judged):
    values = judged.outcomes.values.copy()
    values[:7, 0] = np.nan
    again = judge(replace(judged.outcomes, values=values))
    assert next(again.sentences()) == "7 of 200 worlds are left out: runs failed there."
    assert len(again.met) == 193


# Figures, files, commands


def test_every_answer_has_figures_that_can_be_drawn(judged, two, experiment):
    rng = np.random.default_rng(1)
    grid = Sweep(Outcomes(experiment, experiment.lay_out(), rng.normal(size=(4, 1, 2, 2))))
    one = replace(two, factors=two.factors[1:], design="lhs", points=6)
    line = Sweep(Outcomes(one, one.lay_out(), rng.normal(size=(6, 2, 4, 1))))
    cloud = Sweep(replace(judged.outcomes, values=rng.normal(size=(200, 2, 4, 1))))
    tornado = measure(made_up(two, "morris", 4, lambda x: x[:, 0]), "morris")
    shares = measure(made_up(two, "saltelli", 16, lambda x: x[:, 0]), "sobol")
    names = [
        [name for name, figure in answer_files.figures(answer) if figure.canvas.draw() is None]
        for answer in (grid, line, cloud, tornado, shares, judged)
    ]
    assert names == [
        ["exports", "imports"],
        ["exports"],
        ["exports-bold", "exports-timid"],
        ["exports-bold", "exports-timid"],
        ["exports-bold", "exports-timid"],
        ["satisficing", "fails-bold"],
    ]
    assert all("<table>" in answer._repr_html_() for answer in (grid, tornado, shares, judged))


def test_answers_draw_one_figure_and_show_as_a_line(judged, two, experiment):
    rng = np.random.default_rng(1)
    grid = Sweep(Outcomes(experiment, experiment.lay_out(), rng.normal(size=(4, 1, 2, 2))))
    tornado = measure(made_up(two, "morris", 4, lambda x: x[:, 0]), "morris")
    drawn = (
        (grid.plot("imports"), "imports"),
        (tornado.plot(policy="timid"), "exports (timid)"),
        (judged.plot(), "timid meets all goals"),
        (judged.plot("fails", "bold"), "bold fails"),
    )
    for figure, words in drawn:
        check_drawn(figure)
        assert words in " ".join(text.get_text().replace("\n", " ") for text in figure.texts)
    assert repr(grid) == "Sweep(experiment: 4 points, 1 policy, 2 runs each)"
    assert repr(tornado) == "Sensitivity(experiment: morris, 2 factors, 2 policies, 4 runs a point)"
    assert repr(judged) == "Robustness(experiment: 200 points, 2 policies, 4 runs each)"


def test_what_cannot_be_drawn_is_said(judged, two, experiment):
    grid = Sweep(Outcomes(experiment, experiment.lay_out(), np.zeros((4, 1, 2, 2))))
    with pytest.raises(KeyError, match="no indicator 'joy'; there are exports, imports"):
        grid.plot("joy")
    with pytest.raises(KeyError, match="no policy 'meek'; there are bold, timid"):
        judged.plot("fails", "meek")
    with pytest.raises(KeyError, match="no figure 'map'; there are satisficing and fails"):
        judged.plot("map")
    with pytest.raises(ExperimentError, match="nothing tells where timid fails"):
        judged.plot("fails", "timid")
    constant = measure(made_up(two, "morris", 4, lambda x: np.full(len(x), 7.0)), "morris")
    with pytest.raises(ExperimentError, match="exports is the same at every point"):
        constant.plot()
    check_drawn(
        Sweep(Outcomes(experiment, experiment.lay_out(), np.full((4, 1, 2, 2), np.nan))).plot("imports")
    )
    lost = np.full_like(judged.outcomes.values, np.nan)
    with pytest.raises(ExperimentError, match="no world has an outcome"):
        judge(replace(judged.outcomes, values=lost)).plot()


def test_the_command_keeps_tables_figures_and_words(tmp_path, capsys):
    path = write(tmp_path, GRID.replace("runs: 2", "runs: 1"))
    arguments = ["sweep", str(path), "--engine", "serial", "--out", str(tmp_path / "out")]
    app(args=arguments, standalone_mode=False)
    shown = capsys.readouterr().out
    assert "8 scenarios, 1 run each" in shown
    (folder,) = (tmp_path / "out").glob("*-sweep")
    files = {file.name for file in folder.iterdir()}
    assert files >= {"sweep.csv", "sweep.parquet", "exports.png", "findings.txt", "experiment.yaml"}
    entries = pd.read_csv(folder / "data_dictionary.csv", keep_default_na=False)
    assert entries["column"].tolist() == pd.read_csv(folder / "sweep.csv").columns.tolist()
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["experiment"]["points"] == 4
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    app(args=[*arguments, "--json"], standalone_mode=False)
    answer = json.loads(capsys.readouterr().out)
    assert answer["kind"] == "sweep"
    assert len(answer["tables"]["sweep"]) == 8
    assert answer["tables"]["sweep"][0]["low"] is None
    assert before == {file.name: file.read_bytes() for file in folder.iterdir()}


def test_shards_give_the_same_answer_once_they_are_merged(tmp_path, capsys):
    path = write(tmp_path, GRID.replace("runs: 2", "runs: 1"))
    out = ["--engine", "serial", "--out", str(tmp_path / "out"), "--quiet"]
    for part in ("1/2", "2/2"):
        app(args=["sweep", str(path), *out, "--shard", part], standalone_mode=False)
    parts = sorted((tmp_path / "out").iterdir())
    assert len(parts) == 2
    whole = str(parts[0]).split("-shard-")[0]
    app(args=["merge", *map(str, parts), "--into", whole, "--quiet"], standalone_mode=False)
    app(args=["sweep", str(path), *out[:-1], "--json"], standalone_mode=False)
    merged = json.loads(capsys.readouterr().out)
    assert merged["batch"] == whole
    alone = sweep(path, engine="serial").to_frame()
    assert [row["mean"] for row in merged["tables"]["sweep"]] == alone["mean"].tolist()
