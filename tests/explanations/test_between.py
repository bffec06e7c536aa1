"""Two runs: proof of equality, and every link of every chain checked against the logs of both."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from tests.drawn import check_drawn

from deftrade import explain_between
from deftrade.errors import ExplanationError
from deftrade.explanations.replay.labels import label, label_of_both
from deftrade.explanations.replay.sources import open_source
from deftrade.explanations.two_runs.between import between
from deftrade.results.indicators import measure
from deftrade.results.indicators.parts import Key, breakdowns
from validation.explained import BLOCK, EXAMPLES, block

PAGE = Path(__file__).resolve().parents[2] / "docs" / "explanations.md"
NUMBER = re.compile(r"[−+]?\d[\d\u202f]*(?:\.\d+)?")
DIGEST = re.compile(r"\b[0-9a-f]{32}\b")
VARIANTS = sorted(EXAMPLES)
SHIPPED = sorted(
    path.stem
    for path in (PAGE.parents[1] / "scenarios").glob("*.yaml")
    if path.stem not in ("baseline", "world_synthetic")
)


def indicator(source, name):
    return {item.name: value for item, value in measure(source.results)}[name]


@pytest.mark.parametrize("variant", VARIANTS)
def test_both_runs_are_one_until_the_policy_begins(example, variant):
    (a, b), told, _ = example(variant)
    data = told.to_dict()
    json.dumps(data, allow_nan=False)
    start = min(cause["date"] for cause in data["causes"])
    assert data["equal_until"] == start
    for date, digest in a.digests.items():
        assert (digest == b.digests[date]) == (date <= start)


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_first_difference_is_that_of_the_logs(example, variant):
    (a, b), told, _ = example(variant)
    keys = ["step", "kind", "subject", "actor"]
    ours, theirs = (source.frame("decisions") for source in (a, b))
    # A firm may enter two categories at once: of several the first meets the first.
    ours, theirs = (log.assign(nth=log.groupby(keys).cumcount()) for log in (ours, theirs))
    both = ours.merge(theirs, on=[*keys, "nth"], how="outer", indicator=True, suffixes=("_a", "_b"))
    other = both[
        (both["_merge"] != "both")
        | (both["chosen_a"] != both["chosen_b"])
        | (both["rule_a"].astype(str) != both["rule_b"].astype(str))
    ]
    first = told.data["first_difference"]
    assert first["date"] == min(other["step"].astype(str))
    at_once = other[other["step"].astype(str) == first["date"]]
    assert first["subject"] in set(at_once["subject"].astype(str))
    assert told.data["decisions"]["differing"] == len(other)


def check_side(source, link, side):
    """Check one run's part of a link against its log."""
    log = source.frame("decisions")
    told = link[side]
    same = log[
        (log["step"].astype(str) == link["date"])
        & (log["kind"] == link["kind"])
        & (log["subject"].astype(str) == link["subject"])
        & (log["actor"].astype(str) == link["actor"])
    ]
    if told is None:
        assert len(same) == 0
        return
    (row,) = [row for _, row in same.iterrows() if row["number"] == told["number"]]
    if told["margin"] is not None:
        assert row["margin"] == told["margin"]
    if link["kind"] == "licence":
        assert (told["outcome"] == "granted") == bool(row["chosen"])
    if link["kind"] == "award":
        assert told["outcome"] == source.results.world.names.states[row["chosen"]]


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_link_is_a_decision_in_the_logs_of_both_runs(example, variant):
    (a, b), told, _ = example(variant)
    chains = told.data["lineage"]["chains"]
    records = {part["what"]: part["record"] for part in told.data["lineage"]["parts"]}
    assert all(chain["links"] or records[chain["part"]] for chain in chains)
    for chain in chains:
        dates = [link["step"] for link in chain["links"]]
        assert dates == sorted(dates)
        for link in chain["links"]:
            check_side(a, link, "a")
            check_side(b, link, "b")
            assert link["a"] is None or link["b"] is None or link["a"]["outcome"] != link["b"]["outcome"]


def dates_apart(one, other, uid):
    """Return the first date that two runs do not both record of a contract, from their own tables."""
    records = []
    for source in (one, other):
        table = source.results.world.contracts
        (mine,) = [np.flatnonzero(table.uid == np.uint64(uid))]
        status = table.status[mine]
        records.append({
            *(("signed", int(step)) for step in table.signed[mine] if step >= 0),
            *((int(word), int(step)) for word, step in zip(status, table.ended[mine], strict=True)
              if step >= 0),
        })  # fmt: skip
    return min((step for _, step in records[0] ^ records[1]), default=None)


