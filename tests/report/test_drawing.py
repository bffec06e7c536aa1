"""Figures of all sorts of worlds: nothing is cut, nothing overlaps, nothing is warned of."""

import pytest
from tests.drawn import check_drawn, hue_word, texts

from deftrade import load, simulate
from deftrade.report import style
from deftrade.report.figures import FIGURES, draw
from deftrade.report.fitting import MISSING, MISSING_NOTE, shortened, width, wrapped

KINDS = ("missiles", "artillery", "aircraft", "ships", "air_defence", "sensors", "armour")
LONG = [f"The United Federated Republic of Northern Territory {place}" for place in range(40)]
SCRIPTS = ["中华人民共和国", "日本国", "대한민국", "भारत गणराज्य", "Αθήνα", "Россия", "مصر", "Noor"]


def world(names, alliances=(), years=6, firms=True):
    """Return a world of states as a scenario's dictionary."""
    states = [
        {"name": name, "gdp": f"{200 + 100 * (place % 7)} bn USD", "burden": f"{2 + place % 3}%",
         "know_how": 0.4 + 0.1 * (place % 5), "rung": 2 + place % 5}
        for place, name in enumerate(names)
    ]  # fmt: skip
    works = [
        {"name": f"Works {place}", "home": name, "lines": [KINDS[place % 7], KINDS[(place + 3) % 7]]}
        for place, name in enumerate(names)
    ]
    return {
        "deftrade": 1,
        "title": "A world",
        "time": {"start": 2025, "end": 2025 + years, "step": "quarter"},
        "price_year": 2024,
        "seed": 7,
        "world": {
            "seed": 3,
            "states": states,
            "firms": works if firms else [],
            "alliances": [
                {"name": name, "kind": "defence_pact", "members": members} for name, members in alliances
            ],
        },
        "outputs": {"focus": names[0]},
    }


WORLDS = {
    "one": world(["Ara"]),
    "one_year": world(["Ara"], years=1),
    "two": world(["Ara", "Bel"], years=1),
    "three": world(["Ara", "Bel", "Cor"], [("Pact of the Northern Seas", ["Ara", "Bel"])]),
    "no_firms": world(["Ara", "Bel", "Cor"], firms=False, years=2),
    "long": world(
        LONG, [(f"Alliance for the Common Defence of Region {k}", LONG[5 * k : 5 * k + 6]) for k in range(7)],
        years=5,
    ),
    "scripts": world(SCRIPTS, [("上海合作组织", SCRIPTS[:4])]),
    "dollars": world(["$x_$", "Bel_{2}", "<b>&|"]),
}  # fmt: skip


@pytest.fixture(scope="module", params=sorted(WORLDS))
def run(request):
    """Run each world once."""
    return request.param, simulate(load(WORLDS[request.param]))


def figures_of(results):
    """Yield every figure that a run can show."""
    for name in FIGURES:
        try:
            yield name, draw(results, name)
        except KeyError:
            continue


def test_every_figure_keeps_its_texts_inside_and_apart(run):
    name, results = run
    shown = 0
    for _, figure in figures_of(results):
        check_drawn(figure, names=r"\$x_\$|Bel_\{2\}")
        said = [text.get_text() for text in texts(figure)]
        # What no font has is said to be missing, and nothing else is.
        assert any(MISSING in text for text in said) == any(MISSING_NOTE in text for text in said)
        assert name == "scripts" or not any(MISSING in text for text in said)
        shown += 1
    assert shown >= 4


def test_few_states_all_have_their_names():
    figure = draw(simulate(load(WORLDS["three"])), "burden")
    said = {text.get_text() for text in texts(figure)}
    assert {"Ara", "Bel", "Cor"} <= said
    assert not any("Grey" in text for text in said)


def test_names_of_alliances_are_whole_where_there_is_room():
    figure = draw(simulate(load(WORLDS["three"])), "alliances")
    check_drawn(figure)
    assert "Pact of the Northern Seas" in {text.get_text() for text in texts(figure)}


def test_what_moves_by_rounding_alone_is_drawn_level():
    figure, (axes,) = style.sheet("Nothing moves", "")
    axes.plot([2025, 2030, 2035], [1.0, 1.0 + 1e-15, 1.0 - 1e-15])
    style.dress(axes, "Share")
    low, high = axes.get_ylim()
    assert high - low > 1e-6
    check_drawn(figure)


def test_names_are_shortened_in_their_middle_and_lines_do_not_part_numbers_from_units():
    short = shortened(LONG[17], 2.0, 9.5)
    assert width(short, 9.5) <= 2.0
    assert short.startswith("The United")
    assert short.endswith("17")
    lines = wrapped("Noor sold 13.4 bn USD and bought 46.0 bn USD", 1.6, 9.5).split("\n")
    assert all(not line.startswith(("bn", "USD")) for line in lines)
    assert all(width(line, 9.5) <= 1.6 for line in lines)


def test_words_for_colours_are_what_people_see():
    for colour, word in style.WORDS.items():
        assert word.split(" ")[-1] == hue_word(colour)
    for grey in (style.QUIET, style.OTHERS):
        assert hue_word(grey) == "grey"
