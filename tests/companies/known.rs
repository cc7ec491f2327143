//! What is known of the packs: what the check says of them, which golden cases they answer, and what their cases do not reach.

/// Figures that the rules leave blank (T08), gaps between the rows of a table (T01) and outside of it (T03): each is written as
/// it is in the rules, and a later value, marked as assumed or decided, is what is computed with.
pub const WARNINGS: [(&str, &[(&str, usize)]); 5] = [
    (
        "hospital",
        &[
            ("T01 params/profit.yaml profit-tiers", 5),
            ("T08 params/awards.yaml award-gate-profit", 1),
            ("T08 params/awards.yaml other-departments", 1),
            ("T08 params/grading.yaml grading-weights", 1),
            ("T08 params/grading.yaml hospital-grades", 1),
            ("T08 params/pay.yaml float-rate", 1),
            ("T08 params/workplan.yaml kind-weights", 1),
            ("T08 params/workplan.yaml plan-factor-table", 1),
        ],
    ),
    (
        "pharma",
        &[
            ("T01 params/collection.yaml overdue-levels", 1),
            ("T03 params/collection.yaml overdue-levels", 1),
            ("T03 params/workplan.yaml plan-grades", 1),
            ("T08 params/collection.yaml overdue-penalty-rate", 1),
            ("T08 params/collection.yaml overdue-watch-days", 1),
            ("T08 params/credit.yaml bad-debt-rate", 1),
            ("T08 params/credit.yaml large-overdue-from", 1),
            ("T08 params/credit.yaml large-overdue-share", 1),
            ("T08 params/credit.yaml visit-neglect-share", 1),
            ("T08 params/customers.yaml committee-quorum", 1),
            ("T08 params/customers.yaml limit-of-guarantees", 1),
            ("T08 params/customers.yaml limit-of-net-worth", 1),
            ("T08 params/customers.yaml payment-record", 1),
            ("T08 params/sales.yaml class-weights", 1),
            ("T08 params/sales.yaml completion-cap", 1),
            ("T08 params/sales.yaml indicator-weights", 1),
            ("T08 params/sales.yaml plan-limits", 1),
            ("T08 params/workplan.yaml plan-factor-table", 1),
            ("T08 params/workplan.yaml plan-grades", 1),
        ],
    ),
    (
        "logistics",
        &[
            ("T08 params/complaints.yaml complaint-answer-workdays", 1),
            ("T08 params/complaints.yaml complaint-closing-workdays", 1),
            ("T08 params/complaints.yaml complaint-owner-workdays", 1),
            ("T08 params/customers.yaml current-value-threshold", 1),
            ("T08 params/customers.yaml customer-treatment", 1),
            ("T08 params/customers.yaml customer-visits", 1),
            ("T08 params/customers.yaml potential-value-threshold", 1),
            ("T08 params/delivery.yaml complaint-points", 1),
            ("T08 params/delivery.yaml inspection-points", 1),
            ("T08 params/delivery.yaml spot-check-share", 1),
            ("T08 params/delivery.yaml staff-score-weights", 1),
            ("T08 params/workplan.yaml stage-weights", 1),
        ],
    ),
    ("startup", &[("T08 params/pay.yaml fob-bonus-rate", 1)]),
    (
        "library/workplan",
        &[
            ("T08 params/group.yaml performance-other-score", 1),
            ("T08 params/group.yaml plan-factor-table", 1),
            ("T08 params/group.yaml plan-grades", 1),
            ("T08 params/staff.yaml kind-weights", 1),
            ("T08 params/staff.yaml stage-weights", 1),
        ],
    ),
];

