"""What a generated world looks like: the numbers behind states, relations and industry.

Structure is drawn, distributions are fitted: shares of GDP, burdens, polity and the size of the
industry follow published figures, so that every seed gives a world of the same shape.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from deftrade.core.params import Group, param
from deftrade.scenario.sizes import MOST_FIRMS, MOST_STATES

Count = Annotated[int, Field(strict=True)]


class EconomySpec(Group):
    """Size, wealth and growth of economies."""

    gdp_total: float = param(105e6, "MUSD/yr", 1e5, 1e9, "World Bank WDI: world GDP 2023, 105 tn USD")
    """GDP of all states together."""
    leader_gdp: float = param(0.26, "share", 0.01, 0.8, "World Bank WDI 2023: largest economy 26.4 %")
    """Share of the largest economy."""
    rival_gdp: float = param(0.17, "share", 0.01, 0.8, "World Bank WDI 2023: second economy 17.2 %")
    """Share of the second economy."""
    gdp_spread: float = param(
        2.29, "1", 0.1, 4, "World Bank WDI 2023: sd of log GDP below the two, own calculation"
    )
    """Spread of log GDP of all other economies."""
    gdp_ceiling: float = param(
        0.977, "share", 0.5, 0.999, "World Bank WDI 2023: third economy 4.5 tn, own calculation"
    )
    """Quantile at which the lognormal of the others ends: there is no third giant."""
    gdp_noise: float = param(0.08, "1", 0, 1, "assumption: worlds of different seeds differ")
    """Spread of log GDP around its place in the distribution."""
    development_size: float = param(0.35, "1", 0, 3, "assumption: larger economies are somewhat richer")
    """Effect of economic size on development, in standard deviations."""
    development_polity: float = param(0.8, "1", 0, 3, "assumption: democracies are richer")
    """Effect of polity on development."""
    development_region: float = param(0.7, "1", 0, 3, "assumption: wealth clusters in regions")
    """Spread of development between regions."""
    development_oil: float = param(4.0, "1", 0, 20, "assumption: rents make rich")
    """Effect of the share of oil in GDP on development."""
    leader_development: float = param(0.97, "share", 0, 1, "assumption: the leader is rich")
    """Development of the largest economy; 0 is the poorest state, 1 the richest."""
    rival_development: float = param(0.62, "share", 0, 1, "assumption: rivals are of middle income")
    """Development of the second economy and of the challenger."""
    productivity_low: float = param(0.03, "MUSD/job", 0.005, 1, "assumption: a tenth of Europe's")
    """Output of a job in the poorest state."""
    productivity_high: float = param(0.32, "MUSD/job", 0.01, 2, "V56: Europe 0.27-0.29 on average")
    """Output of a job in the richest state."""
    growth_frontier: float = param(0.012, "1/yr", -0.02, 0.1, "assumption: long-run growth of rich states")
    """Trend growth of the richest state."""
    growth_catch_up: float = param(0.025, "1/yr", 0, 0.1, "assumption: the poorest grow by 3-4 %")
    """Trend growth that the poorest state adds."""
    growth_spread: float = param(0.007, "1/yr", 0, 0.05, "assumption: growth differs among peers")
    """Spread of trend growth."""
    oil_states: float = param(0.15, "share", 0, 1, "assumption: some thirty states live on oil")
    """Share of states with notable oil rents."""
    oil_rents: float = param(0.15, "share", 0, 0.6, "assumption: typical rents of oil states")
    """Mean share of rents in the GDP of oil states."""
    tightness_low: float = param(0.05, "share", 0, 1, "assumption: reserve currencies")
    """Scarcity of foreign exchange of the richest state."""
    tightness_high: float = param(0.55, "share", 0, 1, "assumption: poor importers")
    """Scarcity of foreign exchange of the poorest state."""


class SocietySpec(Group):
    """Regimes, government and conflict."""

    polity_low: float = param(0.03, "share", 0, 1, "V-Dem polyarchy 2020: lowest values")
    """Polity of the most autocratic state."""
    polity_high: float = param(0.92, "share", 0, 1, "V-Dem polyarchy 2020: highest 0.915")
    """Polity of the most democratic state; between them it is spread evenly (quartiles fit)."""
    democracy: float = param(0.55, "share", 0, 1, "assumption: about half of states are democracies")
    """Polity from which a state is a democracy."""
    autocracy: float = param(0.2, "share", 0, 1, "assumption: a fifth of states are closed autocracies")
    """Polity below which a state is an autocracy."""
    rival_polity: float = param(0.08, "share", 0, 1, "assumption: the rivals are autocracies")
    """Polity of the second economy and of the challenger."""
    leader_polity: float = param(0.8, "share", 0, 1, "assumption: the leader is a democracy")
    """Polity of the largest economy."""
    polity_region: float = param(0.7, "1", 0, 3, "assumption: regimes cluster in regions")
    """Spread of polity between regions, against 1 within."""
    oil_autocracy: float = param(1.0, "1", 0, 5, "assumption: rents and autocracy go together")
    """How much more often oil is found under autocrats, in standard deviations of polity."""
    governance_floor: float = param(0.08, "share", 0, 1, "assumption: no state is without order")
    """Governance of a poor autocracy."""
    governance_development: float = param(0.5, "share", 0, 1, "assumption: rich states are well run")
    """Governance that development adds."""
    governance_polity: float = param(0.35, "share", 0, 1, "assumption: accountability helps")
    """Governance that democracy adds."""
    governance_spread: float = param(0.08, "share", 0, 0.5, "assumption: governance differs among peers")
    """Spread of governance."""
    conflict_states: float = param(0.15, "share", 0, 1, "assumption: about thirty internal conflicts")
    """Share of states in internal conflict: the worst governed, with luck."""
    conflict_severity: float = param(0.35, "share", 0, 1, "assumption: most conflicts are minor")
    """Mean severity in those states."""
    peace_level: float = param(0.03, "share", 0, 1, "assumption: no state is quite at peace")
    """Mean severity elsewhere."""


class BurdenSpec(Group):
    """Military burdens."""

    median: float = param(0.0145, "share", 0.001, 0.2, "V33: median burden 1.4-1.5 % (2010-17)")
    """Median burden."""
    spread: float = param(0.85, "1", 0.05, 2, "L§1d: sd of log burden 0.80-1.07")
    """Spread of log burden."""
    democracy: float = param(0.0134, "share", 0.001, 0.2, "L§1d: median of democracies 1.34 % (2012)")
    """Typical burden of a democracy."""
    anocracy: float = param(0.0166, "share", 0.001, 0.2, "L§1d: median of anocracies 1.66 % (2012)")
    """Typical burden between democracy and autocracy."""
    autocracy: float = param(0.0367, "share", 0.001, 0.2, "L§1d: median of autocracies 3.67 % (2012)")
    """Typical burden of an autocracy."""
    pact: float = param(0.0205, "share", 0.001, 0.2, "L§1d: NATO 2024e median 2.11 %")
    """Typical burden of a member of the great pact."""
    pact_spread: float = param(0.29, "1", 0, 2, "L§1d: NATO 2024e sd 0.68 around 2.2 %")
    """Spread of log burden in the great pact."""
    within: float = param(0.75, "1", 0, 2, "L§1d: spread within regimes that leaves 0.85 in all")
    """Spread of log burden within a kind of regime."""
    size: float = param(0.09, "1", -0.5, 0.5, "V34: milex elasticity to GDP 1.08-1.10")
    """Elasticity of the burden to GDP."""
    rivalry: float = param(0.6, "1", 0, 3, "assumption: rivals' burdens are higher by half")
    """Effect of hostile neighbours on the log burden."""
    reach: float = param(1000, "km", 10, 20000, "assumption: near rivals count")
    """Distance at which a rival counts half."""
    leader: float = param(0.034, "share", 0.001, 0.2, "L§1d: US 997 bn USD in 2024, 37 % of the world")
    """Burden of the leader."""
    rival: float = param(0.0172, "share", 0.001, 0.2, "L§1d: China 314 bn USD in 2024")
    """Burden of the second economy."""
    challenger: float = param(0.05, "share", 0.001, 0.2, "assumption: a militarised middle power")
    """Burden of the challenger: the rival's partner with a large old industry."""
    power: float = param(0.03, "share", 0.001, 0.2, "V35: top-5 states spend 61 %, top-10 74 %")
    """Typical burden of the few next largest spenders."""
    powers: Count = Field(default=2, ge=0, le=50, json_schema_extra={"unit": "count", "source": "V35"})
    """How many such large spenders there are, the largest economies after the two."""


