"""Every sentence of the flagship's summary holds, by its tables: numbers are read out and made anew.

Nothing of what writes the sentences is used: spans, units and digits are taken from the text itself.
"""

import re
from pathlib import Path

import numpy as np
import pytest

from deftrade import load, simulate
from deftrade.report.figures import FIGURES
from deftrade.report.summary import summary

SCENARIO = Path(__file__).resolve().parents[2] / "scenarios" / "crescent_cooperation.yaml"
FOCUS = "Noor"
EARLY, LATE = (2025, 2029), (2045, 2049)
UNITS = {"": 1, "%": 0.01, "thousand": 1e3, "thousand CE": 1e3, "bn USD": 1e3, "m USD": 1}
NUMBER = r"−?[\d ]*\d(?:\.\d+)?"
UNIT = r"(?: ?(?:%|thousand CE|thousand|bn USD|m USD))?"
MOVED = rf"(?:(?:rose|fell) from {NUMBER}{UNIT} to|held at) {NUMBER}{UNIT}"


@pytest.fixture(scope="module")
def results():
    return simulate(load(SCENARIO))


@pytest.fixture(scope="module")
def text(results):
    return summary(results).replace("\u202f", " ").replace("\u00a0", " ")


@pytest.fixture(scope="module")
def told(text):
    """Return the sentences of every heading."""
    return dict(re.findall(r"^- \*\*(.+?)\.\*\* (.+)$", text.split("## Main indicators")[0], re.MULTILINE))


@pytest.fixture(scope="module")
def states(results):
    """Return the states' series without the opening, and the calendar year of every row."""
    frame = results.to_frame("states")
    frame = frame[frame["row"] > 0]
    return frame.assign(calendar=frame["date"].astype(str).str[:4].astype(int))


@pytest.fixture(scope="module")
def mean(states):
    """Return what takes the mean of a column in a span of years by state, a flow's as a yearly sum."""

    def of(column, span, *, flow=False):
        inside = states[states["calendar"].between(*span)]
        by_state = inside.groupby("state", observed=True)[column]
        return by_state.sum() / 5 if flow else by_state.mean()

    return of


def read(words, unit=""):
    """Return a number in base units and half its last digit."""
    found = re.fullmatch(rf"({NUMBER}) ?(.*)", words.strip())
    digits = found[1].replace(" ", "").replace("−", "-")
    factor = UNITS[found[2] or unit]
    return float(digits) * factor, 0.5000001 * 10 ** -len(digits.partition(".")[2]) * factor


def holds(words, value, unit=""):
    number, half = read(words, unit)
    assert number == pytest.approx(value, abs=half), words


def check_moved(sentence, before, words, first, last):
    """Check that a sentence says of what stands before that it went from one value to another."""
    found = re.search(rf"{before} ({MOVED})", sentence)
    assert found, f"{words}: {sentence}"
    way = found[1]
    if way.startswith("held"):
        for value in (first, last):
            holds(way.removeprefix("held at "), value)
        return
    assert way.startswith("rose" if last > first else "fell"), way
    low, high = re.fullmatch(r"(?:rose|fell) from (.+) to (.+)", way).groups()
    unit = re.fullmatch(rf"{NUMBER} ?(.*)", high)[1]
    holds(low, first, unit)
    holds(high, last)


MOVES = [
    ("Spending", "Military spending", "milex", True),
    ("Spending", "the burden", "burden", False),
    ("Spending", "Defence debt", "debt", False),
    ("Forces", "Usable capability", "usable_capability", False),
    ("Forces", "Readiness", "readiness", False),
    ("Trade", "Exports", "exports", True),
    ("Trade", "imports", "imports", True),
    ("Jobs", "Jobs in defence firms", "jobs_direct", False),
    ("Jobs", "the net", "jobs_net", False),
    ("Technology", "Know-how", "know_how", False),
    ("Technology", "production ladder", "rung", False),
    ("Technology", "Foreign content of home output", "component_dependence", False),
    ("Technology", r"concentration of its arms by origin", "supplier_concentration", False),
]


@pytest.mark.parametrize(("heading", "words", "column", "flow"), MOVES, ids=lambda each: str(each))
def test_a_quantity_went_as_told(told, mean, heading, words, column, flow):
    first, last = (mean(column, span, flow=flow)[FOCUS] for span in (EARLY, LATE))
    check_moved(told[heading], words, words, first, last)


def test_spans_are_declared(text):
    assert "the mean of 2045–2049, the late years, against the mean of 2025–2029" in text
    assert "Last 5 years: mean of 2045–2049." in text


