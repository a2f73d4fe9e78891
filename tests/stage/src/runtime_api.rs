//! A small Lambda Runtime API: hands events to a bootstrap and takes its answers.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{Response, StatusCode};
use axum::routing::{get, post};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::{Mutex as AsyncMutex, Notify, mpsc, oneshot};

/// What a bootstrap answered.
pub type Answer = Result<Value, Value>;

/// The API that one bootstrap polls.
#[derive(Debug, Clone)]
pub struct RuntimeApi {
    /// `127.0.0.1:…`, as the bootstrap is told.
    pub address: String,
    events: mpsc::UnboundedSender<Event>,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Event {
    id: String,
    payload: Value,
    deadline: u128,
}

#[derive(Debug)]
struct Shared {
    polled: Notify,
    queue: AsyncMutex<mpsc::UnboundedReceiver<Event>>,
    waiting: Mutex<HashMap<String, oneshot::Sender<Answer>>>,
}

impl RuntimeApi {
    /// Starts it.
    ///
    /// # Errors
    /// If no port is free.
    pub async fn start() -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?.to_string();
        let (events, queue) = mpsc::unbounded_channel();
        let (polled, waiting) = (Notify::new(), Mutex::default());
        let shared = Arc::new(Shared { polled, queue: AsyncMutex::new(queue), waiting });
        let app = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(respond))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(fail))
            .route("/2018-06-01/runtime/init/error", post(init_error))
            .with_state(Arc::clone(&shared));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Ok(Self { address, events, shared })
    }

    /// The variables by which Lambda tells a bootstrap what it is, and where this is.
    pub fn variables(&self) -> [(&'static str, &str); 6] {
        [
            ("AWS_LAMBDA_RUNTIME_API", &self.address),
            ("AWS_LAMBDA_FUNCTION_NAME", "curfew"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
            ("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/curfew"),
            ("AWS_LAMBDA_LOG_STREAM_NAME", "local"),
        ]
    }

    /// Waits until the bootstrap asks for an event.
    pub async fn polled(&self) {
        self.shared.polled.notified().await;
    }

    /// Queues an event; the answer comes when the bootstrap has one.
    pub fn invoke(&self, payload: Value, within: Duration) -> oneshot::Receiver<Answer> {
        let id = uuid::Uuid::new_v4().to_string();
        let (answer, receiver) = oneshot::channel();
        self.shared.waiting.lock().unwrap_or_else(PoisonError::into_inner).insert(id.clone(), answer);
        #[allow(clippy::disallowed_methods, reason = "a deadline is an instant of the machine's clock")]
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        // A receiver that is gone is a bootstrap that is gone; its answer never comes.
        let _ = self.events.send(Event { id, payload, deadline: (now + within).as_millis() });
        receiver
    }
}

impl Shared {
    fn answer(&self, id: &str, answer: Answer) {
        let sender = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
        if let Some(sender) = sender {
            let _ = sender.send(answer);
        }
    }
}

async fn next(State(shared): State<Arc<Shared>>) -> Response<Body> {
    shared.polled.notify_one();
    let Some(event) = shared.queue.lock().await.recv().await else {
        return Response::builder().status(StatusCode::GONE).body(Body::empty()).unwrap_or_default();
    };
    Response::builder()
        .header("lambda-runtime-aws-request-id", event.id)
        .header("lambda-runtime-deadline-ms", event.deadline.to_string())
        .header("lambda-runtime-invoked-function-arn", "arn:aws:lambda:us-west-2:123456789012:function:curfew")
        .header("lambda-runtime-trace-id", "Root=1-00000000-000000000000000000000000")
        .body(Body::from(event.payload.to_string()))
        .unwrap_or_default()
}

async fn respond(State(shared): State<Arc<Shared>>, Path(id): Path<String>, body: Bytes) -> StatusCode {
    shared.answer(&id, Ok(serde_json::from_slice(&body).unwrap_or_default()));
    StatusCode::ACCEPTED
}

async fn fail(State(shared): State<Arc<Shared>>, Path(id): Path<String>, body: Bytes) -> StatusCode {
    shared.answer(&id, Err(serde_json::from_slice(&body).unwrap_or_default()));
    StatusCode::ACCEPTED
}

async fn init_error() -> StatusCode {
    StatusCode::ACCEPTED
}
