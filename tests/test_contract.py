"""What every phase, column, parameter, lever, indicator and law must declare, and hold to."""

import ast
import inspect
import re
from pathlib import Path

import numpy as np
import pytest
from pydantic_core import PydanticUndefined
from tests.worlds import TRADING, small_scenario, small_world

from deftrade import phases
from deftrade.core import laws, tables
from deftrade.core.params import Group
from deftrade.core.phase import Phase
from deftrade.core.table import Column
from deftrade.core.tables import Categories, Dyads, Environment, Firms, Obligations, Postings, States, Tenders
from deftrade.core.tables.codes import AllianceKind
from deftrade.core.units import UNITS
from deftrade.phases import ORDER, Params
from deftrade.results import record
from deftrade.results.indicators import INDICATORS, measure
from deftrade.scenario.build import open_world
from deftrade.scenario.events.kinds import KINDS, Event
from deftrade.simulation import simulate

REPOSITORY = Path(__file__).resolve().parents[1]
PACKAGE = REPOSITORY / "src" / "deftrade"
PHASE_FILES = sorted(path for path in (PACKAGE / "phases").rglob("[a-z]*.py"))
COLUMNS = [column for table in tables.ALL for column in table.columns]
BOUNDED = [column for column in COLUMNS if column.bounds is not None]
GROUPS = {name: info.annotation for name, info in Params.model_fields.items()}
PARAMETERS = [(name, field, group) for name, group in GROUPS.items() for field in group.model_fields]
SOURCE = re.compile(r"(assumption|calibrated): \S|V\d+(-V\d+)?\b|L§\d|world file\b|by definition(: \S|$)")
KINDS_OF_COLUMN = {"stock", "flow", "rate", "share", "index", "identity", "date"}
AXES = {"states", "categories", "criteria", "clips", "sources"}
SENTENCE = re.compile(r"[A-Z0-9].*[^.\s]", re.DOTALL)


def by_path(columns):
    return {"argvalues": columns, "ids": [column.path for column in columns]}


def paths(columns):
    return sorted(column.path for column in columns)


def by_name(items):
    return {"argvalues": items, "ids": [item.name for item in items]}


# Columns


def test_paths_of_columns_are_unique():
    assert len({column.path for column in COLUMNS}) == len(COLUMNS)


@pytest.mark.parametrize("column", **by_path(COLUMNS))
def test_a_column_is_declared_in_full(column):
    assert column.unit in UNITS
    assert column.kind in KINDS_OF_COLUMN
    assert SENTENCE.fullmatch(column.meaning), "one sentence, without a full stop"
    assert set(column.axes) <= AXES
    assert column.refers in {"", *(table.__name__ for table in tables.ALL)}
    assert (column.bounds is not None) == (column.role in ("given", "lever"))


@pytest.mark.parametrize("column", **by_path(COLUMNS))
def test_kind_and_unit_of_a_column_agree(column):
    if column.kind == "rate":
        assert column.unit.endswith("/yr")
    if column.kind == "flow":
        assert not column.unit.endswith("/yr"), "flows hold the step's amount"
    if column.kind == "share":
        assert column.unit == "share"
    if column.kind == "date":
        assert column.unit == "step"
    if column.kind == "identity":
        assert column.unit in ("id", "1")


@pytest.mark.parametrize("column", **by_path(BOUNDED))
def test_what_a_scenario_sets_has_bounds_a_default_and_a_source(column):
    bounds = column.bounds
    assert bounds.low < bounds.high
    assert bounds.default is None or bounds.low <= bounds.default <= bounds.high
    assert bounds.default is not None or column.role == "given"
    assert SOURCE.match(bounds.source), bounds.source


# Parameters


def test_phases_parameter_groups_and_modules_have_the_same_names():
    names = [phase.name for phase in ORDER]
    assert len(set(names)) == len(names)
    assert list(Params.model_fields) == [*names, "opening"]
    for phase in ORDER:
        assert getattr(phases, phase.name) is not None
        assert phase.run.__module__ == f"deftrade.phases.{phase.name}.phase"
        assert phase.group is Params.model_fields[phase.name].annotation
        assert phase.group.__name__ == f"{phase.name.capitalize()}Params"