def check_causes_come_first(sources, lineage):
    """Check that no link is later than what it leads to: the contract's record, the part's own steps."""
    for strand in lineage.strands:
        thread, steps = strand.thread, [step.pair.step for step in strand.steps]
        assert steps == sorted(steps)
        assert all(step <= thread.effect for step in steps)
        assert thread.effect in lineage.window.steps or thread.key.sort == "contract"
        if not thread.recorded:
            continue
        apart = dates_apart(*sources, thread.recorded)
        if apart is not None and thread.key.sort == "upkeep":
            assert apart <= min(steps, default=thread.effect) <= thread.effect
        elif apart is not None:
            assert max(steps, default=apart) <= apart


@pytest.mark.parametrize("variant", VARIANTS)
def test_no_cause_is_later_than_its_effect(example, variant):
    sources, told, lineage = example(variant)
    check_causes_come_first(sources, lineage)
    for chain in told.data["lineage"]["chains"]:
        assert all(link["date"] <= chain["differs_from"] for link in chain["links"])


@pytest.mark.slow
@pytest.mark.parametrize("variant", SHIPPED)
def test_no_cause_of_a_shipped_variant_is_later_than_its_effect(flagship, variant):
    sources = [open_source(flagship(name, 12, 7)) for name in ("baseline", variant)]
    for indicator_name in breakdowns():
        check_causes_come_first(sources, between(*sources, indicator_name)[1])


@pytest.mark.parametrize("variant", VARIANTS)
def test_parts_sum_to_the_difference_of_the_indicator(example, variant):
    (a, b), told, _ = example(variant)
    lineage = told.data["lineage"]
    name = lineage["indicator"]
    assert lineage["a"] == pytest.approx(indicator(a, name))
    assert lineage["b"] == pytest.approx(indicator(b, name))
    whole = indicator(b, name) - indicator(a, name)
    assert sum(part["change"] for part in lineage["parts"]) == pytest.approx(whole)
    ways = lineage["coverage"].values()
    assert sum(way["net"] for way in ways) == pytest.approx(whole)
    assert sum(way["share_of_movement"] for way in ways) == pytest.approx(1)


def test_what_is_known_of_the_variants_is_found(example):
    _, told, _ = example("strict_control")
    first = told.data["first_difference"]
    assert (first["kind"], first["actor"], first["a"]["outcome"]) == ("licence", "Noor", "granted")
    assert first["b"]["outcome"].startswith("refused")
    assert "1.22 (set to 1.20) in A, 2.02 (set to 2.00) in B" in str(told)
    assert "P8 (export strictness)" in str(told)
    assert "P5 (export strictness)" not in str(told)  # P8 sets the same lever again before that
    _, told, _ = example("embargo_shock")
    assert told.data["lineage"]["coverage"]["own decisions"]["share_of_movement"] > 0.7
    assert "Westmark" in told.data["lineage"]["chains"][0]["part"]
    assert "was not released in B" in str(told)
    _, told, _ = example("export_drive")
    assert told.data["first_difference"]["b"]["outcome"] == "Noor"
    assert "price +0.25" in str(told)  # 3 times the log of a price lower by the credit of 8 %


@pytest.mark.parametrize("variant", ["embargo_shock", "export_drive"])
def test_numbers_of_contracts_say_of_which_run_they_are(example, variant):
    (_, b), told, _ = example(variant)
    theirs = b.frame("contracts")
    parts = [part for part in told.data["lineage"]["parts"] if part["sort"] == "contract"]
    kinds = set()
    for part in parts:
        one, other = part["numbers"]["a"], part["numbers"]["b"]
        row = theirs.iloc[other]
        assert f" {row['buyer']} buys " in part["what"]
        assert f"from {row['supplier']} (" in part["what"]
        head = f"contract {one}:" if one == other else f"B's contract {other} (contract {one} of A):"
        assert part["what"].startswith(head)
        kinds.add(one == other)
    assert kinds == {True, False}
    shown = [part for part in told.data["lineage"]["parts"] if part["numbers"] == {"a": None, "b": None}]
    assert all(part["sort"] not in ("contract", "licence") for part in shown)


