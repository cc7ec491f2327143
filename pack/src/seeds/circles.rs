//! Circles in a relation where everybody has at most one above them.

use std::collections::BTreeMap;

/// Every circle that one of these leads into, once, as its members in order. Takes as many steps as there are members.
pub fn circles<'k, K: Ord>(
    starts: impl IntoIterator<Item = &'k K>,
    above: impl Fn(&K) -> Option<&'k K>,
) -> Vec<Vec<&'k K>> {
    let mut circles = Vec::new();
    // Who was met, and on which walk upwards.
    let mut met: BTreeMap<&K, usize> = BTreeMap::new();
    for (walk, start) in starts.into_iter().enumerate() {
        let (mut way, mut here) = (Vec::new(), Some(start));
        while let Some(at) = here.filter(|at| !met.contains_key(at)) {
            met.insert(at, walk);
            way.push(at);
            here = above(at);
        }
        let closed = here.filter(|at| met.get(at) == Some(&walk));
        circles.extend(closed.map(|at| way.iter().copied().skip_while(|member| *member != at).collect()));
    }
    circles
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(pairs: &[(u32, u32)]) -> Vec<Vec<u32>> {
        let above: BTreeMap<u32, u32> = pairs.iter().copied().collect();
        let found = circles(above.keys(), |at| above.get(at));
        found.into_iter().map(|circle| circle.into_iter().copied().collect()).collect()
    }

    #[test]
    fn each_circle_is_found_once_and_without_those_who_only_lead_into_it() {
        assert_eq!(found(&[(1, 2), (2, 3), (3, 9)]), [[0; 0]; 0]);
        assert_eq!(found(&[(1, 1)]), [[1]]);
        assert_eq!(found(&[(1, 2), (2, 3), (3, 2), (4, 3), (5, 6), (6, 5)]), [[2, 3], [5, 6]]);
    }
}
