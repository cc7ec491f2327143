//! The cookies of the session and of the known device.

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use zhupi_app::access::{ABSOLUTE_SECONDS, LoggedIn, Token};

const SESSION: &str = "zhupi";
const DEVICE: &str = "zhupi-device";
/// With this prefix a browser takes a cookie only over https, for this host alone, for all paths.
const HOST_PREFIX: &str = "__Host-";
const DEVICE_SECONDS: i64 = 180 * 24 * 3600;

/// How cookies are written: over plain http on loopback the prefix and `Secure` would make a browser drop them.
#[derive(Debug, Clone, Copy)]
pub struct Cookies {
    pub secure: bool,
}

impl Cookies {
    /// The session's token that a browser sent.
    pub fn session(self, headers: &HeaderMap) -> Option<Token> {
        self.read(headers, SESSION)
    }

    /// The proof that a browser logged in before.
    pub fn device(self, headers: &HeaderMap) -> Option<Token> {
        self.read(headers, DEVICE)
    }

    /// What a browser is given when its session begins.
    pub fn given(self, logged_in: &LoggedIn) -> Vec<HeaderValue> {
        let session = self.write(SESSION, logged_in.token.secret(), ABSOLUTE_SECONDS);
        let device = logged_in.device.as_ref().map(|device| self.write(DEVICE, device.secret(), DEVICE_SECONDS));
        std::iter::once(session).chain(device).flatten().collect()
    }

    /// What makes a browser forget its session.
    pub fn taken(self) -> Option<HeaderValue> {
        self.write(SESSION, "", 0)
    }

    fn name(self, name: &str) -> String {
        if self.secure { format!("{HOST_PREFIX}{name}") } else { name.to_owned() }
    }

    fn write(self, name: &str, value: &str, seconds: i64) -> Option<HeaderValue> {
        let secure = if self.secure { "; Secure" } else { "" };
        let name = self.name(name);
        let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
        HeaderValue::from_str(&text).ok()
    }

    fn read(self, headers: &HeaderMap, name: &str) -> Option<Token> {
        let name = self.name(name);
        let pairs = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|v| v.split(';'));
        let mut values = pairs.filter_map(|pair| pair.trim().split_once('=')).filter(|(key, _)| *key == name);
        let (_, value) = values.next()?;
        // Two cookies of one name: somebody else may have set one of them, and nobody can tell which.
        let alone = values.next().is_none();
        (alone && !value.is_empty() && value.len() <= 100).then(|| Token::sent(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(cookies: &str) -> HeaderMap {
        HeaderMap::from_iter([(COOKIE, cookies.parse().unwrap())])
    }

    #[test]
    fn a_secure_cookie_has_the_prefix_and_the_plain_one_is_not_read() {
        let secure = Cookies { secure: true };
        let written = secure.write(SESSION, "abc", 60).unwrap();
        assert_eq!(written, "__Host-zhupi=abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure");
        assert_eq!(secure.session(&sent("zhupi=abc")), None);
        assert_eq!(secure.session(&sent("a=b; __Host-zhupi=abc")), Some(Token::sent("abc")));
        assert_eq!(Cookies { secure: false }.session(&sent("zhupi=abc")), Some(Token::sent("abc")));
    }

    #[test]
    fn an_unclear_cookie_is_none() {
        let plain = Cookies { secure: false };
        assert_eq!(plain.session(&sent("zhupi=abc; zhupi=def")), None);
        assert_eq!(plain.session(&sent("zhupi=")), None);
        assert_eq!(plain.session(&sent(&format!("zhupi={}", "a".repeat(101)))), None);
        assert_eq!(plain.session(&sent("xzhupi=abc")), None);
    }
}