def test_no_sentence_says_more_than_is_checked_here(told):
    count = sum(len(re.findall(r"\b(?:rose|fell|held)\b", text)) for text in told.values())
    again = len(re.findall(r": it (?:rose|fell|held)", told["Forces"]))
    cohesion = 1
    assert count == len(MOVES) + again + cohesion
    whole = {name: " ".join(re.split(MOVED, text)) for name, text in told.items()}
    left = {name: re.findall(NUMBER, text) for name, text in whole.items()}
    partners = told["Trade"].count("%)")  # it may have fewer than three main buyers
    expected = {"Spending": 1, "Forces": 3 if ", at first" in told["Forces"] else 2, "Trade": 3 + partners,
                "Jobs": 4, "Technology": 3, "Alliances": 2, "World": 4}  # fmt: skip
    assert {name: len(left[name]) for name in expected} == {**expected, "Forces": expected["Forces"] + again}


def test_median_ranks_and_shares_hold(told, mean):
    (median,) = re.findall(r"the median state's was (\S+ %) in the late years", told["Spending"])
    holds(median, mean("burden", LATE).median())
    (place, count) = re.findall(r"it was the (\d+)\w\w of (\d+) states", told["Forces"])[0]
    late, early = (mean("usable_capability", span) for span in (LATE, EARLY))
    assert int(place) == (late > late[FOCUS]).sum() + 1
    assert int(count) == len(late)
    before = re.findall(r"at first the (\d+)", told["Forces"]) or [place]
    assert int(before[0]) == (early > early[FOCUS]).sum() + 1
    (far,) = re.findall(r": it (?:rose|fell) by (\S+ %)", told["Forces"])
    holds(far, abs(late[FOCUS] / early[FOCUS] - 1))
    (paid,) = re.findall(r"(\S+ %) of the late ones paid by exports", told["Jobs"])
    holds(paid, mean("export_jobs", LATE)[FOCUS] / mean("jobs_direct", LATE)[FOCUS])
    (lost,) = re.findall(r"would be there without defence \((.+?) late\)", told["Jobs"])
    holds(lost, mean("jobs_displaced", LATE)[FOCUS])
    (civil,) = re.findall(r"paid civil work \((.+?) late\)", told["Jobs"])
    holds(civil, mean("jobs_civil", LATE)[FOCUS])
    (forces,) = re.findall(r"pay carries (.+?) uniformed jobs", told["Jobs"])
    holds(forces, mean("jobs_uniformed", LATE)[FOCUS])


def test_what_goes_with_trade_holds(told, mean):
    (inside,) = re.findall(r"a year, (.+?) of the late ones value added at home", told["Trade"])
    holds(inside, mean("exports_value_added", LATE, flow=True)[FOCUS])
    (shares, offsets) = re.findall(r"purchases brought it (.+?) a year, offsets (.+?)\. ", told["Trade"])[0]
    holds(shares, mean("receipts_work_shares", LATE, flow=True)[FOCUS])
    holds(offsets, mean("receipts_offsets", LATE, flow=True)[FOCUS])


def test_partners_hold(results, told):
    flows = results.to_frame("flows")
    flows = flows[flows["row"] > 0]
    year = flows["date"].astype(str).str[:4].astype(int)
    late = flows[year.between(*LATE)]
    for own, other, word in (("exporter", "importer", "buyers were"), ("importer", "exporter", "suppliers")):
        sums = late[late[own] == FOCUS].groupby(other, observed=True)["exports"].sum()
        largest = sums.sort_values(ascending=False)
        shown = re.findall(
            r"(\w[\w ]*?) \((\S+ %)\)", told["Trade"].split(f"main {word} ")[1].split(" and its main ")[0]
        )
        names = [name.removeprefix("and ").strip() for name, _ in shown]
        assert names == list(largest.index[:3])
        for name, (_, share) in zip(names, shown, strict=True):
            holds(share, largest[name] / sums.sum())


def test_licences_hold(results, told, states):
    licences = results.to_frame("licences")
    decided = licences[(licences["decided"].astype(str) >= "2025") & licences["status"].isin(
        ["granted", "refused"])]  # fmt: skip
    own = decided[decided["exporter"] == FOCUS]
    sentence = told["Export control"]
    assert f"decided {len(own)} application" in sentence
    granted, refused, worth = re.findall(r": (\d+) granted, (\d+) refused, worth (.+?), most", sentence)[0]
    turned = own[own["status"] == "refused"]
    assert (int(granted), int(refused)) == ((own["status"] == "granted").sum(), len(turned))
    holds(worth, turned["value"].sum())
    rule = turned["rule"].astype(str).str.replace("_", " ").value_counts()
    assert rule[re.findall(r"most often for ([\w ]+)\.", sentence)[0]] == rule.max()
    noor = states[states["state"] == FOCUS]
    (lost,) = re.findall(r"Refusals cost it (.+?) jobs on average", sentence)
    holds(lost, noor["jobs_forgone"].mean())
    assert f"saw {noor['diversions'].sum():.0f} diversion" in sentence
    (prevented,) = re.findall(r"prevented (.+?) in expectation", sentence)
    holds(prevented, (noor["prevented_by_checks"] + noor["prevented_by_refusals"]).sum())
    denied = decided[(decided["buyer"] == FOCUS) & (decided["exporter"] != FOCUS)]
    assert f"was refused {(denied['status'] == 'refused').sum()} licence" in sentence


