"""The folders inside rooms: which ones build on which, for type checkers too, and no circles of phases."""

import ast
from fnmatch import fnmatch

import pytest

from validation.layers import FACE, imports, modules

PARAMETERS = "phases/*/params"
"""The groups of parameters, which every phase declares and sub-steps that two phases share may take."""
# From the bottom up: a module may import its own folder and what stands in a lower layer. A folder includes
# what is in it and not listed itself; folders of one layer know nothing of each other.
LAYERS = (
    ("errors", "core/arrays", "core/units"),
    ("core/elementary",),
    ("core/dates", "core/draws"),
    ("core/gate",),
    ("core/table",),
    ("core/params",),
    ("core/tables",),
    ("core",),
    (PARAMETERS,),
    ("phases/shared",),
    ("phases",),
    ("opening",),
    ("scenario/yaml",),
    ("scenario",),
    ("files",),
    ("results",),
    ("simulation",),
    ("model", "report"),
    ("experiments/columns", "experiments/statistics", "explanations/replay"),
    ("experiments/batch", "explanations/one_thing"),
    ("experiments/compare", "experiments/design", "explanations/two_runs"),
    ("experiments/claims", "experiments/robustness", "experiments/sensitivity", "experiments/sweep"),
    ("experiments", "explanations"),
    ("provenance",),
    ("web",),
    ("cli",),
)
RANKS = {folder: rank for rank, folders in enumerate(LAYERS) for folder in folders}
EMPTY_SO_FAR = {"web"}
APART = {"experiments", "explanations"}  # their folders interleave above, and know nothing of each other
DOCUMENTED = {"arrays", "dates", "elementary", "phase", "tables"}
"""Paths that the documentation names: each passes on what stands in `core`, and the package uses none."""
MODULES = modules()
OWN = sorted(MODULES.keys() - set(FACE))


def heads(path):
    """Yield the beginnings of a path, the longest first."""
    parts = path.split("/")
    return ("/".join(parts[:cut]) for cut in range(len(parts), 0, -1))


def module_of(target):
    """Return the module that holds what is imported."""
    found = (head for head in heads(target) if head in MODULES or f"{head}/__init__" in MODULES)
    return next(found, target)


EDGES = {(each.source, module_of(each.target)) for each in imports()}


def folder_of(path):
    if fnmatch(path, PARAMETERS):
        return PARAMETERS
    return next((head for head in heads(path) if head in RANKS), None)


def may_import(source, target):
    if source in FACE or target in FACE:
        return True
    if source in DOCUMENTED:
        return target.startswith("core")
    ours, theirs = folder_of(source), folder_of(target)
    if ours is None or theirs is None or {source.split("/")[0], target.split("/")[0]} == APART:
        return False
    return ours == theirs or RANKS[ours] > RANKS[theirs]


def circles(graph):
    """Return the names that are reached from themselves."""
    found = set()
    for start in graph:
        open_, seen = [start], set()
        while open_:
            more = graph.get(open_.pop(), set()) - seen
            seen |= more
            open_ += more
        if start in seen:
            found.add(start)
    return found


@pytest.mark.parametrize("path", OWN)
def test_every_module_stands_in_a_layer(path):
    assert folder_of(path) or path in DOCUMENTED, "add its folder to LAYERS"


def test_every_layer_is_lived_in():
    assert RANKS.keys() - {folder_of(path) for path in OWN} <= EMPTY_SO_FAR


@pytest.mark.parametrize("path", OWN)
def test_folders_build_on_lower_ones(path):
    wrong = {pair for pair in EDGES if pair[0] == path and not may_import(*pair)}
    assert not wrong


def test_phases_lend_each_other_sub_steps_without_circles():
    graph = {}
    for source, target in EDGES:
        if source.startswith("phases/") and target.startswith("phases/") and folder_of(target) != PARAMETERS:
            ours, theirs = source.split("/")[1], target.split("/")[1]
            if ours not in ("__init__", theirs):
                graph.setdefault(ours, set()).add(theirs)
    assert graph
    assert not circles(graph)


def test_a_circle_is_found():
    assert circles({"a": {"b"}, "b": {"a"}, "c": {"a"}}) == {"a", "b"}


@pytest.mark.parametrize("name", sorted(DOCUMENTED))
def test_a_documented_path_only_passes_on(name):
    body = ast.parse(MODULES[name].read_text(encoding="utf-8")).body
    assert all(isinstance(node, ast.Expr | ast.ImportFrom | ast.Assign) for node in body)
    assert not {source for source, target in EDGES if target == name and source != name}
