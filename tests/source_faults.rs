//! Every way in which S3 fails, through the real SDK: what is told, and how often it was tried.

mod support;

use std::time::{Duration, Instant};

use aws_sdk_s3::config::{Credentials, SharedCredentialsProvider};
use bytes::Bytes;
use magpie::model::{AccountId, Reason};
use magpie::source::{Body, Source, SourceError};
use support::s3::{ACCESS_KEY, Content, Fault, Op, Rule, S3Server, S3State};
use support::source::{
    blocking, fetch, impatient, keys, list, named, object, open, open_with, options, read, read_at,
};

const SIZE: u64 = 1_000_000;

fn start() -> S3Server {
    let mut state = S3State::new();
    state.put("logs", "2024/a.gz", b"first");
    state.put_pattern("logs", "big", SIZE);
    S3Server::start(state)
}

fn pattern() -> Vec<u8> {
    (0..SIZE).map(Content::pattern).collect()
}

async fn opened(source: &dyn Source, key: &str) -> Result<Body, SourceError> {
    source.open(&object(source, key).await).await
}

/// The only error of a listing that found nothing.
async fn listing_error(source: &dyn Source) -> SourceError {
    let mut entries = list(source).await;
    assert_eq!(entries.len(), 1);
    entries.remove(0).unwrap_err()
}

#[tokio::test]
async fn names_what_a_read_was_refused_for() {
    let cases = [
        (
            Fault::AccessDenied,
            Reason::PermissionDenied,
            "access denied (needs s3:GetObject)",
        ),
        (
            Fault::KmsDenied,
            Reason::PermissionDenied,
            "access denied (needs kms:Decrypt)",
        ),
        (
            Fault::KmsDisabled,
            Reason::InvalidKmsKey,
            "the KMS key cannot be used (KMS.DisabledException); enable the key",
        ),
        (
            Fault::CustomerKey,
            Reason::InvalidEncryption,
            "encrypted with a customer-provided key (SSE-C), which is not supported",
        ),
        (
            Fault::InvalidObjectState,
            Reason::InvalidObjectState,
            "storage class STANDARD cannot be read; restore the object first",
        ),
        (
            Fault::NoSuchKey,
            Reason::SourceObjectNoLongerAvailable,
            "the object does not exist any more",
        ),
        (
            Fault::NoSuchBucket,
            Reason::NoSuchBucketAvailable,
            "the bucket does not exist; check its name and the endpoint",
        ),
        (
            Fault::PreconditionFailed,
            Reason::ObjectVersionMismatch,
            "changed while it was read; scan it again",
        ),
        (
            Fault::ExpiredToken,
            Reason::PermissionDenied,
            "the credentials have expired; sign in, choose --profile, or use --no-sign-request for a public bucket",
        ),
        (
            Fault::Error {
                status: 409,
                code: "Teapot",
                message: "short\u{9b}2J and stout",
            },
            Reason::SourceObjectNoLongerAvailable,
            "refused with status 409 Teapot: short 2J and stout",
        ),
        // Ceph sends no messages.
        (
            Fault::Error {
                status: 403,
                code: "AccessDenied",
                message: "",
            },
            Reason::PermissionDenied,
            "access denied (needs s3:GetObject)",
        ),
    ];
    for (fault, reason, cause) in cases {
        let server = start();
        let source = open(&server, "s3://logs").await;
        let name = format!("{fault:?}");
        server.fault(Rule::on(Op::GetObject).key("2024/a.gz"), fault);
        let err = opened(&*source, "2024/a.gz").await.unwrap_err();
        assert_eq!(
            err.to_string(),
            format!("read object s3://logs/2024/a.gz: {cause}"),
            "{name}"
        );
        assert_eq!(err.reason(), reason, "{name}");
        assert_eq!(server.count(Op::GetObject), 1, "{name}: not tried again");
        // Other objects go on.
        assert_eq!(fetch(&*source, "big").await.unwrap().len(), 1_000_000);
    }
}

