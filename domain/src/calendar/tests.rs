use chrono::{NaiveTime, TimeDelta, Weekday};
use proptest::prelude::*;

use super::*;
use crate::Instant;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A company in China with the shipped holidays.
fn china() -> Calendar {
    Calendar::new(chrono_tz::Asia::Shanghai, CalendarData::china().clone())
}

/// The calendar of a case that lists its own holidays and extra workdays.
fn of_lists(holidays: &[&str], extra_workdays: &[&str]) -> Calendar {
    let dates = |texts: &[&str]| texts.iter().map(|text| date(text)).collect::<Vec<_>>();
    let data = CalendarData::from_lists(2020..=2030, dates(holidays), dates(extra_workdays));
    Calendar::new(chrono_tz::Asia::Shanghai, data)
}

/// An instant at which the company's clocks show a date and a time.
fn at(calendar: &Calendar, text: &str) -> Instant {
    let (day, time) = text.split_once(' ').unwrap();
    calendar.at(date(day), time.parse().unwrap()).unwrap()
}

fn due(calendar: &Calendar, from: &str, span: &str) -> String {
    let deadline = calendar.deadline(at(calendar, from), Span::parse(span).unwrap()).unwrap();
    calendar.local(deadline).format("%a %Y-%m-%d %H:%M").to_string()
}

mod workdays {
    use super::*;

    #[test]
    fn an_answer_within_three_working_days_does_not_count_the_day_of_the_question() {
        for (raised_on, holidays, reply_by) in [
            ("2026-03-05", &[][..], "2026-03-10"),
            ("2026-03-02", &[], "2026-03-05"),
            ("2026-04-03", &["2026-04-06"], "2026-04-09"),
        ] {
            assert_eq!(of_lists(holidays, &[]).add_workdays(date(raised_on), 3), Ok(date(reply_by)), "{raised_on}");
        }
    }

    #[test]
    fn the_nth_working_day_of_a_period_counts_its_first_day_when_it_is_one() {
        let plain = of_lists(&[], &[]);
        assert_eq!(plain.nth_workday_from(date("2026-03-01"), 4), Ok(date("2026-03-05")));
        assert_eq!(plain.nth_workday_from(date("2026-03-01"), 6), Ok(date("2026-03-09")));
        assert_eq!(plain.nth_workday_from(date("2026-03-02"), 1), Ok(date("2026-03-02")));
        let golden_week = ["2025-10-01", "2025-10-02", "2025-10-03", "2025-10-06", "2025-10-07", "2025-10-08"];
        let october = of_lists(&golden_week, &["2025-10-11"]);
        assert_eq!(october.nth_workday_from(date("2025-10-01"), 4), Ok(date("2025-10-13")));
        assert_eq!(october.nth_workday_from(date("2025-10-01"), 6), Ok(date("2025-10-15")));
        assert_eq!(china().nth_workday_from(date("2025-10-01"), 4), Ok(date("2025-10-13")), "as shipped");
    }

    #[test]
    fn the_last_working_day_of_a_weekly_cycle() {
        assert_eq!(of_lists(&[], &[]).workday_on_or_before(date("2026-01-18")), Ok(date("2026-01-16")));
        assert_eq!(of_lists(&["2026-12-31"], &[]).workday_on_or_before(date("2026-12-31")), Ok(date("2026-12-30")));
        assert_eq!(of_lists(&[], &[]).workday_on_or_after(date("2026-01-17")), Ok(date("2026-01-19")));
        assert_eq!(of_lists(&[], &[]).workday_on_or_after(date("2026-01-16")), Ok(date("2026-01-16")));
    }

