//! The function `budget`.

use curfew_functions::serve_budget;

fn main() -> Result<(), lambda_runtime::Error> {
    serve_budget()
}
