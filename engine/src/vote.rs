//! Committees: who votes with which weight, and what the ballots decide.

use std::fmt;

use serde::{Deserialize, Serialize};
use zhupi_domain::PersonId;

use crate::Selector;

/// How a committee decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vote {
    /// The weight of whom a selector names, where it is not 1.
    pub weights: Vec<(Selector, u32)>,
    pub chair: Option<Chair>,
    pub pass: Threshold,
    /// The share of all weights that must be cast, abstentions included and those of vacant seats in the whole; none: all that is
    /// needed to be certain.
    pub quorum: Option<Share>,
    pub abstain: Abstain,
    /// The chair's ballot carries the minutes (any ballot, where there is no chair), and without them nothing is decided.
    pub minutes: bool,
}

/// Who leads the committee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chair {
    pub by: Selector,
    /// Decides a tie by their own ballot.
    pub casting: bool,
}

/// A part of the whole, such as two of three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share {
    pub part: u32,
    pub whole: u32,
}

/// What it takes to pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Threshold {
    pub share: Share,
    /// More than the share, not just as much.
    pub more: bool,
}

/// Whether an abstention counts in what the share is taken of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Abstain {
    /// It is in the whole, so it works like a no.
    #[default]
    Counts,
    /// It is not.
    Ignored,
}

/// What a member says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ballot {
    Yes,
    No,
    Abstain,
}

/// A ballot that was cast.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cast {
    /// The member whose ballot it is.
    pub member: PersonId,
    /// Who cast it for them, as their substitute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
    pub ballot: Ballot,
    pub weight: u32,
    /// Led the committee.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub chair: bool,
}

/// Weights of one moment of a vote.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    pub yes: u64,
    pub no: u64,
    pub abstain: u64,
    /// Of members who have not voted yet.
    pub open: u64,
    /// Of seats that nobody holds: nobody can vote there, and a quorum counts them all the same.
    pub vacant: u64,
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.part, self.whole)
    }
}

impl fmt::Display for Threshold {
    /// As packs write it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", if self.more { "more-than" } else { "at-least" }, self.share)
    }
}

impl Count {
    pub fn of(cast: &[Cast], open: u64) -> Self {
        let sum = |ballot| cast.iter().filter(|cast| cast.ballot == ballot).map(|cast| u64::from(cast.weight)).sum();
        Self { yes: sum(Ballot::Yes), no: sum(Ballot::No), abstain: sum(Ballot::Abstain), open, vacant: 0 }
    }

    fn total(self) -> u64 {
        self.yes + self.no + self.abstain + self.open
    }
}

impl Vote {
    /// The weight of a member whom a selector names.
    pub fn weight(&self, named_by: Option<&Selector>) -> u32 {
        let found = self.weights.iter().find(|(selector, _)| Some(selector) == named_by);
        found.map_or(1, |(_, weight)| *weight)
    }

    /// What is certain already, whatever those say who have not voted; none while it is open.
    ///
    /// `casting` is the ballot of a chair who decides ties, once they have voted.
    pub fn outcome(&self, count: Count, casting: Option<Ballot>) -> Option<bool> {
        let cast = count.total() - count.open;
        let seats = count.total() + count.vacant;
        let quorate = self.quorum.is_none_or(|quorum| at_least(cast, seats, quorum));
        if self.passes(count.yes, count.no + count.open, count.abstain) && quorate {
            return Some(true);
        }
        let best = self.passes(count.yes + count.open, count.no, count.abstain);
        if count.open == 0 {
            let carried = best || (casting == Some(Ballot::Yes) && self.is_tie(count));
            return Some(carried && quorate);
        }
        let tie = matches!(casting, None | Some(Ballot::Yes)) && self.may_tie(count);
        (!best && !tie).then_some(false)
    }

    /// Whether half of what counts says yes, where half is what is asked for: only then does a chair decide. Whoever asks for
    /// two thirds, or for all, does not get by with less.
    fn is_tie(&self, count: Count) -> bool {
        let half = self.pass.share.part * 2 == self.pass.share.whole;
        half && count.yes > 0 && count.yes * 2 == self.whole(count.yes, count.no, count.abstain)
    }

    /// Whether a chair who decides ties may yet have one to decide.
    fn may_tie(&self, count: Count) -> bool {
        let casting = self.chair.as_ref().is_some_and(|chair| chair.casting);
        let evenly = Count { yes: count.yes + count.open, open: 0, ..count };
        let half = self.pass.share.part * 2 == self.pass.share.whole;
        casting && half && evenly.yes * 2 >= self.whole(evenly.yes, evenly.no, evenly.abstain)
    }

    /// What the share is taken of.
    fn whole(&self, yes: u64, no: u64, abstain: u64) -> u64 {
        match self.abstain {
            Abstain::Counts => yes + no + abstain,
            Abstain::Ignored => yes + no,
        }
    }

    fn passes(&self, yes: u64, no: u64, abstain: u64) -> bool {
        let whole = self.whole(yes, no, abstain);
        if yes == 0 {
            return false;
        }
        let (share, exactly) = (self.pass.share, yes * u64::from(self.pass.share.whole));
        let needed = whole * u64::from(share.part);
        if self.pass.more { exactly > needed } else { exactly >= needed }
    }
}