    #[test]
    fn zero_working_days_lead_to_the_day_itself_and_negative_ones_back() {
        let plain = of_lists(&[], &[]);
        assert_eq!(plain.add_workdays(date("2026-03-07"), 0), Ok(date("2026-03-07")));
        assert_eq!(plain.add_workdays(date("2026-03-09"), -1), Ok(date("2026-03-06")));
        assert_eq!(plain.workdays_between(date("2026-03-06"), date("2026-03-09")), Ok(1));
        assert_eq!(plain.workdays_between(date("2026-03-09"), date("2026-03-06")), Ok(-1));
        assert_eq!(plain.workdays_between(date("2026-03-07"), date("2026-03-08")), Ok(0));
    }

    #[test]
    fn february_of_a_leap_year_has_its_last_day() {
        assert_eq!(of_lists(&[], &[]).add_workdays(date("2024-02-28"), 1), Ok(date("2024-02-29")));
        assert_eq!(of_lists(&[], &[]).add_workdays(date("2026-02-27"), 1), Ok(date("2026-03-02")));
    }

    #[test]
    fn free_days_of_the_week_can_be_others() {
        let gulf = of_lists(&[], &[]).with_free_days(FreeDays::new([Weekday::Fri, Weekday::Sat]));
        assert_eq!(gulf.add_workdays(date("2026-03-05"), 1), Ok(date("2026-03-08")), "Thursday to Sunday");
    }

    proptest! {
        #[test]
        fn n_working_days_on_are_n_working_days_away(start in 0u64..3300, n in -200i64..200) {
            let start = date("2016-07-01").checked_add_days(chrono::Days::new(start)).unwrap();
            let end = china().add_workdays(start, n).unwrap();
            prop_assert_eq!(china().workdays_between(start, end), Ok(n));
            prop_assert!(n == 0 || china().is_workday(end).unwrap());
        }
    }
}

mod shipped_data {
    use super::*;

    #[test]
    fn the_make_up_days_of_2026_are_worked() {
        let weekend_days = (0..365u64)
            .filter_map(|n| date("2026-01-01").checked_add_days(chrono::Days::new(n)))
            .filter(|day| matches!(day.weekday(), Weekday::Sat | Weekday::Sun));
        let worked: Vec<NaiveDate> = weekend_days.filter(|day| china().is_workday(*day).unwrap()).collect();
        let announced = ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"];
        assert_eq!(worked, announced.map(date));
    }

    #[test]
    fn nineteen_weekdays_of_2026_are_free() {
        let free = (0..365u64)
            .filter_map(|n| date("2026-01-01").checked_add_days(chrono::Days::new(n)))
            .filter(|day| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun))
            .filter(|day| !china().is_workday(*day).unwrap());
        assert_eq!(free.count(), 19);
    }

    #[test]
    fn holidays_have_names_in_both_languages() {
        let spring = &CalendarData::china().days[&date("2026-02-17")];
        assert_eq!((spring.kind, spring.name.zh.as_str()), (DayKind::Holiday, "春节"));
        assert!(CalendarData::china().days.values().all(|day| !day.name.zh.is_empty() && day.name.en.is_some()));
        let within = |day: &NaiveDate| CalendarData::china().years.contains(&day.year());
        assert!(CalendarData::china().days.keys().all(within));
    }

    #[test]
    fn a_year_that_was_not_announced_is_never_guessed() {
        assert_eq!(china().is_workday(date("2027-03-01")), Err(CalendarError::NoCalendarData { year: 2027 }));
        assert_eq!(
            china().add_workdays(date("2026-12-30"), 2),
            Err(CalendarError::NoCalendarData { year: 2027 }),
            "a deadline that runs into it says so"
        );
        let late = at(&china(), "2026-12-31 15:00:00");
        assert_eq!(china().deadline(late, Span::Workdays(1)), Err(CalendarError::NoCalendarData { year: 2027 }));
        assert_eq!(due(&china(), "2026-12-31 15:00:00", "2 days"), "Sun 2027-01-03 00:00", "calendar days need none");
    }

    #[test]
    fn a_company_lays_its_own_days_over_the_shipped_ones() {
        let own: CalendarData = serde_json::from_str(
            r#"{"years": [2027], "days": {
                "2026-06-01": {"day": "holiday", "name": {"zh": "司庆日"}},
                "2026-10-10": {"day": "holiday", "name": {"zh": "补休"}},
                "2027-01-01": {"day": "holiday", "name": {"zh": "元旦"}}}}"#,
        )
        .unwrap();
        let calendar = Calendar::new(chrono_tz::Asia::Shanghai, CalendarData::china().overlaid(&own));
        for (day, worked) in [
            ("2026-06-01", false),
            ("2026-10-10", false),
            ("2026-09-20", true),
            ("2027-01-01", false),
            ("2027-01-04", true),
        ] {
            assert_eq!(calendar.is_workday(date(day)), Ok(worked), "{day}");
        }
    }
}

