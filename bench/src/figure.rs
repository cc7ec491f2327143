//! Figures: what the limit was and what we reached in each round, and whether the gate of the goal is met.

/// What the ratio of ours to the limit must be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Gate {
    AtLeast(f64),
    AtMost(f64),
    /// Told for comparison only.
    None,
}

/// One line of the result.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// For programs; stable.
    pub key: &'static str,
    /// The number of the goal.
    pub goal: u8,
    pub zh: &'static str,
    pub en: &'static str,
    /// Of both values, such as `/s`.
    pub unit: &'static str,
    pub gate: Gate,
    /// Whether a gate that is missed fails the whole run.
    pub required: bool,
    /// The limit and ours, a pair a round.
    pub rounds: Vec<(f64, f64)>,
}

/// The middle of several values, and the outermost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    pub least: f64,
    pub median: f64,
    pub most: f64,
}

impl Spread {
    /// Of no values: zeros.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_unstable_by(f64::total_cmp);
        let at = |index: usize| values.get(index).copied().unwrap_or_default();
        let (last, half) = (values.len().saturating_sub(1), values.len() / 2);
        let median =
            if values.len().is_multiple_of(2) { (at(half.saturating_sub(1)) + at(half)) / 2.0 } else { at(half) };
        Self { least: at(0), median, most: at(last) }
    }

    /// Whether the values lie so far apart that their middle says little: more than a quarter to either side.
    pub fn is_noisy(&self) -> bool {
        self.least < 0.75 * self.median || self.most > 1.25 * self.median
    }
}

impl Figure {
    pub fn limit(&self) -> Spread {
        Spread::of(self.rounds.iter().map(|(limit, _)| *limit))
    }

    pub fn ours(&self) -> Spread {
        Spread::of(self.rounds.iter().map(|(_, ours)| *ours))
    }

    /// Of ours to the limit, taken inside each round.
    pub fn ratio(&self) -> Spread {
        Spread::of(self.rounds.iter().filter(|(limit, _)| *limit > 0.0).map(|(limit, ours)| ours / limit))
    }

    /// Whether the gate is met; none where there is none, or nothing was measured.
    pub fn met(&self) -> Option<bool> {
        let measured = !self.rounds.is_empty();
        match self.gate {
            Gate::AtLeast(least) => measured.then(|| self.ratio().median >= least),
            Gate::AtMost(most) => measured.then(|| self.ratio().median <= most),
            Gate::None => None,
        }
    }

    /// Whether a gate that must be met is missed.
    pub fn fails(&self) -> bool {
        self.required && self.met() == Some(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(gate: Gate, rounds: &[(f64, f64)]) -> Figure {
        let rounds = rounds.to_vec();
        Figure { key: "k", goal: 1, zh: "量", en: "figure", unit: "/s", gate, required: true, rounds }
    }

    #[test]
    fn a_ratio_is_taken_inside_its_round() {
        let figure = figure(Gate::AtLeast(0.5), &[(100.0, 60.0), (10.0, 4.0), (1000.0, 700.0)]);
        let ratio = figure.ratio();
        assert_eq!((ratio.least, ratio.median, ratio.most), (0.4, 0.6, 0.7));
        assert!(ratio.is_noisy() && !figure.fails());
        assert_eq!(figure.ours().median, 60.0);
    }

    #[test]
    fn a_gate_has_two_directions_and_nothing_measured_meets_none() {
        assert_eq!(figure(Gate::AtMost(1.6), &[(100.0, 170.0)]).met(), Some(false));
        assert_eq!(figure(Gate::AtMost(1.6), &[(100.0, 150.0)]).met(), Some(true));
        assert_eq!(figure(Gate::AtMost(1.6), &[]).met(), None);
        assert_eq!(figure(Gate::None, &[(1.0, 1.0)]).met(), None);
        assert!(figure(Gate::AtLeast(1.0), &[(100.0, 99.0)]).fails());
    }
}
