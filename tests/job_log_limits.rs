//! A job log too big for one batch goes out within the service's limits, which the server enforces;
//! and one process at a time sends it.

mod store_support;
mod support;

use chrono::{DateTime, TimeDelta, Utc};
use magpie::deliver::{CloudWatch, Options};
use magpie::job::delivery::{Patience, send_all};
use magpie::model::EventLine;
use magpie::store::{Outbox, Store};
use store_support::{job_id, new_job};
use support::logs::LogsServer;

const GROUP: &str = "group";

/// An event that happened so long ago.
fn event(number: usize, ago: TimeDelta, bytes: usize) -> EventLine {
    let time: DateTime<Utc> = Utc::now() - ago;
    let time = time.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    let head = format!("{{\"occurredAt\":\"{time}\",\"n\":{number},\"fill\":\"");
    let fill = "x".repeat(bytes.saturating_sub(head.len() + 2));
    EventLine {
        once: number.to_string(),
        line: format!("{head}{fill}\"}}"),
    }
}

/// A store with a job of these events, all to be sent.
async fn store(folder: &std::path::Path, logs: &LogsServer, events: Vec<EventLine>) -> Store {
    let options = Options {
        group: GROUP.to_owned(),
        region: Some("eu-central-1".to_owned()),
        endpoint: Some(logs.url()),
        ..Options::default()
    };
    let service = CloudWatch::open(&options).await.expect("open");
    let mut store = Store::open(folder).expect("open");
    store.deliver_to(Some(service.destination().clone()));
    drop(store.begin(new_job(&[]), |_| events).expect("begin"));
    store
}

fn environment() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        for (name, value) in support::logs::env("http://127.0.0.1:1") {
            // SAFETY: every test of this file comes through here before it reads the environment or
            // starts a thread that does, and nothing is set later.
            unsafe { std::env::set_var(name, value) };
        }
    });
}

async fn send(outbox: &mut Outbox) -> (u64, u64) {
    let all = send_all(outbox, None, &Options::default(), Patience::default())
        .await
        .expect("the store");
    for sent in &all {
        assert!(sent.failed.is_none(), "{:?}", sent.failed);
        assert!(!sent.busy);
    }
    assert!(outbox.waiting().expect("waiting").is_empty());
    (
        all.iter().map(|s| s.events).sum(),
        all.iter().map(|s| s.refused).sum(),
    )
}

/// All lines arrived, in order.
fn whole(logs: &LogsServer, events: &[EventLine]) {
    let got = logs.messages(GROUP, job_id().as_str());
    assert_eq!(got.len(), events.len());
    for (got, event) in got.iter().zip(events) {
        assert!(*got == event.line);
    }
}

#[tokio::test]
async fn many_events_go_out_in_batches() {
    environment();
    let folder = tempfile::tempdir().expect("folder");
    let logs = LogsServer::start();
    let minute = TimeDelta::minutes(1);
    let events: Vec<_> = (0..25_000).map(|n| event(n, minute, 60)).collect();
    let store = store(folder.path(), &logs, events.clone()).await;
    let mut outbox = store.outbox().expect("outbox");
    assert_eq!(send(&mut outbox).await, (25_000, 0));
    whole(&logs, &events);
    assert_eq!(logs.state().batches, [10_000, 10_000, 5_000]);
}

#[tokio::test]
async fn long_events_and_long_times_are_split() {
    environment();
    let folder = tempfile::tempdir().expect("folder");
    let logs = LogsServer::start();
    let mut events: Vec<_> = (0..10)
        .map(|n| event(n, TimeDelta::hours(20 * (15 - n as i64)), 300_000))
        .collect();
    let hour = TimeDelta::hours(1);
    events.extend((10..20).map(|n| event(n, hour, 300_000)));
    // a clock that was set back
    events.push(event(20, hour + hour, 80));
    let store = store(folder.path(), &logs, events.clone()).await;
    let mut outbox = store.outbox().expect("outbox");
    assert_eq!(send(&mut outbox).await, (21, 0));
    whole(&logs, &events);
    // two in a day each, and three to a batch of the long ones
    assert_eq!(logs.state().batches, [2, 2, 2, 2, 2, 3, 3, 3, 2]);
}

#[tokio::test]
async fn an_event_that_no_batch_can_hold_is_told_and_holds_up_none() {
    environment();
    let folder = tempfile::tempdir().expect("folder");
    let logs = LogsServer::start();
    let minute = TimeDelta::minutes(1);
    let events = vec![
        event(0, minute, 100),
        event(1, minute, 1 << 20),
        event(2, minute, 100),
    ];
    let store = store(folder.path(), &logs, events.clone()).await;
    let mut outbox = store.outbox().expect("outbox");
    assert_eq!(send(&mut outbox).await, (2, 1));
    whole(&logs, &[events[0].clone(), events[2].clone()]);
}

#[tokio::test]
async fn a_log_that_another_process_sends_is_left_to_it() {
    environment();
    let folder = tempfile::tempdir().expect("folder");
    let logs = LogsServer::start();
    let events = vec![event(0, TimeDelta::minutes(1), 100)];
    let store = store(folder.path(), &logs, events.clone()).await;
    let mut outbox = store.outbox().expect("outbox");
    let held = outbox.take(&job_id()).expect("take").expect("free");
    let all = send_all(&mut outbox, None, &Options::default(), Patience::default())
        .await
        .expect("the store");
    assert!(all[0].busy);
    assert!(logs.state().calls.is_empty());
    drop(held);
    assert_eq!(send(&mut outbox).await, (1, 0));
    whole(&logs, &events);
}
