//! S3 through the real SDK against the server in this process: what is asked, and how answers are
//! read. Faults are in `source_faults.rs`.

mod support;

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use magpie::model::AccountId;
use magpie::source::{
    ReadAhead, SourceError, SourceOptions, Sources, Target, list_buckets, open_target,
};
use support::s3::{Content, Fault, Op, Rule, S3Server, S3State};
use support::source::{
    blocking, fetch, keys, list, object, open, open_with, options, read, read_at, until,
};

fn one_object() -> S3Server {
    let mut state = S3State::new();
    state.put("logs", "a/b.txt", b"hello");
    S3Server::start(state)
}

#[tokio::test]
async fn tells_what_it_knows_of_an_object() {
    let mut state = S3State::new();
    state.bucket("logs").region("us-east-1").versioned();
    let put = state.put("logs", "2024/a.gz", b"hello");
    put.storage_class = Some("STANDARD_IA".into());
    put.encryption = Some("aws:kms".into());
    put.kms_key_id = Some("arn:aws:kms:us-east-1:111122223333:key/example".into());
    let etag = put.etag.clone();
    let server = S3Server::start(state);
    let source = open(&server, "s3://logs/2024/").await;
    assert_eq!(source.bucket().name, "logs");
    assert_eq!(source.bucket().region.as_deref(), Some("us-east-1"));
    assert!(!source.bucket().local);

    let listed = object(&*source, "2024/a.gz").await;
    assert_eq!(listed.uri, "s3://logs/2024/a.gz");
    assert_eq!(listed.extension(), "gz");
    assert_eq!(listed.size, Some(5));
    assert_eq!(listed.etag.as_ref(), Some(&etag));
    assert_eq!(listed.storage_class.as_deref(), Some("STANDARD_IA"));
    assert_eq!(listed.version_id, None, "listings do not tell versions");
    assert_eq!(
        listed.last_modified.unwrap().to_rfc3339(),
        "2023-11-14T22:13:21+00:00"
    );

    let body = source.open(&listed).await.unwrap();
    assert_eq!(body.meta.version_id.as_deref(), Some("v1"));
    assert_eq!(body.meta.etag, listed.etag);
    assert_eq!(body.meta.storage_class, listed.storage_class);
    assert_eq!(body.meta.encryption.kind.as_deref(), Some("aws:kms"));
    assert_eq!(
        body.meta.encryption.kms_key_id.as_deref(),
        Some("arn:aws:kms:us-east-1:111122223333:key/example")
    );
    assert_eq!(read(body).await.0, b"hello");
}

#[tokio::test]
async fn a_key_is_an_object_first_and_a_prefix_then() {
    let mut state = S3State::new();
    for key in ["a", "a/b", "ab", "b/", "b/c"] {
        state.put("logs", key, key);
    }
    let server = S3Server::start(state);
    for (target, expected) in [
        ("s3://logs", &["a", "a/b", "ab", "b/", "b/c"][..]),
        ("s3://logs/a", &["a"]),
        ("s3://logs/a/", &["a/b"]),
        ("s3://logs/b", &["b/", "b/c"]),
        ("s3://logs/b/", &["b/", "b/c"]),
        ("s3://logs/none/", &[]),
    ] {
        assert_eq!(
            keys(&*open(&server, target).await).await,
            expected,
            "{target}"
        );
    }
    let entries = list(&*open(&server, "s3://logs/typo").await).await;
    assert_eq!(
        entries[0].as_ref().unwrap_err().to_string(),
        "open target s3://logs/typo: no object has this key, and none begins with it"
    );
    // Where the head may not be read, the listing still finds the one object.
    server.fault(Rule::on(Op::HeadObject), Fault::AccessDenied);
    assert_eq!(keys(&*open(&server, "s3://logs/a").await).await, ["a"]);
}

