"""Tables hold declared columns; what a phase did not declare stays closed."""

import numpy as np
import pytest

from deftrade.core.gate import Gate
from deftrade.core.params import Group, param
from deftrade.core.phase import phase
from deftrade.core.table import Column, Table, flag, identity, lever, real, refer, whole
from deftrade.core.tables import ALL
from deftrade.errors import UndeclaredAccessError


class Ships(Table):
    """Ships of a test."""

    uid = identity("Id")
    length = real("km", "stock", "Length", fill=2)
    crew = whole("jobs", "stock", "Crew")
    port = refer("States", "Port")
    cargo = real("CU", "flow", "Cargo by category", axes=("categories",))


class Signals(Table):
    """Scratch rows of a test."""

    sort = "scratch"

    sender = refer("States", "Sender")
    power = real("1", "index", "Power", fill=1)


@pytest.fixture
def gate():
    return Gate()


@pytest.fixture
def ships(gate):
    return Ships(gate, 3, {"categories": 2})


@pytest.fixture
def signals(gate, ships):
    return Signals(gate, 0, {})


def test_a_column_is_itself_on_the_class_and_an_array_on_a_table(ships):
    assert isinstance(Ships.length, Column)
    assert Ships.length.path == "Ships.length"
    assert ships.length.tolist() == [2, 2, 2]
    assert ships.port.tolist() == [-1, -1, -1]
    assert ships.cargo.shape == (3, 2)
    assert [column.name for column in Ships.columns] == ["uid", "length", "crew", "port", "cargo"]


def test_two_tables_of_one_sort_share_nothing():
    first, second = (Ships(Gate(), 2, {"categories": 1}) for _ in range(2))
    first.length = 9.0
    assert second.length.tolist() == [2, 2]


def test_undeclared_reading_is_refused(gate, ships):
    gate.admit("sailing", (Ships.length,), ())
    with pytest.raises(UndeclaredAccessError, match=r"sailing reads Ships\.crew without declar"):
        _ = ships.crew


def test_undeclared_writing_is_refused(gate, ships):
    gate.admit("sailing", (Ships.length,), (Ships.crew,))
    with pytest.raises(UndeclaredAccessError, match=r"sailing writes Ships\.length without decl"):
        ships.length = 1.0
    with pytest.raises(UndeclaredAccessError, match=r"sailing reads Ships\.port"):
        ships.port = 1
    with pytest.raises(ValueError, match="read-only"):
        ships.length[0] = 1.0
    assert ships.length.tolist() == [2, 2, 2]


def test_declared_columns_are_open(gate, ships):
    gate.admit("sailing", (Ships.length,), (Ships.crew,))
    ships.crew = ships.length * 3
    ships.crew[1] += 1
    assert ships.crew.tolist() == [6, 7, 6]


def test_names_of_no_column_are_no_columns(ships):
    with pytest.raises(AttributeError):
        _ = ships.lenght


def test_a_reader_sees_everything_and_changes_nothing(gate, ships):
    gate.show()
    assert ships.crew.tolist() == [0, 0, 0]
    with pytest.raises(UndeclaredAccessError, match="a reader writes"):
        ships.crew = 1
    gate.unlock()
    ships.crew = 1
    assert ships.crew.tolist() == [1, 1, 1]


def test_wrong_shapes_are_refused(ships):
    with pytest.raises(ValueError, match=r"Ships\.cargo has shape \(3, 2\), not \(3,\)"):
        ships.cargo = np.ones(3)
    with pytest.raises(ValueError, match=r"Ships\.length has shape \(3,\), not \(1,\)"):
        ships.length = np.ones(1)
    ships.cargo = 1.0
    assert ships.cargo.sum() == 6


def test_assigned_arrays_are_copied(ships):
    values = np.ones(3)
    ships.length = values
    values[0] = 5
    assert ships.length.tolist() == [1, 1, 1]


def test_growth_keeps_values_and_fills_new_rows(ships):
    ships.length = [1.0, 2.0, 3.0]
    rows = ships.append(10)
    assert rows.tolist() == list(range(3, 13))
    assert len(ships) == 13
    assert ships.length.tolist() == [1, 2, 3] + [2] * 10
    assert ships.port[3:].tolist() == [-1] * 10


def test_growth_keeps_every_guard(gate, ships, signals):
    gate.show()
    gate.admit("looking", (Ships.length, Signals.power), ())
    gate.admit("building", (Signals.power,), Ships.columns)
    ships.append(50)
    ships.length[40] = 7.0
    assert not signals.power.flags.writeable
    with pytest.raises(UndeclaredAccessError, match="building reads"):
        _ = signals.sender
    gate.admit("looking", (Ships.length, Signals.power), ())
    assert ships.length[40] == 7
    with pytest.raises(UndeclaredAccessError, match="looking writes"):
        ships.length = 1.0
    with pytest.raises(UndeclaredAccessError, match="looking reads"):
        _ = ships.crew
    gate.show()
    assert ships.length[40] == 7
    assert not ships.length.flags.writeable


