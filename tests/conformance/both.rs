//! The same thing of each side.

/// What the simulator has, and what the emulator has.
#[derive(Debug, Clone)]
pub struct Both<T> {
    /// The simulator's.
    pub simulated: T,
    /// The emulator's.
    pub emulated: T,
}

impl<T> Both<T> {
    /// The same made of each.
    pub fn map<U>(&self, make: impl Fn(&T) -> U) -> Both<U> {
        Both { simulated: make(&self.simulated), emulated: make(&self.emulated) }
    }

    /// The same made of each and of something else that both have.
    pub fn with<U, V>(&self, other: &Both<U>, make: impl Fn(&T, &U) -> V) -> Both<V> {
        Both { simulated: make(&self.simulated, &other.simulated), emulated: make(&self.emulated, &other.emulated) }
    }
}
