//! The function `budget`.

use curfew_functions::serve_budget;

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    serve_budget().await
}
