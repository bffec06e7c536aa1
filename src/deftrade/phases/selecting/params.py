"""The parameters of selecting, for the phase and its parts."""

from __future__ import annotations

from deftrade.core.params import Group, param


class SelectingParams(Group):
    """Parameters of selecting: logit weights per unit of each feature.

    Estimates are those of L§3.1 weighted by volume, as tenders here are programmes.
    """

    record: float = param(0.61, "1", 0, 2, "L§3.1, weighted by volume: ln category exports 0.61")
    """Weight of the log of the exporter's recent deliveries in the category."""
    record_floor: float = param(5, "CU/yr", 0.01, 1000, "assumption: entrants have a small record")
    """Record that weighs as much as the first steps of an entrant."""
    exporter_gdp: float = param(0.14, "1", 0, 2, "L§3.1, weighted by volume: ln GDP exporter 0.14")
    """Weight of the log of the exporter's GDP."""
    distance: float = param(0.22, "1", 0, 2, "L§3.1, weighted by volume: ln distance -0.22")
    """Weight of the log of distance, subtracted."""
    polity: float = param(0.54, "1", 0, 5, "L§3.1, weighted by volume: polity difference -0.54")
    """Weight of the difference in polity, subtracted."""
    allied: float = param(0.6, "1", 0, 5, "L§3.1, weighted by volume: alliance 0.60")
    """Weight of a defence pact."""
    alignment: float = param(0.5, "1", 0, 5, "assumption: beside the pact itself")
    """Weight of political alignment."""
    enmity: float = param(3.0, "1", 0, 30, "assumption: few arm themselves at their enemies'")
    """Weight of the buyer's hostility towards the exporter, subtracted."""
    supplier: float = param(0.87, "1", 0, 5, "L§3.1, weighted by volume: supplied in five years 0.87")
    """Weight of having supplied anything recently."""
    same_category: float = param(1.45, "1", 0, 5, "L§3.1, weighted by volume: same category 1.45")
    """Weight of having supplied the same category recently."""
    price: float = param(3.0, "1", 0, 10, "calibrated: V32 price elasticity about -1 with L§2c sigma 3-6")
    """Weight of the log of price against the usual price, subtracted."""
    loan_value: float = param(0.25, "share", 0, 1, "assumption: grant element of ten years at two per cent")
    """Share of a package's loan that is worth as much to the buyer as a lower price."""
    poor_quality: float = param(2.0, "1", 0, 10, "assumption: poor states take the simpler product")
    """Distaste of the poorest states for quality beyond what it does, weight of its log."""
    rich_productivity: float = param(0.28, "MUSD/job", 0.05, 1, "V56: European turnover per job")
    """Productivity of a rich state, the yardstick for poverty."""
    delay: float = param(1.5, "1", 0, 10, "assumption: half the weight of price")
    """Weight of the log of the quoted schedule against the usual one, subtracted."""
    offset: float = param(0.6, "1", 0, 5, "assumption: obligations count for the buyer")
    """Weight of the offset rate that exporters promise; equal among foreign offers."""
    home: float = param(4.8, "1", -5, 10, "calibrated: share of domestic procurement")
    """Constant of home offers."""
    home_margin: float = param(3.0, "1", 0, 20, "assumption: price weight times margin")
    """Weight of the domestic margin in favour of home offers."""
    used: float = param(-0.8, "1", -5, 5, "calibrated: V29 second-hand 7-14 % of transfers")
    """Constant of used equipment."""
    wait: float = param(-9.0, "1", -50, 20, "assumption: waiting wins only against poor offers")
    """Value of waiting."""
    licence: float = param(0.35, "1", 0, 5, "assumption: worth the premium that it costs")
    """Weight of an offer that grants the licence that the buyer asked for."""
    backfill: float = param(0.8, "1", 0, 5, "assumption: rivals court a refused buyer")
    """Bonus, per hostility towards the last refuser, of an exporter that steps in."""
    maker: float = param(2.0, "1", 0, 10, "assumption: makers hold data and parts")
    """Bonus of the maker of a fleet when support is chosen."""
    noise: float = param(1.0, "1", 0, 5, "L§3.1: the logit's unit scale")
    """Scale of the taste shocks of exporters; those of ways have it over the dissimilarity."""
    nest: float = param(0.7, "share", 0.05, 1, "assumption: exporters are closer rivals than ways")
    """Dissimilarity of ways: make, buy, wait; 1 is the flat logit."""
    recent_floor: float = param(0.5, "CU/yr", 0, 100, "calibrated: L§3.1 habit of five years, same category")
    """Recent deliveries from which a state counts as a supplier."""
