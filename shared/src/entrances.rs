//! Where people get in: the URLs of an environment that is up.

use serde::Serialize;

use crate::model::*;

/// A URL, and whether it is the same tomorrow.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entrance {
    /// The URL.
    pub url: String,
    /// How long it is good for.
    pub lasts: Lasts,
}

/// How long a URL is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lasts {
    /// A DNS record leads there every day.
    EveryDay,
    /// It is the load balancer's own name, and the next load balancer has another one.
    UntilTheNextMorning,
}

/// The entrances of a tier: its DNS records' names; the own name of a load balancer that has no record.
///
/// The scheme and the port are those of the load balancer's listener that people mean: HTTPS before HTTP, 443 and 80
/// before other ports. A load balancer without listeners has no entrance, nor has a record for any name (`*`).
pub fn entrances(tier: &RuntimeTier, seen: &Observation) -> Vec<Entrance> {
    let mut found = Vec::new();
    for (name, load_balancer) in &tier.load_balancers {
        let Some(door) = load_balancer.listeners.iter().map(Door::of).min() else { continue };
        let mut records = tier.dns_records.iter().filter(|(_, record)| record.load_balancer == *name).peekable();
        if records.peek().is_none() {
            let own_name = seen.load_balancers.get(name).and_then(Seen::standing).map(|there| &there.dns_name);
            let lasts = Lasts::UntilTheNextMorning;
            found.extend(own_name.map(|host| Entrance { url: door.url(host), lasts }));
        }
        let names = records.map(|(key, _)| &key.name).filter(|name| !name.starts_with(['*', '\\']));
        found.extend(names.map(|host| Entrance { url: door.url(host), lasts: Lasts::EveryDay }));
    }
    // A name has an A and an AAAA record.
    found.sort();
    found.dedup();
    found
}

/// A listener as people meet it, best first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Door {
    protocol: Preference,
    needs_port: bool,
    port: u16,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Preference {
    Https,
    Http,
}

impl Door {
    fn of((port, listener): (&u16, &Listener)) -> Self {
        let (protocol, usual) = match listener.protocol {
            Protocol::Https => (Preference::Https, 443),
            Protocol::Http => (Preference::Http, 80),
        };
        Self { protocol, needs_port: *port != usual, port: *port }
    }

    fn url(&self, host: &str) -> String {
        let scheme = match self.protocol {
            Preference::Https => "https",
            Preference::Http => "http",
        };
        if self.needs_port { format!("{scheme}://{host}:{}", self.port) } else { format!("{scheme}://{host}") }
    }
}
