//! The world as a run knows it.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{DateTime, Utc};
use curfew_core::model::{Action, Observation, Part, Unobserved};
use curfew_core::ports::*;

use super::super::id;
use super::{Change, Kept, World};

impl Cloud for World {
    async fn observe(&self, scope: Scope<'_>, parts: &BTreeSet<Part>, _: &Observation) -> Observation {
        self.stop_if_dead().await;
        let mut inner = self.inner();
        inner.looks.push(parts.clone());
        let mut seen = Observation::default();
        parts.iter().for_each(|part| inner.look(scope, part, &mut seen));
        seen
    }

    async fn perform(&self, scope: Scope<'_>, action: &Action, _: &Token) -> Result<(), ActionError> {
        self.gate(true).await;
        let result = self.perform_now(scope, action);
        self.gate(false).await;
        result
    }

    async fn overrides(&self, _: Scope<'_>) -> Result<FoundOverrides, Unobserved> {
        Ok(FoundOverrides { account: id("123456789012"), tags: self.inner().overrides.clone() })
    }
}

impl Store for World {
    async fn get(&self, document: &str) -> Result<Option<Stored>, StoreError> {
        self.stop_if_dead().await;
        let inner = self.inner();
        let written = inner.changes.contains(&Change::Stored(document.to_owned()));
        let garbled = written && inner.garbled.as_deref() == Some(document);
        let stored = inner.documents.get(document);
        Ok(stored.map(|document| {
            let body = document.body.clone();
            let body = if garbled { body.replace("\"desiredCount\": 2", "\"desiredCount\": 3") } else { body };
            let version = Version(document.version.to_string());
            Stored { body, version, written_at: document.written_at, read_at: inner.now }
        }))
    }

    async fn put(&self, document: &str, body: &str, condition: Condition) -> Result<Version, StoreError> {
        self.gate(true).await;
        let result = self.put_now(document, body, condition);
        self.gate(false).await;
        result
    }
}

impl World {
    fn put_now(&self, document: &str, body: &str, condition: Condition) -> Result<Version, StoreError> {
        let mut inner = self.inner();
        if inner.unwritable.as_deref() == Some(document) {
            return Err(StoreError::Unavailable { document: document.to_owned(), message: "denied".to_owned() });
        }
        let version = inner.documents.get(document).map(|there| there.version);
        let holds = match condition {
            Condition::Absent => version.is_none(),
            Condition::Matches(wanted) => version.is_some_and(|version| version.to_string() == wanted.0),
        };
        if !holds {
            return Err(StoreError::Changed { document: document.to_owned() });
        }
        let version = version.unwrap_or(0) + 1;
        let written_at = inner.now;
        inner.documents.insert(document.to_owned(), Kept { body: body.to_owned(), version, written_at });
        inner.changes.push(Change::Stored(document.to_owned()));
        if inner.repeated.take_if(|repeated| repeated == document).is_some() {
            return Err(StoreError::Changed { document: document.to_owned() });
        }
        Ok(Version(version.to_string()))
    }
}

impl Notifier for World {
    async fn send(&self, message: &Message) -> Result<(), NotSent> {
        self.gate(true).await;
        {
            let mut inner = self.inner();
            inner.messages.push(message.clone());
            inner.changes.push(Change::Told(message.subject.clone()));
        }
        self.gate(false).await;
        Ok(())
    }
}

impl Clock for World {
    fn now(&self) -> DateTime<Utc> {
        let inner = self.inner();
        inner.now + inner.skew
    }

    async fn sleep(&self, duration: Duration) {
        self.stop_if_dead().await;
        self.pass(duration);
    }
}

impl Progress for World {
    fn is_interrupted(&self) -> bool {
        self.inner().interrupted
    }
}
