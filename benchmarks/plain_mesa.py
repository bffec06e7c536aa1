"""What a user would write in plain Mesa: the core of the market, agent by agent, at the same scale.

Usage: python benchmarks/plain_mesa.py [--years 1] [--scenario FILE]

States budget, compare fleets with targets, open tenders; exporters' lines answer; buyers choose by
the same logit as deftrade's `selecting`; firms produce and hire; contracts deliver, are paid and
turn into fleets and habits. States, firms, lines and relations come from the same scenario. All
else that deftrade does is left out (see README.md beside this file), so its time is a lower bound.
"""

import argparse
import math
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import mesa
from world_run import SCENARIO, peak_memory

from deftrade import load
from deftrade.core.tables import Categories, Dyads, Firms, States

QUARTER = 0.25
TRIGGER, TRIGGER_SPREAD, COMMITMENT_YEARS = 0.06, 0.9, 6.0
SUPPORT_YEARS, SMALLEST_SUPPORT = 4.0, 3.0
RELEASE_HOSTILITY, RELEASE_ALIGNMENT = 0.45, -0.5
MEMORY = 0.67
WEIGHT = {
    "record": 0.45,
    "record_floor": 5.0,
    "exporter_gdp": 0.18,
    "distance": 0.15,
    "polity": 0.7,
    "allied": 0.3,
    "alignment": 0.5,
    "supplier": 0.75,
    "same_category": 1.35,
    "price": 3.0,
    "home": 2.2,
    "home_margin": 3.0,
    "maker": 2.0,
}
"""Logit weights, of the size of the defaults of deftrade's `selecting`."""


@dataclass(eq=False)
class Line:
    """What a firm makes in one category."""

    firm: "Firm"
    category: int
    quality: float
    capacity: float
    backlog: float = 0.0
    load: float = 0.0
    fill: float = 1.0


@dataclass(eq=False)
class Fleet:
    """Equipment of a state by category and origin."""

    volume: float = 0.0
    quality: float = 1.0
    readiness: float = 0.8
    recent: float = 0.0
    support: "Contract | None" = None


@dataclass(eq=False)
class Contract:
    """A signed purchase under way."""

    buyer: "State"
    line: "Line | None"
    supplier: "State"
    category: int
    origin: int
    volume: float
    quality: float
    price: float
    lead: float
    length: float
    is_support: bool
    progress: float = 0.0
    delivered: float = 0.0


class State(mesa.Agent):
    """A buyer, and the home of exporters."""

    def __init__(self, model, row, values):
        super().__init__(model)
        self.row = row
        for name, array in values.items():
            setattr(self, name, float(array[row]))
        self.fleets = {}
        self.lines = defaultdict(list)
        self.on_order = defaultdict(float)
        self.relation = defaultdict(float)
        self.record = defaultdict(float)
        self.trigger = [self.draw_trigger() for _ in model.kinds]
        self.fund = 0.0
        self.exports = self.imports = self.milex = self.capability = 0.0

    def draw_trigger(self):
        """Return the gap at which the next order is placed; it stands until then."""
        return TRIGGER * math.exp(TRIGGER_SPREAD * self.random.gauss(0, 1))

    def budget(self):
        """Grow and appropriate."""
        self.gdp *= (1 + self.trend_growth) ** QUARTER * math.exp(self.random.gauss(0, 0.005))
        self.milex = QUARTER * self.burden * self.gdp
        self.fund += self.milex * self.procurement_share
        self.exports = self.imports = 0.0

    def plan(self):
        """Open tenders where fleets fall short of what the budget can keep."""
        model = self.model
        annual = self.burden * self.gdp * self.procurement_share
        annual += max(self.fund - annual, 0) / COMMITMENT_YEARS
        held = defaultdict(float)
        for (category, _), fleet in self.fleets.items():
            held[category] += fleet.volume
        for category, kind in enumerate(model.kinds):
            rate = 1.65 / kind["lifetime"]
            target = annual * kind["demand_share"] / (rate * model.price[category])
            horizon = kind["lead_time"] + kind["delivery_span"] / 2
            kept = held[category] * (1 - rate) ** horizon
            gap = target - kept - self.on_order[category]
            value = gap * model.price[category]
            if value >= kind["smallest_order"] and gap >= self.trigger[category] * target:
                self.trigger[category] = self.draw_trigger()
                model.buy_equipment(self, category, gap, value)
        self.plan_support()

    def plan_support(self):
        """Open a support tender for every fleet without a contract."""
        for (category, origin), fleet in list(self.fleets.items()):
            kind = self.model.kinds[category]
            need = fleet.volume * self.model.price[category] * kind["support_rate"]
            if fleet.support is None and need >= SMALLEST_SUPPORT:
                self.model.buy_support(self, category, origin, fleet, need)

    def age(self):
        """Retire equipment, move readiness, let habits fade."""
        keep = MEMORY**QUARTER
        self.capability = 0.0
        for (category, _), fleet in self.fleets.items():
            fleet.volume *= (1 - 1.65 / self.model.kinds[category]["lifetime"]) ** QUARTER
            fleet.recent *= keep
            goal = 0.85 if fleet.support else 0.35
            fleet.readiness += 0.3 * (goal - fleet.readiness)
            self.capability += fleet.volume * fleet.quality * fleet.readiness
        for table in (self.relation, self.record):
            for key in table:
                table[key] *= keep

    def receive(self, category, origin, volume, quality):
        """Add a delivery to the fleet of its origin."""
        fleet = self.fleets.setdefault((category, origin), Fleet(quality=quality))
        total = fleet.volume + volume
        if total > 0:
            fleet.quality += (quality - fleet.quality) * volume / total
        fleet.volume = total
        fleet.recent += volume
        self.model.operators[category, origin].add(self)