#[tokio::test]
async fn names_what_a_listing_was_refused_for() {
    let cases = [
        (
            Fault::AccessDenied,
            "list objects of s3://logs: access denied (needs s3:ListBucket)",
        ),
        (
            Fault::NoSuchBucket,
            "list objects of s3://logs: the bucket does not exist; check its name and the endpoint",
        ),
        (
            Fault::BadSignature,
            "list objects of s3://logs: the signature does not match; check the secret key; sign in, choose --profile, or use --no-sign-request for a public bucket",
        ),
        (
            Fault::Moved,
            "list objects of s3://logs: the bucket is in another Region, asked in us-east-1; give --region",
        ),
    ];
    for (fault, message) in cases {
        let server = start();
        server.fault(Rule::on(Op::ListObjectsV2), fault);
        let source = open(&server, "s3://logs").await;
        let err = listing_error(&*source).await;
        assert_eq!(err.to_string(), message);
        assert_eq!(err.operation(), Some("ListObjectsV2"));
        assert_eq!(server.count(Op::ListObjectsV2), 1, "not tried again");
    }
    // The real thing, without a fault.
    let server = start();
    let err = listing_error(&*open(&server, "s3://nowhere").await).await;
    assert!(matches!(err, SourceError::NoSuchBucket { .. }), "{err}");
}

#[tokio::test]
async fn a_listing_that_fails_late_keeps_what_it_had() {
    let mut state = S3State::new();
    state.bucket("logs").page(10).generate(100);
    let server = S3Server::start(state);
    server.fault(Rule::on(Op::ListObjectsV2).after(3), Fault::InternalError);
    let source = open(&server, "s3://logs").await;
    let entries = list(&*source).await;
    assert_eq!(entries.iter().filter(|e| e.is_ok()).count(), 30);
    let err = entries.into_iter().last().unwrap().unwrap_err();
    let text = err.to_string();
    assert!(
        text.starts_with("list objects of s3://logs: unavailable after 3 attempts in ")
            && text.ends_with(" s: status 500 InternalError"),
        "{text}"
    );
}

#[tokio::test]
async fn a_bucket_of_another_owner_is_told_from_a_refusal() {
    let mut state = S3State::new();
    state.bucket("logs").owner("111122223333");
    state.put("logs", "k", b"x");
    let server = S3Server::start(state);
    let mut with = options(&server);
    with.expected_owner = AccountId::parse("444455556666");
    let err = listing_error(&*open_with(&with, "s3://logs").await).await;
    assert_eq!(
        err.to_string(),
        "list objects of s3://logs: the bucket is not owned by account 444455556666"
    );
    assert_eq!(err.reason(), Reason::PermissionDenied);

    // The right owner, and no permission.
    server.fault(Rule::on(Op::ListObjectsV2), Fault::AccessDenied);
    server.fault(Rule::on(Op::HeadBucket), Fault::AccessDenied);
    with.expected_owner = AccountId::parse("111122223333");
    let err = listing_error(&*open_with(&with, "s3://logs").await).await;
    assert!(matches!(err, SourceError::AccessDenied { .. }), "{err}");
}

#[tokio::test]
async fn follows_to_another_region_once() {
    // The bucket's head may not be read: the listing itself is sent elsewhere.
    for fault in [
        Fault::MovedTo("eu-west-1"),
        Fault::WrongSigningRegion("eu-west-1"),
    ] {
        let server = start();
        server.fault(Rule::on(Op::HeadBucket), Fault::AccessDenied);
        server.fault(Rule::on(Op::ListObjectsV2).times(1), fault);
        let source = open(&server, "s3://logs").await;
        let meta = object(&*source, "big").await;
        assert_eq!(meta.bucket.region.as_deref(), Some("eu-west-1"));
        let regions: Vec<_> = server.log().into_iter().filter_map(|l| l.region).collect();
        assert_eq!(regions, ["us-east-1", "us-east-1", "eu-west-1"]);
    }
    // Sent on from there, it is given up.
    let server = start();
    server.fault(
        Rule::on(Op::ListObjectsV2).times(1),
        Fault::MovedTo("eu-west-1"),
    );
    server.fault(Rule::on(Op::ListObjectsV2), Fault::MovedTo("us-west-2"));
    let err = listing_error(&*open(&server, "s3://logs").await).await;
    assert_eq!(
        err.to_string(),
        "list objects of s3://logs: the bucket is in Region us-west-2, asked in eu-west-1; give --region"
    );
    // A name that is not a Region never becomes part of a host name.
    let server = start();
    server.fault(
        Rule::on(Op::ListObjectsV2),
        Fault::MovedTo("x.evil.example/"),
    );
    let err = listing_error(&*open(&server, "s3://logs").await).await;
    assert!(
        matches!(err, SourceError::WrongRegion { region: None, .. }),
        "{err}"
    );
}

