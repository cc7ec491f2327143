//! The company's calendar as its people see it.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use zhupi_domain::calendar::DayKind;

use super::TextView;

/// The days of a year that are not as their day of the week would make them, and which years are known.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CalendarView {
    pub year: i32,
    /// Whether this year's days are all known, so that deadlines in it can be told.
    pub complete: bool,
    pub days: Vec<CalendarDayView>,
    pub years: Vec<CalendarYearView>,
    /// Of this year and the next, those that nobody has entered yet.
    pub missing: Vec<i32>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CalendarDayView {
    #[schema(value_type = String)]
    pub date: NaiveDate,
    /// `holiday` or `workday`.
    #[schema(value_type = String)]
    pub day: DayKind,
    pub name: TextView,
    /// Whether the company entered it, over what the product ships.
    pub own: bool,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CalendarYearView {
    pub year: i32,
    pub complete: bool,
    /// Whether the product ships this year's public holidays.
    pub shipped: bool,
    /// Days that the company entered itself.
    pub own_days: usize,
}