class Firm(mesa.Agent):
    """An owner of lines that produces and hires."""

    def __init__(self, model, home, margin):
        super().__init__(model)
        self.home, self.margin = home, margin
        self.lines = []
        self.workers = self.cash = self.revenue = 0.0

    def staff(self):
        """Follow the workload at a limited pace and pay wages."""
        due = sum(min(line.load, line.capacity) for line in self.lines)
        goal = due / self.home.productivity
        self.workers += min(max(goal - self.workers, -0.03 * self.workers), 0.02 * self.workers + 1)
        self.cash += self.revenue - QUARTER * 0.35 * self.workers * self.home.productivity
        staffed = min(self.workers / goal, 1.0) if goal > 0 else 1.0
        for line in self.lines:
            line.fill = staffed * (min(line.capacity / line.load, 1.0) if line.load > 0 else 1.0)
            line.capacity = max(0.995 * line.capacity, min(line.load / 0.8, 1.015 * line.capacity))
            line.load = 0.0
        self.revenue = 0.0


class PlainMarket(mesa.Model):
    """The market in Mesa's own style: agents, their methods, a data collector."""

    def __init__(self, scenario):
        super().__init__(seed=scenario.seed)
        spec = scenario.world
        values = spec.values
        self.distance = values[Dyads.distance].tolist()
        self.alignment = values[Dyads.alignment].tolist()
        self.hostility = values[Dyads.hostility].tolist()
        pacts = spec.alliance_member[spec.alliance_kind == 0]
        self.allied = ((pacts.T.astype(int) @ pacts.astype(int)) > 0).tolist()
        names = [column for column in values if column.table == "Categories"]
        size = len(values[Categories.demand_share])
        self.kinds = [{column.name: float(values[column][row]) for column in names} for row in range(size)]
        self.price = [1.09] * size
        self.makers = [[] for _ in range(size)]
        self.operators = defaultdict(set)
        self.contracts, self.signed, self.tendered = [], 0, 0
        flat = {
            column.name: array
            for column, array in values.items()
            if column.table == "States" and array.ndim == 1
        }
        self.rung = values[States.rung].tolist()
        self.states = [State(self, row, flat) for row in range(len(values[States.gdp]))]
        self._found_industry(spec, values[Firms.margin], values[States.know_how])
        self.learn_prices(pace=1.0)
        self._open_fleets()
        self.datacollector = mesa.DataCollector(
            model_reporters={"contracts": lambda model: len(model.contracts)},
            agenttype_reporters={
                State: {name: name for name in ("gdp", "milex", "fund", "exports", "imports", "capability")},
                Firm: {name: name for name in ("workers", "cash")},
            },
        )

    def _found_industry(self, spec, margin, know_how):
        """Create firms and lines; where no quality is told it is the home's know-how, plants come later."""
        self.firms = [
            Firm(self, self.states[home], float(margin[row])) for row, home in enumerate(spec.firm_home)
        ]
        for row, owner in enumerate(spec.line_firm):
            firm, category = self.firms[owner], int(spec.line_category[row])
            quality = float(spec.line_quality[row])
            if math.isnan(quality):
                quality = float(know_how[spec.firm_home[owner], category])
            line = Line(firm, category, quality, float(spec.line_weight[row]))
            firm.lines.append(line)
            firm.home.lines[category].append(line)
            firm.home.record[category] = firm.home.gdp / 1000
            if firm.home not in self.makers[category]:
                self.makers[category].append(firm.home)

    def _open_fleets(self):
        """Give every state fleets from three likely makers (deftrade: four), and these their plants."""
        demand = defaultdict(float)
        for state in self.states:
            annual = state.burden * state.gdp * state.procurement_share
            for category, kind in enumerate(self.kinds):
                spending = annual * kind["demand_share"]
                volume = 0.9 * spending * kind["lifetime"] / 1.65 / self.price[category]
                liked = sorted(self.makers[category], key=lambda maker: -self._taste(state, maker, category))
                chosen = [maker for maker in liked if self._is_open(state, maker)][:3]
                for maker in chosen:
                    state.receive(category, maker.row, volume / len(chosen), 0.8)
                    fleet = state.fleets[category, maker.row]
                    fleet.recent *= 1.65 / kind["lifetime"]
                    state.relation[maker.row] += fleet.recent
                    demand[maker, category] += spending / len(chosen)
        for category, makers in enumerate(self.makers):
            for maker in makers:
                self._size_plants(maker.lines[category], 1.3 * demand[maker, category])
                maker.record[category] = demand[maker, category]

    def _size_plants(self, lines, demand):
        """Share a state's demand among its lines by their weight, and man them."""
        whole = sum(line.capacity for line in lines)
        for line in lines:
            line.capacity = 1.25 * demand * line.capacity / whole + 0.5
            line.firm.workers += 0.8 * line.capacity / line.firm.home.productivity

    def _taste(self, buyer, exporter, category):
        """Return what a buyer thinks of an exporter, luck included."""
        value = WEIGHT["record"] * math.log(exporter.record[category] + WEIGHT["record_floor"])
        value += WEIGHT["exporter_gdp"] * math.log(exporter.gdp)
        luck = -math.log(-math.log(self.random.random() or 1e-12))
        if exporter is buyer:
            return value + WEIGHT["home"] + WEIGHT["home_margin"] * buyer.domestic_margin + luck
        here, there = buyer.row, exporter.row
        fleet = buyer.fleets.get((category, there))
        value -= WEIGHT["distance"] * math.log(self.distance[there][here])
        value -= WEIGHT["polity"] * abs(exporter.polity - buyer.polity)
        value += WEIGHT["allied"] * self.allied[there][here]
        value += WEIGHT["alignment"] * self.alignment[here][there]
        value += WEIGHT["supplier"] * (buyer.relation[there] > 1e-3)
        value += WEIGHT["same_category"] * (fleet is not None and fleet.recent > 1e-3)
        return value + luck

    def _is_open(self, buyer, exporter):
        """Return whether release policy lets an exporter offer."""
        return exporter is buyer or (
            self.hostility[exporter.row][buyer.row] < RELEASE_HOSTILITY
            and self.alignment[exporter.row][buyer.row] > RELEASE_ALIGNMENT
        )

    def buy_equipment(self, buyer, category, volume, value):
        """Ask every maker for an offer and sign with the best."""
        self.tendered += 1
        best, best_value = None, -math.inf
        for exporter in self.makers[category]:
            if not self._is_open(buyer, exporter):
                continue
            lines = exporter.lines[category]
            weights = [line.capacity / (1 + line.backlog / line.capacity) for line in lines]
            line = self.random.choices(lines, weights)[0]
            busy = min(max(line.backlog / line.capacity / 2.5 - 1, 0), 2)
            unit = line.quality**2.5 * (1 + line.firm.margin) * (1 + 0.15 * busy)
            score = self._taste(buyer, exporter, category)
            score -= WEIGHT["price"] * math.log(unit / line.quality)
            if score > best_value:
                best, best_value = (exporter, line, unit), score
        if best is None:
            return
        exporter, line, unit = best
        volume = min(volume, value / unit)
        kind = self.kinds[category]
        lead, length = kind["lead_time"], kind["lead_time"] + kind["delivery_span"]
        price = unit * volume
        line.backlog += price
        buyer.on_order[category] += volume
        self._sign(
            Contract(
                buyer,
                line,
                exporter,
                category,
                exporter.row,
                volume,
                line.quality,
                price,
                lead,
                length,
                False,
            )
        )

    def buy_support(self, buyer, category, origin, fleet, need):
        """Ask the maker, other operators and the own industry, and sign with the best."""
        self.tendered += 1
        able = self.operators[category, origin] | {self.states[origin], buyer}
        offers = [
            state
            for state in sorted(able, key=lambda state: state.row)
            if (state.row == origin or self.rung[state.row][category] >= 2) and self._is_open(buyer, state)
        ]
        if not offers:
            return
        supplier = max(
            offers,
            key=lambda state: self._taste(buyer, state, category) + WEIGHT["maker"] * (state.row == origin),
        )
        years = SUPPORT_YEARS * (0.5 + self.random.random())
        price = need * years
        fleet.support = Contract(buyer, None, supplier, category, origin, 0.0, 0.0, price, 0.0, years, True)
        self._sign(fleet.support)

    def _sign(self, contract):
        """Add a contract to those under way."""
        self.contracts.append(contract)
        self.signed += 1

    def learn_prices(self, pace=0.16):
        """Let the known price of a category follow what its lines ask."""
        for category, makers in enumerate(self.makers):
            lines = [line for maker in makers for line in maker.lines[category]]
            asked = sum(line.capacity * line.quality**2.5 * (1 + line.firm.margin) for line in lines)
            mean = asked / sum(line.capacity for line in lines)
            self.price[category] += pace * (mean - self.price[category])

    def work(self):
        """Advance contracts: pay, produce, deliver; drop those that are done."""
        for contract in self.contracts:
            if contract.line is not None:
                contract.line.load += contract.price / contract.length
        self.agents_by_type[Firm].do("staff")
        for contract in self.contracts:
            self._advance(contract)
        for contract in self.contracts:
            if contract.progress >= contract.length and contract.is_support:
                contract.buyer.fleets[contract.category, contract.origin].support = None
        self.contracts = [item for item in self.contracts if item.progress < item.length]

    def _advance(self, contract):
        """Do a quarter's work on a contract."""
        line, buyer, supplier = contract.line, contract.buyer, contract.supplier
        pace = contract.price / contract.length
        years = min(QUARTER * (line.fill if line else 1.0), contract.length - contract.progress)
        if line is not None:
            years = min(years, max(buyer.fund, 0.0) / pace) if pace > 0 else years
            buyer.fund -= pace * years
            line.backlog -= pace * years
            line.firm.revenue += pace * years
        contract.progress += years
        if supplier is not buyer:
            supplier.exports += pace * years
            buyer.imports += pace * years
        if contract.is_support:
            return
        share = (contract.progress - contract.lead) / (contract.length - contract.lead)
        arrived = contract.volume * min(max(share, 0.0), 1.0) - contract.delivered
        if arrived > 0:
            contract.delivered += arrived
            buyer.on_order[contract.category] -= arrived
            buyer.receive(contract.category, contract.origin, arrived, contract.quality)
            supplier.record[contract.category] += arrived
            if supplier is not buyer:
                buyer.relation[supplier.row] += arrived

    def step(self):
        """Take a quarter."""
        states = self.agents_by_type[State]
        self.learn_prices()
        states.do("budget")
        states.shuffle_do("plan")
        self.work()
        states.do("age")
        self.datacollector.collect(self)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scenario", type=Path, default=SCENARIO)
    parser.add_argument("--years", type=float, default=None, help="default: the whole scenario")
    arguments = parser.parse_args()
    scenario = load(arguments.scenario, years=arguments.years)
    begun = time.perf_counter()
    model = PlainMarket(scenario)
    built = time.perf_counter()
    for _ in range(scenario.calendar.steps):
        model.step()
    seconds = time.perf_counter() - built
    steps = scenario.calendar.steps
    print(f"Mesa {mesa.__version__}: {len(model.states)} states, {len(model.firms)} firms, {steps} steps")
    each = f"{1e6 * seconds / model.tendered:.0f} µs a tender" if model.tendered else "no time a tender"
    print(f"{model.tendered} tenders, {model.signed} contracts signed, {each}")
    print(f"build {built - begun:.2f} s, run {seconds:.2f} s, {1000 * seconds / max(steps, 1):.1f} ms a step")
    memory = peak_memory()
    print(f"peak memory {memory:.0f} MB" if memory else "peak memory unknown on this system")


if __name__ == "__main__":
    main()