@pytest.mark.parametrize(("owner", "name", "group"), PARAMETERS, ids=[f"{o}.{n}" for o, n, _ in PARAMETERS])
def test_a_parameter_is_declared_in_full(owner, name, group):
    field = group.model_fields[name]
    extra = field.json_schema_extra
    assert extra["unit"] in UNITS
    assert SOURCE.match(extra["source"]), extra["source"]
    assert field.description, "a docstring under the field is its meaning"
    assert field.description.strip().endswith("."), "meanings of parameters are sentences"
    low = next(item.ge for item in field.metadata if hasattr(item, "ge"))
    high = next(item.le for item in field.metadata if hasattr(item, "le"))
    assert field.default is not PydanticUndefined
    assert low < high
    assert low <= field.default <= high
    assert low <= extra.get("rest", field.default) <= high


@pytest.mark.parametrize(("owner", "name", "group"), PARAMETERS, ids=[f"{o}.{n}" for o, n, _ in PARAMETERS])
def test_a_parameter_is_used(owner, name, group):
    folders = [PACKAGE / "opening", PACKAGE / "scenario", PACKAGE / "phases"]
    files = [path for folder in folders for path in folder.rglob("*.py")]
    text = "".join(path.read_text(encoding="utf-8") for path in files)
    assert re.search(rf"\w(\(\))?\.{name}\b", text)


def test_parameter_groups_are_frozen_and_know_no_other_names():
    for group in {*GROUPS.values(), Params}:
        assert issubclass(group, Group)
        assert group.model_config["frozen"]
        assert group.model_config["extra"] == "forbid"


# Phases: what they declare is true and minimal, by reading their source and by watching them run

TABLE_NAMES = {table.__name__.lower(): table for table in tables.ALL}
BY_PATH = {column.path: column for column in COLUMNS}
HELPERS = ("deftrade.phases.", "deftrade.core.balances", "deftrade.core.crossings")
"""Modules whose functions read and write for a phase."""
DRAWS = {"uniform", "normal", "gumbel", "exponential", "words"}


def dotted(path):
    """Return the name by which a module is imported."""
    return ".".join(["deftrade", *path.relative_to(PACKAGE).with_suffix("").parts])


def main_function(phase):
    """Return where a phase's own function stands."""
    return f"deftrade.phases.{phase.name}.phase", phase.name


class Functions:
    """Functions of phases and their helpers, and what each one calls."""

    def __init__(self):
        self.found = {}
        self.names = {}
        for path in (*PHASE_FILES, PACKAGE / "core/balances.py", PACKAGE / "core/crossings.py"):
            module = dotted(path)
            tree = ast.parse(path.read_text(encoding="utf-8"))
            self.names[module] = {}
            for node in tree.body:
                if isinstance(node, ast.FunctionDef):
                    self.found[module, node.name] = node
                    self.names[module][node.name] = (module, node.name)
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(HELPERS):
                    for alias in node.names:
                        target = (node.module, alias.name)
                        self.names[module][alias.asname or alias.name] = target

    def reached(self, start):
        """Return the functions that one may call, itself included."""
        open_, done = [start], {}
        while open_:
            key = open_.pop()
            if key in done or key not in self.found:
                continue
            done[key] = self.found[key]
            known = self.names[key[0]]
            nodes = ast.walk(self.found[key])
            open_ += [known[node.id] for node in nodes if getattr(node, "id", None) in known]
        return done


FUNCTIONS = Functions()


def table_of(node, aliases):
    """Return the table that an expression stands for, or None."""
    if isinstance(node, ast.Name):
        return aliases.get(node.id)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return TABLE_NAMES.get(node.attr) if node.value.id == "world" else None
    return None


def aliases_in(function):
    """Return local names of tables in a function."""
    aliases = {}
    for node in ast.walk(function):
        if not isinstance(node, ast.Assign):
            continue
        target, value = node.targets[0], node.value
        pairs = (
            zip(target.elts, value.elts, strict=True)
            if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple)
            else [(target, value)]
        )
        for name, expression in pairs:
            table = table_of(expression, {})
            if table is not None and isinstance(name, ast.Name):
                aliases[name.id] = table
    return aliases


def column_of(node, aliases):
    """Return the column that an expression stands for, or None."""
    if not isinstance(node, ast.Attribute):
        return None
    table = table_of(node.value, aliases)
    return BY_PATH.get(f"{table.__name__}.{node.attr}") if table else None


