"""The parameters of licensing, for the phase and its parts."""

from __future__ import annotations

from deftrade.core.params import Group, param


class LicensingParams(Group):
    """Parameters of licensing."""

    # Risk and benefit (`judging`, `margins`).
    misrule_base: float = param(0.4, "share", 0, 1, "assumption: war makes leakage likelier still")
    """Share of diversion risk that misrule brings without internal conflict."""
    rights_base: float = param(0.5, "share", 0, 1, "assumption: repression needs no war")
    """Share of criterion 2 that misrule brings without internal conflict."""
    record_weight: float = param(0.5, "share", 0, 1, "assumption: deeds count as much as the regime")
    """Weight of the buyer's diversion record in criterion 6; the rest is misrule without elections."""
    sensitivity_base: float = param(0.5, "1", 0, 5, "assumption: from half to one and a half of the mean")
    """Weight of risk with goods of sensitivity 0 against the mean; it rises by 1 to sensitivity 1."""
    relaxation: float = param(0.5, "share", 0, 1, "assumption: laws and officials outlast leaders")
    """Largest share of the agency's strictness that leaders in office can relax."""
    normal_backlog: float = param(2.5, "year", 0.5, 10, "assumption: L§3.3d, 2-2.5 from memory")
    """Backlog in years from which a line does not plead for licences."""
    weight_obligations: float = param(0.42, "share", 0, 1, "V46: share of UK refusal reasons, rescaled")
    """Weight of criterion 1, obligations and embargoes."""
    weight_human_rights: float = param(0.10, "share", 0, 1, "V46: share of UK refusal reasons, rescaled")
    """Weight of criterion 2, human rights."""
    weight_internal_situation: float = param(0.03, "share", 0, 1, "V46: UK refusal reasons, rescaled")
    """Weight of criterion 3, internal situation."""
    weight_regional_stability: float = param(0.02, "share", 0, 1, "V46: UK refusal reasons, rescaled")
    """Weight of criterion 4, regional stability."""
    weight_allies_security: float = param(0.13, "share", 0, 1, "V46: UK refusal reasons, rescaled")
    """Weight of criterion 5, security of allies."""
    weight_buyer_behaviour: float = param(0.01, "share", 0, 1, "V46: UK refusal reasons, rescaled")
    """Weight of criterion 6, the buyer's behaviour."""
    weight_diversion: float = param(0.29, "share", 0, 1, "V46: share of UK refusal reasons, rescaled")
    """Weight of criterion 7, risk of diversion."""
    weight_economic_capacity: float = param(0.01, "share", 0, 1, "V46: UK never cites it; kept small")
    """Weight of criterion 8, technical and economic capacity."""
    embargoes_for_full: float = param(3, "count", 1, 50, "assumption: three embargoes are multilateral")
    """Embargoes by others from which criterion 1 is fully met."""
    burden_for_full: float = param(0.08, "share", 0.01, 0.5, "assumption: far above V33 p90 of 4 %")
    """Burden from which criterion 8 is fully met."""
    strategic: float = param(0.12, "1", 0, 5, "assumption: allies are licensed")
    """Benefit of an aligned buyer (Levine, Sen and Smith 1994: negative shadow cost)."""
    commercial: float = param(0.05, "1", 0, 5, "assumption: idle lines plead")
    """Benefit where the line has no backlog."""
    balance: float = param(0.05, "1", 0, 5, "assumption: threatened buyers are helped")
    """Benefit of a buyer whose threat has doubled."""
    tolerance: float = param(0.46, "1", -2, 5, "calibrated: V44-V45 refusal rates")
    """Risk that is accepted without any benefit."""
    judgement_spread: float = param(0.04, "1", 0, 2, "assumption: officials differ")
    """Scale of the logistic luck of an application."""

    # What case work costs (`agency`).
    case_cost: float = param(0.002, "MUSD", 0, 10, "assumption: a fortnight of skilled work")
    """Case work on an application, large or small, where capacity is that of the opening."""

    # Waiting (`phase`).
    case_years: float = param(0.078, "year", 0.001, 5, "V47: half of UK cases within 20 working days")
    """Median case work of an application."""
    case_spread: float = param(1.0, "1", 0, 3, "V47: 87 % within 60 working days")
    """Spread of log case work."""
    queue_exponent: float = param(1.0, "1", 0, 3, "assumption: waiting grows with load")
    """Growth of decision time with load over capacity."""
    least_load: float = param(2.0, "1/yr", 0.01, 1000, "assumption: every agency has some staff")
    """Applications a year that an agency can always handle."""
    load_memory: float = param(0.5, "1/yr", 0, 1, "assumption: agencies see a two-year load")
    """Yearly share by which the smoothed case load follows the present one."""
    no_undercut: float = param(0.25, "1", 0, 10, "assumption: members of a regime consult on denials")
    """Strictness added where a fellow member of a control regime refused lately."""
    denial_kept: float = param(0.5, "1/yr", 0, 1, "assumption: denials count for some three years")
    """Share of the memory of a denial kept after a year."""
    small_pace: float = param(3.0, "count/CU", 0, 100, "assumption: many small licences a MUSD exported")
    """Small applications per capability unit of recent exports, count."""
    small_floor: float = param(0.1, "CU/yr", 0, 100, "assumption: below it no regular trade")
    """Recent deliveries below which small exports are left out."""
    small_spread: float = param(0.09, "1", 0.001, 2, "calibrated: V44-V45 refusal rates")
    """Scale of the logistic chance of a small refusal."""
    content_threshold: float = param(0.05, "share", 0, 1, "assumption: de minimis content")
    """Foreign content from which the source's consent is needed."""