fn at_least(part: u64, whole: u64, share: Share) -> bool {
    part * u64::from(share.whole) >= whole * u64::from(share.part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vote(part: u32, whole: u32, more: bool, abstain: Abstain) -> Vote {
        let pass = Threshold { share: Share { part, whole }, more };
        Vote { weights: Vec::new(), chair: None, pass, quorum: None, abstain, minutes: false }
    }

    fn count(yes: u64, no: u64, abstain: u64, open: u64) -> Count {
        Count { yes, no, abstain, open, vacant: 0 }
    }

    #[test]
    fn it_ends_when_the_rest_cannot_change_it() {
        let two_thirds = vote(2, 3, false, Abstain::Counts);
        assert_eq!(two_thirds.outcome(count(1, 0, 0, 2), None), None);
        assert_eq!(two_thirds.outcome(count(2, 0, 0, 1), None), Some(true));
        assert_eq!(two_thirds.outcome(count(0, 2, 0, 1), None), Some(false));
        assert_eq!(two_thirds.outcome(count(1, 1, 0, 1), None), None);
        assert_eq!(two_thirds.outcome(count(1, 0, 2, 0), None), Some(false));
    }

    #[test]
    fn just_as_much_is_not_more() {
        assert_eq!(vote(1, 2, false, Abstain::Counts).outcome(count(1, 1, 0, 0), None), Some(true));
        assert_eq!(vote(1, 2, true, Abstain::Counts).outcome(count(1, 1, 0, 0), None), Some(false));
    }

    #[test]
    fn an_abstention_works_like_a_no_unless_it_is_ignored() {
        assert_eq!(vote(1, 2, true, Abstain::Counts).outcome(count(2, 1, 1, 0), None), Some(false));
        assert_eq!(vote(1, 2, true, Abstain::Ignored).outcome(count(2, 1, 1, 0), None), Some(true));
        assert_eq!(
            vote(1, 2, false, Abstain::Ignored).outcome(count(0, 0, 3, 0), None),
            Some(false),
            "nobody said yes"
        );
    }

    #[test]
    fn unanimous_ends_with_the_first_no() {
        let all = vote(1, 1, false, Abstain::Counts);
        assert_eq!(all.outcome(count(0, 1, 0, 4), None), Some(false));
        assert_eq!(all.outcome(count(4, 0, 0, 1), None), None);
        assert_eq!(all.outcome(count(5, 0, 0, 0), None), Some(true));
    }

    #[test]
    fn a_quorum_holds_back_an_early_yes() {
        let heavy = Vote { quorum: Some(Share { part: 2, whole: 3 }), ..vote(1, 2, true, Abstain::Counts) };
        assert_eq!(heavy.outcome(count(4, 0, 0, 3), None), None, "four of seven would pass, but two thirds must vote");
        assert_eq!(heavy.outcome(count(4, 1, 0, 2), None), Some(true));
    }

    #[test]
    fn a_vacant_seat_does_not_lower_the_quorum() {
        let full = Vote { quorum: Some(Share { part: 2, whole: 3 }), ..vote(1, 2, true, Abstain::Counts) };
        let two_of_four = Count { vacant: 2, ..count(2, 0, 0, 0) };
        assert_eq!(full.outcome(two_of_four, None), Some(false));
        let two_of_three = Count { vacant: 1, ..count(2, 0, 0, 0) };
        assert_eq!(full.outcome(two_of_three, None), Some(true), "and what it takes to pass is of those who may vote");
    }

    fn with_casting_chair(vote: Vote) -> Vote {
        Vote { chair: Some(Chair { by: Selector::Anyone, casting: true }), ..vote }
    }

    #[test]
    fn the_chair_may_decide_a_tie() {
        let casting = with_casting_chair(vote(1, 2, true, Abstain::Counts));
        assert_eq!(casting.outcome(count(2, 2, 0, 0), Some(Ballot::Yes)), Some(true));
        assert_eq!(casting.outcome(count(2, 2, 0, 0), Some(Ballot::No)), Some(false));
        assert_eq!(casting.outcome(count(1, 2, 0, 1), None), None, "it may still become a tie");
        assert_eq!(casting.outcome(count(1, 2, 0, 1), Some(Ballot::Yes)), None);
        assert_eq!(casting.outcome(count(1, 2, 0, 1), Some(Ballot::No)), Some(false), "which the chair has decided");
        assert_eq!(casting.outcome(count(0, 3, 0, 1), None), Some(false));
        assert_eq!(casting.outcome(count(1, 1, 1, 0), Some(Ballot::Yes)), Some(false), "an abstention counts");
        let ignored = with_casting_chair(vote(1, 2, true, Abstain::Ignored));
        assert_eq!(ignored.outcome(count(1, 1, 1, 0), Some(Ballot::Yes)), Some(true));
        assert_eq!(ignored.outcome(count(0, 0, 3, 0), Some(Ballot::Yes)), Some(false), "nobody said yes");
    }

    #[test]
    fn the_chair_does_not_get_round_what_is_asked_for() {
        for (part, whole) in [(1, 1), (2, 3)] {
            let casting = with_casting_chair(vote(part, whole, false, Abstain::Counts));
            assert_eq!(casting.outcome(count(1, 1, 1, 0), Some(Ballot::Yes)), Some(false), "{part}/{whole}");
            assert_eq!(casting.outcome(count(1, 1, 0, 0), Some(Ballot::Yes)), Some(false), "{part}/{whole}");
            assert_eq!(casting.outcome(count(0, 2, 0, 2), None), Some(false), "{part}/{whole}: it is over");
        }
        let quorum = Some(Share { part: 2, whole: 3 });
        let quorate = Vote { quorum, ..with_casting_chair(vote(1, 2, true, Abstain::Counts)) };
        let two_of_four = Count { vacant: 2, ..count(1, 1, 0, 0) };
        assert_eq!(quorate.outcome(two_of_four, Some(Ballot::Yes)), Some(false), "nor the quorum");
        assert_eq!(quorate.outcome(count(1, 1, 0, 2), Some(Ballot::Yes)), None);
        assert_eq!(quorate.outcome(count(2, 2, 0, 0), Some(Ballot::Yes)), Some(true));
    }
}