#[tokio::test]
async fn reads_keys_that_xml_and_urls_cannot_hold() {
    let odd = [
        "a b",
        "a+b",
        "a%2Bb",
        "a%b",
        "é/日本/🦜",
        "../up",
        "a/../b",
        "./x",
        "a//b",
        "/lead",
        "tab\there",
        "ctrl\u{1}\u{1f}",
        "<&>\"'",
        "q?x=1&y=2#f",
        "~!@$^*()[]{}|\\;:,",
        "line\nbreak",
        "trail/",
        ".",
        "..",
    ];
    let mut state = S3State::new();
    for key in odd {
        state.put("logs", key, if key.ends_with('/') { "" } else { key });
    }
    let server = S3Server::start(state);
    let source = open(&server, "s3://logs").await;
    let mut expected: Vec<_> = odd.to_vec();
    expected.sort_unstable();
    assert_eq!(keys(&*source).await, expected);
    for key in odd {
        let bytes = fetch(&*source, key).await;
        let wanted = if key.ends_with('/') { "" } else { key };
        assert_eq!(bytes.unwrap(), wanted.as_bytes(), "{key:?}");
    }
}

#[tokio::test]
async fn lists_a_million_keys_in_constant_memory() {
    let mut state = S3State::new();
    state.bucket("big").generate(1_000_000);
    let server = S3Server::start(state);
    let source = open(&server, "s3://big").await;
    let before = resident_bytes();
    let mut most = before;
    let (mut count, mut last) = (0_u64, String::new());
    let mut listing = source.list();
    while let Some(entry) = listing.next().await {
        let key = entry.unwrap().key;
        assert!(key > last);
        last = key;
        count += 1;
        if count.is_multiple_of(100_000) {
            most = most.max(resident_bytes());
        }
    }
    assert_eq!(count, 1_000_000);
    // Server, request log and client together; the metas alone would be several hundred MB.
    assert!(most - before < 64 << 20, "grew by {} bytes", most - before);
    assert_eq!(server.count(Op::ListObjectsV2), 1000);
}

fn resident_bytes() -> u64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = text.split(' ').nth(1).and_then(|p| p.parse::<u64>().ok());
    pages.unwrap_or(0) * 4096
}

#[tokio::test]
async fn a_listing_that_nobody_reads_fetches_few_pages() {
    let mut state = S3State::new();
    state.bucket("big").generate(100_000);
    let server = S3Server::start(state);
    let source = open(&server, "s3://big").await;
    let mut listing = source.list();
    listing.next().await.unwrap().unwrap();
    until(|| server.count(Op::ListObjectsV2) >= 2).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    let pages = server.count(Op::ListObjectsV2);
    assert!((2..=3).contains(&pages), "{pages} pages are ahead");
    drop(listing);
}

#[tokio::test]
async fn says_who_owns_the_bucket_and_who_pays() {
    let mut state = S3State::new();
    state.bucket("logs").owner("111122223333").requester_pays();
    state.put("logs", "k", b"x");
    let server = S3Server::start(state);
    let mut with = options(&server);
    with.expected_owner = AccountId::parse("111122223333");
    with.request_payer = true;
    let source = open_with(&with, "s3://logs").await;
    assert_eq!(source.bucket().account, with.expected_owner);
    assert_eq!(fetch(&*source, "k").await.unwrap(), b"x");
    for logged in server.log() {
        assert_eq!(logged.expected_owner.as_deref(), Some("111122223333"));
        if logged.op != Op::HeadBucket {
            assert_eq!(logged.request_payer.as_deref(), Some("requester"));
        }
    }
    // Without the offer to pay, reading is refused.
    let source = open(&server, "s3://logs").await;
    let err = list(&*source).await.remove(0).unwrap_err();
    assert!(matches!(err, SourceError::AccessDenied { .. }), "{err}");
}

#[tokio::test]
async fn reads_public_buckets_without_credentials() {
    let mut state = S3State::new();
    state.bucket("open").public();
    state.put("open", "k", b"x");
    state.put("closed", "k", b"x");
    let server = S3Server::start(state);
    let mut anyone = options(&server);
    anyone.credentials = None;
    anyone.no_sign_request = true;
    let source = open_with(&anyone, "s3://open").await;
    assert_eq!(fetch(&*source, "k").await.unwrap(), b"x");
    assert!(server.log().iter().all(|l| l.region.is_none()), "unsigned");
    let source = open_with(&anyone, "s3://closed").await;
    let err = list(&*source).await.remove(0).unwrap_err();
    assert!(matches!(err, SourceError::AccessDenied { .. }), "{err}");
}

