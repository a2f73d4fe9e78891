//! Where time is virtual: it jumps to the next thing that anybody waits for.

/// Runs something whose time is virtual.
///
/// # Panics
/// If tokio cannot make a runtime; one without input and output takes nothing from the machine.
pub fn in_virtual_time<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.unwrap_or_else(|error| unreachable!("a runtime without input and output: {error}")).block_on(work)
}
