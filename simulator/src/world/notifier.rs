//! What people are told.

use curfew_core::ports::{Message, NotSent, Notifier};

use super::World;

impl Notifier for World {
    async fn send(&self, message: &Message) -> Result<(), NotSent> {
        let number = self.crash.before().await;
        let fault = {
            let now = self.simulation.now();
            let mut inner = self.simulation.now_inner();
            inner.count("sns:Publish", 1);
            let fault = inner.faults.of_message();
            if fault.is_none() {
                inner.trace.add(now, format!("{} tells: {}", self.run, message.subject));
                inner.messages.push((now, message.clone()));
            }
            fault
        };
        self.crash.after(number).await;
        fault.map_or(Ok(()), Err)
    }
}
