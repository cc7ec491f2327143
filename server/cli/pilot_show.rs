//! What a pilot came to, as a person reads it: totals first, then those whom it concerns most.

use serde_json::Value;
use zhupi_domain::nearest::nearest;
use zhupi_domain::{Name, ReleaseHash};
use zhupi_pack::pilot::{Comparison, Counts, Difference, OfBoth, PayeeResult, Row, Side};
use zhupi_policies::Evaluation;

use super::explain;
use super::output::Output;
use crate::complaint::Complaint;

/// The most payees that are listed unless all are asked for.
const MOST: usize = 20;
/// The most rows without an answer that are listed.
const MOST_ROWS: usize = 10;

/// Refuses an amount that there is not.
pub fn amount_named(comparison: &Comparison, amount: &str) -> Result<(), Complaint> {
    let names: Vec<&str> = comparison.totals.iter().map(|total| total.amount.name.as_str()).collect();
    if names.contains(&amount) {
        return Ok(());
    }
    let known = names.join(", ");
    Err(Complaint::new(format!("没有金额 `{amount}`"), format!("there is no amount `{amount}`"))
        .hint(format!("有的是：{known}"), format!("there is {known}")))
}

pub fn no_payee<'n>(payee: &str, names: impl Iterator<Item = &'n str> + Clone) -> Complaint {
    let complaint = Complaint::new(format!("数据里没有收款人 `{payee}`"), format!("the data has no payee `{payee}`"));
    match nearest(payee, names.clone()) {
        Some(near) => complaint.hint(format!("是不是 `{near}`？"), format!("did you mean `{near}`?")),
        None => {
            let first = names.take(6).collect::<Vec<_>>().join(", ");
            complaint.hint(format!("例如 {first}"), format!("there is {first} …"))
        }
    }
}

/// The whole of a comparison.
pub fn comparison(comparison: &Comparison, amount: Option<&str>, all: bool, output: &Output) {
    head(comparison, output);
    totals(comparison, output);
    counts(&comparison.counts, output);
    without(comparison, output);
    payees(comparison, amount, all, output);
}

fn head(comparison: &Comparison, output: &Output) {
    let say = |zh: &str, en: &str, text: &str| output.say(&format!("{} {text}", output.pick(zh, en)));
    say("政策", "policy   ", &comparison.policy);
    say("现行", "current  ", &comparison.current.short());
    say("候选", "candidate", &comparison.candidate.short());
    let Counts { evaluations, payees, .. } = comparison.counts;
    output.say(
        output.pick(
            &format!("试算 {evaluations} 行，{payees} 个收款人"),
            &format!("{evaluations} rows, {payees} payees"),
        ),
    );
}

fn totals(comparison: &Comparison, output: &Output) {
    let heads = match output.locale() {
        zhupi_domain::Locale::Zh => ["合计", "现行", "候选", "差额", "增加", "减少", "不变"],
        zhupi_domain::Locale::En => ["total", "current", "candidate", "difference", "more", "less", "same"],
    };
    let row = |total: &zhupi_pack::pilot::Total| {
        let title = format!("{} ({})", output.text(&total.amount.title), total.amount.name);
        let counts = [total.more, total.less, total.same].map(|count| count.to_string());
        std::iter::once(title).chain(figures(&total.sum)).chain(counts).collect()
    };
    output.say("");
    table(&heads, comparison.totals.iter().map(row).collect(), output);
    if comparison.totals.is_empty() {
        output.say(output.pick("这条政策没有金额或分数输出", "this policy gives no money and no scores"));
    }
}

fn counts(counts: &Counts, output: &Output) {
    let both = |zh: &str, en: &str, of: OfBoth| {
        let (current, candidate) = (of.current, of.candidate);
        if !of.is_zero() {
            output.say(&match output.locale() {
                zhupi_domain::Locale::Zh => format!("{zh}：现行 {current}，候选 {candidate}"),
                zhupi_domain::Locale::En => format!("{en}: current {current}, candidate {candidate}"),
            });
        }
    };
    output.say("");
    both("拒绝", "refused", counts.refused);
    both("参数没有值", "incomplete", counts.incomplete);
    both("出错", "faults", counts.faults);
    both("含暂定参数", "with assumed values", counts.assumed);
    if counts.left_out > 0 {
        let left_out = counts.left_out;
        output.say(output.pick(
            &format!("{left_out} 行有一边没有结果，不计入任何合计"),
            &format!("{left_out} rows have no answer on one side and are in no total"),
        ));
    }
}

