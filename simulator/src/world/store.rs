//! The state bucket: documents with conditional writes, as S3 has them.

use std::collections::BTreeMap;

use curfew_core::ports::{Condition, Store, StoreError, Version};

use super::World;
use super::clock::pass;
use crate::faults::StoreFault;
use crate::latency::STORE;

/// Documents with their versions.
#[derive(Debug, Clone, Default)]
pub struct Documents(BTreeMap<String, (String, u64)>);

impl Documents {
    /// A document's text.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|(body, _)| body.as_str())
    }

    fn versioned(&self, name: &str) -> Option<(String, Version)> {
        self.0.get(name).map(|(body, version)| (body.clone(), Version(version.to_string())))
    }

    fn put(&mut self, name: &str, body: &str, condition: &Condition) -> Result<Version, StoreError> {
        let version = self.0.get(name).map(|(_, version)| *version);
        let holds = match condition {
            Condition::Absent => version.is_none(),
            Condition::Matches(wanted) => version.is_some_and(|version| version.to_string() == wanted.0),
        };
        if !holds {
            return Err(StoreError::Changed { document: name.to_owned() });
        }
        let version = version.unwrap_or_default() + 1;
        self.0.insert(name.to_owned(), (body.to_owned(), version));
        Ok(Version(version.to_string()))
    }
}

fn unavailable(document: &str, message: &str) -> StoreError {
    StoreError::Unavailable { document: document.to_owned(), message: message.to_owned() }
}

impl Store for World {
    async fn get(&self, document: &str) -> Result<Option<(String, Version)>, StoreError> {
        pass(STORE).await;
        let mut inner = self.simulation.now_inner();
        inner.count("s3:GetObject", 1);
        match inner.faults.of_store() {
            Some(StoreFault::Refused | StoreFault::LostAnswer) => Err(unavailable(document, "SlowDown")),
            None => Ok(inner.documents.versioned(document)),
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
                    let result = inner.documents.put(document, body, &condition);
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