#[tokio::test]
async fn tries_again_what_passes_by_itself() {
    for fault in [
        Fault::SlowDown,
        Fault::InternalError,
        Fault::Hangup,
        Fault::Silence,
    ] {
        let server = start();
        let name = format!("{fault:?}");
        server.fault(Rule::on(Op::ListObjectsV2).times(1), fault.clone());
        server.fault(Rule::on(Op::GetObject).times(2), fault);
        let source = open_with(&impatient(&server), "s3://logs").await;
        assert_eq!(keys(&*source).await, ["2024/a.gz", "big"], "{name}");
        let bytes = fetch(&*source, "2024/a.gz").await.unwrap();
        assert_eq!(bytes, b"first", "{name}");
        assert_eq!(server.count(Op::GetObject), 3, "{name}");
    }
}

#[tokio::test]
async fn a_page_that_breaks_off_is_asked_for_again() {
    for fault in [Fault::CutAfter(100), Fault::StallAfter(100)] {
        let server = start();
        let name = format!("{fault:?}");
        server.fault(Rule::on(Op::ListObjectsV2).times(1), fault);
        let mut with = impatient(&server);
        with.connect_timeout = Duration::from_millis(200);
        let source = open_with(&with, "s3://logs").await;
        assert_eq!(keys(&*source).await, ["2024/a.gz", "big"], "{name}");
        assert_eq!(server.count(Op::ListObjectsV2), 2, "{name}");
    }
}

#[tokio::test]
async fn gives_up_after_the_attempts_and_says_so() {
    let cases = [
        (Fault::SlowDown, "status 503 SlowDown"),
        (Fault::InternalError, "status 500 InternalError"),
        (Fault::Silence, "timeout"),
        (Fault::Hangup, ""),
    ];
    for (fault, cause) in cases {
        let server = start();
        let name = format!("{fault:?}");
        let source = open_with(&impatient(&server), "s3://logs").await;
        let meta = object(&*source, "big").await;
        server.fault(Rule::on(Op::GetObject), fault);
        let started = Instant::now();
        let err = source.open(&meta).await.unwrap_err();
        let text = err.to_string();
        assert!(
            text.starts_with("read object s3://logs/big: unavailable after 3 attempts in "),
            "{text}"
        );
        assert!(text.contains(cause), "{text}");
        assert_eq!(err.reason(), Reason::SourceObjectNoLongerAvailable);
        assert_eq!(server.count(Op::GetObject), 3, "{name}");
        assert!(started.elapsed() < Duration::from_secs(8), "{name}");
    }
}

#[tokio::test]
async fn an_endpoint_that_is_not_there_is_unavailable() {
    let server = start();
    let with = options(&server);
    drop(server);
    let err = listing_error(&*open_with(&with, "s3://logs").await).await;
    assert!(
        matches!(err, SourceError::Unavailable { attempts: 3, .. }),
        "{err}"
    );
    assert!(err.to_string().contains("onnect"), "{err}");
}

#[tokio::test]
async fn what_is_not_s3_is_not_an_empty_bucket() {
    let server = start();
    server.fault(Rule::on(Op::ListObjectsV2), Fault::Garbage);
    let err = listing_error(&*open(&server, "s3://logs").await).await;
    assert_eq!(
        err.to_string(),
        "list objects of s3://logs: the answer is not one of S3; check the endpoint"
    );
}