@pytest.mark.parametrize("seen", [(), (Ships.uid,), (Ships.length,)])
def test_appending_needs_its_declaration(gate, ships, seen):
    gate.admit("looking", seen, ())
    with pytest.raises(UndeclaredAccessError, match="looking appends to Ships"):
        ships.append(1)
    assert len(ships) == 3


def test_rows_are_added_with_values(gate, ships):
    gate.admit("building", (), Ships.columns)
    ships.crew[0] = 4
    ships.add(2, length=[5.0, 6.0], crew=7)
    assert ships.length.tolist() == [2, 2, 2, 5, 6]
    assert ships.crew.tolist() == [4, 0, 0, 7, 7]
    assert ships.port.tolist() == [-1] * 5
    gate.admit("looking", Ships.columns, ())
    with pytest.raises(UndeclaredAccessError, match="looking appends to Ships"):
        ships.add(1, crew=1)


def test_what_was_looked_at_stays_guarded_and_current(gate, ships):
    gate.admit("building", (), Ships.columns)
    assert ships.crew is ships.crew
    first = ships.length
    gate.admit("sailing", (Ships.length,), ())
    assert not ships.length.flags.writeable
    with pytest.raises(UndeclaredAccessError, match="sailing reads"):
        _ = ships.crew
    gate.admit("building", (), Ships.columns)
    assert ships.length is first
    ships.append(1)
    gate.admit("sailing", (Ships.length,), ())
    assert ships.length.tolist() == [2, 2, 2, 2]


def test_writing_in_place_needs_its_declaration(gate, ships):
    gate.admit("building", (), Ships.columns)
    ships.length += 1.0
    assert ships.length.tolist() == [3, 3, 3]
    gate.admit("sailing", (Ships.length,), ())
    with pytest.raises(ValueError, match="read-only"):
        ships.length += 1.0


def test_only_scratch_tables_are_cleared(ships, signals):
    signals.append(4)
    signals.power[2] = 9.0
    signals.clear()
    assert len(signals) == 0
    assert signals.power.size == 0
    assert signals.append(4).tolist() == [0, 1, 2, 3]
    assert signals.power.tolist() == [1, 1, 1, 1]
    with pytest.raises(ValueError, match="Ships keeps its rows"):
        ships.clear()


def test_a_table_is_restored_from_saved_values(ships):
    ships.append(20)
    ships.length[5] = 8.0
    saved = {column.name: getattr(ships, column.name).copy() for column in Ships.columns}
    other = Ships(Gate(), 3, {"categories": 2})
    other.restore(saved)
    assert len(other) == 23
    assert all(np.array_equal(getattr(other, name), saved[name]) for name in saved)
    assert other.append(1).tolist() == [23]
    assert other.length[23] == 2


def test_units_come_from_the_closed_list():
    with pytest.raises(ValueError, match="'furlong' is not in the closed list"):
        real("furlong", "stock", "Length")
    with pytest.raises(ValueError, match="'furlong' is not in the closed list"):
        param(1, "furlong", 0, 2, "assumption: none")


@pytest.mark.parametrize(
    ("kind", "aggregation"),
    [("flow", "sum"), ("stock", "last"), ("rate", "mean"), ("share", "mean"), ("index", "mean")],
)
def test_kinds_say_how_steps_combine(kind, aggregation):
    assert real("1", kind, "A number").aggregation == aggregation


def test_roles_and_references():
    assert flag("Yes or no").dtype is np.bool_
    assert refer("States", "Whose").fill == -1
    assert lever("1", "index", "A lever", None).role == "lever"


def test_a_phase_runs_with_only_its_columns_open(gate, ships):
    class SailingParams(Group):
        pass

    @phase(SailingParams, reads=(Ships.length,), writes=(Ships.crew,), appends=(Signals,))
    def sailing(world, params):
        """Sail."""
        world.ships.crew = world.ships.length
        _ = world.ships.port

    class World:
        pass

    world = World()
    world.gate, world.ships = gate, ships
    Signals(gate, 0, {})
    assert sailing.meaning == "Sail."
    assert sailing.opens == (Ships.crew, *Signals.columns)
    with pytest.raises(UndeclaredAccessError, match=r"sailing reads Ships\.port"):
        sailing(world, SailingParams())
    assert ships.crew.tolist() == [2, 2, 2]


def test_every_table_is_of_one_of_three_sorts():
    assert {table.sort for table in ALL} == {"entity", "record", "scratch"}
