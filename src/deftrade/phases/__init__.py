"""The year on one screen: every phase in the order in which it runs, and what each is made of.

A phase is a folder: `phase` is what it does in a step, `params` the numbers it does it with, and every other
module a part that it calls, told below in the order of the year. What several phases need is in `shared`.
"""

from __future__ import annotations

from pydantic import Field

from deftrade.core.params import Group, OpeningParams
from deftrade.phases.accounting import AccountingParams, accounting
from deftrade.phases.allying import AllyingParams, allying
from deftrade.phases.assessing import AssessingParams, assessing
from deftrade.phases.bidding import BiddingParams, bidding
from deftrade.phases.budgeting import BudgetingParams, budgeting
from deftrade.phases.contracting import ContractingParams, contracting
from deftrade.phases.hiring import HiringParams, hiring
from deftrade.phases.licensing import LicensingParams, licensing
from deftrade.phases.monitoring import MonitoringParams, monitoring
from deftrade.phases.producing import ProducingParams, producing
from deftrade.phases.researching import ResearchingParams, researching
from deftrade.phases.selecting import SelectingParams, selecting
from deftrade.phases.tendering import TenderingParams, tendering

ORDER = (
    assessing,  # threat from rivals, strength of allies
    budgeting,  # income and threat set the burden, the burden sets budgets and their financing
    #   pledging      what was pledged to allies lifts the burden
    #   borrowing     lenders, other budgets and taxes finance it; debt is repaid at a rate that rises
    tendering,  # what the budget can keep, against what is there and ordered, goes to market
    #   reconsidering buyers who found nothing ask for less
    #   planning      how large a gap is worth an order
    #   affording     money for all orders, foreign exchange for those from abroad
    #   supporting    every fleet needs support from somebody
    bidding,  # exporters screen, then lines make offers
    #   matching      who may answer which tender, and with which line
    #   releasing     how much know-how exporters let go
    #   codeveloping  members of a pool offer the next generation
    #   packaging     what a package adds, and whose systems do not go together
    #   pricing       what demands, few rivals and patrons do to a price
    #   offering      know-how, used equipment, and who is allowed to get an offer
    selecting,  # buyers make, buy or wait
    #   addressing    whom offers are made to, partners of joint requirements included
    #   utility       what an offer is worth to its buyer
    #   choosing      first a way, then an offer of that way
    licensing,  # export control decides, as does every state whose parts are inside
    #   judging       the eight criteria, and how strictly they are weighed
    #   margins       the balance of risk and benefit
    #   agency        what export control costs
    contracting,  # approved offers become contracts: schedule, overrun, offsets, partner
    #   founding      licences found lines at the buyer's
    producing,  # plants deliver what capacity, parts and money allow
    #   working       how work advances, who is paid for it and what it costs
    #   fulfilling    sellers discharge offsets, or pay
    #   training      packages train people
    #   extending     overhaul keeps in service what was due to retire
    #   consequences  royalties, practice, learning, habits of trade
    #   maintaining   fleets grow, age, wear out and stay ready
    hiring,  # firms hire from a pool of skilled workers, and dismiss
    researching,  # research, learning, products, and firms that come and go
    #   pooling       members of programmes share what their research finds
    #   climbing      know-how and practice lift states up the ladder of production
    #   renewal       the books of firms are closed
    #     renewing      receipts, distress, and what owners are paid
    #     privatising   the state sells shares, or buys them
    #     rescuing      it saves firms in distress
    #     closing       others are taken over, or close
    #     merging       idle rivals join forces
    #     entering      firms start, of own design or by reproduction
    #     investing     new plant is paid for before it works
    monitoring,  # checks of end use, diversions and what follows from them
    #   preventing    what control gave away and prevented
    allying,  # alignment moves; alliances gain, lose and bind members
    #   befriending   joint programmes bring two states closer
    #   uniting       who joins and leaves, and what holds an alliance together
    accounting,  # jobs, value added, trade, dependence and risk are read off the records
    #   trading       lines of trade, and the value added in exports
    #   counting      which payment counts where in net jobs
    #   employing     jobs that defence carries, and those that would be there without it
)


class Params(Group):
    """All parameters, one group a phase, under the phase's name, and those of the opening."""

    assessing: AssessingParams = Field(default_factory=AssessingParams)
    """Threat and spill-in."""
    budgeting: BudgetingParams = Field(default_factory=BudgetingParams)
    """Income, burden, budget lines, financing."""
    tendering: TenderingParams = Field(default_factory=TenderingParams)
    """Requirements and their conditions."""
    bidding: BiddingParams = Field(default_factory=BiddingParams)
    """Release, cost, price, offers."""
    selecting: SelectingParams = Field(default_factory=SelectingParams)
    """Make, buy or wait; supplier choice."""
    licensing: LicensingParams = Field(default_factory=LicensingParams)
    """Export control."""
    contracting: ContractingParams = Field(default_factory=ContractingParams)
    """Schedules, overruns, offsets."""
    producing: ProducingParams = Field(default_factory=ProducingParams)
    """Plants, fleets, readiness, offsets."""
    hiring: HiringParams = Field(default_factory=HiringParams)
    """Labour."""
    researching: ResearchingParams = Field(default_factory=ResearchingParams)
    """Technology and the renewal of firms."""
    monitoring: MonitoringParams = Field(default_factory=MonitoringParams)
    """End use."""
    allying: AllyingParams = Field(default_factory=AllyingParams)
    """Alignment and alliances."""
    accounting: AccountingParams = Field(default_factory=AccountingParams)
    """Jobs and readouts."""
    opening: OpeningParams = Field(default_factory=OpeningParams)
    """The guess from which a world settles before its opening date."""

    def at_rest(self) -> Params:
        """Return the parameters with every trend and shock at rest."""
        return self.model_copy(
            update={name: getattr(self, name).settled() for name in type(self).model_fields}
        )