#[tokio::test]
async fn what_is_not_s3_is_not_an_object() {
    let server = start();
    let source = open(&server, "s3://logs").await;
    server.fault(Rule::on(Op::GetObject), Fault::Garbage);
    let err = opened(&*source, "2024/a.gz").await.unwrap_err();
    assert_eq!(
        err.to_string(),
        "read object s3://logs/2024/a.gz: the answer has no ETag, although the listing has; check the endpoint"
    );
}

#[tokio::test]
async fn missing_credentials_are_told_as_such() {
    let server = start();
    let mut with = options(&server);
    let wrong = Credentials::new(ACCESS_KEY, "not the secret", None, None, "test");
    with.credentials = Some(SharedCredentialsProvider::new(wrong));
    let err = listing_error(&*open_with(&with, "s3://logs").await).await;
    assert!(matches!(err, SourceError::Credentials { .. }), "{err}");

    #[derive(Debug)]
    struct Nobody;
    impl aws_sdk_s3::config::ProvideCredentials for Nobody {
        fn provide_credentials<'a>(
            &'a self,
        ) -> aws_credential_types::provider::future::ProvideCredentials<'a>
        where
            Self: 'a,
        {
            use aws_credential_types::provider::error::CredentialsError;
            use aws_credential_types::provider::future::ProvideCredentials;
            ProvideCredentials::ready(Err(CredentialsError::not_loaded("nothing is signed in")))
        }
    }
    with.credentials = Some(SharedCredentialsProvider::new(Nobody));
    let err = listing_error(&*open_with(&with, "s3://logs").await).await;
    let text = err.to_string();
    assert!(matches!(err, SourceError::Credentials { .. }), "{text}");
    assert!(text.contains("nothing is signed in"), "{text}");
}

#[tokio::test]
async fn a_cut_body_goes_on_where_it_ended() {
    let server = start();
    let source = open(&server, "s3://logs").await;
    // More cuts than attempts: each makes progress, so each counts as the first.
    for at in [0, 1, 70_000, 200_000, 100_000, 131_072] {
        server.fault(
            Rule::on(Op::GetObject).key("big").times(1),
            Fault::CutAfter(at),
        );
    }
    let meta = object(&*source, "big").await;
    let (bytes, end) = read(source.open(&meta).await.unwrap()).await;
    end.unwrap();
    assert!(bytes == pattern());
    let reads: Vec<_> = server
        .log()
        .into_iter()
        .filter(|l| l.op == Op::GetObject)
        .collect();
    assert_eq!(reads.len(), 7);
    let etag = format!("\"{}\"", meta.etag.unwrap());
    assert_eq!((&reads[0].if_match, &reads[0].range), (&None, &None));
    assert_eq!(reads[1].range, None, "nothing came: from the start");
    assert_eq!(reads[2].range.as_deref(), Some("bytes=1-"));
    assert_eq!(reads[3].range.as_deref(), Some("bytes=70001-"));
    assert!(
        reads[1..]
            .iter()
            .all(|r| r.if_match.as_ref() == Some(&etag))
    );
}

#[tokio::test]
async fn a_body_that_is_cut_for_ever_is_given_up() {
    for (fault, cause) in [
        (Fault::CutAfter(1000), "the body was cut: "),
        (Fault::StallAfter(1000), "no data for 0.4 s"),
    ] {
        let server = start();
        let source = open_with(&impatient(&server), "s3://logs").await;
        server.fault(Rule::on(Op::GetObject), fault);
        let (bytes, end) = read(opened(&*source, "big").await.unwrap()).await;
        assert!(bytes == pattern()[..bytes.len()], "what came is right");
        assert_eq!(bytes.len(), 3000);
        let text = end.unwrap_err().to_string();
        assert!(
            text.starts_with("read object s3://logs/big: unavailable after 3 attempts in "),
            "{text}"
        );
        assert!(text.contains(cause), "{text}");
        assert_eq!(server.count(Op::GetObject), 3);
    }
}

