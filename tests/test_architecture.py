"""What the architecture promises, read off the source: layers, sizes, imports, no print."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from validation import rooms
from validation.layers import FACE, RANKS, ROOMS, cycles, imports, room_of

REPOSITORY = Path(__file__).resolve().parents[1]
PACKAGE = REPOSITORY / "src" / "deftrade"
MODULES = sorted(PACKAGE.rglob("*.py"))
LIBRARY = [path for path in MODULES if path.relative_to(PACKAGE).parts[0] != "cli"]

LONGEST_MODULE = 400
HEAVY = {"pandas", "matplotlib", "mesa", "pyarrow", "rich", "scipy", "typer"}
CATCHES_EVERYTHING = {"experiments/batch/replicate.py"}  # a run that fails must not lose its batch
BLANKET = {"Exception", "BaseException"}
MACHINE_PATH = re.compile(r"(?<![\w.~}])/(?:work|root|home/\w+|Users/\w+|opt/wheels)/")


def relative(path):
    return path.relative_to(PACKAGE).as_posix()


def module(path):
    """Return a module's path below the package, without ending."""
    return relative(path).removesuffix(".py")


@cache
def parse(path):
    """Return a module's tree; several tests look at each, none changes it."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def is_type_checking(node):
    if not isinstance(node, ast.If):
        return False
    name = node.test.attr if isinstance(node.test, ast.Attribute) else getattr(node.test, "id", "")
    return name == "TYPE_CHECKING"


def run_time_nodes(node, *, into_functions) -> Iterator[ast.AST]:
    """Yield the nodes that run: all but type-checking blocks and, if told, function bodies."""
    for child in ast.iter_child_nodes(node):
        if is_type_checking(child):
            for other in child.orelse:
                yield other
                yield from run_time_nodes(other, into_functions=into_functions)
            continue
        yield child
        is_function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        if into_functions or not is_function:
            yield from run_time_nodes(child, into_functions=into_functions)


def imported(path, *, into_functions) -> Iterator[tuple[int, str]]:
    """Yield line and absolute dotted name of each import that runs."""
    package = ("deftrade", *path.relative_to(PACKAGE).parts[:-1])
    for node in run_time_nodes(parse(path), into_functions=into_functions):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = [node.module] if node.module else []
            if node.level:
                base = [*package[: len(package) - node.level + 1], *base]
            for alias in node.names:
                yield node.lineno, ".".join([*base, alias.name])


def is_light(path):
    return RANKS.get(room_of(module(path)), 0) <= RANKS["simulation"]


def is_blanket(handler):
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(kind is None or getattr(kind, "id", "") in BLANKET for kind in caught)


def text_files():
    """Return the files git tracks or would track; without git, the ones of the source tree."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if listing.returncode == 0:
        found = (REPOSITORY / name for name in listing.stdout.split("\0") if name)
    else:
        folders = ("src", "tests", "scenarios", "docs", "benchmarks", ".ci")
        found = (path for folder in folders for path in (REPOSITORY / folder).rglob("*"))
    return sorted(path for path in found if path.is_file())


def test_the_package_is_found():
    assert MODULES


def test_every_module_is_in_a_room():
    rooms = {room_of(module(path)) for path in MODULES if module(path) not in FACE}
    assert rooms <= ROOMS.keys(), "name the rooms in validation.layers.LAYERS"


def test_imports_between_rooms_lead_down():
    assert [each for each in imports(PACKAGE) if each.runs_back] == []


def test_no_modules_import_one_another_in_a_circle():
    assert cycles(PACKAGE) == []


def test_a_circle_is_found_however_it_closes(tmp_path):
    package = tmp_path / "small"
    (package / "sub").mkdir(parents=True)
    files = {
        "one": "from small.two import b",
        "two": "def b():\n    from small.sub import c",
        "sub/__init__": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from small.one import a",
        "three": "from small import one",
    }
    for name, text in files.items():
        (package / f"{name}.py").write_text(text, encoding="utf-8")
    assert cycles(package) == [{"one", "two", "sub/__init__"}]


@pytest.mark.parametrize(
    ("module", "room"),
    [
        ("core/arrays", "core"),
        ("core/tables/states", "tables"),
        ("core/world", "world"),
        ("phases/bidding/pricing", "phases"),
        ("phasesaway/x", "phasesaway"),
        ("__init__", ""),
    ],
)
def test_the_longest_part_that_fits_is_the_room(module, room):
    assert room_of(module) == room


def a_package(root, files):
    """Write a package of some modules and return its folder."""
    for name, text in files.items():
        path = root / "deftrade" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root / "deftrade"


@pytest.mark.parametrize(
    ("where", "line", "goes_back"),
    [
        ("phases/bidding.py", "from deftrade.scenario.load import load", True),
        ("phases/bidding.py", "def run():\n    import deftrade.scenario", True),
        ("phases/bidding.py", "from ..scenario import loading", True),
        ("phases/bidding.py", "from deftrade.core import tables", False),
        ("phases/bidding.py", "from deftrade.phases.selecting.phase import value", False),
        ("phases/bidding.py", "from deftrade import __version__", False),
        ("phases/bidding.py", "from deftrade.garage import car", True),
        ("garage.py", "from deftrade.core.tables import States", True),
        ("experiments/batch.py", "from deftrade.explanations import api", True),
        ("core/world.py", "from deftrade.core.tables import States", False),
        ("core/tables/states.py", "from deftrade.core.world import World", True),
        ("__init__.py", "from deftrade.cli import app", False),
    ],
)
def test_imports_that_run_back_are_found(where, line, goes_back, tmp_path):
    found = list(imports(a_package(tmp_path, {where: line})))
    assert any(each.runs_back for each in found) == goes_back
    assert not any(each.typing_only for each in found)


