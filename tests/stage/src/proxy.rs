//! Between the SDK and the emulator: counts the calls, answers with faults, and cuts.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{Request, Response, StatusCode, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::net::TcpListener;

use crate::call::{Call, Kind};
use crate::fault::{Fault, Trap};

/// A proxy in front of an emulator.
#[derive(Debug, Clone)]
pub struct Proxy {
    /// Where it listens, `http://127.0.0.1:…`.
    pub endpoint: String,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    emulator: String,
    client: Client<HttpConnector, Body>,
    state: Mutex<Behaviour>,
}

#[derive(Debug, Default)]
struct Behaviour {
    calls: Vec<Call>,
    trap: Option<Trap>,
    /// What happens to each call the first time, or times.
    storm: Option<Storm>,
    /// The process that is cut.
    victim: Option<u32>,
    /// Whether the trap has struck.
    struck: Option<Call>,
}

/// Every call of a kind is struck so many times before it passes.
#[derive(Debug)]
struct Storm {
    fault: Fault,
    kind: Kind,
    times: usize,
    /// Services that it spares.
    spared: &'static [&'static str],
    /// By what a call says in full.
    struck: HashMap<u64, usize>,
}

impl Storm {
    fn strikes(&mut self, call: &Call, words: u64) -> Option<Fault> {
        if call.kind() != self.kind || self.spared.contains(&call.service.as_str()) {
            return None;
        }
        let struck = self.struck.entry(words).or_default();
        *struck += 1;
        (*struck <= self.times).then_some(self.fault)
    }
}

impl Proxy {
    /// Starts a proxy in front of an emulator.
    ///
    /// # Errors
    /// If no port is free.
    pub async fn start(emulator: &str) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let endpoint = format!("http://{}", listener.local_addr()?);
        let client = Client::builder(TokioExecutor::new()).build(HttpConnector::new());
        let shared = Arc::new(Shared { emulator: emulator.to_owned(), client, state: Mutex::default() });
        let app = Router::new().fallback(pass).with_state(Arc::clone(&shared));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Ok(Self { endpoint, shared })
    }

    /// Sets a trap, and forgets the one before.
    pub fn set(&self, trap: Trap) {
        let mut state = self.shared.lock();
        state.trap = Some(trap);
        state.struck = None;
    }

    /// From now on every different call of this kind is struck its first time, or times, but for some services'.
    pub fn storm(&self, fault: Fault, kind: Kind, times: usize, spared: &'static [&'static str]) {
        self.shared.lock().storm = Some(Storm { fault, kind, times, spared, struck: HashMap::new() });
    }

    /// The storm is over. Answers how many calls it struck.
    pub fn calm(&self) -> usize {
        self.shared.lock().storm.take().map_or(0, |storm| storm.struck.len())
    }

    /// Takes the trap away and tells which call it struck, if it did.
    pub fn clear(&self) -> Option<Call> {
        let mut state = self.shared.lock();
        state.trap = None;
        state.struck.take()
    }

    /// The process that a cut kills.
    pub fn aim(&self, process: Option<u32>) {
        self.shared.lock().victim = process;
    }

    /// The calls since the last time this was asked.
    pub fn calls(&self) -> Vec<Call> {
        std::mem::take(&mut self.shared.lock().calls)
    }

    /// Those of them that changed something of the account; what Curfew remembers and tells is its own business.
    pub fn changes(&self) -> Vec<Call> {
        let is_own = |call: &Call| matches!(call.service.as_str(), "s3" | "sns");
        self.calls().into_iter().filter(|call| call.kind() == Kind::Mutation && !is_own(call)).collect()
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Behaviour> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a call, and tells what is to happen to it.
    fn judge(&self, call: &Call, words: u64) -> Option<Fault> {
        let mut state = self.lock();
        state.calls.push(call.clone());
        if let Some(fault) = state.storm.as_mut().and_then(|storm| storm.strikes(call, words)) {
            return Some(fault);
        }
        let trap = state.trap.as_mut()?;
        let matches = match &trap.call {
            Some(name) => *name == call.to_string(),
            None => call.kind() == Kind::Mutation,
        };
        if !matches || trap.times == 0 {
            return None;
        }
        if trap.skip > 0 {
            trap.skip -= 1;
            return None;
        }
        trap.times -= 1;
        let fault = trap.fault;
        state.struck = Some(call.clone());
        Some(fault)
    }

    /// Kills the process that is aimed at, as a crash or a time-out would.
    fn cut(&self) {
        if let Some(process) = self.lock().victim.take() {
            let _ = std::process::Command::new("kill").args(["-9", &process.to_string()]).status();
        }
    }

    async fn forward(&self, request: Request<Body>) -> Response<Body> {
        let unreachable = |message: String| {
            Response::builder().status(StatusCode::BAD_GATEWAY).body(Body::from(message)).unwrap_or_default()
        };
        let (mut parts, body) = request.into_parts();
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        parts.uri = match format!("{}{path}", self.emulator).parse::<Uri>() {
            Ok(uri) => uri,
            Err(error) => return unreachable(error.to_string()),
        };
        match self.client.request(Request::from_parts(parts, body)).await {
            Ok(answer) => answer.map(Body::new),
            Err(error) => unreachable(error.to_string()),
        }
    }
}

