"""The parameters of allying, for the phase and its parts."""

from __future__ import annotations

from deftrade.core.params import Group, param


class AllyingParams(Group):
    """Parameters of allying."""

    # Goodwill of joint work (`befriending`).
    programme_effect: float = param(0.01, "1/yr", 0, 1, "assumption: L§8 mixed, so smaller than deliveries")
    """Goodwill gained a year by each side of large licensed or shared programmes."""
    programme_half: float = param(0.1, "share", 0.001, 10, "assumption: one large programme among several")
    """Joint work, in years of the buyer's equipment budget, at which half of that is gained."""

    # Alignment and alliances (`phase`, `uniting`).
    enemy_hostility: float = param(0.5, "1", 0, 10, "assumption: one open enemy inside bars the way")
    """Members' summed hostility towards a state that bars its accession."""
    alignment_pace: float = param(0.2, "1/yr", 0, 1, "assumption: foreign policy turns in years")
    """Yearly share by which alignment follows its anchor and goodwill."""
    goodwill_kept: float = param(0.85, "1/yr", 0, 1, "assumption: gratitude fades in years")
    """Share of goodwill kept after a year."""
    delivery_effect: float = param(0.03, "1/yr", -1, 1, "assumption: L§8 mixed; Kinne 2016 positive")
    """Goodwill gained a year where a state is the buyer's only supplier; below 0, resentment."""
    refusal_effect: float = param(0.05, "1", 0, 1, "assumption: refusals are resented")
    """Goodwill lost when refused business equals the buyer's yearly equipment budget."""
    embargo_effect: float = param(0.15, "1/yr", 0, 2, "assumption: embargoes are resented more")
    """Goodwill lost a year under an embargo."""
    threat_effect: float = param(0.02, "1/yr", 0, 1, "assumption: the enemy of my enemy")
    """Goodwill gained a year by full common hostility towards others."""
    settle: float = param(1.0, "1", 0, 1, "assumption: switch of political change", rest=0.0)
    """Switch of goodwill, accession, exit and leader change."""
    leader_hazard: float = param(0.12, "1/yr", 0, 2, "assumption: a leader in eight years")
    """Yearly hazard of a change of leader."""
    leader_spread: float = param(0.08, "1", 0, 1, "assumption: modest turns")
    """Spread of the shift of a state's alignment anchors with a new leader."""
    leader_control: float = param(0.15, "1", 0, 2, "assumption: governments differ less than states")
    """Spread of the strictness that new leaders add to export control or take from it."""
    accession_hazard: float = param(0.03, "1/yr", 0, 2, "assumption: one chance in a generation")
    """Yearly hazard of accession of a fully aligned outsider."""
    accession_alignment: float = param(0.35, "1", -1, 1, "assumption: members welcome friends")
    """Mean alignment with members from which accession is possible."""
    exit_hazard: float = param(0.06, "1/yr", 0, 2, "V72: mean life 15 years, NATO-type 0.01")
    """Yearly hazard of exit from an alliance without cohesion."""
    exit_alignment: float = param(0.1, "1", -1, 1, "assumption: estranged members leave")
    """Mean alignment with members below which exit becomes likely."""
    cohesion_pace: float = param(0.15, "1/yr", 0, 1, "assumption: institutions are slow", rest=0.0)
    """Yearly share by which cohesion follows its goal."""
    gap_effect: float = param(8.0, "1", 0, 100, "assumption: a point of GDP costs 0.08")
    """Cohesion lost per mean shortfall from the burden target, as a share of GDP."""
    alignment_effect: float = param(0.3, "1", 0, 2, "assumption: like minds hold together")
    """Cohesion gained per risen mean alignment among members."""
