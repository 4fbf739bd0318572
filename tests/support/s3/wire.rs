//! HTTP: the socket, the log of requests, and the faults that are answers or broken connections.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Frame, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};

use super::fault::{Fault, Op};
use super::service::{Anyone, Ignore, Service};
use super::state::S3State;
use super::{ACCESS_KEY, SECRET_KEY};

/// One request.
#[derive(Clone, Debug)]
pub struct Logged {
    pub op: Op,
    pub bucket: String,
    pub key: String,
    pub query: String,
    pub range: Option<String>,
    pub if_match: Option<String>,
    pub expected_owner: Option<String>,
    pub request_payer: Option<String>,
    /// The Region of the signature; `None` without one.
    pub region: Option<String>,
}

/// Time in which the bytes before a cut are sent.
const FLUSH_PAUSE: Duration = Duration::from_millis(20);

type StdError = Box<dyn std::error::Error + Send + Sync>;

pub(super) async fn serve(listener: std::net::TcpListener, state: Arc<Mutex<S3State>>) {
    let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
    let mut builder = S3ServiceBuilder::new(Service(state.clone()));
    builder.set_auth(SimpleAuth::from_single(ACCESS_KEY, SECRET_KEY));
    builder.set_access(Anyone);
    let service = builder.build();
    loop {
        let Ok((socket, _)) = listener.accept().await else {
            continue;
        };
        let (state, service) = (state.clone(), service.clone());
        tokio::spawn(async move {
            let answer = service_fn(|request| answer(&state, &service, request));
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(socket), answer)
                .await;
        });
    }
}

async fn answer(
    state: &Mutex<S3State>,
    service: &S3Service,
    mut request: Request<Incoming>,
) -> Result<Response<Faulty>, StdError> {
    let logged = logged(&request);
    let _under_way = UnderWay(state);
    let (fault, moved) = {
        let mut state = state.lock().expect("state");
        state.under_way += 1;
        state.peak = state.peak.max(state.under_way);
        state.log.push(logged.clone());
        let fault = state.fault_of(&logged);
        let home = state
            .buckets
            .get(&logged.bucket)
            .and_then(|b| b.region_name())
            .map(str::to_owned);
        let moved = home.filter(|home| logged.region.as_ref().is_some_and(|r| r != home));
        (fault, moved)
    };
    let mut cut = None;
    let mut hide_etag = false;
    if let Some(fault) = fault {
        if let Some((status, code, message)) = fault.answer() {
            let region = match fault {
                Fault::MovedTo(region) => Some(region),
                _ => None,
            };
            let inside = match fault {
                Fault::WrongSigningRegion(region) => format!("<Region>{region}</Region>"),
                _ => String::new(),
            };
            return Ok(refusal(&logged, status, code, message, region, &inside));
        }
        match fault {
            Fault::CutAfter(bytes) => cut = Some((bytes, false)),
            Fault::StallAfter(bytes) => cut = Some((bytes, true)),
            Fault::Delay(time) => tokio::time::sleep(time).await,
            Fault::Silence => std::future::pending().await,
            Fault::Hangup => return Err("hung up".into()),
            Fault::Garbage => {
                let page = Bytes::from_static(b"<html><body>Welcome to the Wi-Fi</body></html>");
                return Ok(Response::new(Faulty::whole(page)));
            }
            Fault::Replace(bytes) => {
                let mut state = state.lock().expect("state");
                state.put(&logged.bucket, &logged.key, bytes);
            }
            Fault::Remove => {
                let mut state = state.lock().expect("state");
                state.bucket(&logged.bucket).objects.remove(&logged.key);
            }
            Fault::IgnoreRange => drop(request.extensions_mut().insert(Ignore::Range)),
            Fault::IgnoreIfMatch => drop(request.extensions_mut().insert(Ignore::IfMatch)),
            Fault::NoETag => hide_etag = true,
            _ => {}
        }
    }
    if let Some(home) = moved {
        let (status, code, message) = Fault::Moved.answer().expect("an answer");
        return Ok(refusal(&logged, status, code, message, Some(&home), ""));
    }
    let response = service
        .call(request.map(s3s::Body::from))
        .await
        .map_err(|e| format!("{e:?}"))?;
    let (mut parts, body) = response.into_parts();
    if hide_etag {
        parts.headers.remove("etag");
    }
    Ok(Response::from_parts(
        parts,
        Faulty {
            inner: body,
            cut,
            pause: None,
        },
    ))
}

/// A request between its arrival and the head of its answer.
struct UnderWay<'a>(&'a Mutex<S3State>);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        if let Ok(mut state) = self.0.lock() {
            state.under_way -= 1;
        }
    }
}

