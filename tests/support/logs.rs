//! Amazon CloudWatch Logs inside the test process: the calls that magpie makes, JSON 1.1 over real
//! HTTP, with the service's limits enforced and faults on demand.
//!
//! ```ignore
//! let logs = LogsServer::start();
//! logs.fault("PutLogEvents", 1, Fault::CutAfter);      // the second one is taken, and not answered
//! command.envs(logs.env());
//! assert_eq!(logs.messages(GROUP, stream).len(), 3);
//! assert_eq!(logs.count("PutLogEvents"), 2);
//! ```
//!
//! Signatures are not checked, only that there is one.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};

/// Macie's own log group.
pub const GROUP: &str = "/aws/macie/classificationjobs";

const HOUR: i64 = 3_600_000;

/// What goes wrong with one call.
#[derive(Clone)]
pub enum Fault {
    /// The connection is closed before anything is done.
    CutBefore,
    /// The call is carried out, and the connection is closed instead of an answer.
    CutAfter,
    /// The call is refused so.
    Error(u16, &'static str),
    /// The call is carried out, and then refused so.
    ErrorAfter(u16, &'static str),
    /// Something happens before the call is carried out; then the connection is closed.
    DoBefore(Arc<dyn Fn() + Send + Sync>),
    /// The call is carried out, then something happens; then the connection is closed.
    DoAfter(Arc<dyn Fn() + Send + Sync>),
}

/// An event of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub timestamp: i64,
    pub message: String,
}

#[derive(Default)]
pub struct LogsState {
    /// By group and stream.
    pub groups: BTreeMap<String, BTreeMap<String, Vec<Event>>>,
    faults: Vec<(&'static str, usize, Fault)>,
    /// The calls so far.
    pub calls: Vec<String>,
    /// Events in each batch that was taken.
    pub batches: Vec<usize>,
    /// Calls of GetLogEvents that do not see the last batch yet.
    pub hidden: usize,
    /// Events in one page of a stream.
    pub page: Option<usize>,
    /// Hours that groups keep events.
    pub retention_hours: Option<i64>,
}

pub struct LogsServer {
    state: Arc<Mutex<LogsState>>,
    url: String,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl LogsServer {
    pub fn start() -> Self {
        let state = Arc::new(Mutex::new(LogsState::default()));
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("bind a local port");
        listener.set_nonblocking(true).expect("set non-blocking");
        let url = format!("http://{}", listener.local_addr().expect("local address"));
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let shared = state.clone();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("build a runtime");
            runtime.block_on(async {
                tokio::select! {
                    () = serve(listener, shared) => {}
                    _ = stopped => {}
                }
            });
        });
        LogsServer {
            state,
            url,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// The environment with which the binary uses this server, and nothing of this machine's.
    pub fn env(&self) -> Vec<(&'static str, String)> {
        env(&self.url)
    }

    pub fn state(&self) -> MutexGuard<'_, LogsState> {
        self.state.lock().expect("no thread panicked in the state")
    }

    /// The call of this name after so many others of it meets a fault.
    pub fn fault(&self, call: &'static str, after: usize, fault: Fault) {
        self.state().faults.push((call, after, fault));
    }

    pub fn count(&self, call: &str) -> usize {
        self.state().calls.iter().filter(|c| *c == call).count()
    }

    pub fn streams(&self, group: &str) -> Vec<String> {
        let state = self.state();
        let streams = state.groups.get(group).map(|g| g.keys().cloned().collect());
        streams.unwrap_or_default()
    }

    pub fn events(&self, group: &str, stream: &str) -> Vec<Event> {
        let state = self.state();
        let events = state.groups.get(group).and_then(|g| g.get(stream));
        events.cloned().unwrap_or_default()
    }