#[tokio::test]
async fn follows_a_bucket_to_its_region() {
    let mut state = S3State::new();
    state.bucket("logs").region("eu-west-1");
    state.put("logs", "k", b"x");
    let server = S3Server::start(state);
    let source = open(&server, "s3://logs").await;
    assert_eq!(source.bucket().region.as_deref(), Some("eu-west-1"));
    assert_eq!(fetch(&*source, "k").await.unwrap(), b"x");
    let after: Vec<_> = server.log().into_iter().skip(1).collect();
    assert!(
        after
            .iter()
            .all(|l| l.region.as_deref() == Some("eu-west-1")),
        "asked in the wrong Region once only: {after:?}"
    );
}

#[tokio::test]
async fn ranges_are_pinned_and_asked_for_in_blocks() {
    let mut state = S3State::new();
    state.bucket("logs").versioned();
    state.put_pattern("logs", "k", 3_000_000);
    let server = S3Server::start(state);
    let source = open(&server, "s3://logs").await;
    let meta = object(&*source, "k").await;
    let body = source.open(&meta).await.unwrap();
    let ranged = body.ranged.clone().unwrap();
    drop(body);
    let before = server.count(Op::GetObject);
    for offset in 0..100 {
        let bytes = read_at(ranged.clone(), 2_999_000 + offset, 4)
            .await
            .unwrap();
        assert_eq!(bytes[0], Content::pattern(2_999_000 + offset));
    }
    let log: Vec<_> = server
        .log()
        .into_iter()
        .filter(|l| l.op == Op::GetObject)
        .collect();
    assert_eq!(log.len() - before, 1, "one block serves them all");
    let last = log.last().unwrap();
    assert_eq!(last.range.as_deref(), Some("bytes=2621440-2999999"));
    assert_eq!(last.if_match, meta.etag.map(|e| format!("\"{e}\"")));
    assert!(last.query.contains("versionId=v1"), "{}", last.query);
}

#[tokio::test]
async fn many_open_bodies_stay_within_the_budget_and_all_can_be_read() {
    let mut state = S3State::new();
    for i in 0..20 {
        state.put_pattern("logs", &format!("k{i:02}"), 1_000_000);
    }
    let server = S3Server::start(state);
    let mut small = options(&server);
    small.read_ahead = ReadAhead::new(256 * 1024);
    let source = open_with(&small, "s3://logs").await;
    let mut bodies = Vec::new();
    for entry in list(&*source).await {
        bodies.push(source.open(&entry.unwrap()).await.unwrap());
    }
    until(|| small.read_ahead.bytes_held() > 0).await;
    // In reverse, so that the ones that came first hold the budget.
    for body in bodies.into_iter().rev() {
        let (bytes, end) = read(body).await;
        end.unwrap();
        assert_eq!(bytes.len(), 1_000_000);
        assert!(small.read_ahead.bytes_held() <= 256 * 1024);
    }
    until(|| small.read_ahead.bytes_held() == 0).await;
}

#[tokio::test]
async fn dropping_a_reader_ends_its_fetching() {
    let mut state = S3State::new();
    state.put_pattern("logs", "k", 1 << 40);
    let server = S3Server::start(state);
    let with = options(&server);
    let source = open_with(&with, "s3://logs").await;
    let body = source.open(&object(&*source, "k").await).await.unwrap();
    until(|| with.read_ahead.bytes_held() > 0).await;
    drop(body);
    until(|| with.read_ahead.bytes_held() == 0).await;
}

#[tokio::test]
async fn lists_buckets() {
    let mut state = S3State::new();
    state.bucket("alpha").region("eu-west-1");
    state.bucket("beta");
    let server = S3Server::start(state);
    let buckets = list_buckets(&options(&server)).await.unwrap();
    let seen: Vec<_> = buckets
        .iter()
        .map(|b| (b.name.as_str(), b.region.as_deref()))
        .collect();
    assert_eq!(seen, [("alpha", Some("eu-west-1")), ("beta", None)]);

    server.fault(Rule::on(Op::ListBuckets), Fault::AccessDenied);
    let err = list_buckets(&options(&server)).await.unwrap_err();
    assert_eq!(err.operation(), Some("ListBuckets"));
    assert_eq!(
        err.to_string(),
        "list buckets of s3://: access denied (needs s3:ListAllMyBuckets)"
    );
}

