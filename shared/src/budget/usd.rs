//! Money.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

/// An amount in US dollars: finite, and nothing below zero.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize)]
pub struct Usd(f64);

/// Why a text is no amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an amount such as 65.10 or 1,234.56")]
pub struct InvalidUsd(pub String);

impl Usd {
    /// Nothing.
    pub const ZERO: Self = Self(0.0);

    /// An amount that was computed; what is no amount counts as nothing.
    pub fn computed(amount: f64) -> Self {
        if amount.is_finite() && amount > 0.0 { Self(amount) } else { Self::ZERO }
    }

    /// The amount.
    pub fn amount(self) -> f64 {
        self.0
    }

    /// So many times as much.
    #[must_use]
    pub fn times(self, factor: f64) -> Self {
        Self::computed(self.0 * factor)
    }

    /// How many hundredths of another amount it is, rounded.
    pub fn percent_of(self, whole: Self) -> Option<u64> {
        (whole > Self::ZERO).then(|| (self.0 / whole.0 * 100.0).round() as u64)
    }
}

/// Digits with a point, their thousands apart by commas or not at all. No sign, no exponent, no `NaN`.
impl FromStr for Usd {
    type Err = InvalidUsd;

    fn from_str(text: &str) -> Result<Self, InvalidUsd> {
        let invalid = || InvalidUsd(text.chars().take(40).collect());
        let (whole, cents) = text.split_once('.').unwrap_or((text, "0"));
        let is_grouped = match whole.split_once(',') {
            Some((first, rest)) => first.len() <= 3 && rest.split(',').all(|group| group.len() == 3),
            None => true,
        };
        let digits = whole.replace(',', "");
        let is_number = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
        // AWS's own pattern allows `.50`.
        let has_whole = is_number(&digits) || (whole.is_empty() && text.starts_with('.'));
        if !is_grouped || whole.starts_with(',') || !has_whole || !is_number(cents) {
            return Err(invalid());
        }
        let amount: f64 = format!("0{digits}.{cents}").parse().map_err(|_| invalid())?;
        if amount.is_finite() { Ok(Self(amount)) } else { Err(invalid()) }
    }
}

/// `65.10 USD`, with commas from a thousand on: what is wrong by a factor of 10^9 should look it.
impl fmt::Display for Usd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{:.2}", self.0);
        let (whole, cents) = text.split_once('.').unwrap_or((&text, "00"));
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        write!(f, ".{cents} USD")
    }
}