def test_the_rooms_are_told_and_drawn(tmp_path, capsys):
    guarded = "if TYPE_CHECKING:\n    from deftrade.scenario import load\n"
    package = a_package(tmp_path, {"phases/bidding.py": guarded, "scenario/__init__.py": "x = 1\n"})
    with pytest.raises(SystemExit) as stop:
        rooms.main(["--package", str(package), "--picture", str(tmp_path / "rooms.png")])
    assert stop.value.code == 1
    told = capsys.readouterr().out.splitlines()
    counted = [" ".join(line.split()) for line in told[1:4]]
    assert counted == ["scenario 1 1", "phases 1 2", "all 2 3"]
    assert told[4] == "phases/bidding.py:2: phases imports scenario, for types alone"
    assert (tmp_path / "rooms.png").read_bytes().startswith(b"\x89PNG")


def test_the_package_needs_nothing_that_only_the_repository_holds():
    wrong = [
        f"{relative(path)}:{line}: {name}"
        for path in MODULES
        for line, name in imported(path, into_functions=True)
        if name.split(".")[0] in {"validation", "tests", "benchmarks"}
    ]
    assert not wrong


def test_modules_stay_short():
    lines = {
        relative(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in MODULES
        if not relative(path).startswith(("core/tables/", "scenario/schema"))
    }
    assert not {name: many for name, many in lines.items() if many > LONGEST_MODULE}


def test_heavy_packages_load_only_where_needed():
    wrong = [
        f"{relative(path)}:{line}: {name}"
        for path in MODULES
        if is_light(path)
        for line, name in imported(path, into_functions=False)
        if name.split(".")[0] in HEAVY
    ]
    assert not wrong


def test_importing_the_simulation_loads_nothing_heavy():
    code = "import sys, deftrade.simulation; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    loaded = HEAVY & set(done.stdout.split())
    assert not loaded


def test_only_the_command_line_prints():
    wrong = [
        f"{relative(path)}:{node.lineno}"
        for path in LIBRARY
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print"
    ]
    assert not wrong


def test_only_the_command_line_catches_everything():
    wrong = [
        f"{relative(path)}:{node.lineno}"
        for path in LIBRARY
        if relative(path) not in CATCHES_EVERYTHING
        for node in ast.walk(parse(path))
        if isinstance(node, ast.ExceptHandler) and is_blanket(node)
    ]
    assert not wrong


EXPLANATIONS = [path for path in MODULES if relative(path).startswith("explanations/")]
ELEMENTARY = {"exp", "log", "log1p", "log2", "tanh", "power", "sqrt"}
OF_RATES = {"chance", "keep", "share", "grow", "flow"}
"""Functions of the clock that turn yearly rates into a step's."""
DRAWN = {"uniform", "normal", "gumbel", "exponential"}


def test_explanations_are_found():
    assert EXPLANATIONS


def test_explanations_import_nothing_private_of_phases():
    wrong = [
        f"{relative(path)}:{node.lineno}: {alias.name}"
        for path in EXPLANATIONS
        for node in ast.walk(parse(path))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("deftrade.phases")
        for alias in node.names
        if alias.name.startswith("_")
    ]
    assert not wrong


def formula_in(node):
    """Return what of a phase's science a node repeats: its functions, draws or parameters at work."""
    if isinstance(node, ast.Call):
        called = getattr(node.func, "attr", getattr(node.func, "id", ""))
        return called if called in ELEMENTARY | OF_RATES | DRAWN else ""
    if isinstance(node, ast.BinOp | ast.Compare | ast.UnaryOp):
        sides = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.Attribute)]
        return next((f"params.{s.attr}" for s in sides if getattr(s.value, "id", "") == "params"), "")
    if isinstance(node, ast.Attribute) and node.attr == "model_copy":
        return "parameters changed"
    return ""


def test_explanations_hold_no_formula_of_a_phase():
    wrong = [
        f"{relative(path)}:{node.lineno}: {found}"
        for path in EXPLANATIONS
        for node in ast.walk(parse(path))
        if (found := formula_in(node))
    ]
    assert not wrong


@pytest.mark.parametrize(
    "line",
    [
        "np.log(draw)",
        "exp(-needed / weight)",
        "clock.chance(hazard)",
        "-params.gap_effect * gap",
        "world.draws.uniform('licensing.consent', uid)",
        "params.model_copy(update=nil)",
    ],
)
def test_a_formula_would_be_found(line):
    assert any(formula_in(node) for node in ast.walk(ast.parse(line)))


def test_no_file_names_a_path_of_one_machine():
    wrong = []
    for path in text_files():
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        name = path.relative_to(REPOSITORY).as_posix()
        wrong += [f"{name}:{n}" for n, line in enumerate(lines, 1) if MACHINE_PATH.search(line)]
    assert not wrong