def test_a_contract_of_one_run_alone_says_of_which(example):
    (a, b), _, _ = example("embargo_shock")
    worlds = a.results.world, b.results.world
    ours, theirs = (set(world.contracts.uid.tolist()) for world in worlds)
    for side, uids, world in (("A", ours - theirs, worlds[0]), ("B", theirs - ours, worlds[1])):
        key = Key("contract", min(uids))
        told = label_of_both(*worlds, key)
        assert told == f"{side}'s {label(world, key)}"


def test_a_licence_with_one_number_is_nobodys(flagship):
    told = explain_between(
        flagship("crescent_cooperation", 6, 10), flagship("strict_control", 6, 10), "business_forgone"
    )
    assert told.data["lineage"]["chains"][0]["numbers"] != {}
    numbers = told.data["lineage"]["chains"][0]["numbers"]
    assert numbers["a"] == numbers["b"]
    assert f"through licence {numbers['a']}: " in str(told)


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_documentation_shows_what_is_found(example, variant):
    _, told, _ = example(variant)
    shown = {found[1]: found[0] for found in BLOCK.finditer(PAGE.read_text("utf-8"))}[variant]
    now = block(variant, told)
    assert DIGEST.sub("", NUMBER.sub("#", shown)) == DIGEST.sub("", NUMBER.sub("#", now)), (
        "renew it: python -m validation.renew explanations"
    )
    pairs = zip(numbers(shown), numbers(now), strict=True)
    assert [(old, new) for old, new in pairs if abs(old - new) > 0.02 * max(abs(old), abs(new)) + 1e-3] == []


def numbers(text):
    """Return the numbers of a text, without digests."""
    found = NUMBER.findall(DIGEST.sub("", text))
    return [float(word.replace("−", "-").replace("\u202f", "")) for word in found]


def test_a_run_against_itself_is_the_same_to_the_end(flagship):
    run = flagship("crescent_cooperation", 2, 5)
    told = explain_between(run, run, "jobs_direct")
    assert told.data["first_difference"] is None
    assert told.data["equal_until"] == "2027-Q1"
    assert told.data["lineage"]["difference"] == 0
    assert "equal at every step to the end" in str(told)
    assert "No part of it differs" in str(told)
    assert "No part of it could be traced" in told.plot().axes[0].texts[0].get_text()


def test_policy_that_only_moves_margins_is_said_to(flagship):
    told = explain_between(flagship("crescent_cooperation", 6, 3), flagship("export_drive", 6, 3))
    assert told.data["first_difference"] is None
    assert told.data["decisions"]["touched"] > 0
    assert "policy moved margins only" in str(told)


def test_policy_that_touches_no_decision_is_said_to(flagship):
    # The variant's levers differ from 2026 on: until then nothing is decided otherwise.
    told = explain_between(flagship("crescent_cooperation", 1, 7), flagship("strict_control", 1, 7))
    assert told.data["decisions"]["touched"] == 0
    assert "No decision was touched at all" in str(told)


def test_other_luck_and_other_worlds_are_refused(flagship):
    run = flagship("crescent_cooperation", 2, 5)
    with pytest.raises(ExplanationError, match="seed 5 and crescent_cooperation seed 7"):
        explain_between(run, flagship("crescent_cooperation", 2, 7))
    with pytest.raises(ExplanationError, match="runs of different worlds"):
        explain_between(run, flagship("crescent_cooperation", 3, 7))
    with pytest.raises(ExplanationError, match="readiness is no sum"):
        explain_between(run, run, "readiness")
    with pytest.raises(ExplanationError, match="there is no indicator 'joy'"):
        explain_between(run, run, "joy")
    with pytest.raises(ExplanationError, match="name one"):
        explain_between(run, run, figure=Path("chains"))
    with pytest.raises(ExplanationError, match="a figure shows the chains"):
        explain_between(run, run).plot()


def test_the_chains_are_drawn(example, tmp_path):
    from deftrade.explanations.two_runs.figures import chains, draw

    _, told, lineage = example("embargo_shock")
    png, svg = draw(lineage, told.title, tmp_path / "chains")
    assert png.read_bytes().startswith(b"\x89PNG")
    text = svg.read_text("utf-8")
    assert svg.suffix == ".svg"
    assert "</svg>" in text
    again = draw(lineage, told.title, tmp_path / "again")[1]
    assert again.read_text("utf-8") == text
    check_drawn(chains(lineage, "A name with $x_$ and \\frac"), names=r"\$x_\$|[a-z]+_[a-z_]+")


def test_a_source_is_opened_once(flagship):
    source = open_source(flagship("crescent_cooperation", 2, 5))
    assert open_source(source) is source