/// What a call says, however often it is made: the run's mark is another one each time where each call makes another resource.
fn said(body: &[u8]) -> Vec<&[u8]> {
    let fields: Vec<&[u8]> = body.split(|byte| *byte == b'&').collect();
    let mark = fields.iter().find_map(|field| field.strip_suffix(b".Key=curfew%3Arun"));
    let is_mark =
        |field: &[u8]| mark.is_some_and(|tag| field.strip_prefix(tag).is_some_and(|rest| rest.starts_with(b".Value=")));
    fields.into_iter().filter(|field| !is_mark(field)).collect()
}

/// No request is larger.
const LARGEST: usize = 16 * 1024 * 1024;

async fn pass(State(shared): State<Arc<Shared>>, request: Request<Body>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST).await else {
        return Response::builder().status(StatusCode::BAD_REQUEST).body(Body::empty()).unwrap_or_default();
    };
    let call = Call::of(&parts, &body);
    let mut words = DefaultHasher::new();
    (parts.uri.path_and_query().map(|path| path.as_str()), said(&body)).hash(&mut words);
    let fault = shared.judge(&call, words.finish());
    let request = Request::from_parts(parts, Body::from(body));
    match fault {
        None => shared.forward(request).await,
        Some(Fault::CutBefore) => {
            shared.cut();
            Fault::CutBefore.answer(&call)
        }
        Some(Fault::CutAfter) => {
            let _ = shared.forward(request).await;
            shared.cut();
            Fault::CutAfter.answer(&call)
        }
        Some(Fault::AnswerLost) => {
            let _ = shared.forward(request).await;
            Fault::AnswerLost.answer(&call)
        }
        Some(fault @ (Fault::Throttled | Fault::ServerError | Fault::ExpiredCredentials | Fault::Denied)) => {
            fault.answer(&call)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::said;

    #[test]
    fn a_repeated_call_says_the_same_but_for_its_mark() {
        let call = |mark: &str, name: &str| {
            format!("Tag.1.Key=curfew%3Aname&Tag.1.Value={name}&Tag.2.Key=curfew%3Arun&Tag.2.Value={mark}")
        };
        let (first, again, other) = (call("run-1.1", "egress"), call("run-1.2", "egress"), call("run-1.1", "spare"));
        assert_eq!(said(first.as_bytes()), said(again.as_bytes()));
        assert_ne!(said(first.as_bytes()), said(other.as_bytes()));
        assert_ne!(said(b"{\"count\":1}"), said(b"{\"count\":2}"));
    }
}