def place_written(node):
    """Return the expression that a node writes to, or None; `np.add.at` writes to its first."""
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
        return node
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
        return node.value
    if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "at":
        return node.args[0]
    return None


def accesses(function, ignored=frozenset()):
    """Return the columns that a function reads, `ignored` places aside, and those it assigns."""
    aliases, nodes = aliases_in(function), list(ast.walk(function))
    stored = {place_written(node) for node in nodes} - {None}
    written = {column_of(place, aliases) for place in stored}
    read = {column_of(node, aliases) for node in nodes if node not in stored | ignored}
    return read - {None}, written - {None}


def static_accesses(phase):
    """Return the columns that a phase's functions read and assign."""
    read, written = set(), set()
    for function in FUNCTIONS.reached(main_function(phase)).values():
        more_read, more_written = accesses(function)
        read |= more_read
        written |= more_written
    return read, written


@pytest.mark.parametrize("phase", **by_name(ORDER))
def test_a_phase_says_what_it_does(phase):
    assert phase.meaning.endswith(".")
    assert inspect.getdoc(inspect.getmodule(phase.run))
    page = REPOSITORY / "docs" / "model.md"
    if page.exists():
        assert phase.name in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("phase", **by_name(ORDER))
def test_a_phase_declares_each_column_once(phase):
    declared = [*phase.reads, *phase.writes]
    assert len(set(declared)) == len(declared)
    assert all(column.role != "lever" for column in phase.writes), "levers belong to policy"


@pytest.mark.parametrize("phase", **by_name(ORDER))
def test_declared_access_is_what_the_source_does(phase):
    read, written = static_accesses(phase)
    faults = {
        "read without declaration": read - {*phase.reads, *phase.opens},
        "written without declaration": written - {*phase.opens},
        "declared and never read": {*phase.reads} - read,
        "declared and never written": {*phase.writes} - written,
    }
    assert not {fault: paths(columns) for fault, columns in faults.items() if columns}


# Worlds in which much happens, so that rare branches run


def event(year, kind, **particulars):
    return Event(year, kind, KINDS[kind].model_construct(**particulars))


class Imposers(tuple):
    """Rows that impose."""

    __slots__ = ()

    def rows(self, world):
        return np.array(self)


def eventful(step="quarter"):
    """Return a world of embargoes, losses, aid, failing and entering firms."""
    spec = small_world()
    spec.values[Firms.margin][:] = -0.3
    spec.values[Firms.civil_revenue][:] = 5.0
    spec.values[States.substitution_programme][:] = 0.1
    spec.values[States.technology_purchase_share][:] = 0.3
    spec.values[States.research_subsidy][:] = 0.2
    spec.values[States.export_credit][:] = 0.1
    spec.values[States.training_places][:] = 0.02
    spec.values[States.recapitalisation][:3] = 0.0
    spec.values[States.end_use_checks][:] = 0.02
    spec.values[States.governance][:] = 0.1
    spec.values[States.internal_conflict][:] = 0.8
    spec.values[States.export_strictness][2:] = (2.0, 2.0, 0.0, 2.0)  # one that licenses to all
    spec.values[Dyads.buyer_strictness][:] = 0.5
    spec.values[Dyads.buyer_strictness][4] = 0.0
    spec.values[Categories.package_share][:] = 0.3
    spec.values[States.rung][3:] = 8.0
    spec.values[States.licence_demand][:] = (0.6, 0.6, 1.0, 0.6, 0.6, 0.0)  # the last founds firms of its own
    spec.values[States.technology_release][:] = 1.0
    spec.alliance_kind[1] = AllianceKind.RESEARCH_PROGRAMME
    params = TRADING
    busy = {
        "bidding": {"package_value": 10.0},
        "researching": {
            "entry_hazard": 2.0,
            "entry_stock": 0.0,
            "exit_hazard": 5.0,
            "distress": 0.0,
        },
        "tendering": {"licence_value": 1.0},
        "monitoring": {"diversion_hazard": 1.0, "detection": 0.8},
        "allying": {"leader_hazard": 1.0, "accession_hazard": 1.0, "exit_hazard": 1.0},
    }
    for name, values in busy.items():
        group = getattr(params, name).model_copy(update=values)
        params = params.model_copy(update={name: group})
    events = (
        event(2025.5, "embargo", imposers=Imposers((5, 4)), target=1, years=1.0, support=True),
        event(2025.5, "veto", source=5, target=2, years=1.0),
        event(2025.5, "war", state=0, loss=0.3, categories=None),
        event(2026.0, "aid", source=5, target=0, category=1, volume=40.0),
        event(2025.5, "collapse", firm=4),
        event(2025.5, "collapse", firm=5),
        event(2026.0, "collapse", firm=6),
        event(2026.0, "collapse", firm=7),
        event(2027.0, "collapse", firm=10),
        event(2027.0, "collapse", firm=11),
        event(2026.0, "gdp_shock", state=3, size=-0.2),
        event(2026.0, "oil_shock", size=0.4),
    )
    return small_scenario(years=4, step=step, world=spec, params=params, events=events)


