//! Counters for Prometheus, written by hand: requests by route, and how long they took.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Upper bounds of the histogram, in seconds.
const BOUNDS: [f64; 8] = [0.005, 0.02, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];

#[derive(Debug, Default)]
pub struct Metrics {
    routes: Mutex<BTreeMap<Route, Count>>,
}

/// What is counted apart: the route as it was declared, never an address with ids in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Route {
    method: String,
    path: String,
    status: u16,
}

#[derive(Debug, Default, Clone)]
struct Count {
    requests: u64,
    seconds: f64,
    /// How many took at most as long as the bound of this place.
    within: [u64; BOUNDS.len()],
}

impl Metrics {
    /// Counts one answer.
    pub fn answered(&self, method: &str, path: &str, status: u16, took: Duration) {
        let route = Route { method: method.to_owned(), path: path.to_owned(), status };
        let mut routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        let count = routes.entry(route).or_default();
        count.requests += 1;
        count.seconds += took.as_secs_f64();
        for (within, bound) in count.within.iter_mut().zip(BOUNDS) {
            *within += u64::from(took.as_secs_f64() <= bound);
        }
    }

    /// Everything as text, with gauges that are read when asked.
    pub fn text(&self, gauges: &[(&str, &str, i64)]) -> String {
        let routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut text = String::from("# HELP zhupi_requests Answers of the server.\n# TYPE zhupi_requests histogram\n");
        for (route, count) in &routes {
            route.write(&mut text, count);
        }
        for (name, help, value) in gauges {
            // Writing into a string cannot fail.
            let _ = write!(text, "# HELP zhupi_{name} {help}\n# TYPE zhupi_{name} gauge\nzhupi_{name} {value}\n");
        }
        text
    }
}

impl Route {
    fn write(&self, text: &mut String, count: &Count) {
        let Self { method, path, status } = self;
        let labels = format!("method=\"{method}\",route=\"{path}\",status=\"{status}\"");
        for (within, bound) in count.within.iter().zip(BOUNDS) {
            let _ = writeln!(text, "zhupi_requests_bucket{{{labels},le=\"{bound}\"}} {within}");
        }
        let Count { requests, seconds, .. } = count;
        let _ = writeln!(text, "zhupi_requests_bucket{{{labels},le=\"+Inf\"}} {requests}");
        let _ = writeln!(text, "zhupi_requests_sum{{{labels}}} {seconds:.6}");
        let _ = writeln!(text, "zhupi_requests_count{{{labels}}} {requests}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_counted_by_route_and_time() {
        let metrics = Metrics::default();
        metrics.answered("GET", "/api/v1/tasks", 200, Duration::from_millis(3));
        metrics.answered("GET", "/api/v1/tasks", 200, Duration::from_millis(60));
        let text = metrics.text(&[("outbox_parked", "Messages given up on.", 2)]);
        for line in [
            "zhupi_requests_bucket{method=\"GET\",route=\"/api/v1/tasks\",status=\"200\",le=\"0.005\"} 1",
            "zhupi_requests_bucket{method=\"GET\",route=\"/api/v1/tasks\",status=\"200\",le=\"0.1\"} 2",
            "zhupi_requests_sum{method=\"GET\",route=\"/api/v1/tasks\",status=\"200\"} 0.063000",
            "zhupi_outbox_parked 2",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
        }
    }
}
