//! Mail addresses.

/// Whether a text can be a mail address: one `@`, something before it, a dotted name after it. Whether mail arrives only
/// mail can tell.
pub fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let plain = |c: char| c.is_ascii_graphic() && !matches!(c, '@' | ',' | ';' | '<' | '>' | '"');
    let labels = || domain.split('.');
    !local.is_empty()
        && text.len() <= 254
        && local.chars().all(plain)
        && labels().count() > 1
        && labels().all(|label| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_at_sign_and_a_dotted_name() {
        assert!(is_address("li.hua+x@mail.example.com"));
        for bad in
            ["", "li", "@example.com", "li@example", "a@b@c.d", "li@a..b", "li@a.b\r\nBcc: x@y.z", "李@a.b", "a b@c.d"]
        {
            assert!(!is_address(bad), "{bad:?}");
        }
    }
}
