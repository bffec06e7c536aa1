"""Facts like for like: known values of small tables, and a run's view beside an equal table."""

import numpy as np
import pandas as pd
import pytest

from validation.facts import pages, statistics, table
from validation.facts.deliveries import Deliveries, found_register, from_view, register

ROWS = [  # year, ordered, exporter, importer, category, volume, order, local, used
    (2010, 2008, "A", "B", "aircraft", 60.0, 0, False, False),
    (2010, 2009, "B", "A", "ships", 20.0, 1, False, True),
    (2010, 2006, "A", "C", "aircraft", 20.0, 2, True, False),
    (2011, 2008, "A", "B", "aircraft", 60.0, 0, False, False),
    (2011, 2010, "C", "B", "armour", 40.0, 3, False, False),
    (2011, 2010, "D", "E", "armour", 1e-4, 4, False, False),
]


def made(rows=ROWS):
    return Deliveries(*(np.array(column) for column in zip(*rows, strict=True)))


KNOWN = {
    "V03 leader's share of exports": 0.7,
    "V01 top five exporters": 1,
    "V02 top ten exporters": 1,
    "V04 exporter concentration (HHI)": 1e4 * (0.49 + 0.01 + 0.04),
    "V05 top five importers": 1,
    "V05 importer concentration (HHI)": 1e4 * (0.64 + 0.01 + 0.01),
    "V07 exporters a year": 2,
    "V07 importers a year": 2,
    "V08 density of ties": (3 / 6 + 2 / 6) / 2,  # D and E trade less than the floor
    "V09 reciprocity of ties": (2 / 3 + 0) / 2,
    "V12 a tie lasts a year": 1 / 3,
    "V17 share of the main supplier": (0.75 + 1 + 1 + 1) / 4,
    "V26 spread of log deal size": np.log([120, 40, 20, 20]).std(),
    "V26 volume in the largest tenth of deals": 0.6,
    "V27 years from order to delivery": (60 * 2 + 60 * 3 + 40 * 1) / 160,
    "V28 local production, share of volume": 0.1,
    "V29 second-hand, share of volume": 0.1,
    "V30 aircraft, share of volume": 0.7,
}


@pytest.mark.parametrize("name", KNOWN)
def test_a_statistic_has_its_known_value(name):
    assert table.of_deliveries(made())[name] == pytest.approx(KNOWN[name], rel=2e-6)


def test_every_statistic_has_a_known_value():
    assert set(KNOWN) == {fact.name for fact in table.DELIVERED}


def test_statistics_do_not_depend_on_the_unit_of_volume():
    scaled = [(*row[:5], row[5] * 1000, *row[6:]) for row in ROWS]
    assert table.of_deliveries(made(scaled)) == pytest.approx(table.of_deliveries(made()))


def test_a_runs_view_and_an_equal_table_agree():
    frame = pd.DataFrame(
        {
            "date": [f"{row[0]}-Q2" for row in ROWS],
            "exporter": [row[2] for row in ROWS],
            "importer": [row[3] for row in ROWS],
            "category": [row[4] for row in ROWS],
            "volume": [row[5] for row in ROWS],
            "contract": [row[6] for row in ROWS],
        }
    )
    signed = np.array([2008.5, 2009.0, 2006.75, 2010.0, 2010.25])
    viewed = from_view(frame, signed, np.array([0, 3, 1, 0, 0]))
    assert table.of_deliveries(viewed) == table.of_deliveries(made())


def test_the_registers_layout_is_read_without_groups(tmp_path):
    path = tmp_path / "register.csv"
    path.write_text(
        "Some words;\n"
        "SIPRI AT Database ID,Supplier,Recipient,Armament category,Order date,Delivery year,Status,"
        "TIV delivery values,Local production;\n"
        "1,A,B,Aircraft,2008,2010,New,60,No;\n2,A,Rebels*,Aircraft,2008,2010,New,60,No;\n"
        "3,B,A,Ships,,2010,Second hand but modernized,20,Yes;\n"
    )
    read = register(path)
    assert list(read.order) == [1, 3]
    assert list(read.is_used) == [False, True]
    assert list(read.is_local) == [False, True]
    assert statistics.delivery_lag(read) == 2


@pytest.mark.may_skip
def test_what_is_kept_of_the_register_is_what_it_gives():
    found = found_register()
    if found is None:
        pytest.skip("SIPRI's trade register is not here; DEFTRADE_DATA names its folder")
    assert pages.read_kept() == pytest.approx(table.of_deliveries(found), rel=1e-3)


def test_the_interval_is_students_over_runs():
    assert table.interval([1.0, 2.0, 3.0]) == pytest.approx((2, 2 - 2.4841, 2 + 2.4841), abs=1e-4)
    assert table.verdict(0.5, 0.9, (1, 2)) == "miss"
    assert table.verdict(0.5, 1.1, (1, 2)) == ""
