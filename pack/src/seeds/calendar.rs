//! Rows of a calendar: a company's own holidays and make-up workdays.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use zhupi_domain::calendar::{CalendarData, DatedDay, DayKind};
use zhupi_domain::{Diagnostic, Diagnostics, Span, Text};

use super::table::Table;
use crate::sheet::{Cell, Row};

/// The most rows of a file: ten years in which every day is named.
const MAX_DAYS: usize = 3_660;
const COLUMNS: [&str; 4] = ["date", "day", "name", "name_en"];
const NEEDED: [&str; 2] = ["date", "day"];
/// Public holidays that the State Council's rules give in a year: 13 days since 2025.
const STATUTORY: usize = 13;

/// Which years can be counted with: only one that somebody calls complete, or that the product ships.
#[derive(Debug, Clone, Default)]
pub struct Complete {
    /// Years of which the file holds every holiday and make-up workday.
    pub declared: BTreeSet<i32>,
    /// Years that were complete before.
    pub known: BTreeSet<i32>,
}

impl Complete {
    fn holds(&self, year: i32) -> bool {
        self.declared.contains(&year) || self.known.contains(&year)
    }
}

/// Reads the days of a spreadsheet, by year.
pub fn read_calendar(file: &str, text: &str, complete: &Complete) -> (BTreeMap<i32, CalendarData>, Diagnostics) {
    let table = Table::read(file, text, &COLUMNS, &NEEDED, MAX_DAYS);
    let mut days = BTreeMap::new();
    let mut years: BTreeMap<i32, Span> = BTreeMap::new();
    for row in table.rows() {
        let (date, kind) = (table.required(row, "date"), table.required(row, "day"));
        let (Some((date, span)), Some(kind)) =
            (date.and_then(|cell| table.date(cell)), kind.and_then(|cell| table.day_kind(cell)))
        else {
            continue;
        };
        if days.insert(date, DatedDay { kind, name: table.day_name(row, kind) }).is_some() {
            table.twice(&date.to_string(), span);
        }
        years.entry(date.year()).or_insert(span);
    }
    if !table.is_cut() {
        check_years(&table, &days, &years, complete);
    }
    let year = |year: i32| {
        let days = days.iter().filter(|(date, _)| date.year() == year);
        let years = Some(year).into_iter().filter(|year| complete.holds(*year)).collect();
        (year, CalendarData { years, days: days.map(|(date, day)| (*date, day.clone())).collect() })
    };
    let years = years.keys().map(|at| year(*at)).collect();
    let mut found = table.into_found();
    crate::sources::sort(&mut found);
    (years, found)
}

/// The days of the calendars of a pack, by year with path and text: each file holds all days of its year.
pub(crate) fn days(calendars: &BTreeMap<i32, (&str, &str)>) -> (CalendarData, Diagnostics) {
    let (mut days, mut found) = (CalendarData::default(), Diagnostics::new());
    for (year, (path, text)) in calendars {
        let (years, findings) =
            read_calendar(path, text, &Complete { declared: [*year].into(), ..Complete::default() });
        found.extend(findings);
        for (other, own) in years {
            if other == *year {
                days = days.overlaid(&own);
            } else {
                let message = Text::new(format!("这里有 {other} 年的日子"), format!("there is a day of {other}"));
                let finding = Diagnostic::error("calendar.other-year", None, message).in_file(*path);
                found.push(finding.hint(Text::new("每年一个文件", "each year has a file of its own")));
            }
        }
    }
    (days, found)
}

/// What may be forgotten in a year: that it is complete, or half of its holidays.
fn check_years(
    table: &Table<'_>,
    days: &BTreeMap<NaiveDate, DatedDay>,
    years: &BTreeMap<i32, Span>,
    complete: &Complete,
) {
    let log = &table.log;
    let shipped = &CalendarData::china().years;
    for year in complete.declared.iter().filter(|year| !years.contains_key(year)) {
        let message = Text::new(format!("没有 {year} 年的日子"), format!("there is no day of {year}"));
        log.push(Diagnostic::error("calendar.empty-year", None, message));
    }
    for (year, span) in years.iter().filter(|(year, _)| !shipped.contains(year)) {
        let holidays = days.iter().filter(|(date, day)| date.year() == *year && day.kind == DayKind::Holiday).count();
        if !complete.holds(*year) {
            let message = Text::new(
                format!("{year} 年没有声明完整：导入后这一年仍然没有日历，期限仍然算不出来"),
                format!(
                    "{year} is not declared complete: it stays without a calendar, and its deadlines without a date"
                ),
            );
            log.push(Diagnostic::warning("calendar.not-complete", *span, message).hint(Text::new(
                "这一年的法定节假日和调休都列全后，声明该年完整",
                "declare the year complete once all its public holidays and make-up workdays are listed",
            )));
        } else if holidays < STATUTORY {
            let message = Text::new(
                format!("{year} 年只有 {holidays} 个假日，少于法定的 {STATUTORY} 天"),
                format!("{year} has only {holidays} holidays, fewer than the {STATUTORY} public ones"),
            );
            log.push(Diagnostic::warning("calendar.few-holidays", *span, message).hint(Text::new(
                "按国务院办公厅当年的通知核对；周末放的假也要列出",
                "compare it with the year's notice of the State Council; holidays at a weekend are listed, too",
            )));
        }
    }
}

