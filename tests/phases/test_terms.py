"""The terms of running contracts are their own columns, and embargoes stop what they name."""

import numpy as np
from tests.phases.stories import next_step, opened

from deftrade.core.tables.codes import ContractKind, ContractStatus
from deftrade.phases.shared.contracts import terms_of


def running(world):
    return np.flatnonzero(world.contracts.status == ContractStatus.ACTIVE)


def test_terms_are_the_contracts_own_columns():
    world = next_step(opened())
    rows, contracts = running(world), world.contracts
    terms = terms_of(world, rows)
    for name in ("buyer", "supplier", "firm", "kind", "price", "credit_share"):
        np.testing.assert_array_equal(getattr(terms, name), getattr(contracts, name)[rows])
    np.testing.assert_array_equal(terms.length, contracts.lead[rows] + contracts.span[rows])


def test_each_embargo_stops_its_own_kind_of_contract_and_pair():
    world = next_step(opened())
    rows = running(world)
    support = terms_of(world, rows).kind == ContractKind.SUPPORT
    for years, stopped in (
        (world.dyads.embargo_years, ~support),
        (world.dyads.support_embargo_years, support),
    ):
        terms = terms_of(world, rows)
        supplier, buyer = terms.supplier[stopped][0], terms.buyer[stopped][0]
        years[supplier, buyer] = 1.0
        here = stopped & (terms.supplier == supplier) & (terms.buyer == buyer)
        np.testing.assert_array_equal(terms_of(world, rows).allowed, np.where(here, 0.0, 1.0))
        years[supplier, buyer] = 0.0
