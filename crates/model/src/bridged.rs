use std::collections::BTreeSet;

use crate::{Binding, BoundStart, GuardId};

/// An address behind the bridge, as an entry's arguments say it. Whoever writes such an entry and the
/// bridge itself read it here, so that both mean the same binding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bridged {
    /// The entry's id.
    pub id: GuardId,
    /// Whether the older transport with server-sent events is spoken.
    pub is_sse: bool,
    /// Headers, as they are written: `Name: value`.
    pub headers: Vec<String>,
    /// The address.
    pub url: String,
}

impl Bridged {
    /// What stands before the entry's id.
    pub const ENTRY: &str = "--entry";
    /// What stands before a header.
    pub const HEADER: &str = "--header";
    /// What stands before the transport, where it is not streamable HTTP.
    pub const TRANSPORT: &str = "--transport";
    /// The older transport.
    pub const SSE: &str = "sse";
    /// What stands before the address.
    pub const SEPARATOR: &str = "--";

    /// Returns the arguments that an entry hands to the bridge.
    pub fn arguments(&self) -> Vec<String> {
        let mut arguments = vec![Self::ENTRY.to_owned(), self.id.to_string()];
        if self.is_sse {
            arguments.push(Self::TRANSPORT.to_owned());
            arguments.push(Self::SSE.to_owned());
        }
        for header in &self.headers {
            arguments.push(Self::HEADER.to_owned());
            arguments.push(header.clone());
        }
        arguments.push(Self::SEPARATOR.to_owned());
        arguments.push(self.url.clone());
        arguments
    }

    /// Reads arguments; `None` where they are not what [`Bridged::arguments`] makes.
    pub fn read(arguments: &[&str]) -> Option<Self> {
        let [Self::ENTRY, id, rest @ ..] = arguments else {
            return None;
        };
        let id = GuardId::parse(id)?;
        let mut rest = rest;
        let mut is_sse = false;
        if let [Self::TRANSPORT, Self::SSE, more @ ..] = rest {
            is_sse = true;
            rest = more;
        }
        let mut headers = Vec::new();
        while let [Self::HEADER, header, more @ ..] = rest {
            headers.push((*header).to_owned());
            rest = more;
        }
        let [Self::SEPARATOR, url] = rest else {
            return None;
        };
        Some(Self {
            id,
            is_sse,
            headers,
            url: (*url).to_owned(),
        })
    }

    /// Returns names and values of the headers, in order and as they are written but for one blank after
    /// the colon.
    pub fn named_headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers.iter().map(|header| {
            let (name, value) = header.split_once(':').unwrap_or((header, ""));
            (name, value.strip_prefix(' ').unwrap_or(value))
        })
    }

    /// Returns what the entry asks for. Names of headers keep their case: another spelling is another
    /// entry.
    pub fn binding(&self) -> Binding {
        let names: BTreeSet<String> = self
            .named_headers()
            .map(|(name, _)| name.to_owned())
            .collect();
        let url = self.url.clone();
        Binding {
            start: BoundStart::Remote { url },
            names,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Bridged;
    use crate::{BoundStart, GuardId};

    fn bridged() -> Bridged {
        Bridged {
            id: GuardId::from_bytes([7; 16]),
            is_sse: true,
            headers: vec!["A: b".to_owned(), "a:c: d".to_owned(), "--:  e".to_owned()],
            url: "https://mcp.example.com/sse".to_owned(),
        }
    }

    fn read(arguments: &[String]) -> Option<Bridged> {
        let texts: Vec<&str> = arguments.iter().map(String::as_str).collect();
        Bridged::read(&texts)
    }

    #[test]
    fn reads_what_it_makes_and_nothing_else() {
        let bridged = bridged();
        let arguments = bridged.arguments();
        assert_eq!(read(&arguments), Some(bridged));
        for cut in 0..arguments.len() {
            assert_eq!(read(&arguments[..cut]), None, "{cut}");
        }
        assert_eq!(read(&[arguments, vec!["x".to_owned()]].concat()), None);
    }

    #[test]
    fn is_bound_to_the_address_and_the_names_as_they_are_written() {
        let bridged = bridged();
        let headers: Vec<_> = bridged.named_headers().collect();
        assert_eq!(headers, [("A", "b"), ("a", "c: d"), ("--", " e")]);
        let binding = bridged.binding();
        assert_eq!(Vec::from_iter(binding.names), ["--", "A", "a"]);
        let url = bridged.url;
        assert_eq!(binding.start, BoundStart::Remote { url });
    }
}
