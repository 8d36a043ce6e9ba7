//! The address that an entry leads to, in parts.

use countersign_model::{Identity, Start};

use crate::look::EntryLook;

/// Scheme, host and port of a remote server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Origin<'scan> {
    /// `https`, `http`, `ws`, `wss`.
    pub(crate) scheme: &'scan str,
    /// The host, lowercase, an IPv6 address without brackets.
    pub(crate) host: &'scan str,
    /// The port, where it is not the scheme's own.
    pub(crate) port: Option<u16>,
}

impl Origin<'_> {
    /// Returns whether the connection is encrypted.
    pub(crate) fn is_encrypted(self) -> bool {
        matches!(self.scheme, "https" | "wss")
    }

    /// Returns whether the host is this machine.
    pub(crate) fn is_this_machine(self) -> bool {
        self.host == "localhost"
            || self.host.ends_with(".localhost")
            || self.host == "::1"
            || self.host.starts_with("127.")
            || matches!(
                self.host,
                "host.docker.internal" | "host.containers.internal" | "0.0.0.0"
            )
    }

    /// Returns the host as an address in numbers, if it is one.
    pub(crate) fn number(self) -> Option<std::net::IpAddr> {
        self.host.parse().ok()
    }

    /// Returns whether the host lies in this network: private numbers, `.local`, a bare name.
    pub(crate) fn is_near(self) -> bool {
        use std::net::IpAddr;
        match self.number() {
            Some(IpAddr::V4(number)) => number.is_private() || number.is_link_local(),
            Some(IpAddr::V6(number)) => number.is_unique_local() || number.is_unicast_link_local(),
            None => {
                !self.host.contains('.')
                    || [".local", ".internal", ".lan", ".home.arpa"]
                        .iter()
                        .any(|end| self.host.ends_with(end))
            }
        }
    }
}

impl<'scan> EntryLook<'scan> {
    /// Returns the origin that the entry leads to, a bridge's included.
    pub(crate) fn origin(&self) -> Option<Origin<'scan>> {
        match &self.server.identity {
            Identity::Remote { origin, .. } => split(origin),
            _ => None,
        }
    }

    /// Returns the address as written and as it may be shown, where the entry connects by itself.
    pub(crate) fn shown_address(&self) -> Option<&'scan str> {
        match &self.entry.start {
            Start::Remote(address) => Some(address.shown()),
            _ => None,
        }
    }

    /// Returns whether a header or a flag carries a credential, by value or by reference.
    pub(crate) fn sends_credential(&self) -> bool {
        let speaks = |name: &str| {
            let name = name.to_ascii_lowercase();
            name == "authorization"
                || ["token", "api-key", "apikey", "secret", "cookie"]
                    .iter()
                    .any(|word| name.contains(word))
        };
        self.entry.headers.iter().any(|header| speaks(&header.name))
            || self
                .entry
                .header_variables
                .iter()
                .any(|(header, _)| speaks(header))
            || self
                .server_tokens()
                .iter()
                .filter_map(|token| token.split_once(':'))
                .any(|(name, _)| speaks(name))
    }
}

fn split(origin: &str) -> Option<Origin<'_>> {
    let (scheme, rest) = origin.split_once("://")?;
    let (host, port) = match rest.strip_prefix('[') {
        Some(inner) => {
            let (host, after) = inner.split_once(']')?;
            (host, after.strip_prefix(':'))
        }
        None => match rest.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (rest, None),
        },
    };
    Some(Origin {
        scheme,
        host,
        port: port.and_then(|port| port.parse().ok()),
    })
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn splits_origins() {
        let origin = split("https://[::1]:8443").expect("is an origin");
        assert_eq!((origin.host, origin.port), ("::1", Some(8443)));
        assert!(origin.is_this_machine() && origin.is_encrypted());
        let origin = split("http://10.0.0.7").expect("is an origin");
        assert!(origin.is_near() && !origin.is_this_machine());
        assert!(
            !split("https://mcp.example.com")
                .expect("is an origin")
                .is_near()
        );
    }
}