SELDOM = {Environment.clipped, Firms.sanction_years, Obligations.penalised, States.leaked}
"""Changed only by a clip, the rescue of a sanctioned firm, a missed offset or a leak to a rival behind."""

WHERE_A_SELLER_CLOSED = {"contracting": {Tenders.volume, Tenders.value}}
"""Changed by a phase only where the seller of a chosen offer has closed before the signature."""


class Watch:
    """What phases were seen to read and to change."""

    def __init__(self):
        self.read = {phase.name: set() for phase in ORDER}
        self.set_ = {phase.name: set() for phase in ORDER}
        self.changed = {phase.name: set() for phase in ORDER}
        self.grown = {phase.name: set() for phase in ORDER}


def is_same(now, then):
    return np.array_equal(now, then, equal_nan=now.dtype.kind == "f")


def watched(call, seen):
    """Return a phase's call that notes which columns it changes and which tables it grows."""

    def run(phase, world, group):
        arrays, lengths = world.gate.arrays, {type(table): len(table) for table in world.tables}
        before = {column: array.copy() for column, array in arrays.items()}
        call(phase, world, group)
        for table in world.tables:
            rows = lengths[type(table)]
            if len(table) > rows:
                seen.grown[phase.name].add(type(table))
            seen.changed[phase.name] |= {
                column
                for column in table.columns
                if not is_same(arrays[column][:rows], before[column][:rows])
            }

    return run


@pytest.fixture(scope="module")
def watch():
    """Watch the phases of an eventful world run."""
    seen = Watch()
    get, assign = Column.__get__, Column.assign

    def watched_get(column, instance, owner):
        if instance is not None and instance.gate.who in seen.read:
            seen.read[instance.gate.who].add(column)
        return get(column, instance, owner)

    def watched_set(column, instance, value):
        if instance.gate.who in seen.set_:
            seen.set_[instance.gate.who].add(column)
        assign(column, instance, value)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Column, "__get__", watched_get)
        patch.setattr(Column, "assign", watched_set)
        patch.setattr(Phase, "__call__", watched(Phase.__call__, seen))
        patch.setattr("deftrade.simulation.open_world", open_world)  # settle, whoever did before
        simulate(eventful())
    return seen


@pytest.mark.parametrize("phase", **by_name(ORDER))
def test_reading_the_source_misses_no_access(phase, watch):
    read, written = static_accesses(phase)
    appended = {column for table in phase.appends for column in table.columns}
    touched = watch.read[phase.name] | watch.set_[phase.name]
    assert not touched - read - written - appended
    assert not watch.changed[phase.name] - written


@pytest.mark.parametrize("phase", **by_name(ORDER))
def test_phases_do_what_they_declare(phase, watch):
    changed = watch.changed[phase.name] | watch.set_[phase.name]
    assert watch.grown[phase.name] == set(phase.appends)
    assert not paths({*phase.writes} - changed - SELDOM - WHERE_A_SELLER_CLOSED.get(phase.name, set()))
    assert not paths({*phase.reads} - watch.read[phase.name])


# Every column has a purpose


def counters(function):
    """Return reads in statements that only move the column that they assign."""
    aliases = aliases_in(function)
    for statement in ast.walk(function):
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target = statement.targets[0]
            place = target.value if isinstance(target, ast.Subscript) else target
            column = column_of(place, aliases)
            for node in ast.walk(statement.value):
                if column is not None and column_of(node, aliases) is column:
                    yield node


