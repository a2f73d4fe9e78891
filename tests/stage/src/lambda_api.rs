//! A small Lambda endpoint: invokes the real functions for whoever asks with an SDK.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::Response;
use axum::routing::post;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::Mutex;

use crate::function::{Function, Invoked};
use crate::proxy::Proxy;

/// The endpoint. A function is found by the end of its name: `curfew-dev-start` is `start`.
#[derive(Debug)]
pub struct LambdaApi {
    /// Where it listens, `http://127.0.0.1:…`.
    pub endpoint: String,
}

#[derive(Debug)]
struct Shared {
    functions: HashMap<String, Mutex<Function>>,
    within: Duration,
    proxy: Proxy,
}

impl LambdaApi {
    /// Starts it.
    ///
    /// # Errors
    /// If no port is free.
    pub async fn start(functions: HashMap<String, Function>, within: Duration, proxy: Proxy) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let endpoint = format!("http://{}", listener.local_addr()?);
        let functions = functions.into_iter().map(|(name, function)| (name, Mutex::new(function))).collect();
        let app = Router::new()
            .route("/2015-03-31/functions/{name}/invocations", post(invoke))
            .with_state(Arc::new(Shared { functions, within, proxy }));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Ok(Self { endpoint })
    }
}

async fn invoke(State(shared): State<Arc<Shared>>, Path(name): Path<String>, body: Bytes) -> Response<Body> {
    let Some(function) = shared.functions.iter().find(|(verb, _)| name.ends_with(*verb)).map(|(_, found)| found) else {
        let message = json!({ "Type": "User", "Message": format!("Function not found: {name}") });
        return answer(404, ("x-amzn-errortype", "ResourceNotFoundException"), &message);
    };
    let payload = serde_json::from_slice(&body).unwrap_or_default();
    match function.lock().await.invoke(payload, shared.within, &shared.proxy).await {
        Ok(Invoked::Report(report)) => answer(200, ("x-amz-executed-version", "$LATEST"), &report),
        Ok(Invoked::Error(error)) => answer(200, ("x-amz-function-error", "Unhandled"), &error),
        Ok(Invoked::Killed) | Err(_) => {
            let message = json!({ "errorType": "Runtime.ExitError", "errorMessage": "the function ended by force" });
            answer(200, ("x-amz-function-error", "Unhandled"), &message)
        }
    }
}

fn answer(status: u16, header: (&str, &str), body: &Value) -> Response<Body> {
    let answer = Response::builder().status(status).header("content-type", "application/json");
    answer.header(header.0, header.1).body(Body::from(body.to_string())).unwrap_or_default()
}