def test_alliances_and_the_world_hold(results, told):
    log = results.to_frame("decisions")
    kinds = log[log["step"].astype(str) >= "2025"]["kind"].value_counts()
    assert re.search(rf"{kinds['accession']} accessions? and {kinds['exit']} exits?", told["Alliances"])
    alliances = results.to_frame("alliances")
    alliances = alliances[alliances["row"] > 0]
    year = alliances["date"].astype(str).str[:4].astype(int)
    ends = [alliances[year.between(*span)]["cohesion"].mean() for span in (EARLY, LATE)]
    check_moved(told["Alliances"], "mean cohesion", "cohesion", *ends)
    end = results.world.alliances.member[:, results.world.names.states.index(FOCUS)]
    names = np.array(results.world.names.alliances)[end]
    assert told["Alliances"].startswith(f"At the end it is in {' and '.join(names)};")
    contracts = results.to_frame("contracts")
    signed = contracts[contracts["signed"].astype(str) >= "2025"]
    count, worth = re.findall(r"signed ([\d ]+) contracts worth (.+? bn USD)", told["World"])[0]
    assert int(count.replace(" ", "")) == len(signed)
    holds(worth, signed["planned_price"].sum())
    came, left = re.findall(r"(\d+) firms? opened and (\d+) closed", told["World"])[0]
    assert (int(came), int(left)) == (kinds.get("firm_entry", 0), kinds.get("firm_exit", 0))


def test_the_headline_holds(text, mean):
    line = re.search(r"^> (.+)$", text, re.MULTILINE)[1]
    assert line.startswith("In Noor, from 2025–2029 to 2045–2049: ")
    quantities = {
        "usable capability": ("usable_capability", False),
        "exports": ("exports", True),
        "imports": ("imports", True),
        "jobs in defence firms": ("jobs_direct", False),
        "know-how": ("know_how", False),
    }
    for words, (column, flow) in quantities.items():
        way, far = re.findall(rf"{words} (rose|fell) by ([\d.]+ %)", line)[0]
        first, last = (mean(column, span, flow=flow)[FOCUS] for span in (EARLY, LATE))
        assert way == ("rose" if last > first else "fell")
        holds(far, abs(last / first - 1))


def test_the_table_gives_the_numbers_of_the_sentences(text, mean):
    rows = dict(re.findall(r"^\| ([^|]+?) \| ([^|]+?) \| [^|]+ \|$", text, re.MULTILINE))
    shown = {
        "Exports without work shares and offsets": ("exports", True),
        "Imports without work shares and offsets": ("imports", True),
        "Usable capability": ("usable_capability", False),
        "Direct jobs": ("jobs_direct", False),
        "Jobs net of those displaced at home": ("jobs_net", False),
        "Military burden": ("burden", False),
    }
    for words, (column, flow) in shown.items():
        value = rows[f"{words}, last 5 years"].removesuffix(" a year").removesuffix(" jobs")
        holds(value, mean(column, LATE, flow=flow)[FOCUS])


def drawn(name, results):
    """Return the text of a figure, titles and notes."""
    from matplotlib.text import Text

    figure = FIGURES[name].make(results)
    words = " ".join(each.get_text() for each in figure.findobj(Text))
    return " ".join(words.replace("\u202f", " ").replace("\u00a0", " ").split())


def test_titles_of_figures_give_the_numbers_of_the_sentences(results, told):
    titles = {
        "trade": (("Trade", "Exports", "exports"), ("Trade", "imports", "imports")),
        "capability": (("Forces", "Readiness", "readiness"), ("Forces", "Usable capability", "capability")),
        "burden": (("Spending", "the burden", "burden"),),
        "technology": (("Technology", "production ladder", "production ladder"),),
        "alliances": (),
    }
    for figure, pairs in titles.items():
        words = drawn(figure, results)
        assert "means of 2025–2029 against 2045–2049" in words
        for heading, before, named in pairs:
            way = re.search(rf"{before} ({MOVED})", told[heading])[1]
            assert f"{named} {way}" in words, figure
    jobs = re.search(r"defence firms .*? to ([\d.]+ thousand)", told["Jobs"])[1]
    assert f"employ {jobs} in" in drawn("jobs", results)
    sold = re.search(r"Exports .*? to ([\d.]+ bn USD)", told["Trade"])[1]
    assert f"sold {sold} a year" in drawn("network", results)
