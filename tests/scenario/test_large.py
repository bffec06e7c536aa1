"""Sizes that are told at loading, locks that load again, and files of others of which nothing is told."""

import os
from itertools import pairwise
from random import Random

import pyarrow
import pytest
from pyarrow import parquet

from deftrade import ensemble
from deftrade.errors import ExperimentError, ScenarioError
from deftrade.experiments.batch.execution import Execution
from deftrade.files.locking import NAME, write_lock
from deftrade.scenario import sizes
from deftrade.scenario.describing import diff, treatment_digest, world_digest
from deftrade.scenario.load import load
from deftrade.scenario.sizes import MOST_STATES
from deftrade.scenario.tables import columnar
from deftrade.simulation import simulate

HEAD = {"deftrade": 1, "price_year": 2024, "time": {"start": 2025, "end": 2026, "step": "year"}}
NASTY = [
    "1e5", "null", "~", "true", "2020-01-01", "a|b", "|", "<<", "=", "%x", "@x", "`x", "- x", "? x", "# x",
    "x #y", "x: y", ": ", "{x}", "[x]", "&a", "*a", "!t", "'", '"', "''", "a'b\"c", "\\n", "0x1F", "1_000",
    ".5", "9" * 50, "on", "NO", "a.b", "a[0]", "x  y", "é", "日本", "😀", "क", "ß", "...", "---", "x" * 60,
    "😀" * 60, "$x$", "-", "a,b", "a;b", "now", "1:2", "+1", "-.5E3", "remove", "name", "null.5",
]  # fmt: skip


def names_of(count):
    """Return nasty names and drawn ones, none like another."""
    random, letters = Random(7), "ab1e5.-_|:#{}[]'\"%&*!@ ,\\~=é日😀"
    found = {name.casefold(): name for name in NASTY if name.strip() == name}
    while len(found) < count:
        name = "".join(random.choices(letters, k=random.randint(1, 12))).strip()
        if name:
            found.setdefault(name.casefold(), name)
    return list(found.values())[:count]


def world_of(names, **more):
    """Return a scenario in which everything has one of these names."""
    states = [{"name": name, "gdp": 9000} for name in names]
    firms = [{"name": name, "home": name, "lines": ["ships"]} for name in names]
    alliances = [
        {"name": f"{a[:28]}&{b[:28]}", "kind": "defence_pact", "members": [a, b]} for a, b in pairwise(names)
    ]
    relations = [{"between": [a, b], "distance": 700} for a, b in pairwise(names)]
    return {
        **HEAD,
        "world": {"states": states, "firms": firms, "alliances": alliances, "relations": relations},
        "policy": {"states": {name: {"offset_rate": {2025: 0.1}} for name in names}},
        "outputs": {"focus": names[-1]},
        **more,
    }


@pytest.mark.parametrize("count", [2, 40, 120])
def test_every_name_that_loads_locks_and_loads_again(tmp_path, count):
    scenario = load(world_of(names_of(count)))
    write_lock(scenario, tmp_path)
    again = load(tmp_path / NAME)
    assert diff(scenario, again) == []
    assert again.world.names == scenario.world.names
    assert (world_digest(again), treatment_digest(again)) == (
        world_digest(scenario),
        treatment_digest(scenario),
    )
    assert again.outputs == scenario.outputs


def test_a_world_of_nasty_names_runs_again_from_its_lock_to_the_same_values(tmp_path):
    scenario = load(world_of(names_of(60)))
    write_lock(scenario, tmp_path)
    one, other = (simulate(each) for each in (scenario, load(tmp_path / NAME)))
    assert one.world.digest() == other.world.digest()


def test_a_few_states_with_thousands_of_firms_have_a_lock_that_loads(tmp_path):
    scenario = load({**HEAD, "world": {"generate": {"states": 40, "firms": 6000}}})
    write_lock(scenario, tmp_path)
    assert world_digest(load(tmp_path / NAME)) == world_digest(scenario)


def test_what_no_lock_could_hold_is_refused_at_loading(monkeypatch):
    monkeypatch.setattr(sizes, "MAX_VALUES", 2000)
    monkeypatch.setattr(sizes, "_SURE_VALUES", 0)
    with pytest.raises(ScenarioError, match="more keys and values than a lock file holds"):
        load(world_of(names_of(40)))
    load(world_of(["A", "B"]))


def test_too_many_states_are_told_before_memory_runs_out(tmp_path):
    (tmp_path / "s.csv").write_text("name,gdp\n" + "".join(f"s{row},1000\n" for row in range(30_000)))
    text = "deftrade: 1\nprice_year: 2024\ntime: {start: 2025, end: 2026}\nworld:\n  states: {csv: s.csv}\n"
    (tmp_path / "x.yaml").write_text(text)
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path / "x.yaml")
    (fault,) = caught.value.faults
    assert (fault.line, fault.found, fault.allowed) == (5, "30,000", f"at most {MOST_STATES:,}")


