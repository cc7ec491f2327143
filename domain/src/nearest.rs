//! Guessing which word an author meant.

/// The candidate that is a likely misspelling's original: at most a third of its letters differ. The first in order wins.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let distance = distance(&word.to_lowercase(), &candidate.to_lowercase());
        let allowed = (candidate.chars().count().max(word.chars().count()) / 3).max(1);
        if distance <= allowed && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.filter(|(distance, candidate)| *distance < candidate.chars().count()).map(|(_, candidate)| candidate)
}

/// How many letters have to be put in, taken out or changed to make one word of the other.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().take(LONGEST).collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (above, a) in from.chars().take(LONGEST).enumerate() {
        let mut diagonal = above;
        let mut left = above + 1;
        for (cell, b) in row.iter_mut().skip(1).zip(&to) {
            let up = *cell;
            left = (diagonal + usize::from(a != *b)).min(up + 1).min(left + 1);
            diagonal = up;
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = above + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

/// Longer words are compared by their beginning only.
const LONGEST: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_put_in_taken_out_and_changed_are_counted() {
        for (from, to, expected) in [("", "abc", 3), ("abc", "", 3), ("kitten", "sitting", 3), ("金额", "全额", 1)]
        {
            assert_eq!(distance(from, to), expected, "{from} {to}");
        }
    }

    #[test]
    fn a_near_word_is_offered_and_a_far_one_is_not() {
        let words = ["amount", "approver", "金额", "id"];
        assert_eq!(nearest("amuont", words), Some("amount"));
        assert_eq!(nearest("Amount", words), Some("amount"));
        assert_eq!(nearest("全额", words), Some("金额"));
        assert_eq!(nearest("customer", words), None);
        assert_eq!(nearest("x", ["y"]), None, "a word of one letter resembles nothing");
    }
}