#[tokio::test]
async fn writes_results_with_a_key() {
    let mut state = S3State::new();
    state.bucket("results");
    let server = S3Server::start(state);
    let sources = Sources::new(options(&server));
    let target = Target::parse("s3://results/macie").unwrap();
    let key = "arn:aws:kms:us-east-1:111122223333:key/example";
    let sink = sources.sink(&target, Some(key.into())).await.unwrap();
    assert_eq!(sink.uri("a/b.jsonl.gz"), "s3://results/macie/a/b.jsonl.gz");
    server.fault(Rule::on(Op::PutObject).times(1), Fault::SlowDown);
    sink.put("a/b.jsonl.gz", b"result".to_vec()).await.unwrap();
    {
        let mut state = server.state();
        let stored = &state.bucket("results").objects["macie/a/b.jsonl.gz"][0];
        assert_eq!(stored.content.slice(0, 6), "result");
        assert_eq!(stored.encryption.as_deref(), Some("aws:kms"));
        assert_eq!(stored.kms_key_id.as_deref(), Some(key));
    }
    server.fault(Rule::on(Op::PutObject), Fault::AccessDenied);
    let err = sink.put("c", vec![1]).await.unwrap_err();
    assert_eq!(
        err.to_string(),
        "write object s3://results/macie/c: access denied (needs s3:PutObject)"
    );
    let stdin = sources.sink(&Target::Stdin, None).await;
    assert!(stdin.is_err());
}

#[tokio::test]
async fn explains_options_that_make_no_sense() {
    let with = SourceOptions {
        endpoint_url: Some("localhost:9000".into()),
        ..SourceOptions::default()
    };
    let target = Target::parse("s3://logs").unwrap();
    let err = open_target(&target, &with).await.err().unwrap();
    assert_eq!(
        err.to_string(),
        "open target localhost:9000: an endpoint url starts with http:// or https://"
    );
}

#[tokio::test]
async fn one_object_is_read_from_many_threads() {
    let server = one_object();
    let source = open(&server, "s3://logs").await;
    let meta = object(&*source, "a/b.txt").await;
    let tasks: Vec<_> = (0..50)
        .map(|_| {
            let (source, meta) = (Arc::clone(&source), meta.clone());
            tokio::spawn(async move { read(source.open(&meta).await.unwrap()).await.0 })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), b"hello");
    }
    blocking(|| ()).await;
}

#[tokio::test]
async fn asks_less_at_once_when_told_to_slow_down() {
    let mut state = S3State::new();
    state.put("logs", "k", b"x");
    let server = S3Server::start(state);
    let mut with = options(&server);
    with.requests_max = 16;
    let source = open_with(&with, "s3://logs").await;
    let meta = object(&*source, "k").await;
    let burst = async || {
        server.state().peak = 0;
        let tasks: Vec<_> = (0..64)
            .map(|_| {
                let (source, meta) = (Arc::clone(&source), meta.clone());
                tokio::spawn(async move { read(source.open(&meta).await.unwrap()).await.1 })
            })
            .collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        server.state().peak
    };
    server.fault(
        Rule::on(Op::GetObject).times(64),
        Fault::Delay(Duration::from_millis(100)),
    );
    assert_eq!(burst().await, 16);

    server.fault(Rule::on(Op::GetObject).times(1), Fault::SlowDown);
    read(source.open(&meta).await.unwrap()).await.1.unwrap();
    server.fault(
        Rule::on(Op::GetObject).times(64),
        Fault::Delay(Duration::from_millis(100)),
    );
    let peak = burst().await;
    assert!((8..=14).contains(&peak), "half, and growing slowly: {peak}");
}

#[tokio::test]
async fn a_slow_reader_is_not_taken_for_a_stall() {
    let mut state = S3State::new();
    state.put_pattern("logs", "big", 40_000_000);
    let server = S3Server::start(state);
    let mut with = options(&server);
    with.connect_timeout = Duration::from_millis(500);
    with.read_timeout = Duration::from_secs(1);
    let source = open_with(&with, "s3://logs").await;
    let meta = object(&*source, "big").await;
    let mut body = source.open(&meta).await.unwrap();
    let read = blocking(move || {
        let mut start = [0; 1000];
        std::io::Read::read_exact(&mut body.reader, &mut start).unwrap();
        // Longer than any time-out: the window is full and nothing moves.
        std::thread::sleep(Duration::from_secs(3));
        let mut rest = Vec::new();
        body.reader.read_to_end(&mut rest).unwrap();
        rest.len()
    })
    .await;
    assert_eq!(read, 39_999_000);
    assert_eq!(server.count(Op::GetObject), 1);
}