#[tokio::test]
async fn a_stalled_body_goes_on_with_a_new_request() {
    let server = start();
    let source = open_with(&impatient(&server), "s3://logs").await;
    server.fault(Rule::on(Op::GetObject).times(1), Fault::StallAfter(300_000));
    assert!(fetch(&*source, "big").await.unwrap() == pattern());
    assert_eq!(server.count(Op::GetObject), 2);
}

#[tokio::test]
async fn a_resume_survives_throttling() {
    let server = start();
    let source = open(&server, "s3://logs").await;
    server.fault(Rule::on(Op::GetObject).times(1), Fault::CutAfter(300_000));
    server.fault(Rule::on(Op::GetObject).times(2), Fault::SlowDown);
    assert!(fetch(&*source, "big").await.unwrap() == pattern());
    assert_eq!(server.count(Op::GetObject), 4);
}

#[tokio::test]
async fn a_replaced_object_is_never_stitched_together() {
    for heeded in [true, false] {
        let server = start();
        let source = open(&server, "s3://logs").await;
        server.fault(Rule::on(Op::GetObject).times(1), Fault::CutAfter(300_000));
        server.fault(
            Rule::on(Op::GetObject).times(1),
            if heeded {
                Fault::Replace(Bytes::from(vec![0; SIZE as usize]))
            } else {
                Fault::IgnoreIfMatch
            },
        );
        let body = opened(&*source, "big").await.unwrap();
        if !heeded {
            server.put("logs", "big", vec![0; SIZE as usize]);
        }
        let (bytes, end) = read(body).await;
        assert!(bytes == pattern()[..bytes.len()]);
        let err = end.unwrap_err();
        assert!(matches!(err, SourceError::Changed { .. }), "{err}");
        assert_eq!(err.reason(), Reason::ObjectVersionMismatch);
    }
}

#[tokio::test]
async fn a_version_is_read_to_its_end_although_a_newer_one_comes() {
    let mut state = S3State::new();
    state.bucket("logs").versioned();
    state.put_pattern("logs", "big", SIZE);
    let server = S3Server::start(state);
    let source = open(&server, "s3://logs").await;
    server.fault(Rule::on(Op::GetObject).times(1), Fault::CutAfter(300_000));
    server.fault(
        Rule::on(Op::GetObject).times(1),
        Fault::Replace(Bytes::from_static(b"newer")),
    );
    assert!(fetch(&*source, "big").await.unwrap() == pattern());
    assert_eq!(fetch(&*source, "big").await.unwrap(), b"newer");
}

#[tokio::test]
async fn a_resume_does_without_the_permission_to_read_versions() {
    let mut state = S3State::new();
    state.bucket("logs").versioned();
    state.put_pattern("logs", "big", SIZE);
    let server = S3Server::start(state);
    server.fault(Rule::on(Op::GetObject).version(), Fault::AccessDenied);
    // Named alone or in a listing, the object is first read without its version.
    for target in ["s3://logs", "s3://logs/big"] {
        let source = open(&server, target).await;
        server.fault(Rule::on(Op::GetObject).times(1), Fault::CutAfter(300_000));
        assert!(fetch(&*source, "big").await.unwrap() == pattern());
    }
    let last = server.log().pop().unwrap();
    assert_eq!(last.range.as_deref(), Some("bytes=300000-"));
    assert!(last.if_match.is_some());
}

#[tokio::test]
async fn an_object_deleted_while_it_is_read_is_told_as_gone() {
    let server = start();
    let source = open(&server, "s3://logs").await;
    server.fault(Rule::on(Op::GetObject).times(1), Fault::CutAfter(10));
    server.fault(Rule::on(Op::GetObject).times(1), Fault::Remove);
    let (bytes, end) = read(opened(&*source, "big").await.unwrap()).await;
    assert_eq!(bytes.len(), 10);
    assert!(matches!(end.unwrap_err(), SourceError::NoSuchKey { .. }));
}