mod deadlines {
    use super::*;

    #[test]
    fn a_working_day_is_its_working_minutes() {
        for (from, span, expected) in [
            ("2026-03-02 15:00:00", "1 workday", "Tue 2026-03-03 15:00"),
            ("2026-03-02 09:00:00", "1 workday", "Mon 2026-03-02 18:00"),
            ("2026-03-02 11:30:00", "1 hour", "Mon 2026-03-02 13:30"),
            ("2026-03-02 17:45:00", "30 minutes", "Tue 2026-03-03 09:15"),
            ("2026-03-06 15:00:00", "2 workdays", "Tue 2026-03-10 15:00"),
            ("2026-03-02 10:00:00", "8 hours", "Tue 2026-03-03 10:00"),
        ] {
            assert_eq!(due(&china(), from, span), expected, "{from} {span}");
        }
    }

    #[test]
    fn outside_working_time_the_count_starts_at_the_next_opening() {
        for (from, span, expected) in [
            ("2026-03-02 07:00:00", "1 hour", "Mon 2026-03-02 10:00"),
            ("2026-03-02 12:20:00", "1 hour", "Mon 2026-03-02 14:00"),
            ("2026-03-02 18:00:00", "1 workday", "Tue 2026-03-03 18:00"),
            ("2026-03-06 20:00:00", "1 workday", "Mon 2026-03-09 18:00"),
            ("2026-03-07 10:00:00", "2 hours", "Mon 2026-03-09 11:00"),
        ] {
            assert_eq!(due(&china(), from, span), expected, "{from} {span}");
        }
    }

    #[test]
    fn holidays_are_free_and_make_up_days_are_not() {
        assert_eq!(due(&china(), "2026-02-13 15:00:00", "2 workdays"), "Tue 2026-02-24 15:00");
        assert_eq!(due(&china(), "2026-02-27 15:00:00", "1 workday"), "Sat 2026-02-28 15:00");
    }

    #[test]
    fn calendar_days_end_at_midnight_after_the_last() {
        assert_eq!(due(&china(), "2026-02-13 15:00:00", "1 day"), "Sun 2026-02-15 00:00");
        assert_eq!(due(&china(), "2026-02-26 00:00:00", "3 days"), "Mon 2026-03-02 00:00");
    }

    #[test]
    fn seconds_are_kept() {
        let calendar = china();
        let from = calendar.at(date("2026-03-02"), NaiveTime::from_hms_micro_opt(15, 0, 30, 7).unwrap()).unwrap();
        let deadline = calendar.deadline(from, Span::Workdays(1)).unwrap();
        assert_eq!(deadline.utc() - from.utc(), TimeDelta::days(1));
    }

