//! A load balancer's own DNS name, which is another one every morning, in the texts that people write: rules of its own
//! backends, redirects, rewrites.

use super::ids::LoadBalancerName;

/// The DNS name that a load balancer has now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnName {
    /// The load balancer.
    pub load_balancer: LoadBalancerName,
    /// Its DNS name.
    pub dns_name: String,
}

impl OwnName {
    /// Whether a DNS name is one that AWS gave a load balancer of this name, now or before: `internal-` if it is, the name,
    /// a hyphen, a random part, a region's domain.
    pub fn is_of(dns_name: &str, load_balancer: &LoadBalancerName) -> bool {
        let lower = dns_name.to_ascii_lowercase();
        let own = lower.strip_prefix("internal-").unwrap_or(&lower);
        let name = load_balancer.as_str().to_ascii_lowercase();
        let rest = own.strip_prefix(&name).and_then(|rest| rest.strip_prefix('-'));
        rest.and_then(|rest| rest.split_once('.')).is_some_and(|(random, domain)| {
            let is_random = !random.is_empty() && random.chars().all(|c| c.is_ascii_alphanumeric());
            is_random && domain.contains("elb.") && domain.contains("amazonaws.com")
        })
    }

    /// The text with this name in the place of every other one that the load balancer had. One of another region stays:
    /// that is another load balancer. In a regular expression the dots keep their backslashes.
    pub fn put_into(&self, text: &str) -> String {
        let in_name = |c: char| c.is_ascii_alphanumeric() || "-.\\".contains(c);
        let mut written = String::new();
        let mut rest = text;
        while !rest.is_empty() {
            let end = rest.find(|c| !in_name(c)).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            written.push_str(&self.in_place_of(word));
            let separators = after.find(in_name).unwrap_or(after.len());
            written.push_str(&after[..separators]);
            rest = &after[separators..];
        }
        written
    }

    fn in_place_of(&self, word: &str) -> String {
        let plain = word.replace("\\.", ".");
        let (prefix, name) = match plain.strip_prefix("dualstack.") {
            Some(name) => ("dualstack.", name),
            None => ("", plain.as_str()),
        };
        let is_old = Self::is_of(name, &self.load_balancer) && is_same_region(name, &self.dns_name);
        if !is_old || name.eq_ignore_ascii_case(&self.dns_name) {
            return word.to_owned();
        }
        let new = format!("{prefix}{}", self.dns_name);
        if word.contains("\\.") { new.replace('.', "\\.") } else { new }
    }

    /// Whether a text names the load balancer by any DNS name that it has or had.
    pub fn is_named_in(load_balancer: &LoadBalancerName, text: &str) -> bool {
        let plain = text.replace("\\.", ".");
        let mut words = plain.split(|c: char| !(c.is_ascii_alphanumeric() || "-.".contains(c)));
        words.any(|word| Self::is_of(word.strip_prefix("dualstack.").unwrap_or(word), load_balancer))
    }
}

/// Whether two names are of one region, as far as they say it.
fn is_same_region(one: &str, other: &str) -> bool {
    let region = |name: &str| {
        let labels: Vec<String> = name.split('.').skip(1).map(str::to_ascii_lowercase).collect();
        let place = labels.iter().position(|label| label == "elb")?;
        labels.get(place.checked_sub(1)?).cloned()
    };
    match (region(one), region(other)) {
        (Some(one), Some(other)) => one == other,
        (Some(_) | None, None) | (None, Some(_)) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own() -> OwnName {
        let dns_name = "internal-Shop-9.eu-west-1.elb.amazonaws.com".to_owned();
        OwnName { load_balancer: "Shop".parse().expect("a name"), dns_name }
    }

    #[test]
    fn a_name_that_it_had_is_replaced_wherever_it_stands() {
        for (before, after) in [
            ("internal-Shop-1.eu-west-1.elb.amazonaws.com", "internal-Shop-9.eu-west-1.elb.amazonaws.com"),
            ("internal-shop-1.eu-west-1.elb.amazonaws.com", "internal-Shop-9.eu-west-1.elb.amazonaws.com"),
            (
                "dualstack.shop-1.eu-west-1.elb.amazonaws.com:8080/x",
                "dualstack.internal-Shop-9.eu-west-1.elb.amazonaws.com:8080/x",
            ),
            (
                r"^internal-shop-1\.eu-west-1\.elb\.amazonaws\.com$",
                r"^internal-Shop-9\.eu-west-1\.elb\.amazonaws\.com$",
            ),
            ("a b, shop-1.eu-west-1.elb.amazonaws.com", "a b, internal-Shop-9.eu-west-1.elb.amazonaws.com"),
        ] {
            assert_eq!(own().put_into(before), after);
            assert_eq!(own().put_into(after), after, "once is enough");
            assert!(OwnName::is_named_in(&own().load_balancer, before), "{before}");
        }
    }

    #[test]
    fn what_is_another_load_balancers_stays() {
        for text in [
            "shop.example.com",
            "internal-shop-staging-1.eu-west-1.elb.amazonaws.com",
            "shop-1.us-west-2.elb.amazonaws.com",
            "internal-shop-*.eu-west-1.elb.amazonaws.com",
            "#{host}",
            "",
        ] {
            assert_eq!(own().put_into(text), text);
        }
    }
}
