//! Logins: one way of writing them, and which can be given to somebody.

/// In bytes; longer ones are not even counted as tries at an account.
pub const LONGEST: usize = 128;

/// A login as it is compared and kept: trimmed, in lower case, full-width characters as ASCII.
///
/// People type logins with an input method on, and phones like to begin with a capital letter.
pub fn normal(typed: &str) -> String {
    typed.trim().chars().map(half_width).collect::<String>().to_lowercase()
}

/// Whether a normal login can be given to somebody: plain characters that cannot be mistaken for others.
pub fn is_good(login: &str) -> bool {
    let mut characters = login.chars();
    characters.next().is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        && login.len() <= LONGEST
        && characters.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_' | '@' | '+'))
}

/// What is left of a good login when characters that look alike are the same: two people whose logins share it would be
/// taken for one another. After the confusables of Unicode (UTS 39), as far as good logins have them.
pub fn skeleton(login: &str) -> String {
    let alike = |c| match c {
        '0' => 'o',
        '1' => 'l',
        other => other,
    };
    login.chars().map(alike).collect::<String>().replace("rn", "m").replace("vv", "w")
}

fn half_width(c: char) -> char {
    let code = u32::from(c);
    match code {
        0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_is_one_login_however_it_is_typed() {
        for typed in ["li.hua", " Li.Hua ", "ＬＩ．ＨＵＡ", "LI.HUA"] {
            assert_eq!(normal(typed), "li.hua");
        }
    }

    #[test]
    fn what_is_no_plain_login_cannot_be_given() {
        assert!(is_good("li.hua@example.com"));
        for bad in ["", "lі", "li hua", ".li", "李", "li\u{200b}", &"a".repeat(129)] {
            assert!(!is_good(bad), "{bad:?}");
        }
    }

    #[test]
    fn logins_that_look_alike_share_a_skeleton() {
        for (one, other) in [("wang1", "wangl"), ("zhao0", "zhaoo"), ("chern", "chem"), ("vvang", "wang")] {
            assert_eq!(skeleton(one), skeleton(other), "{one} {other}");
        }
        assert_ne!(skeleton("wang1"), skeleton("wang2"));
        assert_ne!(skeleton("li.hua"), skeleton("lihua"));
    }
}
