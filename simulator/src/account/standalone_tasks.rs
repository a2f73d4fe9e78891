//! Tasks that no service started: scheduled ones, and those that somebody runs by hand. They end by themselves.

use chrono::TimeDelta;
use curfew_core::model::StandaloneTask;

use super::Account;
use super::timetable::Event;

impl Account {
    /// Runs a task that ends after so long.
    pub(crate) fn run_task(&mut self, family: &str, lasts: TimeDelta) {
        let number = self.number(&format!("standalone task {family}"));
        let task = StandaloneTask { task_definition: format!("{family}:1"), id: format!("{number:032x}") };
        self.standalone_tasks.insert(task.clone(), self.now);
        self.timetable.add(self.now + lasts, Event::StandaloneTaskEnded(task));
    }

    pub(super) fn standalone_task_ended(&mut self, task: &StandaloneTask) {
        self.standalone_tasks.remove(task);
    }
}
