//! `zhupi user history`.

use zhupi_app::DirectoryEntry;
use zhupi_app::access::Who;

use super::Exit;
use super::output::Output;
use crate::house::House;

/// What was changed about a person, read from the data; whoever holds it may see all of it.
pub async fn history_here(house: &House, who: &Who, output: &Output) -> anyhow::Result<Exit> {
    let entries = house.app.person_history(&who.company, &who.person).await?;
    if output.is_json() {
        output.json(&entries)?;
        return Ok(Exit::Ok);
    }
    entries.iter().flat_map(|entry| lines(entry, output)).for_each(|line| output.say(&line));
    Ok(Exit::Ok)
}

/// One line for what happened, and one for each field below it.
fn lines(entry: &DirectoryEntry, output: &Output) -> Vec<String> {
    let mut first = format!("{}  {}  {}", entry.at, output.text(&entry.by), output.text(&entry.what));
    if entry.own {
        first.push_str(output.pick("（本人为自己所改）", " (for themselves)"));
    }
    if !entry.reason.is_empty() {
        first.push_str(&format!("{}{}", output.pick("：", ": "), entry.reason));
    }
    let change = |change: &zhupi_app::FieldChange| {
        let (field, before, after) = (output.text(&change.field), &change.before, &change.after);
        match (before.is_empty(), after.is_empty()) {
            (true, _) => format!("    {field}  {after}"),
            (_, true) => format!("    {field}  {before} → {}", output.pick("（空）", "(empty)")),
            _ => format!("    {field}  {before} → {after}"),
        }
    };
    std::iter::once(first).chain(entry.changes.iter().map(change)).collect()
}