fn refusal(
    logged: &Logged,
    status: u16,
    code: &str,
    message: &str,
    region: Option<&str>,
    inside: &str,
) -> Response<Faulty> {
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}\
         </Message>{inside}<RequestId>4442587FB7D0A2F9</RequestId></Error>"
    );
    let head = matches!(logged.op, Op::HeadBucket | Op::HeadObject);
    let body = if head { Bytes::new() } else { Bytes::from(xml) };
    let mut response = Response::builder()
        .status(status)
        .header("content-type", "application/xml");
    if let Some(region) = region {
        response = response.header("x-amz-bucket-region", region);
    }
    response.body(Faulty::whole(body)).expect("a response")
}

fn logged(request: &Request<Incoming>) -> Logged {
    let header = |name: &str| text(request.headers(), name);
    let path = percent_decoded(request.uri().path());
    let path = path.strip_prefix('/').unwrap_or(&path);
    let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
    let query = request.uri().query().unwrap_or_default().to_owned();
    let op = match (request.method(), bucket.is_empty(), key.is_empty()) {
        (&Method::GET, true, _) => Op::ListBuckets,
        (&Method::GET, false, key) if asks(&query, "tagging") => match key {
            true => Op::GetBucketTagging,
            false => Op::GetObjectTagging,
        },
        (&Method::GET, false, true)
            if ["policy", "policyStatus", "publicAccessBlock", "acl"]
                .iter()
                .any(|what| asks(&query, what)) =>
        {
            Op::GetBucketAccess
        }
        (&Method::HEAD, false, true) => Op::HeadBucket,
        (&Method::GET, false, true) if query.contains("list-type=2") => Op::ListObjectsV2,
        (&Method::HEAD, false, false) => Op::HeadObject,
        (&Method::GET, false, false) => Op::GetObject,
        (&Method::PUT, false, false) => Op::PutObject,
        _ => Op::Other,
    };
    let region = header("authorization").and_then(|a| {
        let scope = a.split_once("Credential=")?.1;
        scope.split('/').nth(2).map(str::to_owned)
    });
    Logged {
        op,
        bucket: bucket.to_owned(),
        key: key.to_owned(),
        query,
        range: header("range"),
        if_match: header("if-match"),
        expected_owner: header("x-amz-expected-bucket-owner"),
        request_payer: header("x-amz-request-payer"),
        region,
    }
}

/// The query names a part of the object or bucket.
fn asks(query: &str, what: &str) -> bool {
    query
        .split('&')
        .any(|part| part.split('=').next() == Some(what))
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

fn percent_decoded(path: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = path.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        let hex = tail.get(..2).and_then(|h| std::str::from_utf8(h).ok());
        match (first, hex.and_then(|h| u8::from_str_radix(h, 16).ok())) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            (byte, _) => bytes.push(*byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A body that may break off or stop.
pub(super) struct Faulty {
    inner: s3s::Body,
    /// Bytes left to send; then stop (true) or break off.
    cut: Option<(usize, bool)>,
    pause: Option<Pin<Box<tokio::time::Sleep>>>,
}

impl Faulty {
    fn whole(bytes: Bytes) -> Self {
        Faulty {
            inner: s3s::Body::http_body(Full::new(bytes).map_err(|e: Infallible| match e {})),
            cut: None,
            pause: None,
        }
    }
}

impl Body for Faulty {
    type Data = Bytes;
    type Error = StdError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, StdError>>> {
        match self.cut {
            Some((0, true)) => return Poll::Pending,
            Some((0, false)) => {
                // What was sent has to leave before the connection breaks.
                let pause = self
                    .pause
                    .get_or_insert_with(|| Box::pin(tokio::time::sleep(FLUSH_PAUSE)));
                std::task::ready!(pause.as_mut().poll(context));
                return Poll::Ready(Some(Err("cut".into())));
            }
            _ => {}
        }
        let frame = std::task::ready!(Pin::new(&mut self.inner).poll_frame(context));
        let Some((left, _)) = &mut self.cut else {
            return Poll::Ready(frame);
        };
        Poll::Ready(frame.map(|frame| {
            frame.map(|frame| match frame.into_data() {
                Ok(mut bytes) => {
                    bytes.truncate(*left);
                    *left -= bytes.len();
                    Frame::data(bytes)
                }
                Err(frame) => frame,
            })
        }))
    }

    fn size_hint(&self) -> hyper::body::SizeHint {
        self.inner.size_hint()
    }
}
