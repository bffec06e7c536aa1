"""What the architecture promises, read off the source: layers, sizes, imports, no print."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
PACKAGE = REPOSITORY / "src" / "deftrade"
MODULES = sorted(PACKAGE.rglob("*.py"))
LIBRARY = [path for path in MODULES if path.relative_to(PACKAGE).parts[0] not in ("cli", "cli.py")]

# A module may import what ranks lower, or its own component; see LAYERS_APART for rank 6.
RANKS = {
    **dict.fromkeys(
        ("errors", "arrays", "dates", "elementary", "gate", "keys", "table", "params", "phase"), 0.0
    ),
    "tables": 1.0,
    # Core, but built on the declared tables.
    **dict.fromkeys(("world", "balances", "residuals", "laws", "posting"), 1.5),
    "phases": 2.0,
    "scenario": 3.0,
    "files": 3.5,
    **dict.fromkeys(("record", "arrivals", "results", "ledger", "tiv", "indicators", "decisions"), 4.0),
    "simulation": 5.0,
    **dict.fromkeys(("model", "data", "report", "outputs", "dashboard"), 6.0),
    # These read what report wrote, and draw and speak in its house style.
    **dict.fromkeys(("experiments", "explanations", "provenance"), 6.5),
    "cli": 7.0,
}
ENTRY_POINTS = {"__init__", "__main__"}  # the package's face: may import anything
LAYERS_APART = {6.0}  # of these, none may import its neighbours
LONGEST_MODULE = 400
HEAVY = {"pandas", "matplotlib", "mesa", "pyarrow", "rich", "scipy", "typer"}
LIGHT_UP_TO = RANKS["simulation"]
CATCHES_EVERYTHING = {"experiments/replicate.py"}  # a run that fails must not lose its batch
BLANKET = {"Exception", "BaseException"}
MACHINE_PATH = re.compile(r"(?<![\w.~}])/(?:work|root|home/\w+|Users/\w+|opt/wheels)/")


def relative(path):
    return path.relative_to(PACKAGE).as_posix()


def component(path):
    """Return the first part of a module's dotted name below the package."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def parse(path):
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


def own_components(path) -> Iterator[tuple[int, str]]:
    """Yield line and component of each import from this package."""
    for line, name in imported(path, into_functions=True):
        first, *rest = name.split(".")
        if first == "deftrade":
            target = rest[0] if rest else "__init__"
            if target != "__version__":
                yield line, target


def may_import(source, target):
    if target == source or source in ENTRY_POINTS:
        return True
    if not {source, target} <= RANKS.keys():
        return False
    if RANKS[source] == RANKS[target]:
        return RANKS[source] not in LAYERS_APART
    return RANKS[source] > RANKS[target]


def is_light(path):
    return component(path) in ENTRY_POINTS or RANKS.get(component(path), 0.0) <= LIGHT_UP_TO


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


@pytest.mark.parametrize("name", sorted({component(path) for path in MODULES} - ENTRY_POINTS))
def test_each_component_has_a_rank(name):
    assert name in RANKS, f"decide which layer {name!r} belongs to and add it to RANKS"


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_layers_are_one_way(path):
    source = component(path)
    wrong = [
        f"line {line}: {source} imports {target}"
        for line, target in own_components(path)
        if not may_import(source, target)
    ]
    assert not wrong


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_modules_stay_short(path):
    is_declaration = relative(path).startswith(("tables/", "scenario/schema"))
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert is_declaration or lines <= LONGEST_MODULE


@pytest.mark.parametrize("path", [path for path in MODULES if is_light(path)], ids=relative)
def test_heavy_packages_load_only_where_needed(path):
    wrong = [
        f"line {line}: {name}"
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


@pytest.mark.parametrize("path", LIBRARY, ids=relative)
def test_only_the_command_line_prints(path):
    lines = [
        node.lineno
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print"
    ]
    assert not lines, f"print on lines {lines}"


@pytest.mark.parametrize("path", LIBRARY, ids=relative)
def test_only_the_command_line_catches_everything(path):
    if relative(path) in CATCHES_EVERYTHING:
        return
    lines = [
        node.lineno
        for node in ast.walk(parse(path))
        if isinstance(node, ast.ExceptHandler) and is_blanket(node)
    ]
    assert not lines, f"blanket except on lines {lines}"


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
