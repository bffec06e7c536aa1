"""How typical a seed is: by its ranks among others, over all scenarios that share it."""

import numpy as np
import pytest
import yaml

from validation import seeds
from validation.seeds import SCENARIOS, distances, families, named, ranks, written


def test_a_seed_belongs_to_the_file_that_names_it_and_to_what_extends_it():
    found = families()
    assert {path.stem for path in found} == {"baseline", "world_synthetic"}
    shared = {path.stem for path in found[SCENARIOS / "baseline.yaml"]}
    assert {"baseline", "crescent_cooperation", "embargo_shock"} <= shared
    everything = [path for members in found.values() for path in members]
    assert sorted(everything) == sorted(SCENARIOS.glob("*.yaml"))


def test_the_seed_in_the_middle_of_all_indicators_is_nearest():
    rising = np.arange(5.0)[:, None]
    two = np.hstack([rising, -rising])
    assert distances([two, rising]).tolist() == [12, 3, 0, 3, 12]


def test_what_is_alike_shares_a_rank():
    assert ranks(np.array([[0.0], [0.0], [2.0]])).ravel().tolist() == [1.5, 1.5, 3]
    assert not distances([np.ones((4, 3))]).any(), "an indicator that never moves tells seeds apart"


def test_the_least_distance_is_written_and_nothing_else_of_the_file(monkeypatch, tmp_path, capsys):
    text = "deftrade: 1\nseed: 7   # the run's luck\nworld:\n  seed: 11\n"
    (tmp_path / "one.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(seeds, "families", lambda: {tmp_path / "one.yaml": [tmp_path / "one.yaml"]})
    monkeypatch.setattr(
        seeds, "play", lambda paths, tried, *_: [np.array([[abs(seed - 3.5)] for seed in tried])]
    )
    seeds.main(["--seeds", "5", "--write"])
    new = (tmp_path / "one.yaml").read_text(encoding="utf-8")
    chosen = named(tmp_path / "one.yaml")
    assert capsys.readouterr().out.startswith(f"one.yaml (one): {chosen}\n")
    assert chosen == 2, "its value is the third of six, as that of seed 5"
    assert yaml.safe_load(new) == {**yaml.safe_load(text), "seed": chosen}
    assert new == text.replace("seed: 7", f"seed: {chosen}", 1)
    assert written(text, 7) == text


@pytest.mark.slow
def test_a_scenario_is_played_alike_in_other_processes():
    path = SCENARIOS / "crescent_cooperation.yaml"
    (table,) = seeds.play([path], [3, 4], 1, 2)
    assert table.tolist() == [seeds.headlines(path, seed, 1) for seed in (3, 4)]
