//! How the functions are linked.

fn main() {
    // A program at a fixed address needs no relocation, which would touch most of its constants before it begins.
    println!("cargo::rustc-link-arg-bins=-no-pie");
}
