//! Overdue invoices on a server that looks every day: one request for each level that one reaches, none once it is paid.

use serde_json::json;
use zhupi_domain::Instant;

use crate::firm::{Firm, moment};

/// A day in seconds.
const DAY: i64 = 24 * 3600;

async fn invoice(firm: &Firm, number: &str, amount: &str, state: &str, now: Instant) {
    let row = json!({
        "customer_no": "K-0017", "invoice_no": number, "amount": amount, "due_date": "2026-02-27", "handler": "zhou", "state": state,
    });
    firm.record("receivable", row, now).await;
}

#[tokio::test]
async fn an_open_invoice_climbs_from_level_to_level_and_a_paid_one_stays_where_it_is() {
    let mut now = moment(3, 1, 10);
    let firm = Firm::open("pharma", now).await;
    invoice(&firm, "NO-1", "900.00", "open", now).await;
    invoice(&firm, "NO-2", "0.00", "settled", now).await;
    // After which looks there were more: 15 March is a Sunday, and 5 May, the first with 61 days or more, a holiday.
    let mut more = Vec::new();
    let mut known = 0;
    while now < moment(5, 26, 10) {
        let before = now;
        now = now.plus_seconds(DAY);
        firm.look(before, now).await;
        firm.errands(now).await;
        let requests = firm.requests("huang", "overdue-escalation", now).await.len();
        if requests > known {
            let local = chrono::DateTime::from_timestamp_micros(now.micros() + 8 * 3_600_000_000).unwrap();
            more.push((local.format("%m-%d").to_string(), requests - known));
            known = requests;
        }
    }
    assert_eq!(more, [("03-05".to_owned(), 1), ("03-16".to_owned(), 1), ("05-06".to_owned(), 1)]);
    firm.look(moment(3, 1, 10), now).await;
    assert_eq!(
        firm.requests("huang", "overdue-escalation", now).await.len(),
        3,
        "nor by a look over all of these days"
    );
}

#[tokio::test]
async fn an_invoice_that_is_paid_on_the_way_does_not_reach_the_next_level() {
    let start = moment(3, 1, 10);
    let firm = Firm::open("pharma", start).await;
    invoice(&firm, "NO-1", "900.00", "open", start).await;
    firm.look(start, moment(3, 6, 10)).await;
    invoice(&firm, "NO-1", "0.00", "settled", moment(3, 7, 10)).await;
    firm.errands(moment(3, 7, 10)).await;
    firm.look(moment(3, 6, 10), moment(5, 26, 10)).await;
    let requests = firm.requests("huang", "overdue-escalation", moment(5, 26, 10)).await;
    let statuses: Vec<_> = requests.iter().map(|request| request["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["cancelled"], "the one that ran has ended");
}
