//! What is printed, also where nobody reads it: a closed or full output is told by the exit code and is no panic.

use std::fmt::Arguments;
use std::io::{self, ErrorKind, Write};
use std::sync::{Mutex, PoisonError};

static FAILED: Mutex<Option<io::Error>> = Mutex::new(None);

/// Prints on standard output, without styles where it does not show them.
pub fn print(text: Arguments<'_>) {
    let mut output = anstream::stdout().lock();
    if let Err(error) = output.write_fmt(text).and_then(|()| output.flush()) {
        FAILED.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
    }
}

/// Tells something on standard error. Where that is closed or full, nobody is there to be told.
pub fn tell(text: Arguments<'_>) {
    anstream::stderr().lock().write_fmt(text).ok();
}

/// Why what was printed did not arrive. That a reader went away, as `head` does, is no failure.
pub fn failure() -> Option<io::Error> {
    let failed = FAILED.lock().unwrap_or_else(PoisonError::into_inner).take();
    failed.filter(|error| error.kind() != ErrorKind::BrokenPipe)
}

/// A line on standard output.
#[macro_export]
macro_rules! say {
    ($($text:tt)*) => { $crate::output::print(format_args!("{}\n", format_args!($($text)*))) };
}

/// A line on standard error.
#[macro_export]
macro_rules! tell {
    ($($text:tt)*) => { $crate::output::tell(format_args!("{}\n", format_args!($($text)*))) };
}
