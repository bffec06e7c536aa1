"""What all states share at a date: one row."""

from __future__ import annotations

from deftrade.core.table import Bounds, Table, given, identity, lever, real, whole


class Environment(Table):
    """The common environment and the counters of clipped formulas."""

    oil_gap = real("1", "index", "Log deviation of the oil price from its trend")
    oil_shock = real("1", "index", "Scheduled shift of the log oil price that fades", role="state")
    clipped = whole("count", "flow", "Rows that a clip changed this step", axes=("clips",), role="readout")
    considered = whole(
        "count", "flow", "Rows that a clip looked at this step", axes=("clips",), role="readout"
    )


class States(Table):
    """A state is buyer, owner, licensing authority, sponsor of research and ally."""

    section = "states"
    single = "state"

    uid = identity("Stable id from the name")

    # What the world gives
    gdp = given(
        "MUSD/yr",
        "index",
        "Gross domestic product, prices of the price year",
        Bounds(None, 1, 1e9, "world file"),
    )
    trend_growth = given(
        "1/yr",
        "rate",
        "Trend growth of GDP",
        Bounds(0.025, -0.05, 0.15, "assumption: long-run world average"),
    )
    oil_share = given(
        "share", "share", "Share of oil and gas rents in GDP", Bounds(0.0, 0, 0.8, "world file")
    )
    exchange_tightness = given(
        "share",
        "share",
        "Scarcity of foreign exchange; 0 is abundant",
        Bounds(0.2, 0, 1, "world file"),
    )
    productivity = given(
        "MUSD/job",
        "index",
        "Output of a job in defence industry, a year",
        Bounds(0.2, 0.005, 2, "V56: European turnover per job 0.27-0.29"),
    )
    governance = given("share", "share", "Quality of government; 1 is best", Bounds(0.5, 0, 1, "world file"))
    polity = given(
        "share",
        "share",
        "Place between autocracy 0 and democracy 1",
        Bounds(0.5, 0, 1, "world file"),
    )
    internal_conflict = given(
        "share", "share", "Severity of internal conflict", Bounds(0.05, 0, 1, "world file")
    )
    burden = given(
        "share",
        "share",
        "Military expenditure as a share of GDP",
        Bounds(0.018, 0.0005, 0.3, "V33: median 1.4-1.5 %, mean 2.0-2.1 %"),
    )
    other_debt = given(
        "share",
        "share",
        "Public debt for all but defence, as a share of GDP that it keeps",
        Bounds(0.5, 0, 3, "assumption: IMF 2018 has 46 % in poor states, 105 % in rich ones"),
        title="other public debt",
    )
    know_how = given(
        "1",
        "index",
        "Technological capability; frontier of the price year is 1",
        Bounds(0.3, 0, 1, "world file"),
        axes=("categories",),
        title="know-how",
    )
    rung = given(
        "1",
        "index",
        "Rung on the ladder of production, 0 to 8",
        Bounds(1, 0, 8, "world file; L§6 Bitzinger's ladder"),
        axes=("categories",),
    )

    # Levers
    burden_pledge = lever(
        "share",
        "share",
        "Burden the state pledges; 0 is no pledge",
        Bounds(0, 0, 0.15, "V37: the NATO pledge is 2 %"),
    )
    procurement_share = lever(
        "share",
        "share",
        "Share of spending for equipment",
        Bounds(0.24, 0, 0.7, "V41: EU mean 26 %, NATO 15-51 %"),
    )
    support_share = lever(
        "share",
        "share",
        "Share of spending for operations and support",
        Bounds(0.32, 0, 0.8, "assumption: personnel and support share the rest"),
    )
    research_share = lever(
        "share",
        "share",
        "Share of spending for research and development",
        Bounds(0.03, 0, 0.3, "V42: EU 3.9 % in 2023"),
    )
    domestic_margin = lever(
        "share",
        "share",
        "Price preference for offers from home",
        Bounds(0.05, 0, 1, "assumption: common margins of preference"),
    )
    localisation_target = lever(
        "share",
        "share",
        "Share of import contracts to be done at home",
        Bounds(0.05, 0, 0.9, "V66: Saudi 4 % (2018) to 25 % (2024)"),
    )
    offset_rate = lever(
        "share",
        "share",
        "Offset obligation as a share of import contracts",
        Bounds(0.3, 0, 1.5, "V51: 51 % US mean, 60 % UAE, 85 % Indonesia"),
    )
    offset_threshold = lever(
        "MUSD",
        "stock",
        "Contract value from which offsets are demanded",
        Bounds(50, 0, 1e5, "assumption: typical national thresholds"),
    )
    licence_demand = lever(
        "share",
        "share",
        "Share of import programmes to be built under licence",
        Bounds(0.6, 0, 1, "calibrated: V28 local production 26-38 % of transfers; not all are granted"),
    )
    technology_purchase_share = lever(
        "share",
        "share",
        "Share of research budget for foreign know-how",
        Bounds(0.05, 0, 1, "assumption: small unless policy"),
    )
    alliance_preference = lever(
        "1",
        "index",
        "Weight on alliance ties when choosing a supplier",
        Bounds(1, 0, 10, "assumption: 1 keeps the estimate of L§3.1"),
    )
    technology_release = lever(
        "share",
        "share",
        "Readiness to release know-how to partners",
        Bounds(0.5, 0, 1, "assumption: middle of the range"),
    )
    release_ceiling = lever(
        "share",
        "share",
        "Quality released to a state with no alignment",
        Bounds(0.85, 0, 1, "assumption: export versions are simpler"),
    )
    export_strictness = lever(
        "1",
        "index",
        "Strictness of the licensing authority",
        Bounds(1, 0, 5, "calibrated: V44-V45 refusal rates"),
    )
    criterion_weight = lever(
        "1",
        "index",
        "Weight of each licensing criterion",
        Bounds(1, 0, 10, "assumption: equal weights are no policy"),
        axes=("criteria",),
    )
    case_work_capacity = lever(
        "1",
        "index",
        "Licence case work capacity against the opening load",
        Bounds(1, 0.05, 50, "by definition: 1 is the opening load"),
    )
    end_use_checks = lever(
        "share",
        "share",
        "Share of exports whose end use is checked",
        Bounds(0.015, 0, 1, "V48: 1.3-2 % of US licences"),
    )
    re_export_rule = lever(
        "1",
        "index",
        "Strictness of consent to others' exports with own content",
        Bounds(1, 0, 5, "assumption: as strict as for own exports"),
    )
    export_credit = lever(
        "share",
        "share",
        "Share of an export price that the state subsidises",
        Bounds(0, 0, 0.5, "assumption: none unless policy"),
    )
    package_loan = lever(
        "share",
        "share",
        "Share of a package's price that the seller's government lends",
        Bounds(0.2, 0, 1, "assumption: state loans back part of large sales"),
    )
    research_subsidy = lever(
        "share",
        "share",
        "Grant on firms' own research",
        Bounds(0, 0, 1, "assumption: none unless policy"),
    )
    training_places = lever(
        "share",
        "share",
        "Skilled places added a year, share of the pool",
        Bounds(0.0, 0, 0.3, "assumption: none beyond natural growth"),
    )
    life_extension = lever(
        "share",
        "share",
        "Share of equipment due to retire that is overhauled instead",
        Bounds(0, 0, 0.9, "assumption: none unless policy"),
    )
    recapitalisation = lever(
        "share",
        "share",
        "Share of state firms' shortfall that is made good",
        Bounds(1, 0, 1, "assumption: soft budgets are the rule"),
    )
    substitution_programme = lever(
        "1/yr",
        "rate",
        "Pace at which foreign components are replaced",
        Bounds(0, 0, 0.5, "assumption: none unless policy"),
    )
    debt_financing = lever(
        "share",
        "share",
        "Share of spending financed by borrowing",
        Bounds(0.04, 0, 1, "assumption: deficit share of a typical budget"),
    )
    reallocation_financing = lever(
        "share",
        "share",
        "Share financed by cutting other spending",
        Bounds(0.1, 0, 1, "assumption: part of marginal spending"),
    )
    second_hand_release = lever(
        "share",
        "share",
        "Share of own-made equipment offered used, a year",
        Bounds(0.02, 0, 0.5, "V29: second-hand 7-14 % of transfers"),
    )

    # Economy and budget
    trend_gdp = real("MUSD/yr", "index", "GDP without shocks")
    gdp_gap = real("1", "index", "Log deviation of GDP from trend")
    gdp_shock = real("1", "index", "Scheduled log shift of GDP that fades")
    opening_gdp = real("MUSD/yr", "index", "GDP at the opening")
    burden_taste = real("1", "index", "Log shift of the desired burden from domestic politics")
    pledge_effort = real("share", "share", "How far the state tries to honour what its alliances ask")
    burden_anchor = real("share", "share", "Burden at the opening")
    threat = real("1", "index", "Strength of rivals, weighted by hostility and nearness")
    opening_threat = real("1", "index", "Threat at the opening")
    opening_strength = real("1", "index", "Own strength at the opening")
    spill_in = real("1", "index", "Own strength and that of allies, weighted by nearness")
    opening_spill_in = real("1", "index", "Spill-in at the opening")
    milex = real("MUSD", "flow", "Military expenditure of the step")
    personnel_spending = real("MUSD", "flow", "Spending on personnel", role="readout")
    support_budget = real("MUSD", "flow", "Spending on operations and support")
    procurement_budget = real("MUSD", "flow", "Appropriation for equipment")
    research_budget = real("MUSD", "flow", "Spending on research and development")
    procurement_fund = real("MUSD", "stock", "Appropriated and not yet spent on equipment")
    technology_fund = real("MUSD", "stock", "Set aside to buy foreign know-how")
    commitments = real("MUSD", "stock", "Signed equipment payments still to be made")
    debt = real("MUSD", "stock", "Defence debt outstanding")
    debt_share = real("share", "share", "Defence debt against GDP", role="readout")
    interest_rate = real("1/yr", "rate", "Real interest on public debt", role="readout")
    interest = real(
        "MUSD",
        "flow",
        "Interest that defence debt costs: its own, and what it adds to that of other public debt",
        role="readout",
    )

    # Forces
    usable_capability = real(
        "CE", "stock", "Volume times what its quality can do, as far as it is ready", axes=("categories",)
    )
    target_volume = real(
        "CU",
        "stock",
        "Volume the budget can keep in steady state",
        axes=("categories",),
        role="readout",
    )
    on_order = real("CU", "stock", "Volume signed or tendered and not delivered", axes=("categories",))
    order_trigger = real(
        "share",
        "share",
        "Gap, as a share of the target, at which the next order is placed",
        axes=("categories",),
    )
    usual_price = real("MUSD/CU", "index", "Price of own recent contracts", axes=("categories",), fill=1)
    tender_ordinal = whole("count", "stock", "Equipment tenders opened so far", axes=("categories",))
    technology_ordinal = whole("count", "stock", "Technology tenders opened so far")
    readiness = real("share", "share", "Usable share of capability", role="readout")
    extended_share = real(
        "share",
        "share",
        "Share of what was due to retire that overhaul kept in service lately",
        axes=("categories",),
    )
    fleet_stretch = real(
        "1",
        "index",
        "Volume that unchanged purchases keep thanks to overhaul, against without it",
        axes=("categories",),
        fill=1,
    )

    # Control agency
    diversion_record = real("share", "share", "Memory of diversions by this buyer")
    caution = real("1", "index", "Strictness added by findings and diversions, fading")
    control_stance = real("1", "index", "Strictness that the leaders in office add or take away")
    case_load = real("1/yr", "index", "Pace of applications, smoothed")
    opening_case_load = real("1/yr", "index", "Pace of applications at the opening")
    licences_filed = real("count", "flow", "Applications filed, major systems", role="readout")
    licences_granted = real("count", "flow", "Applications granted, major systems", role="readout")
    licences_refused = real("count", "flow", "Applications refused, major systems", role="readout")
    small_licences = real("count", "flow", "Expected decisions on small exports", role="readout")
    small_refusals = real("count", "flow", "Expected refusals of small exports", role="readout")
    offers_withheld = real(
        "MUSD",
        "flow",
        "Orders that went elsewhere where release policy barred an offer",
        role="readout",
    )
    business_forgone = real(
        "MUSD", "flow", "Value of selected offers that a licence refusal ended", role="readout"
    )
    jobs_forgone = real(
        "jobs", "stock", "Jobs that refused orders would have paid by now, while they lasted", role="readout"
    )
    refused_supplied = real(
        "MUSD", "flow", "Refused orders that the buyer signed with another exporter", role="readout"
    )
    control_cost = real("MUSD", "flow", "Case work and end-use checks paid", role="readout")
    checks = real("count", "flow", "End-use checks made, expected", role="readout")
    diversions = real("count", "flow", "Diversions of this exporter's goods", role="readout")
    diverted_value = real("MUSD", "flow", "Value of goods diverted", role="readout")
    findings = real("count", "flow", "Diversions found", role="readout")
    prevented_by_checks = real(
        "MUSD", "flow", "Goods that would be diverted without end-use checks, expected", role="readout"
    )
    prevented_by_refusals = real(
        "MUSD",
        "flow",
        "Goods of refused orders that would be diverted over their delivery, expected",
        role="readout",
    )

    # Labour and technology
    skilled_pool = real("jobs", "stock", "Skilled workers for defence industry")
    employed = real("jobs", "stock", "Skilled workers employed in defence industry")
    package_training = real("jobs", "flow", "People trained by packages bought")
    wage_pressure = real("1", "index", "Wage above its norm from scarce skills")
    research_stock = real("MUSD", "stock", "Depreciated research spending", axes=("categories",))
    opening_research_stock = real("MUSD", "stock", "Research stock at the opening", axes=("categories",))
    opening_research_effort = real(
        "share", "share", "Public research at the opening, share of GDP", role="state"
    )
    production_experience = real("MUSD", "stock", "Depreciated work done at home", axes=("categories",))
    learning_licensed = real("MUSD", "flow", "Licensed and shared work done at home", axes=("categories",))
    learning_offset = real("MUSD", "flow", "Offset credits received", axes=("categories",))
    learning_purchased = real("MUSD", "flow", "Know-how bought", axes=("categories",))
    leaked = real("1", "index", "Know-how gained lately from diverted goods", axes=("categories",))

    # Accounts
    exports = real(
        "MUSD",
        "flow",
        "Sold abroad: new and used equipment, support, know-how and royalties, components; with export"
        " credit, without work shares and offsets",
        role="readout",
    )
    imports = real(
        "MUSD",
        "flow",
        "Bought abroad: new and used equipment, support, know-how and royalties, components; with sellers'"
        " export credit, without work shares and offsets",
        role="readout",
    )
    exports_equipment = real("MUSD", "flow", "New equipment sold abroad", role="readout")
    exports_second_hand = real("MUSD", "flow", "Used equipment sold abroad", role="readout")
    exports_support = real("MUSD", "flow", "Support of fleets sold abroad", role="readout")
    exports_technology = real("MUSD", "flow", "Know-how sold and royalties from abroad", role="readout")
    exports_components = real("MUSD", "flow", "Components sold to makers abroad", role="readout")
    imports_equipment = real("MUSD", "flow", "New equipment bought abroad", role="readout")
    imports_second_hand = real("MUSD", "flow", "Used equipment bought abroad", role="readout")
    imports_support = real("MUSD", "flow", "Support of fleets bought abroad", role="readout")
    imports_technology = real("MUSD", "flow", "Know-how bought and royalties to abroad", role="readout")
    imports_components = real("MUSD", "flow", "Components bought from abroad", role="readout")
    exports_credit = real("MUSD", "flow", "Part of exports that the own treasury pays", role="readout")
    imports_credit = real("MUSD", "flow", "Part of imports that sellers' treasuries pay", role="readout")
    exports_value_added = real(
        "MUSD",
        "flow",
        "Exports less the buyers' work shares, foreign components and royalties in them",
        role="readout",
    )
    receipts_work_shares = real(
        "MUSD", "flow", "Received from sellers abroad for work on own purchases", role="readout"
    )
    payments_work_shares = real(
        "MUSD", "flow", "Paid to makers abroad for their work on what was sold there", role="readout"
    )
    receipts_offsets = real("MUSD", "flow", "Offset spending and fines received from abroad", role="readout")
    payments_offsets = real("MUSD", "flow", "Offset spending and fines paid abroad", role="readout")
    receipts_abroad = real(
        "MUSD", "flow", "Received from abroad: exports, work shares, offsets, less credit", role="readout"
    )
    payments_abroad = real(
        "MUSD", "flow", "Paid abroad: imports, work shares, offsets, less credit", role="readout"
    )
    jobs_direct = real("jobs", "stock", "Jobs in defence firms", role="readout", title="direct jobs")
    jobs_indirect = real(
        "jobs", "stock", "Jobs in defence firms' suppliers", role="readout", title="indirect jobs"
    )
    jobs_induced = real("jobs", "stock", "Jobs from wages spent by these", role="readout")
    jobs_civil = real(
        "jobs",
        "stock",
        "Jobs in all, from civil firms that governments and abroad pay and from what households spend of"
        " personnel pay and interest",
        role="readout",
    )
    jobs_displaced = real(
        "jobs",
        "stock",
        "Jobs that would be there without defence: other work of its workers, and work that its financing"
        " takes",
        role="readout",
    )
    jobs_net = real(
        "jobs",
        "stock",
        "Jobs in and from defence firms and from civil work that it pays less those displaced at home;"
        " none at full employment; uniformed jobs and what sales displace at buyers are not counted",
        role="readout",
        title="net jobs",
    )
    jobs_uniformed = real(
        "jobs", "stock", "Jobs that personnel spending pays, in no other count", role="readout"
    )
    export_jobs = real("jobs", "stock", "Direct jobs that what is sold abroad pays", role="readout")
    value_added = real("MUSD", "flow", "Value added at home by defence production", role="readout")
    value_added_net = real(
        "MUSD",
        "flow",
        "Value added by the net jobs: by defence, its suppliers and civil work that it pays, less what is"
        " displaced at home",
        role="readout",
    )
    trade_deficit = real("share", "share", "Payments abroad less receipts for arms against GDP, smoothed")
    opening_trade_deficit = real("share", "share", "The same at the opening")
    exchange_strain = real("share", "share", "Scarcity of foreign exchange added by arms trade")
    fiscal_cost = real(
        "MUSD",
        "flow",
        "Subsidy, credit, loans, training, control and rescues less dividends and repayments",
        role="readout",
        title="net fiscal cost",
    )
    household_balance = real("MUSD", "stock", "Received less paid by households", role="readout")
    civil_balance = real("MUSD", "stock", "Received less paid by civil industry", role="readout")
    finance_balance = real("MUSD", "stock", "Received less paid by lenders", role="readout")
    supplier_concentration = real("share", "share", "Herfindahl index of arms by origin", role="readout")
    component_dependence = real("share", "share", "Foreign content of home output", role="readout")
    conflict_deterrence = real("1", "index", "Conflict risk where strength deters", role="readout")
    conflict_spiral = real("1", "index", "Conflict risk where strength alarms", role="readout")