class RelationsSpec(Group):
    """Regions, blocs, rivalries and alliances."""

    regions: Count = Field(
        default=9, ge=1, le=100,
        json_schema_extra={"unit": "count", "source": "assumption: regional complexes of Buzan and Wæver"},
    )  # fmt: skip
    """Regions on the globe."""
    region_radius: float = param(1300, "km", 50, 8000, "assumption: neighbours some hundred km apart")
    """Spread of capitals around the middle of their region."""
    latitude_limit: float = param(0.75, "share", 0.05, 1, "assumption: no regions at the poles")
    """Sine of the highest latitude of a region's middle."""
    challenger_rank: Count = Field(
        default=11, ge=3, le=100,
        json_schema_extra={"unit": "count", "source": "World Bank WDI 2023: Russia's GDP is 11th"},
    )  # fmt: skip
    """Rank by GDP of the challenger."""
    pact_members: float = param(0.164, "share", 0, 1, "L§1d: NATO has 32 of about 195 states")
    """Share of states in the great pact of rich democracies."""
    pact_pledge: float = param(0.02, "share", 0, 0.15, "V37: the NATO pledge is 2 %")
    """Burden that the great pact asks of its members."""
    bloc_members: float = param(0.05, "share", 0, 1, "assumption: the rivals have about ten clients")
    """Share of states in the rival bloc."""
    regional_pacts: Count = Field(
        default=3, ge=0, le=50,
        json_schema_extra={"unit": "count", "source": "assumption: a few regional defence pacts"},
    )  # fmt: skip
    """Regional defence pacts."""
    regional_pools: Count = Field(
        default=3, ge=0, le=50,
        json_schema_extra={"unit": "count", "source": "assumption: pools outside the great pact are few"},
    )  # fmt: skip
    """Regional procurement pools."""
    member_size: float = param(0.2, "1", 0, 2, "assumption: large economies are sought as members")
    """Effect of economic size, in standard deviations, on membership and founding."""
    member_noise: float = param(0.2, "1", 0, 2, "assumption: history decides some memberships")
    """Spread of the score of membership, against polity and development from 0 to 1."""
    client_distance: float = param(0.1, "1", 0, 2, "assumption: rivals find clients nearby")
    """Effect of distance from a rival, in spreads of a region, against being its client."""
    regime_pact: float = param(0.5, "1", 0, 2, "assumption: control regimes began among allies")
    """Effect of the great pact on membership in the control regime, against governance."""
    regional_size: float = param(0.04, "share", 0, 1, "assumption: about eight members")
    """Share of states in a regional alliance."""
    pool_size: float = param(0.1, "share", 0, 1, "assumption: two thirds of the great pact pool")
    """Share of states in the great pact's procurement pool."""
    programme_size: float = param(0.05, "share", 0, 1, "assumption: ten partners in research")
    """Share of states in the research programme."""
    regime_size: float = param(0.21, "share", 0, 1, "Wassenaar Arrangement: 42 participating states")
    """Share of states in the export-control regime."""
    pact_cohesion: float = param(0.75, "share", 0, 1, "V72: NATO-type alliances last")
    """Cohesion of the great pact and what belongs to it."""
    other_cohesion: float = param(0.5, "share", 0, 1, "V72: mean life of alliances 15 years")
    """Cohesion of other alliances."""
    rivalries: float = param(0.215, "share", 0, 3, "Thompson and Dreyer: 42 rivalries open in 2010")
    """Rivalries between neighbours, per state."""
    rivalry_low: float = param(0.3, "share", 0, 1, "assumption: arms still pass between mild rivals")
    """Hostility of the mildest rivalry."""
    rivalry_high: float = param(0.85, "share", 0, 1, "assumption: the worst short of war")
    """Hostility of the worst rivalry."""
    rivalry_reach: float = param(700, "km", 10, 10000, "assumption: rivals are neighbours")
    """Distance over which the odds of rivalry fall to 1/e."""
    bloc_hostility: float = param(0.12, "share", 0, 1, "assumption: distant blocs are cool")
    """Hostility between members of opposed blocs far apart."""
    border_hostility: float = param(0.35, "share", 0, 1, "assumption: opposed neighbours are not")
    """Hostility added between members of opposed blocs next door."""
    leaders_hostility: float = param(0.5, "share", 0, 1, "assumption: great-power rivalry")
    """Hostility of the leader and the two rivals."""
    alignment_base: float = param(0.45, "1", -1, 1, "assumption: like minds without a pact are friends")
    """Alignment of two states with the same outlook."""
    alignment_distance: float = param(0.75, "1", 0, 2, "assumption: opposed blocs reach -0.7")
    """Alignment lost per distance in outlook, which runs from -1 to 1."""
    alignment_pact: float = param(0.25, "1", 0, 2, "assumption: pacts bind beyond outlook")
    """Alignment gained by a common pact."""
    alignment_region: float = param(0.08, "1", 0, 2, "assumption: neighbours share interests")
    """Alignment gained by a common region."""
    alignment_hostility: float = param(0.8, "1", 0, 2, "assumption: hostility estranges")
    """Alignment lost per hostility."""
    alignment_spread: float = param(0.1, "1", 0, 1, "assumption: history")
    """Spread of alignment of pairs."""
    outlook_polity: float = param(0.9, "1", 0, 2, "L§3.1: buyers prefer like regimes")
    """Outlook per distance of polity from the middle, outside the blocs."""
    outlook_spread: float = param(0.2, "1", 0, 1, "assumption: foreign policy is not regime alone")
    """Spread of outlook outside the blocs."""
    outlook_lean: float = param(0.2, "1", -1, 1, "calibrated: V03 leader's share of exports")
    """Outlook of a state between the regimes: above 0, leaning to the leader."""
    outlook_bloc: float = param(0.85, "1", 0, 1, "assumption: blocs stand near the ends")
    """Outlook of bloc members: plus in the great pact, minus in the rival bloc."""


