//! What a schedule will say: as a picture of weeks, as its differences from another one, and as answers to questions.
//!
//! Pure, like the schedule itself: the instants are arguments.

mod answer;
mod disagreement;
mod picture;
mod stretches;
mod week;

pub use answer::Answerer;
pub use disagreement::{Disagreement, disagreements};
pub use picture::{Cell, ClockChange, Day, Strip};
pub use stretches::{Stretch, stretches};
pub use week::{MOST_WEEKS, NotShown, Uptime, Weeks, Window, weeks};