    #[test]
    fn other_working_hours_have_other_minutes() {
        let shift: WorkingHours = serde_json::from_str(r#"["08:30-12:00", "13:30-17:30"]"#).unwrap();
        let calendar = china().with_hours(shift);
        assert_eq!(due(&calendar, "2026-03-02 15:00:00", "1 workday"), "Tue 2026-03-03 15:00");
        assert_eq!(due(&calendar, "2026-03-02 17:00:00", "1 hour"), "Tue 2026-03-03 09:00");
    }

    proptest! {
        #[test]
        fn a_deadline_is_never_in_free_time(start in 0i64..600_000, minutes in 1u32..5000) {
            let calendar = china();
            let from = at(&calendar, "2025-01-01 00:00:00").plus_seconds(start * 60);
            let deadline = calendar.deadline(from, Span::Minutes(minutes)).unwrap();
            prop_assert!(deadline > from);
            prop_assert!(calendar.is_working_time(deadline.plus_seconds(-60)).unwrap(), "the minute before is worked");
            let rest = (1..=minutes).filter(|n| *n % 97 == 0);
            for earlier in rest {
                prop_assert!(calendar.deadline(from, Span::Minutes(earlier)).unwrap() <= deadline);
            }
        }
    }
}

mod zones {
    use super::*;

    fn berlin() -> Calendar {
        Calendar::new(chrono_tz::Europe::Berlin, CalendarData::from_lists(2026..=2026, [], []))
    }

    #[test]
    fn the_local_date_is_that_of_the_company() {
        let instant = at(&china(), "2026-03-01 00:30:00");
        assert_eq!(instant.to_string(), "2026-02-28T16:30:00.000000Z");
        assert_eq!(china().local_date(instant), date("2026-03-01"));
        assert_eq!(berlin().local_date(instant), date("2026-02-28"));
    }

    #[test]
    fn a_skipped_time_is_the_end_of_the_gap_and_a_repeated_one_the_first() {
        assert_eq!(at(&berlin(), "2026-03-29 01:59:59").to_string(), "2026-03-29T00:59:59.000000Z");
        assert_eq!(at(&berlin(), "2026-03-29 02:00:00").to_string(), "2026-03-29T01:00:00.000000Z");
        assert_eq!(at(&berlin(), "2026-03-29 02:30:15").to_string(), "2026-03-29T01:00:00.000000Z");
        assert_eq!(at(&berlin(), "2026-10-25 02:30:00").to_string(), "2026-10-25T00:30:00.000000Z");
    }

    #[test]
    fn a_day_that_a_zone_skipped_begins_with_the_next() {
        let apia = Calendar::new(chrono_tz::Pacific::Apia, CalendarData::default());
        assert_eq!(apia.local(at(&apia, "2011-12-30 12:00:00")).date(), date("2011-12-31"));
    }

    #[test]
    fn a_working_day_across_the_change_of_clocks_keeps_its_time() {
        assert_eq!(due(&berlin(), "2026-03-27 15:00:00", "1 workday"), "Mon 2026-03-30 15:00");
        assert_eq!(due(&berlin(), "2026-03-27 15:00:00", "2 days"), "Mon 2026-03-30 00:00");
    }

    #[test]
    fn a_night_shift_in_the_gap_is_shorter() {
        let night: WorkingHours = serde_json::from_str(r#"["00:00-06:00"]"#).unwrap();
        let guards = berlin().with_hours(night).with_free_days(FreeDays::new([]));
        assert_eq!(due(&guards, "2026-03-28 23:00:00", "5 hours"), "Sun 2026-03-29 06:00");
        assert_eq!(due(&guards, "2026-03-28 23:00:00", "6 hours"), "Mon 2026-03-30 01:00");
    }

    #[test]
    fn calendars_are_stored_as_json() {
        let text =
            r#"{"zone":"Asia/Shanghai","hours":["09:00-12:00"],"free":["sun"],"data":{"years":[2026],"days":{}}}"#;
        let calendar: Calendar = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&calendar).unwrap(), text);
        assert_eq!(calendar.hours().minutes(), 180);
        for bad in [r#"{"zone": "Asia/Nowhere"}"#, r#"{"zone": "Asia/Shanghai", "holidays": []}"#, "{}"] {
            assert!(serde_json::from_str::<Calendar>(bad).is_err(), "{bad}");
        }
    }
}