class IndustrySpec(Group):
    """Who makes arms, how well, in which firms, from whose components."""

    exporters: float = param(0.31, "share", 0.01, 1, "V07, L§2d: 61-72 exporters in a five-year window")
    """Share of states with production lines."""
    milex_weight: float = param(1.0, "1", 0, 5, "assumption: large forces feed industry")
    """Effect of log military expenditure on the industrial rank."""
    development_weight: float = param(1.0, "1", 0, 10, "assumption: skills feed industry")
    """Effect of development on the industrial rank."""
    rank_noise: float = param(0.6, "1", 0, 5, "assumption: history")
    """Spread of the industrial rank score."""
    know_how_floor: float = param(
        0.55, "1", 0.05, 1, "calibrated: V01-V04 exporter concentration; producers can assemble"
    )
    """Know-how towards which producers tend down the rank."""
    know_how_scale: float = param(0.06, "share", 0.005, 1, "calibrated: V01-V04 exporter concentration")
    """Rank, as a share of states, over which the lead in know-how falls to 1/e."""
    know_how_noise: float = param(0.05, "1", 0, 0.5, "assumption: states have specialities")
    """Spread of log know-how by category."""
    know_how_unmade: float = param(0.8, "share", 0, 1, "assumption: what is not made is known less")
    """Know-how in categories a producer does not make, against those it makes."""
    know_how_low: float = param(0.08, "1", 0, 1, "assumption: maintenance of simple systems")
    """Know-how of the poorest state without industry."""
    know_how_span: float = param(0.22, "1", 0, 1, "L§6: tier 3 and below reproduce at best")
    """Know-how that development adds without industry."""
    rungs: float = param(8.0, "1", 1, 8, "L§6: Bitzinger's ladder has eight stages")
    """Rung of a state at the frontier."""
    rung_unpractised: float = param(0.6, "share", 0, 1, "assumption: rungs need practice")
    """Rung without production, against that of a producer with the same know-how."""
    breadth_scale: float = param(0.05, "share", 0.005, 2, "calibrated: V01-V04 exporter concentration")
    """Rank, as a share of states, over which the share of categories made falls to 1/e."""
    breadth_full: float = param(0.015, "share", 0, 1, "calibrated: V01-V04 exporter concentration")
    """Rank, as a share of states, down to which all categories are made."""
    firm_elasticity: float = param(0.6, "1", 0, 2, "L§2d: 39-41 of the Top-100 firms are of the leader")
    """Elasticity of the number of firms to military expenditure."""
    firm_tail: float = param(1.2, "1", 0.5, 10, "V59: Top-5 of Top-100 firms 31 %")
    """Pareto exponent of firm sizes at home."""
    two_lines: float = param(0.85, "share", 0, 1, "assumption: most firms make several categories")
    """Share of firms with two lines or more."""
    three_lines: float = param(0.6, "share", 0, 1, "assumption: fewer make three")
    """Share of firms with three lines or more."""
    four_lines: float = param(0.35, "share", 0, 1, "assumption: conglomerates")
    """Share of firms with four lines."""
    line_spread: float = param(0.8, "1", 0, 3, "assumption: lines of a firm differ by factor two")
    """Spread of the log weight of lines."""
    quality_noise: float = param(0.05, "1", 0, 0.5, "assumption: products differ from know-how")
    """Spread of log quality of lines around know-how."""
    line_demand: float = param(0.5, "1", 0, 3, "assumption: firms crowd into large categories")
    """Weight of the log of a category's share of demand when firms choose what to make."""
    sources: Count = Field(
        default=10, ge=1, le=100,
        json_schema_extra={"unit": "count", "source": "assumption: components come from the top ten"},
    )  # fmt: skip
    """States that make components for others."""
    content_leader: float = param(0.05, "share", 0, 0.9, "assumption: the leaders are autonomous")
    """Foreign content of lines at the frontier."""
    autonomous: Count = Field(
        default=3,
        ge=0,
        le=100,
        json_schema_extra={"unit": "count", "source": "assumption: three states need nobody"},
    )
    """States, the strongest industries, whose lines have only a leader's foreign content."""
    content_gap: float = param(0.5, "share", 0, 1, "assumption: backwardness and luck count alike")
    """Weight of missing know-how, against luck, in foreign content."""
    content_low: float = param(0.1, "share", 0, 0.9, "assumption: middle powers import engines or sensors")
    """Lowest foreign content of other lines."""
    content_high: float = param(0.45, "share", 0, 0.9, "assumption: middle powers import engines and sensors")
    """Highest foreign content of other lines."""
    content_alignment: float = param(2.0, "1", 0, 10, "assumption: friends supply components")
    """Weight of alignment in the choice of sources, in logit units."""
    content_bar: float = param(0.3, "share", 0, 1, "assumption: rivals supply no components")
    """Hostility from which a state is no source."""
    content_first: float = param(0.6, "share", 0.34, 1, "assumption: one main source")
    """Share of the first source in foreign content; further ones take the like of the rest."""
    licensed: float = param(0.35, "share", 0, 1, "V28: 26-38 % of transfers are made under licence")
    """Share of lines below design know-how that build a licensed design."""
    licence_gain: float = param(0.5, "share", 0, 1, "assumption: licences are of the last generation")
    """Share of the lead of the licence's origin that a licensed line embodies."""
    state_owned_low: float = param(0.1, "share", 0, 1, "assumption: few state firms in rich democracies")
    """Share of state-owned firms in a rich democracy."""
    state_owned_high: float = param(0.8, "share", 0, 1, "L§2d: India 79 % public, China and Russia more")
    """Share of state-owned firms in a poor autocracy."""
    equipment_share: float = param(0.25, "share", 0, 1, "V41: equipment 15-51 % of spending")
    """Share of spending that is taken for defence sales when civil business is sized."""
    civil_sales: float = param(0.4, "1", 0, 20, "assumption: large firms sell a third outside defence")
    """Median of civil against defence sales."""
    civil_spread: float = param(0.8, "1", 0, 3, "assumption: pure and mixed firms")
    """Spread of log civil sales."""