impl Table<'_> {
    fn date(&self, cell: &Cell) -> Option<(NaiveDate, Span)> {
        let read = ["%Y-%m-%d", "%Y/%m/%d"].iter().find_map(|form| NaiveDate::parse_from_str(&cell.text, form).ok());
        let date = read.filter(|date| (1..=9999).contains(&date.year()));
        if date.is_none() {
            let message = Text::new(format!("`{}` 不是日期", cell.text), format!("`{}` is no date", cell.text));
            let finding = Diagnostic::error("calendar.date", cell.span, message);
            self.log.push(finding.hint(Text::new("写成 2027-01-01", "write it as 2027-01-01")));
        }
        date.map(|date| (date, cell.span))
    }

    fn day_kind(&self, cell: &Cell) -> Option<DayKind> {
        match cell.text.as_str() {
            "holiday" | "休" | "休息" | "假日" | "节假日" => Some(DayKind::Holiday),
            "workday" | "班" | "上班" | "调休" | "调休上班" => Some(DayKind::Workday),
            other => {
                let message = Text::new(
                    format!("`{other}` 既不是假日也不是上班日"),
                    format!("`{other}` is neither a holiday nor a workday"),
                );
                let finding = Diagnostic::error("calendar.day", cell.span, message);
                self.log.push(finding.hint(Text::new("写 holiday（休）或 workday（班）", "write holiday or workday")));
                None
            }
        }
    }

    /// What people call a day; what it is where it has no name.
    fn day_name(&self, row: &Row, kind: DayKind) -> Text {
        let usual = match kind {
            DayKind::Holiday => Text::new("公司假日", "Company holiday"),
            DayKind::Workday => Text::new("公司上班日", "Company workday"),
        };
        match (self.text(row, "name"), self.text(row, "name_en")) {
            (Some(zh), Some(en)) => Text::new(zh, en),
            (Some(name), None) | (None, Some(name)) => Text::same(&name),
            (None, None) => usual,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declared(years: &[i32]) -> Complete {
        Complete { declared: years.iter().copied().collect(), ..Complete::default() }
    }

    fn codes(text: &str, complete: &[i32]) -> Vec<String> {
        let (_, found) = read_calendar("2027.csv", text, &declared(complete));
        let at = |finding: &Diagnostic| finding.span.map_or(0, |span| span.line_column(text).0);
        found.iter().map(|finding| format!("{}:{}", at(finding), finding.code)).collect()
    }

    #[test]
    fn days_are_read_by_year_in_both_languages_of_spreadsheets() {
        let text = "date,day,name\n2026/5/4,休,司庆\n2027-01-01,holiday,\n2027-01-03,班,元旦调休\n";
        let (years, _) = read_calendar("days.csv", text, &declared(&[2027]));
        assert_eq!(years.keys().collect::<Vec<_>>(), [&2026, &2027]);
        assert!(years[&2026].years.is_empty(), "nobody says that it is complete");
        assert_eq!(years[&2027].years, [2027].into());
        let kinds: Vec<DayKind> = years[&2027].days.values().map(|day| day.kind).collect();
        assert_eq!(kinds, [DayKind::Holiday, DayKind::Workday]);
        assert_eq!(years[&2026].days.values().next().map(|day| day.name.zh.as_str()), Some("司庆"));
    }

    #[test]
    fn what_cannot_be_meant_is_told_with_its_place() {
        let text = "date,day\n2027-02-30,holiday\n2027-05-01,free\n2027-05-02,holiday\n2027-05-02,workday\n,holiday\n";
        let found = codes(text, &[]);
        assert_eq!(
            found,
            ["2:calendar.date", "3:calendar.day", "4:calendar.not-complete", "5:csv.twice", "6:csv.empty"]
        );
        assert_eq!(codes("date\n2027-05-01\n", &[]), ["1:csv.missing-column"]);
    }

    #[test]
    fn a_year_that_looks_half_done_is_a_warning() {
        let text = "date,day\n2027-01-01,holiday\n";
        assert_eq!(codes(text, &[2027]), ["2:calendar.few-holidays"]);
        assert_eq!(codes(text, &[2028]), ["0:calendar.empty-year", "2:calendar.not-complete"]);
        assert_eq!(codes("date,day\n2026-05-04,holiday\n", &[]), [""; 0], "the product ships that year");
    }
}