def all_static():
    """Return what all phases read for more than counting on, and what they write."""
    read, written = set(), set()
    for phase in ORDER:
        written |= static_accesses(phase)[1]
        written |= {column for table in phase.appends for column in table.columns}
        for function in FUNCTIONS.reached(main_function(phase)).values():
            read |= accesses(function, ignored=set(counters(function)))[0]
    return read, written


def outside_text():
    return "".join(
        (PACKAGE / name).read_text(encoding="utf-8")
        for name in ("opening/settling.py", "scenario/build.py", "scenario/events/kinds.py")
    )


READ, WRITTEN = all_static()


@pytest.mark.parametrize("column", **by_path([c for c in COLUMNS if c.role != "readout"]))
def test_what_is_no_readout_is_read_by_a_phase(column):
    assert column in READ, "read by no phase: declare it role='readout' or let it act"


@pytest.mark.parametrize("column", **by_path([c for c in COLUMNS if c.role == "readout"]))
def test_a_readout_is_written(column):
    assert column in WRITTEN or column.table == Postings.__name__


@pytest.mark.parametrize("column", **by_path([c for c in COLUMNS if c.role == "state"]))
def test_a_state_column_is_written(column):
    assert column in WRITTEN or re.search(rf"\.{column.name}\b", outside_text())


# Numbers and draws

ALLOWED = {0, 1, -1, 2, 1e-6, 1e-9, 1e-12}


def is_declaration(path):
    """Return whether a module declares parameters, whose defaults and bounds are numbers."""
    return path.name == "params.py"


def literals(module):
    """Yield line and value of each number in a module: in functions, classes and constants alike."""
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            yield node.lineno, node.value


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("def run(world):\n    return 0.5 * world", 0.5),
        ("_WEIGHT = 0.25", 0.25),
        ("MAKE, BUY, WAIT = range(3)", 3),
        ("class Offer:\n    margin: float = 0.3", 0.3),
        ("class Offer:\n    def cost(self):\n        return 7 * self.price", 7),
    ],
)
def test_a_number_is_found_wherever_it_stands(text, number):
    assert [value for _, value in literals(ast.parse(text))] == [number]


def test_no_number_stands_outside_declarations():
    wrong = [
        f"{dotted(path)}:{line}: {value}"
        for path in PHASE_FILES
        if not is_declaration(path)
        for line, value in literals(ast.parse(path.read_text(encoding="utf-8")))
        if value not in ALLOWED
    ]
    assert not wrong


def purposes():
    """Yield module, line and purpose of each draw in the package."""
    for path in PACKAGE.rglob("*.py"):
        if path.stem == "draws" and path.parent.name == "core":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in DRAWS:
                first = node.args[0] if node.args else None
                yield path, node.lineno, getattr(first, "value", None)


def test_draws_are_found():
    assert len(list(purposes())) > 15


def test_each_purpose_begins_with_the_name_of_its_phase_and_is_used_once():
    owners = {}
    for phase in ORDER:
        for module, _ in FUNCTIONS.reached(main_function(phase)):
            owners.setdefault(module, set()).add(phase.name)
    seen = {}
    for path, line, purpose in purposes():
        if path not in PHASE_FILES:
            continue
        place = f"{dotted(path)}:{line}"
        assert isinstance(purpose, str), f"{place}: the purpose is written out where it is used"
        assert purpose.split(".")[0] in owners[dotted(path)], place
        assert seen.setdefault(purpose, place) == place, f"{purpose} again in {place}"


# Indicators, laws, records


def test_indicators_are_declared_in_full():
    assert len({item.name for item in INDICATORS}) == len(INDICATORS)
    for item in INDICATORS:
        assert item.unit in UNITS, item.name
        assert item.scope in ("focus", "world"), item.name
        assert SENTENCE.fullmatch(item.meaning), item.name


def test_every_indicator_measures_a_number():
    for item, value in measure(simulate(small_scenario(years=1))):
        assert type(value) is float, item.name
        assert np.isfinite(value), item.name


@pytest.mark.parametrize("law", laws.LAWS, ids=lambda law: law.__name__)
def test_a_law_says_what_it_compares(law):
    assert inspect.getdoc(law).splitlines()[0].endswith(".")


def test_recorded_columns_are_written_by_phases():
    written = {column for phase in ORDER for column in phase.opens}
    for table in record.SERIES.values():
        assert record.recorded_columns(table)
        assert set(record.recorded_columns(table)) <= written
