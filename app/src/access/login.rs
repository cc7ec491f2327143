//! One way of writing a login, so that what looks the same is the same.

/// A login as it is compared and kept: trimmed, in lower case, full-width characters as ASCII.
///
/// People type logins with an input method on, and phones like to begin with a capital letter.
pub fn normal_login(typed: &str) -> String {
    typed.trim().chars().map(half_width).collect::<String>().to_lowercase()
}

/// Whether a login can be given to somebody: plain characters that cannot be mistaken for others.
pub(super) fn is_good(login: &str) -> bool {
    let mut characters = login.chars();
    characters.next().is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        && login.len() <= LONGEST
        && characters.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_' | '@' | '+'))
}

/// In bytes; longer ones are not even counted as tries at an account.
pub(super) const LONGEST: usize = 128;

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
            assert_eq!(normal_login(typed), "li.hua");
        }
    }

    #[test]
    fn look_alikes_cannot_be_given() {
        assert!(is_good("li.hua@example.com"));
        for bad in ["", "lі", "li hua", ".li", "李", "li\u{200b}", &"a".repeat(129)] {
            assert!(!is_good(bad), "{bad:?}");
        }
    }
}
