"""A contract from requirement to delivery: tender, offers, licences, signature, what followed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from deftrade.core.wording import counted, less_or_more, money, number, percent
from deftrade.explanations.one_thing.awards import award_data, award_section
from deftrade.explanations.one_thing.judgements import Judgements
from deftrade.explanations.one_thing.licences import licence_data, licence_section
from deftrade.explanations.one_thing.scoring import Selections
from deftrade.explanations.replay.explanation import Explanation
from deftrade.explanations.replay.names import MODES, goods, numbered, said
from deftrade.explanations.replay.replay import replay
from deftrade.explanations.replay.sections import Section
from deftrade.phases.shared.packages import promised_uid

if TYPE_CHECKING:
    import pandas as pd

    from deftrade.explanations.replay.sources import Source


def explain_contract(source: Source, given: str) -> Explanation:
    """Explain a contract by its number in the table of contracts.

    Raises
    ------
    ExplanationError
        There is no such contract.
    """
    table = source.frame("contracts")
    row = table.iloc[numbered("contract", given, len(table))]
    what = goods(row["kind"], row["category"])
    title = f"Contract {row['number']}: {row['buyer']} buys {what} from {row['supplier']}"
    data: dict[str, Any] = {"contract": int(row["number"]), **_facts(row)}
    followed = Section("What followed", tuple(_followed(source, row)))
    if source.step_of(row["signed"]) < 0:
        told = ("It was signed before the opening date, of which no offers are kept.",)
        return Explanation(title, (Section("The tender", told), followed), data)
    if int(row["tender"]) < 0:
        package = promised_by(table, int(row["uid"]))
        told = (
            f"No tender: it is the support that the package of contract {package} promised,"
            f" signed in {row['signed']}; explain that contract for the choice.",
        )
        found = {**data, "package": package}
        return Explanation(title, (Section("The tender", told), followed), found)
    tender = source.frame("tenders").iloc[int(row["tender"])]
    sections, found = tender_story(source, tender)
    return Explanation(title, (*sections, followed), {**data, **found})


def promised_by(table: pd.DataFrame, uid: int) -> int:
    """Return the number of the equipment contract whose package promised a support contract."""
    promises = promised_uid(table["uid"].to_numpy(dtype=np.uint64))
    return int(np.flatnonzero(promises == np.uint64(uid))[0])


def tender_story(source: Source, tender: pd.Series[Any]) -> tuple[list[Section], dict[str, Any]]:
    """Return how a tender went: sections and plain data, from a replay up to its last decision."""
    number_of = int(tender["number"])
    awards = award_steps(source, number_of)
    licences = tender_licences(source, number_of)
    decided = [(source.step_of(row["decided"]), int(row["number"])) for _, row in licences.iterrows()]
    decided = [pair for pair in decided if pair[0] >= 0]
    chosen, judged = Selections([(step, number_of) for step in awards]), Judgements(decided)
    last = max([*awards, *(step for step, _ in decided)], default=-1)
    run = replay(source, [chosen.watch(), judged.watch()], last + 1)
    names, label = run.world.names, source.scenario.calendar.label
    told = [(step, award_section(chosen.kept[step, number_of], names, label(step))) for step in awards]
    for step, row in decided:
        told.append((step, licence_section(_row(licences, row), judged.kept[row], names)))
    sections = [section for _, section in sorted(told, key=lambda pair: pair[0])]
    data = {
        "tender": number_of,
        "awards": [award_data(chosen.kept[step, number_of], names, label(step)) for step in awards],
        "licences": [licence_data(_row(licences, row), judged.kept[row], names) for _, row in decided],
    }
    return [Section("The tender", tuple(_requirement(source, tender, awards))), *sections], data


def _row(licences: pd.DataFrame, number_of: int) -> pd.Series[Any]:
    """Return a licence application by its number."""
    return licences[licences["number"] == number_of].iloc[0]


def award_steps(source: Source, tender: int) -> list[int]:
    """Return the steps at which a tender was awarded."""
    log = source.frame("decisions")
    mine = log[(log["kind"] == "award") & (log["row"] == tender)]
    return [step for step in map(source.step_of, mine["step"]) if step >= 0]


def tender_licences(source: Source, tender: int) -> pd.DataFrame:
    """Return the licence applications of a tender."""
    table = source.frame("licences")
    return table[table["tender"] == tender]


def _requirement(source: Source, tender: pd.Series[Any], awards: list[int]) -> list[str]:
    """Return who wanted what, when, on which conditions, and how long it took."""
    what = goods(tender["kind"], tender["category"])
    opened = str(tender["opened"])
    when = f"in {opened}" if source.step_of(opened) >= 0 else "before the opening date"
    text = f"{tender['buyer']} went to market for {what} {when}"
    found = [f"{text}{_demands(tender)}."]
    if int(tender["partners"]) > 1:
        found.append(
            f"It was joint with {counted(int(tender['partners']) - 1, 'partner')} of {said(tender['pool'])}."
        )
    rounds, refused = int(tender["rounds"]), int(tender["refusals"])
    if rounds:
        found.append(
            f"It stayed without signature for {counted(rounds, 'round')},"
            f" {counted(refused, 'licence')} refused"
            + (f", the last by {said(tender['refuser'])}." if refused else ".")
        )
    if bool(tender["is_reconsidered"]):
        found.append("After long waiting the buyer lowered its demands and took used equipment too.")
    if len(awards) > 1:
        found.append(f"It was awarded {counted(len(awards), 'time')} before it was signed.")
    return found


def _demands(tender: pd.Series[Any]) -> str:
    """Return what a tender demands beside the goods."""
    demands = []
    if float(tender["offset_rate"]) > 0:
        demands.append(f"offsets of {percent(float(tender['offset_rate']))}")
    if float(tender["local_share"]) > 0:
        demands.append(f"a work share of {percent(float(tender['local_share']))} at home")
    if bool(tender["wants_licence"]):
        demands.append("a licence to build")
    if bool(tender["accepts_used"]):
        demands.append("used equipment allowed")
    return f", asking for {', '.join(demands)}" if demands else ""


def _followed(source: Source, row: pd.Series[Any]) -> list[str]:
    """Return what became of a contract."""
    planned, price, paid = (float(row[name]) for name in ("planned_price", "price", "paid"))
    mode = MODES[str(row["mode"])]
    when = f"in {row['signed']}" if source.step_of(row["signed"]) >= 0 else "before the opening"
    found = [f"Signed {when} for {money(planned)}, {mode}, with {said(row['firm'])}."]
    if planned > 0 and abs(price / planned - 1) > 5e-4:
        found.append(f"The final price is {money(price)}, {less_or_more(price / planned)} than planned.")
    found.append(f"Paid so far: {money(paid)}, {percent(paid / price if price else 0)} of the price.")
    if float(row["volume"]) > 0:
        share = float(row["delivered"]) / float(row["volume"])
        found.append(f"Delivered: {number(float(row['delivered']))} CU, {percent(share)} of the order.")
    status = str(row["status"])
    ended = "was still running at the end" if status == "active" else f"was {status} in {row['ended']}"
    found.append(f"It {ended}.")
    owed = source.frame("obligations")
    owed = owed[owed["contract"] == int(row["number"])]
    for _, debt in owed.iterrows():
        found.append(
            f"Offsets of {money(float(debt['amount']))} were owed; {money(float(debt['credited']))} were"
            f" credited and {money(float(debt['penalised']))} missed against a fine."
        )
    return found


def _facts(row: pd.Series[Any]) -> dict[str, Any]:
    """Return what the table of contracts says, as plain data."""
    words = ("buyer", "supplier", "firm", "category", "kind", "mode", "signed", "ended", "status")
    numbers = ("volume", "quality", "price", "planned_price", "paid", "delivered")
    facts: dict[str, Any] = {name: None if said(row[name]) == "nobody" else str(row[name]) for name in words}
    return {**facts, **{name: float(row[name]) for name in numbers}}
