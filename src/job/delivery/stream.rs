//! One pass over the outbox: what waits is sent, batch by batch.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::deliver::{Batch, CloudWatch, DeliveryError, EVENT_BYTES_MAX, Line, Options, PutError};
use crate::model::{JobId, LogDelivery, LogDestination};
use crate::store::{Outbox, StoreError};

/// Lines read from the store for one batch: as many as a batch may have.
const LINES_MAX: u64 = 10_000;
/// Wait after the first failure of a batch; doubles each time, with jitter.
const BACKOFF: Duration = Duration::from_millis(200);
const BACKOFF_MAX: Duration = Duration::from_secs(20);

/// How long to wait for what is not certain.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// A batch that arrived shows in its stream after some seconds: time after which one that does
    /// not show did not arrive.
    pub settle: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Patience {
            settle: Duration::from_secs(10),
        }
    }
}

/// Why the log of a job could not be sent.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    #[error(transparent)]
    Delivery(#[from] DeliveryError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What became of one job's log in a pass.
#[derive(Debug)]
pub struct Sent {
    /// As it was before.
    pub before: LogDelivery,
    /// Events that arrived.
    pub events: u64,
    /// Events that the service did not want, or that no batch can hold.
    pub refused: u64,
    /// Why it is not all of them.
    pub failed: Option<SendError>,
    /// Another process is sending it.
    pub busy: bool,
}

impl Sent {
    fn failed(before: LogDelivery, error: DeliveryError) -> Self {
        Sent {
            before,
            events: 0,
            refused: 0,
            failed: Some(error.into()),
            busy: false,
        }
    }
}

/// Sends what waits in the outbox, the latest job first. `only`: of this job alone. `to`: in place
/// of the settings that a job was begun with, field by field.
///
/// A destination that failed is not tried again for other jobs.
///
/// # Errors
/// The store cannot be read. Failures of single jobs are told in their [`Sent`], and noted.
pub async fn send_all(
    outbox: &mut Outbox,
    only: Option<&JobId>,
    to: &Options,
    patience: Patience,
) -> Result<Vec<Sent>, StoreError> {
    let mut services: HashMap<LogDestination, Result<CloudWatch, DeliveryError>> = HashMap::new();
    let mut all = Vec::new();
    for before in outbox.waiting()? {
        if only.is_some_and(|job| *job != before.job) {
            continue;
        }
        if !services.contains_key(&before.destination) {
            let opened = CloudWatch::open(&options(&before.destination, to)).await;
            if let Err(error) = &opened {
                outbox.failed(&before.job, &error.to_string())?;
            }
            services.insert(before.destination.clone(), opened);
        }
        let service = match services.get(&before.destination) {
            Some(Ok(service)) => service,
            // noted with the job that found it out
            Some(Err(error)) => {
                all.push(Sent::failed(before, error.clone()));
                continue;
            }
            None => continue,
        };
        let Some(_held) = outbox.take(&before.job)? else {
            all.push(Sent {
                before,
                events: 0,
                refused: 0,
                failed: None,
                busy: true,
            });
            continue;
        };
        let mut counts = Counts::default();
        let sent = send(outbox, service, &before.job, patience, &mut counts).await;
        if let Err(error) = &sent {
            outbox.failed(&before.job, &error.to_string())?;
            if let SendError::Delivery(error) = error {
                services.insert(before.destination.clone(), Err(error.clone()));
            }
        }
        all.push(Sent {
            before,
            events: counts.arrived,
            refused: counts.refused,
            failed: sent.err(),
            busy: false,
        });
    }
    Ok(all)
}

fn options(stored: &LogDestination, to: &Options) -> Options {
    Options {
        group: match to.group.is_empty() {
            true => stored.group.clone(),
            false => to.group.clone(),
        },
        profile: to.profile.clone().or_else(|| stored.profile.clone()),
        region: to.region.clone().or_else(|| Some(stored.region.clone())),
        endpoint: to.endpoint.clone().or_else(|| stored.endpoint.clone()),
    }
}

/// Events that a pass is done with.
#[derive(Debug, Default)]
struct Counts {
    arrived: u64,
    refused: u64,
}

/// Sends the log of one job to its end. `counts` also holds when it fails.
async fn send(
    outbox: &mut Outbox,
    service: &CloudWatch,
    job: &JobId,
    patience: Patience,
    counts: &mut Counts,
) -> Result<(), SendError> {
    let mut failures = 0;
    let mut made = false;
    loop {
        let Some(state) = outbox.delivery(job)? else {
            return Ok(());
        };
        if let Some(end) = state.doubtful {
            settle(outbox, service, &state, end, patience, counts).await?;
            continue;
        }
        let lines = outbox.lines(job, state.sent, LINES_MAX)?;
        if lines.is_empty() {
            return Ok(());
        }
        let now = Utc::now();
        let (batch, covered) = Batch::of_first(lines.into_iter().map(|text| line(text, now)), now);
        let end = state.sent + covered as u64;
        let too_long = covered as u64 - batch.lines().len() as u64;
        if batch.is_empty() {
            outbox.arrived(job, end, too_long)?;
            counts.refused += too_long;
            continue;
        }
        // a new stream is made before the first batch, which saves a refusal
        if state.sent == 0 && !made {
            service.make_stream(job).await?;
            made = true;
        }
        outbox.going_out(job, end)?;
        let error = match service.put(job, &batch).await {
            Ok(refused) => {
                let refused = refused + too_long;
                outbox.arrived(job, end, refused)?;
                counts.refused += refused;
                counts.arrived += covered as u64 - refused;
                let events = covered as u64 - refused;
                tracing::info!(job = job.as_str(), events, refused, "job log sent");
                failures = 0;
                continue;
            }
            Err(PutError::NoStream(error)) => {
                outbox.not_arrived(job)?;
                if !made {
                    // someone deleted it, or the group
                    service.make_stream(job).await?;
                    made = true;
                    continue;
                }
                made = false;
                error
            }
            Err(PutError::NotTaken { error, again }) => {
                outbox.not_arrived(job)?;
                if !again {
                    return Err(error.into());
                }
                error
            }
            // the mark stays: the stream is looked into before anything else is sent
            Err(PutError::Unknown(error)) => error,
        };
        failures += 1;
        let cause = error.to_string();
        tracing::warn!(job = job.as_str(), failures, cause, "job log not sent");
        if failures >= service.attempts() {
            return Err(error.into());
        }
        tokio::time::sleep(backoff(failures)).await;
    }
}

/// Finds out whether a batch arrived whose sending ended without an answer.
async fn settle(
    outbox: &mut Outbox,
    service: &CloudWatch,
    state: &LogDelivery,
    end: u64,
    patience: Patience,
    counts: &mut Counts,
) -> Result<(), SendError> {
    let job = &state.job;
    let mut lines = outbox.lines(job, state.sent, end.saturating_sub(state.sent))?;
    lines.retain(|line| line.len() <= EVENT_BYTES_MAX);
    let looks = [0, 1, 3, 6];
    let whole: u32 = looks.iter().sum();
    for part in looks {
        tokio::time::sleep(patience.settle * part / whole).await;
        let found = service.arrived(job, &lines).await? as u64;
        // A batch is taken as a whole, but for lines that the service did not want.
        if found > 0 {
            let refused = (end - state.sent).saturating_sub(found);
            outbox.arrived(job, end, refused)?;
            counts.arrived += found;
            counts.refused += refused;
            return Ok(());
        }
    }
    Ok(outbox.not_arrived(job)?)
}

/// A line with the time that it tells.
fn line(text: String, now: DateTime<Utc>) -> Line {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Stamp {
        occurred_at: DateTime<Utc>,
    }
    let stamp = serde_json::from_str::<Stamp>(&text);
    Line {
        // every event has one; without it, the moment of sending is the best there is
        occurred_at: stamp.map_or(now, |s| s.occurred_at),
        text,
    }
}

/// A random wait, up to twice as long after every failure.
fn backoff(failures: u32) -> Duration {
    let longest = BACKOFF
        .saturating_mul(1 << failures.saturating_sub(1).min(16))
        .min(BACKOFF_MAX);
    let mut random = [0; 4];
    // without randomness the wait is the longest one
    let part = match getrandom::fill(&mut random) {
        Ok(()) => f64::from(u32::from_le_bytes(random)) / f64::from(u32::MAX),
        Err(_) => 1.0,
    };
    longest.mul_f64(part)
}
