//! The function `start`.

use curfew_functions::{Function, serve};

fn main() -> Result<(), lambda_runtime::Error> {
    serve(Function::Start)
}