/// What the rules leave open, where they contradict themselves, what may be unlawful; then the assumed values (T12) and the
/// gaps that somebody decided (T13). None of them goes unseen: whoever adds or settles one changes the count here.
pub const NOTES: [(&str, [(&str, usize); 5]); 5] = [
    ("hospital", [("reading.gap", 56), ("reading.contra", 2), ("reading.legal", 1), ("T12", 8), ("T13", 5)]),
    ("pharma", [("reading.gap", 35), ("reading.contra", 2), ("reading.legal", 5), ("T12", 15), ("T13", 2)]),
    ("logistics", [("reading.gap", 19), ("reading.contra", 1), ("reading.legal", 2), ("T12", 16), ("T13", 0)]),
    ("startup", [("reading.gap", 0), ("reading.contra", 0), ("reading.legal", 0), ("T12", 1), ("T13", 0)]),
    ("library/workplan", [("reading.gap", 36), ("reading.contra", 4), ("reading.legal", 1), ("T12", 6), ("T13", 0)]),
];

/// Every golden case that a pack claims, with the rows of it. Together they are all of `tests/golden`.
pub const GOLDEN: [(&str, &[(&str, usize)]); 5] = [
    (
        "hospital",
        &[
            ("HOSP-AWD-01", 1),
            ("HOSP-AWD-02", 4),
            ("HOSP-AWD-03", 1),
            ("HOSP-AWD-04", 1),
            ("HOSP-AWD-05", 3),
            ("HOSP-AWD-06", 3),
            ("HOSP-AWD-07", 5),
            ("HOSP-AWD-08", 2),
            ("HOSP-AWD-09", 1),
            ("HOSP-CON-01", 3),
            ("HOSP-CON-02", 2),
            ("HOSP-CON-03", 4),
            ("HOSP-INS-01", 3),
            ("HOSP-INT-01", 2),
            ("HOSP-LEA-01", 1),
            ("HOSP-LEA-02", 3),
            ("HOSP-LEA-03", 1),
            ("HOSP-LEA-04", 1),
            ("HOSP-PRO-01", 6),
            ("HOSP-PRO-02", 11),
            ("HOSP-PRO-03", 6),
            ("HOSP-SAL-01", 1),
            ("HOSP-SAL-02", 3),
            ("HOSP-SAL-03", 2),
            ("HOSP-SAL-04", 3),
        ],
    ),
    (
        "pharma",
        &[
            ("CRED-BAD-01", 5),
            ("CRED-BDR-01", 4),
            ("CRED-BIL-01", 4),
            ("CRED-FIL-01", 4),
            ("CRED-HAN-01", 3),
            ("CRED-INV-01", 6),
            ("CRED-NEW-01", 5),
            ("CRED-OVD-01", 11),
            ("CRED-REP-01", 3),
            ("PHAR-CLS-01", 3),
            ("PHAR-CMP-01", 3),
            ("PHAR-EXP-01", 5),
            ("PHAR-LEG-01", 3),
            ("PHAR-PRI-01", 2),
        ],
    ),
    ("logistics", &[("LOGI-CRM-01", 5), ("LOGI-KPI-01", 5), ("LOGI-NOT-01", 3), ("LOGI-REC-01", 5)]),
    ("startup", &[("OTHR-FOB-01", 3), ("OTHR-STA-01", 5)]),
    (
        "library/workplan",
        &[
            ("WORK-120-01", 3),
            ("WORK-6040-01", 3),
            ("WORK-CHG-01", 5),
            ("WORK-CHG-02", 3),
            ("WORK-DEP-01", 3),
            ("WORK-DUE-01", 2),
            ("WORK-EVI-01", 7),
            ("WORK-FIN-01", 4),
            ("WORK-FLO-01", 4),
            ("WORK-KIN-01", 3),
            ("WORK-PAY-01", 6),
            ("WORK-REW-01", 4),
            ("WORK-SCO-01", 2),
            ("WORK-SOF-01", 2),
        ],
    ),
];

/// What no case reaches, by name, and why.
pub const UNREACHED: [&str; 1] = [
    // Grade B: its 60,000 is paid by the golden cases of hospital.contract_awards; one contract is played with A and with C.
    "hospital.contract_award row contract-award@2019-01-01#2",
];