class PolicySpec(Group):
    """How policies differ among states at the opening."""

    spread: float = param(0.15, "1", 0, 1, "assumption: modest differences")
    """Spread of log levers around their defaults."""
    industrial_spread: float = param(0.5, "1", 0, 2, "L§3.3d: offset rates from 30 to 100 %")
    """The same for offsets, localisation and licence demands, which differ more."""
    procurement_low: float = param(0.15, "share", 0, 0.5, "V41: NATO 2024e lowest 15.2 %")
    """Lowest share of spending for equipment."""
    procurement_high: float = param(0.35, "share", 0, 0.5, "V41: most of NATO 2024e below 35 %")
    """Highest share of spending for equipment."""
    without_personnel: float = param(0.85, "share", 0.7, 1, "assumption: pay takes a seventh at least")
    """Largest share of spending that equipment, support and research take together."""
    research_know_how: float = param(0.7, "1", 0, 0.99, "assumption: research is done near the frontier")
    """Know-how from which producers spend more than the average one, up to the leader's share."""
    research_leader: float = param(
        0.12, "share", 0, 0.25, "L§1d: US RDT&E 16-17 %, from memory, less what is upkeep"
    )
    """Share of spending for research of the leader."""
    research_maker: float = param(0.039, "share", 0, 0.25, "V42: EU defence R&D 3.9 %")
    """The same of an average producer."""
    research_buyer: float = param(0.004, "share", 0, 0.25, "assumption: states without industry do little")
    """The same without industry."""


