//! The function `stop`.

use curfew_functions::{Function, serve};

fn main() -> Result<(), lambda_runtime::Error> {
    serve(Function::Stop)
}
