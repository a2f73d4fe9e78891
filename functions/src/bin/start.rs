//! The function `start`.

use curfew_functions::{Function, serve};

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    serve(Function::Start).await
}
