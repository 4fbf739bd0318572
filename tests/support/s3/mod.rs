//! An S3 server inside the test process, with faults on demand.
//!
//! It speaks real HTTP on a port of 127.0.0.1, checks signatures, keeps its objects in memory, and
//! runs on a thread of its own: usable from plain `#[test]`s, from `#[tokio::test]`s, and for the
//! real binary.
//!
//! ```ignore
//! mod support;
//! use support::s3::{Fault, Op, Rule, S3Server, S3State};
//!
//! let mut state = S3State::new();
//! state.bucket("logs").region("eu-west-1").owner("111122223333");
//! state.put("logs", "2024/a.gz", b"...");
//! state.bucket("big").generate(1_000_000);           // keys made on the fly, nothing stored
//! let server = S3Server::start(state);
//!
//! // The first two reads of one key answer 503, the third body is cut after 10 bytes.
//! server.fault(Rule::on(Op::GetObject).key("2024/a.gz").times(2), Fault::SlowDown);
//! server.fault(Rule::on(Op::GetObject).key("2024/a.gz").times(1), Fault::CutAfter(10));
//!
//! let options = SourceOptions { endpoint_url: Some(server.url()), .. };
//! // or for the binary: command.envs(server.env())
//! assert_eq!(server.count(Op::GetObject), 3);
//! assert_eq!(server.log()[1].if_match, None);
//! ```
//!
//! * Faults are tried in the order they were added; the first that matches and is not used up
//!   answers. `Rule::after(n)` lets n matching requests pass first.
//! * A bucket with a Region answers requests signed for another one with 301 and
//!   `x-amz-bucket-region`; one with an owner answers another expected owner with 403; one that is
//!   `public` answers requests without a signature; `requester_pays` refuses those who do not
//!   offer to pay; `versioned` gives every object a version id.
//! * `server.put` and `server.remove` change objects while a test runs.

mod fault;
mod service;
mod state;
mod wire;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;

pub use fault::{Fault, Op, Rule};
pub use state::{Bucket, Content, Object, S3State};
pub use wire::Logged;

/// The only access key the server knows.
pub const ACCESS_KEY: &str = "AKIAIOSFODNN7EXAMPLE";
/// Its secret.
pub const SECRET_KEY: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

/// A running server; stops when dropped.
pub struct S3Server {
    state: Arc<Mutex<S3State>>,
    url: String,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl S3Server {
    pub fn start(state: S3State) -> Self {
        let state = Arc::new(Mutex::new(state));
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
                    () = wire::serve(listener, shared) => {}
                    _ = stopped => {}
                }
            });
        });
        S3Server {
            state,
            url,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// `http://127.0.0.1:port`
    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// The environment with which the binary uses this server, and nothing of this machine's.
    pub fn env(&self) -> Vec<(&'static str, String)> {
        vec![
            ("AWS_ENDPOINT_URL_S3", self.url()),
            ("AWS_ACCESS_KEY_ID", ACCESS_KEY.to_owned()),
            ("AWS_SECRET_ACCESS_KEY", SECRET_KEY.to_owned()),
            ("AWS_REGION", "us-east-1".to_owned()),
            ("AWS_CONFIG_FILE", "/dev/null".to_owned()),
            ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null".to_owned()),
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
        ]
    }

    /// The state, to look at or to change while the server runs.
    pub fn state(&self) -> MutexGuard<'_, S3State> {
        self.state
            .lock()
            .expect("no test thread panicked in the state")
    }

    pub fn put(&self, bucket: &str, key: &str, bytes: impl AsRef<[u8]>) {
        self.state().put(bucket, key, bytes);
    }

    pub fn remove(&self, bucket: &str, key: &str) {
        self.state().bucket(bucket).objects.remove(key);
    }

    pub fn fault(&self, rule: Rule, fault: Fault) {
        self.state().fault(rule, fault);
    }

    /// All requests so far, in order.
    pub fn log(&self) -> Vec<Logged> {
        self.state().log.clone()
    }

    /// Requests so far of one operation.
    pub fn count(&self, op: Op) -> usize {
        self.state().log.iter().filter(|l| l.op == op).count()
    }

    /// Requests so far, by operation.
    pub fn counts(&self) -> BTreeMap<Op, usize> {
        let mut counts = BTreeMap::new();
        for logged in &self.state().log {
            *counts.entry(logged.op).or_default() += 1;
        }
        counts
    }
}

impl Drop for S3Server {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
