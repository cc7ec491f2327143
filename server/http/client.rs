//! From where a request comes: its address and what its browser says.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use zhupi_app::access::Client;

use super::problem::Failure;
use super::state::Shared;

/// The other side of a request.
pub struct From(pub Client);

impl FromRequestParts<Shared> for From {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, shared: &Shared) -> Result<Self, Failure> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let agent = parts.headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
        Ok(Self(Client {
            address: address(peer, &parts.headers, shared.trust_proxy),
            agent: agent.chars().take(200).collect(),
            device: shared.cookies.device(&parts.headers),
        }))
    }
}

/// The peer; behind a proxy that is trusted, the address that the proxy itself added, which is the last one.
fn address(peer: Option<IpAddr>, headers: &HeaderMap, trust_proxy: bool) -> String {
    let forwarded = headers.get_all("x-forwarded-for").iter().next_back().and_then(|value| value.to_str().ok());
    let last = forwarded.and_then(|list| list.rsplit(',').next()).and_then(|last| last.trim().parse::<IpAddr>().ok());
    let address = last.filter(|_| trust_proxy).or(peer);
    address.map_or_else(|| "local".into(), |address| neighbourhood(address).to_string())
}

/// One home has a whole /64 of IPv6 addresses: it counts as one.
fn neighbourhood(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(six) => match six.to_ipv4_mapped() {
            Some(four) => IpAddr::V4(four),
            None => IpAddr::V6((u128::from(six) & !u128::from(u64::MAX)).into()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forwarded(lines: &[&str]) -> HeaderMap {
        let name: axum::http::HeaderName = "x-forwarded-for".parse().unwrap();
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(&name, line.parse().unwrap());
        }
        headers
    }

    #[test]
    fn only_a_trusted_proxy_is_believed_and_only_its_own_word() {
        let peer = Some("10.0.0.1".parse().unwrap());
        let claimed = forwarded(&["1.1.1.1, 2.2.2.2", "3.3.3.3"]);
        assert_eq!(address(peer, &claimed, false), "10.0.0.1");
        assert_eq!(address(peer, &claimed, true), "3.3.3.3");
        assert_eq!(address(peer, &forwarded(&["nonsense"]), true), "10.0.0.1");
        assert_eq!(address(None, &HeaderMap::new(), false), "local");
    }

    #[test]
    fn addresses_of_one_home_are_one() {
        let of = |text: &str| address(Some(text.parse().unwrap()), &HeaderMap::new(), false);
        assert_eq!(of("2001:db8:1:2:aaaa::1"), of("2001:db8:1:2:bbbb::2"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:10.0.0.1"), "10.0.0.1");
    }
}
