//! Guessing which word an author meant.

/// The candidate that is a likely misspelling's original: at most a third of its letters differ. The first in order wins.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut best: Option<(usize, &str)> = None;
    let (lower, length) = (word.to_lowercase(), word.chars().count());
    for candidate in candidates {
        let other = candidate.chars().count();
        let allowed = (other.max(length) / 3).max(1);
        if other.abs_diff(length) > allowed {
            continue;
        }
        let distance = distance(&lower, &candidate.to_lowercase());
        if distance <= allowed && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.filter(|(distance, candidate)| *distance < candidate.chars().count()).map(|(_, candidate)| candidate)
}

/// How many letters have to be put in, taken out, changed or swapped with their neighbour to make one word of the other.
fn distance(from: &str, to: &str) -> usize {
    let from: Vec<char> = from.chars().take(LONGEST).collect();
    let to: Vec<char> = to.chars().take(LONGEST).collect();
    // Row n holds the distances of the first n letters of `from` to every beginning of `to`.
    let mut above: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    let at =
        |cells: &[usize], index: Option<usize>| index.and_then(|i| cells.get(i)).copied().unwrap_or(usize::MAX - 1);
    for (i, a) in from.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, b) in to.iter().enumerate() {
            let swapped = i > 0 && j > 0 && from.get(i - 1) == Some(b) && to.get(j - 1) == Some(a);
            let changed = at(&row, Some(j)) + usize::from(a != b);
            let inserted = at(&next, Some(j)) + 1;
            let removed = at(&row, Some(j + 1)) + 1;
            let swap = if swapped { at(&above, j.checked_sub(1)) + 1 } else { usize::MAX };
            next.push(changed.min(inserted).min(removed).min(swap));
        }
        above = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or_default()
}

/// Longer words are compared by their beginning only.
const LONGEST: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_put_in_taken_out_changed_and_swapped_are_counted() {
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