#[tokio::test]
async fn a_replacement_between_listing_and_reading_is_read_as_it_is() {
    let server = start();
    let source = open(&server, "s3://logs").await;
    let listed = object(&*source, "2024/a.gz").await;
    server.put("logs", "2024/a.gz", b"second one");
    let body = source.open(&listed).await.unwrap();
    assert_ne!(body.meta.etag, listed.etag, "the answer says which it is");
    assert_eq!(body.meta.size, Some(10));
    assert_eq!(read(body).await.0, b"second one");
}

#[tokio::test]
async fn stores_that_lack_ranges_or_etags_give_whole_objects_or_errors() {
    let server = start();
    let source = open(&server, "s3://logs").await;
    server.fault(Rule::on(Op::GetObject).times(1), Fault::CutAfter(300_000));
    server.fault(Rule::on(Op::GetObject).times(1), Fault::IgnoreRange);
    assert!(fetch(&*source, "big").await.unwrap() == pattern());

    server.fault(Rule::on(Op::GetObject), Fault::NoETag);
    let mut meta = object(&*source, "big").await;
    meta.etag = None;
    let body = source.open(&meta).await.unwrap();
    assert!(body.ranged.is_none(), "no repeated read without a pin");
    assert!(read(body).await.0 == pattern());
}

#[tokio::test]
async fn a_reader_that_failed_never_tells_an_end() {
    let server = start();
    let source = open(&server, "s3://logs").await;
    server.fault(Rule::on(Op::GetObject), Fault::CutAfter(10));
    let mut body = opened(&*source, "big").await.unwrap();
    blocking(move || {
        let mut bytes = Vec::new();
        body.reader.read_to_end(&mut bytes).unwrap_err();
        for _ in 0..3 {
            let again = body.reader.read(&mut [0; 10]).unwrap_err();
            assert!(named(again).to_string().ends_with("an earlier read failed"));
        }
    })
    .await;
}

#[tokio::test]
async fn archived_classes_are_not_asked_for() {
    let mut state = S3State::new();
    for class in [
        "GLACIER",
        "DEEP_ARCHIVE",
        "GLACIER_IR",
        "INTELLIGENT_TIERING",
    ] {
        state.put("logs", class, b"x").storage_class = Some(class.into());
    }
    let server = S3Server::start(state);
    let source = open(&server, "s3://logs").await;
    for class in ["GLACIER", "DEEP_ARCHIVE"] {
        let err = opened(&*source, class).await.unwrap_err();
        assert_eq!(
            err.to_string(),
            format!(
                "read object s3://logs/{class}: storage class {class} cannot be read; restore the object first"
            )
        );
        assert_eq!(err.reason(), Reason::InvalidObjectState);
    }
    assert_eq!(server.count(Op::GetObject), 0);
    for class in ["GLACIER_IR", "INTELLIGENT_TIERING"] {
        assert_eq!(fetch(&*source, class).await.unwrap(), b"x");
    }
}

#[tokio::test]
async fn ranged_reads_survive_cuts_and_refuse_other_bytes() {
    let server = start();
    let source = open_with(&impatient(&server), "s3://logs").await;
    let ranged = opened(&*source, "big").await.unwrap().ranged.unwrap();
    server.fault(Rule::on(Op::GetObject).times(1), Fault::CutAfter(100_000));
    server.fault(Rule::on(Op::GetObject).times(1), Fault::StallAfter(1000));
    let bytes = read_at(ranged.clone(), 10, 300_000).await.unwrap();
    assert!(bytes == pattern()[10..300_010]);

    server.fault(Rule::on(Op::GetObject).times(1), Fault::IgnoreRange);
    let err = read_at(ranged.clone(), 700_000, 10).await.unwrap_err();
    assert!(matches!(err, SourceError::Io { .. }), "{err}");

    server.fault(Rule::on(Op::GetObject), Fault::CutAfter(10));
    let err = read_at(ranged, 700_000, 10_000).await.unwrap_err();
    assert!(
        matches!(err, SourceError::Unavailable { attempts: 3, .. }),
        "{err}"
    );
}