#[tokio::test]
async fn goes_on_with_a_listing_after_a_key() {
    let mut state = S3State::new();
    state.bucket("logs").page(2);
    for key in ["a", "a/b", "ab", "b", "c", "d"] {
        state.put("logs", key, key);
    }
    let server = S3Server::start(state);
    let mut with = options(&server);
    // Not known to be in order: everything is told again.
    let source = open_with(&with, "s3://logs").await;
    assert_eq!(source.list_after("ab").count().await, 6);
    with.ordered = Some(true);
    let after = async |target: &str, key: &str| -> Vec<String> {
        let source = open_with(&with, target).await;
        let entries: Vec<_> = source.list_after(key).collect().await;
        entries.into_iter().map(|e| e.unwrap().key).collect()
    };
    assert_eq!(after("s3://logs", "ab").await, ["b", "c", "d"]);
    assert_eq!(after("s3://logs", "d").await, [""; 0]);
    // The object alone is the target, also when it is behind already.
    assert_eq!(after("s3://logs/a", "a").await, [""; 0]);
    server.fault(Rule::on(Op::HeadObject), Fault::AccessDenied);
    assert_eq!(after("s3://logs/a", "a").await, [""; 0]);
    assert_eq!(after("s3://logs/a", "A").await, ["a"]);
    let last = server.log().pop().unwrap();
    assert!(!last.query.contains("start-after"), "{}", last.query);
    assert_eq!(after("s3://logs/a/", "a/a").await, ["a/b"]);
    let last = server.log().pop().unwrap();
    assert!(last.query.contains("start-after=a%2Fa"), "{}", last.query);
}

/// Set for the process in which the next test runs.
const CHILD: &str = "MAGPIE_TEST_CHILD";

/// Runs in a process of its own, with the environment that the parent sets.
#[tokio::test]
#[ignore = "run by the test below"]
async fn child_lists_with_the_environment_alone() {
    if std::env::var_os(CHILD).is_none() {
        return; // no parent: nothing of this machine's settings is used
    }
    let quick = SourceOptions {
        attempts: Some(1),
        ..SourceOptions::default()
    };
    let source = open_with(&quick, "s3://logs").await;
    for entry in list(&*source).await {
        match entry {
            Ok(meta) => println!("listed {} in {:?}", meta.uri, meta.bucket.region),
            Err(e) => println!("failed {e}"),
        }
    }
}

#[tokio::test]
async fn reads_credentials_region_and_endpoint_as_the_sdk_does() {
    let server = one_object();
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config");
    std::fs::write(
        &config,
        format!(
            "[default]\nregion = eu-central-1\naws_access_key_id = {}\n\
             aws_secret_access_key = {}\nservices = local\n\
             [services local]\ns3 =\n  endpoint_url = {}\n",
            support::s3::ACCESS_KEY,
            support::s3::SECRET_KEY,
            server.url()
        ),
    )
    .unwrap();
    let child = |env: Vec<(&'static str, String)>| {
        let program = std::env::current_exe().unwrap();
        let mut command = std::process::Command::new(program);
        command.args([
            "--ignored",
            "--exact",
            "--nocapture",
            "child_lists_with_the_environment_alone",
        ]);
        command.env_clear().envs(env).env(CHILD, "1");
        let output = command.output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let path = config.to_str().unwrap().to_owned();
    let (by_env, by_profile, without) = (
        server.env(),
        vec![
            ("AWS_CONFIG_FILE", path),
            ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null".to_owned()),
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
        ],
        server
            .env()
            .into_iter()
            .filter(|(name, _)| !name.contains("KEY"))
            .collect(),
    );
    let text = blocking(move || [child(by_env), child(by_profile), child(without)]).await;
    assert!(
        text[0].contains("listed s3://logs/a/b.txt in Some(\"us-east-1\")"),
        "{}",
        text[0]
    );
    assert!(
        text[1].contains("listed s3://logs/a/b.txt in Some(\"eu-central-1\")"),
        "{}",
        text[1]
    );
    assert!(
        text[2].contains("failed list objects of s3://logs: "),
        "{}",
        text[2]
    );
    assert!(
        text[2].contains("use --no-sign-request for a public bucket"),
        "{}",
        text[2]
    );
}