def test_runs_and_workers_are_bounded():
    with pytest.raises(ExperimentError, match="100000 workers; allowed: 1 to"):
        Execution(workers=100_000)
    with pytest.raises(ExperimentError, match="10,000,000 runs; allowed: at most"):
        ensemble(load(world_of(["A", "B"])), 10_000_000)


# Parquet


@pytest.fixture
def states(tmp_path):
    """Return a call that loads a world whose states stand in a Parquet file, and gives its only fault."""
    text = "deftrade: 1\nprice_year: 2024\ntime: {start: 2025, end: 2026}\nworld:\n  states: {parquet: %s}\n"

    def fault(name="s.parquet", table=None):
        if table is not None:
            parquet.write_table(pyarrow.table(table), tmp_path / name)
        (tmp_path / "x.yaml").write_text(text % name)
        with pytest.raises(ScenarioError) as caught:
            load(tmp_path / "x.yaml")
        (only,) = caught.value.faults
        assert only.line == 5
        return str(only)

    return fault


def test_devices_and_pipes_are_no_parquet_files(states, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for name in ("pipe", "/dev/zero", "/dev/stdin", "."):
        assert "is not a file" in states(name)


def test_a_parquet_file_says_its_size_before_it_is_read(states, monkeypatch):
    monkeypatch.setattr(columnar, "MAX_ROWS", 5)
    assert "6 rows; allowed: at most 5" in states(table={"name": list("abcdef")})
    monkeypatch.setattr(columnar, "MAX_COLUMNS", 2)
    assert "3 columns; allowed: at most 2" in states(table={"a": [1], "b": [1], "c": [1]})


def test_long_texts_are_found_before_they_are_spelt_out(states):
    text = pyarrow.DictionaryArray.from_arrays([0] * 1_000_000, ["x" * 100_000])
    assert "a text has 100,000 bytes" in states(table={"name": text})


def test_what_is_no_parquet_is_told_with_its_place(states, tmp_path):
    (tmp_path / "s.parquet").write_bytes(b"PAR1 no PAR1")
    assert "cannot read" in states()


# Files of others

SECRET = "hunter2"
SECRETS = [
    f"root:x:0:0:{SECRET}:/root:/bin/bash\nme:x:1:{SECRET}\n",
    f"password: {SECRET}\nother: [{SECRET}, {SECRET}\n",
    f"password: {SECRET}\n{SECRET}: {{a: 1}}\n",
    f"- {SECRET}\n",
    f"{SECRET}\n",
    f"*{SECRET}\n",
    f"a: &{SECRET} !{SECRET} 1\n",
    f'{SECRET},{SECRET}\n{SECRET};1\n"{SECRET}\n',
    f"{SECRET}\x01\n",
    f"# {SECRET}\n[{SECRET}]\nkey = {SECRET}\n",
]


@pytest.mark.parametrize("text", SECRETS)
def test_nothing_is_told_of_a_file_that_is_none_of_ours(tmp_path, text):
    (tmp_path / "secret").write_bytes(text.encode())
    (tmp_path / "latin").write_bytes(text.encode() + b"\xff" + SECRET.encode())
    head = "deftrade: 1\nprice_year: 2024\ntime: {start: 2025, end: 2026}\n"
    world = "world: {states: [{name: A, gdp: 9000}]}\n"
    for name in ("secret", "latin"):
        for body in (
            f"world: {{states: {{csv: {name}}}}}\n",
            f"world: {{states: {{csv: {name}, columns: {{name: x}}}}}}\n",
            f"world: {{states: {{parquet: {name}}}}}\n",
            f"world: {{states: {{xlsx: {name}}}}}\n",
            f"extends: {name}\n",
            f"{world}policy: {{include: [{name}]}}\n",
        ):
            (tmp_path / "x.yaml").write_text(head + body)
            with pytest.raises(ScenarioError) as caught:
                load(tmp_path / "x.yaml")
            assert SECRET not in str(caught.value), body
        with pytest.raises(ScenarioError) as caught:
            load(tmp_path / name)
        assert SECRET not in str(caught.value)


def test_the_columns_of_a_strangers_parquet_are_not_told(states):
    assert SECRET not in states(table={SECRET: [SECRET]})


def test_a_scenario_with_a_fault_still_shows_its_line(tmp_path):
    (tmp_path / "x.yaml").write_text("deftrade: 1\nworld: [a\n")
    with pytest.raises(ScenarioError, match="world: \\[a"):
        load(tmp_path / "x.yaml")