/// The first rows that one release refused or could not answer, and why.
fn without(comparison: &Comparison, output: &Output) {
    let side = |name: &str, side: &Side| {
        let why = side.why.as_ref().map(|why| output.text(why).to_owned());
        why.map(|why| format!("{name}: {why}"))
    };
    let told = comparison.rows.iter().filter_map(|row| {
        let sides = [
            side(output.pick("现行", "current"), &row.current),
            side(output.pick("候选", "candidate"), &row.candidate),
        ];
        let sides: Vec<String> = sides.into_iter().flatten().collect();
        (!sides.is_empty())
            .then(|| format!("  {} {} {}", place(row.line, output), row.payees.join(", "), sides.join("; ")))
    });
    let told: Vec<String> = told.collect();
    told.iter().take(MOST_ROWS).for_each(|line| output.say(line));
    if told.len() > MOST_ROWS {
        output.say(&format!("  … +{}", told.len() - MOST_ROWS));
    }
}

fn place(line: usize, output: &Output) -> String {
    output.pick(&format!("第 {line} 行"), &format!("line {line}")).to_owned()
}

fn payees(comparison: &Comparison, amount: Option<&str>, all: bool, output: &Output) {
    let named = amount.and_then(|amount| Name::new(amount).ok());
    let Some(name) = named.or_else(|| comparison.totals.first().map(|total| total.amount.name.clone())) else { return };
    let mut sorted: Vec<&PayeeResult> = comparison.payees.iter().collect();
    sorted.sort_by_key(|payee| std::cmp::Reverse(payee.difference(&name).abs()));
    let shown = if all { sorted.len() } else { MOST };
    let heads = match output.locale() {
        zhupi_domain::Locale::Zh => ["收款人", "现行", "候选", "差额", ""],
        zhupi_domain::Locale::En => ["payee", "current", "candidate", "difference", ""],
    };
    let row = |payee: &&PayeeResult| {
        let difference = payee.amounts.get(&name).copied();
        let amounts = difference.map_or_else(|| ["-", "-", "-"].map(str::to_owned), |one| figures(&one));
        let mark = if payee.assumed { output.pick("【暂定】", "[assumed]") } else { "" };
        std::iter::once(payee.payee.clone()).chain(amounts).chain([mark.to_owned()]).collect()
    };
    output.say("");
    table(&heads, sorted.iter().take(shown).map(row).collect(), output);
    if sorted.len() > shown {
        let more = sorted.len() - shown;
        output.say(output.pick(
            &format!("… 另有 {more} 人（--all 列出全部，--payee 查看依据）"),
            &format!("… {more} more (--all lists them, --payee shows how amounts come about)"),
        ));
    }
}

fn figures(difference: &Difference) -> [String; 3] {
    let change = if difference.difference.0.is_sign_positive() && !difference.difference.0.is_zero() {
        format!("+{}", difference.difference)
    } else {
        difference.difference.to_string()
    };
    [difference.current.to_string(), difference.candidate.to_string(), change]
}

/// Figures stand flush right under their heads.
fn table(heads: &[&str], mut rows: Vec<Vec<String>>, output: &Output) {
    for column in 1..heads.len() {
        let width = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0);
        for cell in rows.iter_mut().filter_map(|row| row.get_mut(column)) {
            let is_figure = cell.ends_with(|c: char| c.is_ascii_digit()) || cell == "-";
            if is_figure {
                *cell = format!("{cell:>width$}");
            }
        }
    }
    output.table(heads, &rows);
}

/// One payee before the explanations.
pub fn payee(comparison: &Comparison, payee: &PayeeResult, output: &Output) {
    head(comparison, output);
    output.say("");
    let heads = [
        payee.payee.as_str(),
        output.pick("现行", "current"),
        output.pick("候选", "candidate"),
        output.pick("差额", "difference"),
    ];
    let rows = comparison.totals.iter().filter_map(|total| {
        let amounts = payee.amounts.get(&total.amount.name)?;
        Some(std::iter::once(output.text(&total.amount.title).to_owned()).chain(figures(amounts)).collect())
    });
    table(&heads, rows.collect(), output);
}

/// One row under one release.
pub fn side(row: &Row, evaluation: &Evaluation, release: ReleaseHash, candidate: bool, output: &Output) {
    let name = if candidate { output.pick("候选", "candidate") } else { output.pick("现行", "current") };
    output.say("");
    output.say(&format!("── {name} {} · {} · {}", release.short(), place(row.line, output), row.on));
    output.say(&evaluation.answer().to_string());
    explain::show(evaluation, output);
}

/// What a server answered: its totals, and where the rest is.
pub fn told(made: &Value, output: &Output) {
    let text = |value: &Value, key: &str| match value.get(key) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let heads = match output.locale() {
        zhupi_domain::Locale::Zh => ["合计", "现行", "候选", "差额"],
        zhupi_domain::Locale::En => ["total", "current", "candidate", "difference"],
    };
    let totals = made.get("totals").and_then(Value::as_array).cloned().unwrap_or_default();
    let row = |total: &Value| ["name", "current", "candidate", "difference"].map(|key| text(total, key)).to_vec();
    table(&heads, totals.iter().map(row).collect(), output);
    output.say(&format!("{} {}", output.pick("试点", "pilot"), text(made, "id")));
}
