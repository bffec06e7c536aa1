"""The year on one screen: every phase, in the order in which it runs."""

from __future__ import annotations

from pydantic import Field

from deftrade.core.params import Group, OpeningParams
from deftrade.phases.accounting import AccountingParams, accounting
from deftrade.phases.allying import allying
from deftrade.phases.allying.params import AllyingParams
from deftrade.phases.assessing import AssessingParams, assessing
from deftrade.phases.bidding import bidding
from deftrade.phases.bidding.params import BiddingParams
from deftrade.phases.budgeting import BudgetingParams, budgeting
from deftrade.phases.contracting import ContractingParams, contracting
from deftrade.phases.hiring import HiringParams, hiring
from deftrade.phases.licensing import LicensingParams, licensing
from deftrade.phases.monitoring import MonitoringParams, monitoring
from deftrade.phases.producing import ProducingParams, producing
from deftrade.phases.researching import ResearchingParams, researching
from deftrade.phases.selecting import selecting
from deftrade.phases.selecting.params import SelectingParams
from deftrade.phases.tendering import tendering
from deftrade.phases.tendering.params import TenderingParams

ORDER = (
    assessing,
    budgeting,
    tendering,
    bidding,
    selecting,
    licensing,
    contracting,
    producing,
    hiring,
    researching,
    monitoring,
    allying,
    accounting,
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