class GenerateSpec(Group):
    """What to generate; every number may be set in a scenario under ``world: generate:``."""

    states: Count = Field(
        default=195, ge=12, le=MOST_STATES,
        json_schema_extra={"unit": "count", "source": "UN: 193 members and 2 observers"},
    )  # fmt: skip
    """Number of states."""
    firms: Count = Field(
        default=1000, ge=12, le=MOST_FIRMS,
        json_schema_extra={"unit": "count", "source": "assumption: ten times SIPRI's Top 100"},
    )  # fmt: skip
    """Number of firms."""
    economy: EconomySpec = Field(default_factory=EconomySpec)
    """Size, wealth and growth of economies."""
    society: SocietySpec = Field(default_factory=SocietySpec)
    """Regimes, government and conflict."""
    burden: BurdenSpec = Field(default_factory=BurdenSpec)
    """Military burdens."""
    relations: RelationsSpec = Field(default_factory=RelationsSpec)
    """Regions, blocs, rivalries and alliances."""
    industry: IndustrySpec = Field(default_factory=IndustrySpec)
    """Who makes arms."""
    policy: PolicySpec = Field(default_factory=PolicySpec)
    """How policies differ."""

    @model_validator(mode="after")
    def _is_possible(self) -> GenerateSpec:
        """Refuse shares that leave nothing, and bounds the wrong way round."""
        if self.economy.leader_gdp + self.economy.rival_gdp >= 1:
            raise ValueError("leader_gdp and rival_gdp must leave a share of GDP to the others")
        for low, high in (
            (self.economy.productivity_low, self.economy.productivity_high),
            (self.society.polity_low, self.society.polity_high),
            (self.society.autocracy, self.society.democracy),
            (self.relations.rivalry_low, self.relations.rivalry_high),
            (self.industry.content_low, self.industry.content_high),
            (self.policy.procurement_low, self.policy.procurement_high),
        ):
            if low > high:
                raise ValueError(f"a lower bound, {low:g}, is above its upper bound, {high:g}")
        return self
