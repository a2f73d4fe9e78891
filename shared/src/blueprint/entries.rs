//! The entries of a mapping, read with everything that is wrong in any of them.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use deserr::{DeserializeError, Deserr, ErrorKind, IntoValue, Map, Value, ValueKind, ValuePointerRef, take_cf_content};

/// A mapping under way to a [`BTreeMap`].
///
/// deserr 0.6.4 reads maps itself, but forgets the errors that it met on the way and leaves those entries out: a load
/// balancer with a mistake would silently be none. Every map of the schema is therefore read through this.
#[derive(Debug)]
pub struct Entries<K, V>(BTreeMap<K, V>);

impl<K, V> Entries<K, V> {
    /// The map.
    pub fn into_map(self) -> BTreeMap<K, V> {
        self.0
    }
}

/// What can be a key of a mapping.
pub trait Key: Ord + Sized {
    /// Reads it, or says what would be right.
    fn read(text: &str) -> Result<Self, String>;
}

impl Key for String {
    fn read(text: &str) -> Result<Self, String> {
        Ok(text.to_owned())
    }
}

impl Key for u16 {
    fn read(text: &str) -> Result<Self, String> {
        // Written as the number is printed: `80` and `080` would be one key.
        let number = text.parse().ok().filter(|number: &Self| number.to_string() == text);
        number.ok_or_else(|| format!("`{text}` is not a number from 0 to {}", Self::MAX))
    }
}

impl<K: Key, V: Deserr<E>, E: DeserializeError> Deserr<E> for Entries<K, V> {
    fn deserialize_from_value<S: IntoValue>(value: Value<S>, location: ValuePointerRef<'_>) -> Result<Self, E> {
        let Value::Map(map) = value else {
            let kind = ErrorKind::IncorrectValueKind { actual: value, accepted: &[ValueKind::Map] };
            return Err(take_cf_content(E::error(None, kind, location)));
        };
        let (mut entries, mut so_far) = (BTreeMap::new(), None);
        for (name, value) in map.into_iter() {
            let place = location.push_key(&name);
            let found = match (K::read(&name), V::deserialize_from_value(value.into_value(), place)) {
                (Ok(key), Ok(value)) if !entries.contains_key(&key) => {
                    entries.insert(key, value);
                    continue;
                }
                (Ok(_), Ok(_)) => {
                    let msg = "another key means the same".to_owned();
                    E::error::<S>(so_far, ErrorKind::Unexpected { msg }, place)
                }
                (Ok(_), Err(error)) => E::merge(so_far, error, place),
                (Err(message), _) => E::error::<S>(so_far, ErrorKind::Unexpected { msg: message }, place),
            };
            match found {
                ControlFlow::Continue(error) => so_far = Some(error),
                ControlFlow::Break(error) => return Err(error),
            }
        }
        so_far.map_or(Ok(Self(entries)), Err)
    }
}
