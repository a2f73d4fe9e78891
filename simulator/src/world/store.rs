//! The state bucket: documents with conditional writes, as S3 has them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use curfew_core::ports::{Condition, Store, StoreError, Stored, Version};

use super::World;
use super::clock::pass;
use crate::faults::StoreFault;
use crate::latency::STORE;

/// Documents with their versions.
#[derive(Debug, Clone, Default)]
pub struct Documents(BTreeMap<String, Kept>);

/// A document as it is.
#[derive(Debug, Clone)]
struct Kept {
    body: String,
    version: u64,
    written_at: DateTime<Utc>,
}

impl Documents {
    /// A document's text.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|kept| kept.body.as_str())
    }

    /// When a document was written.
    pub fn written_at(&self, name: &str) -> Option<DateTime<Utc>> {
        self.0.get(name).map(|kept| kept.written_at)
    }

    fn stored(&self, name: &str, read_at: DateTime<Utc>) -> Option<Stored> {
        let Kept { body, version, written_at } = self.0.get(name)?.clone();
        Some(Stored { body, version: Version(version.to_string()), written_at, read_at })
    }

    fn put(
        &mut self,
        name: &str,
        body: &str,
        condition: &Condition,
        written_at: DateTime<Utc>,
    ) -> Result<Version, StoreError> {
        let version = self.0.get(name).map(|kept| kept.version);
        let holds = match condition {
            Condition::Absent => version.is_none(),
            Condition::Matches(wanted) => version.is_some_and(|version| version.to_string() == wanted.0),
        };
        if !holds {
            return Err(StoreError::Changed { document: name.to_owned() });
        }
        let version = self.next_version();
        self.0.insert(name.to_owned(), Kept { body: body.to_owned(), version, written_at });
        Ok(Version(version.to_string()))
    }

    /// No two writes have the same.
    fn next_version(&self) -> u64 {
        self.0.values().map(|kept| kept.version).max().unwrap_or_default() + 1
    }

    /// Somebody writes a document by hand, or deletes it.
    pub fn set_by_hand(&mut self, name: &str, body: Option<String>, written_at: DateTime<Utc>) {
        let version = self.next_version();
        match body {
            Some(body) => self.0.insert(name.to_owned(), Kept { body, version, written_at }),
            None => self.0.remove(name),
        };
    }
}

fn unavailable(document: &str, message: &str) -> StoreError {
    StoreError::Unavailable { document: document.to_owned(), message: message.to_owned() }
}

impl Store for World {
    async fn get(&self, document: &str) -> Result<Option<Stored>, StoreError> {
        pass(STORE).await;
        let now = self.simulation.now();
        let mut inner = self.simulation.now_inner();
        inner.count("s3:GetObject", 1);
        match inner.faults.of_store() {
            Some(StoreFault::Refused | StoreFault::LostAnswer) => Err(unavailable(document, "SlowDown")),
            None => Ok(inner.documents.stored(document, now)),
        }
    }

    async fn put(&self, document: &str, body: &str, condition: Condition) -> Result<Version, StoreError> {
        let number = self.crash.before().await;
        pass(STORE).await;
        let result = {
            let now = self.simulation.now();
            let mut inner = self.simulation.now_inner();
            inner.count("s3:PutObject", 1);
            let fault = inner.faults.of_store();
            match fault {
                Some(StoreFault::Refused) => Err(unavailable(document, "SlowDown")),
                Some(StoreFault::LostAnswer) | None => {
                    let result = inner.documents.put(document, body, &condition, now);
                    let word = if result.is_ok() { "stores" } else { "loses the race for" };
                    inner.trace.add(now, format!("{} {word} {document}", self.run));
                    match (result, fault) {
                        (Ok(_), Some(_)) => Err(unavailable(document, "no answer in time")),
                        (result, _) => result,
                    }
                }
            }
        };
        self.crash.after(number).await;
        pass(STORE).await;
        result
    }
}