    pub fn messages(&self, group: &str, stream: &str) -> Vec<String> {
        let events = self.events(group, stream);
        events.into_iter().map(|e| e.message).collect()
    }
}

/// The environment with which the binary uses a service at `url`, and nothing of this machine's.
pub fn env(url: &str) -> Vec<(&'static str, String)> {
    vec![
        ("AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", url.to_owned()),
        ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI".to_owned()),
        ("AWS_REGION", "eu-central-1".to_owned()),
        ("AWS_CONFIG_FILE", "/dev/null".to_owned()),
        ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null".to_owned()),
        ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
        ("AWS_MAX_ATTEMPTS", "3".to_owned()),
    ]
}

impl Drop for LogsServer {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

type StdError = Box<dyn std::error::Error + Send + Sync>;

async fn serve(listener: std::net::TcpListener, state: Arc<Mutex<LogsState>>) {
    let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
    loop {
        let Ok((socket, _)) = listener.accept().await else {
            continue;
        };
        let state = state.clone();
        tokio::spawn(async move {
            let answer = service_fn(|request| answer(&state, request));
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(socket), answer)
                .await;
        });
    }
}

async fn answer(
    state: &Mutex<LogsState>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, StdError> {
    let header = |name: &str| request.headers().get(name).and_then(|v| v.to_str().ok());
    let call = header("x-amz-target")
        .and_then(|t| t.strip_prefix("Logs_20140328."))
        .unwrap_or_default()
        .to_owned();
    let signed = header("authorization").is_some_and(|a| a.contains("/logs/aws4_request"));
    let body = request.into_body().collect().await?.to_bytes();
    let input: Value = serde_json::from_slice(&body)?;
    let mut state = state.lock().expect("state");
    let before = state.calls.iter().filter(|c| **c == call).count();
    state.calls.push(call.clone());
    if !signed {
        return Ok(refusal(
            403,
            "MissingAuthenticationTokenException",
            "not signed",
        ));
    }
    let fault = state
        .faults
        .iter()
        .find(|(of, after, _)| *of == call && *after == before)
        .map(|(_, _, fault)| fault.clone());
    match &fault {
        Some(Fault::CutBefore) => return Err("cut".into()),
        Some(Fault::Error(status, code)) => return Ok(refusal(*status, code, "as the test wants")),
        Some(Fault::DoBefore(then)) => {
            then();
            return Err("cut".into());
        }
        _ => {}
    }
    let answer = state.call(&call, &input);
    match fault {
        Some(Fault::CutAfter) => return Err("cut".into()),
        Some(Fault::ErrorAfter(status, code)) => {
            return Ok(refusal(status, code, "as the test wants"));
        }
        Some(Fault::DoAfter(then)) => {
            then();
            return Err("cut".into());
        }
        _ => {}
    }
    Ok(match answer {
        Ok(output) => Response::builder()
            .header("content-type", "application/x-amz-json-1.1")
            .body(Full::new(Bytes::from(output.to_string())))?,
        Err((code, message)) => refusal(400, code, &message),
    })
}

fn refusal(status: u16, code: &str, message: &str) -> Response<Full<Bytes>> {
    let body = json!({ "__type": code, "message": message }).to_string();
    Response::builder()
        .status(status)
        .header("content-type", "application/x-amz-json-1.1")
        .body(Full::new(Bytes::from(body)))
        .expect("a response")
}

type Answer = Result<Value, (&'static str, String)>;

impl LogsState {
    fn call(&mut self, call: &str, input: &Value) -> Answer {
        let text = |name: &str| input[name].as_str().unwrap_or_default().to_owned();
        let (group, stream) = (text("logGroupName"), text("logStreamName"));
        let exists = || {
            let message = "The specified log group or stream already exists".to_owned();
            ("ResourceAlreadyExistsException", message)
        };
        match call {
            "CreateLogGroup" if self.groups.contains_key(&group) => Err(exists()),
            "CreateLogGroup" => {
                self.groups.insert(group, BTreeMap::new());
                Ok(json!({}))
            }
            "CreateLogStream" => {
                let streams = self.groups.get_mut(&group).ok_or_else(missing)?;
                if streams.contains_key(&stream) {
                    return Err(exists());
                }
                streams.insert(stream, Vec::new());
                Ok(json!({}))
            }
            "PutLogEvents" => self.put(&group, &stream, input),
            "GetLogEvents" => self.get(&group, &stream, input),
            other => Err(("UnknownOperationException", other.to_owned())),
        }
    }

    fn put(&mut self, group: &str, stream: &str, input: &Value) -> Answer {
        let events: Vec<Event> = input["logEvents"]
            .as_array()
            .ok_or_else(|| wrong("no logEvents"))?
            .iter()
            .map(|e| Event {
                timestamp: e["timestamp"].as_i64().unwrap_or(-1),
                message: e["message"].as_str().unwrap_or_default().to_owned(),
            })
            .collect();
        let stored = self
            .groups
            .get_mut(group)
            .and_then(|g| g.get_mut(stream))
            .ok_or_else(missing)?;
        if events.is_empty() || events.len() > 10_000 {
            return Err(wrong("1 to 10000 events are allowed"));
        }
        let bytes: usize = events.iter().map(|e| e.message.len() + 26).sum();
        if bytes > 1_048_576 {
            return Err(wrong("Upload too large: more than 1048576 bytes"));
        }
        if events
            .iter()
            .any(|e| e.message.is_empty() || e.timestamp < 0)
        {
            return Err(wrong("an event lacks its message or time"));
        }
        if !events.is_sorted_by_key(|e| e.timestamp) {
            return Err(wrong(
                "Log events in a single request must be in chronological order",
            ));
        }
        if events[events.len() - 1].timestamp - events[0].timestamp > 24 * HOUR {
            return Err(wrong("The batch spans more than 24 hours"));
        }
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = since.expect("after 1970").as_millis() as i64;
        let until = |hours: i64| events.partition_point(|e| e.timestamp < now - hours * HOUR);
        let old = until(14 * 24);
        let expired = self.retention_hours.map_or(0, until);
        let new = events.partition_point(|e| e.timestamp <= now + 2 * HOUR);
        let mut info = serde_json::Map::new();
        if old > 0 {
            info.insert("tooOldLogEventEndIndex".into(), old.into());
        }
        if expired > 0 {
            info.insert("expiredLogEventEndIndex".into(), expired.into());
        }
        if new < events.len() {
            info.insert("tooNewLogEventStartIndex".into(), new.into());
        }
        let taken = &events[old.max(expired)..new];
        self.batches.push(taken.len());
        stored.extend_from_slice(taken);
        Ok(match info.is_empty() {
            true => json!({ "nextSequenceToken": "ignored" }),
            false => json!({ "rejectedLogEventsInfo": info }),
        })
    }

    /// Pages from the end of the stream backwards; tokens are the end of the page before.
    fn get(&mut self, group: &str, stream: &str, input: &Value) -> Answer {
        let stored = self
            .groups
            .get(group)
            .and_then(|g| g.get(stream))
            .ok_or_else(missing)?;
        if input["startFromHead"].as_bool() == Some(true) {
            return Err(wrong("this server only reads from the end"));
        }
        let mut seen = stored.len();
        if self.hidden > 0 {
            self.hidden -= 1;
            seen -= self.batches.last().copied().unwrap_or(0).min(seen);
        }
        let token = input["nextToken"].as_str();
        let end = token
            .and_then(|t| t.strip_prefix("b/"))
            .and_then(|t| t.parse::<usize>().ok())
            .map_or(seen, |end| end.min(seen));
        let start = end.saturating_sub(self.page.unwrap_or(10_000));
        let events: Vec<Value> = stored[start..end]
            .iter()
            .map(|e| json!({ "timestamp": e.timestamp, "message": e.message, "ingestionTime": 0 }))
            .collect();
        Ok(json!({
            "events": events,
            "nextBackwardToken": format!("b/{start}"),
            "nextForwardToken": format!("f/{end}"),
        }))
    }
}

fn missing() -> (&'static str, String) {
    let message = "The specified log group or stream does not exist.".to_owned();
    ("ResourceNotFoundException", message)
}

fn wrong(message: &str) -> (&'static str, String) {
    ("InvalidParameterException", message.to_owned())
}
