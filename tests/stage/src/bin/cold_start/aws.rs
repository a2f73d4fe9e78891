//! An AWS that knows one parameter and denies the rest: what it takes to be answered at all.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde_json::json;
use tokio::net::TcpListener;

/// Where the functions find it.
#[derive(Debug)]
pub struct Aws {
    /// Its URL.
    pub endpoint: String,
}

impl Aws {
    /// Starts it.
    ///
    /// # Errors
    /// If no port is free.
    pub async fn start(blueprint: String) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let endpoint = format!("http://{}", listener.local_addr()?);
        let app = Router::new().fallback(answer).with_state(Arc::new(blueprint));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Ok(Self { endpoint })
    }
}

async fn answer(State(blueprint): State<Arc<String>>, headers: HeaderMap) -> (StatusCode, String) {
    match headers.get("x-amz-target").and_then(|target| target.to_str().ok()) {
        Some("AmazonSSM.GetParameter") => (StatusCode::OK, json!({ "Parameter": { "Value": *blueprint } }).to_string()),
        Some(_) | None => (StatusCode::FORBIDDEN, json!({ "__type": "AccessDeniedException" }).to_string()),
    }
}
