//! From an answer of the service, or the lack of one, to a [`SourceError`].

use std::error::Error;
use std::time::Duration;

use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};

use crate::aws::{chain, printable};
use crate::source::SourceError;

/// Part of an answer that is searched for a Region, in bytes.
const REGION_SEARCH_BYTES: usize = 4096;

/// What a failed call was about.
pub(super) struct Call<'a> {
    pub uri: &'a str,
    pub operation: &'static str,
    pub attempts: u32,
    pub elapsed: Duration,
}

/// The error as far as the answer alone shows it.
pub(super) fn classify<E>(call: &Call<'_>, error: &SdkError<E, HttpResponse>) -> SourceError
where
    E: ProvideErrorMetadata + Error + 'static,
{
    let status = error.raw_response().map_or(0, |r| r.status().as_u16());
    let (code, message) = match error {
        SdkError::ServiceError(e) => (
            e.err().code().unwrap_or_default(),
            e.err().message().unwrap_or_default(),
        ),
        _ => ("", ""),
    };
    let uri = call.uri.to_owned();
    let operation = call.operation.to_owned();
    match (code, status) {
        ("NoSuchBucket", _) => SourceError::NoSuchBucket { uri, operation },
        // An answer to HEAD has no code.
        ("NoSuchKey" | "NoSuchVersion", _) => SourceError::NoSuchKey { uri, operation },
        (_, 404) if matches!(call.operation, "GetObject" | "HeadObject") => {
            SourceError::NoSuchKey { uri, operation }
        }
        // A part of a bucket that it does not have: tags, a policy. And what became of an account.
        (code, status) if is_of_bucket(code, status) || is_of_account(call.operation, code) => {
            SourceError::Refused {
                uri,
                operation,
                status,
                code: printable(code),
                message: printable(message),
            }
        }
        (_, 404) => SourceError::NoSuchBucket { uri, operation },
        // A version that is a delete marker.
        ("MethodNotAllowed", 405) if call.operation == "GetObject" => {
            SourceError::NoSuchKey { uri, operation }
        }
        (_, 412) => SourceError::Changed { uri },
        // The pinned object is shorter than what was read of it.
        ("InvalidRange", _) | (_, 416) => SourceError::Changed { uri },
        ("InvalidObjectState", _) => SourceError::InvalidObjectState {
            uri,
            storage_class: None,
        },
        (code, _) if is_key_unusable(code) => SourceError::KmsKey {
            uri,
            code: printable(code),
        },
        // A plain read is refused so for objects that need the caller's own key.
        ("InvalidRequest", 400) if matches!(call.operation, "GetObject" | "HeadObject") => {
            SourceError::Encryption { uri }
        }
        (code, _) if credentials_fault(code).is_some() => SourceError::Credentials {
            uri,
            operation,
            cause: credentials_fault(code).unwrap_or_default().to_owned(),
        },
        (code, _) if code.contains("Throttl") => {
            unavailable(call, format!("status {status} {}", printable(code)))
        }
        (code, 401 | 403) => SourceError::AccessDenied {
            uri,
            operation: if code.starts_with("KMS.") || message.contains("kms:Decrypt") {
                "kms:Decrypt".to_owned()
            } else {
                operation
            },
        },
        (code, 429 | 500..) | (code @ ("SlowDown" | "RequestTimeout"), _) => {
            let cause = match (code, status) {
                ("", status) => format!("status {status}"),
                (code, status) => format!("status {status} {}", printable(code)),
            };
            unavailable(call, cause)
        }
        (_, 0) => unavailable(call, chain(error)),
        (_, 200..300) if matches!(error, SdkError::ResponseError(_)) => {
            unavailable(call, format!("the answer was cut: {}", chain(error)))
        }
        (_, 200..300) => SourceError::protocol(
            call.uri,
            call.operation,
            "the answer is not one of S3; check the endpoint",
        ),
        (code, status) => SourceError::Refused {
            uri,
            operation,
            status,
            code: printable(code),
            message: printable(message),
        },
    }
}

fn unavailable(call: &Call<'_>, cause: String) -> SourceError {
    SourceError::Unavailable {
        uri: call.uri.to_owned(),
        operation: call.operation.to_owned(),
        attempts: call.attempts,
        elapsed: call.elapsed,
        cause,
    }
}

/// The answer is about a part of a bucket that there is, and not about the bucket.
fn is_of_bucket(code: &str, status: u16) -> bool {
    status == 404 && code.starts_with("NoSuch")
}

/// The answer is about the account, and not about a permission.
fn is_of_account(operation: &str, code: &str) -> bool {
    let codes = [
        "AccountProblem",
        "AllAccessDisabled",
        "NotSignedUp",
        "OptInRequired",
    ];
    operation == "ListBuckets" && codes.contains(&code)
}

/// KMS says that the key is disabled, being deleted, or gone; not that the caller may not use it.
fn is_key_unusable(code: &str) -> bool {
    code.strip_prefix("KMS.").is_some_and(|kms| {
        kms.starts_with("Disabled")
            || kms.starts_with("NotFound")
            || kms.contains("InvalidState")
            || kms.starts_with("KeyUnavailable")
            || kms.starts_with("InvalidKeyUsage")
    })
}

fn credentials_fault(code: &str) -> Option<&'static str> {
    Some(match code {
        "ExpiredToken" | "ExpiredTokenException" | "TokenRefreshRequired" => {
            "the credentials have expired"
        }
        "InvalidAccessKeyId" => "the service does not know the access key",
        "InvalidToken" => "the session token is not valid",
        "SignatureDoesNotMatch" => "the signature does not match; check the secret key",
        "RequestTimeTooSkewed" => "the clock of this machine differs from the service's",
        _ => return None,
    })
}

/// Where the answer says that the bucket is.
pub(super) enum Elsewhere {
    Region(String),
    Unknown,
}

/// Whether the answer sends the caller to another Region.
pub(super) fn elsewhere<E>(error: &SdkError<E, HttpResponse>, asked: &str) -> Option<Elsewhere>
where
    E: ProvideErrorMetadata,
{
    let response = error.raw_response()?;
    let status = response.status().as_u16();
    let code = match error {
        SdkError::ServiceError(e) => e.err().code().unwrap_or_default(),
        _ => "",
    };
    let moved = matches!(status, 301 | 302 | 307 | 308) || code == "PermanentRedirect";
    if !moved && status != 400 {
        return None;
    }
    let header = response.headers().get("x-amz-bucket-region");
    let body = response
        .body()
        .bytes()
        .map(|b| &b[..b.len().min(REGION_SEARCH_BYTES)]);
    let region = header
        .map(str::to_owned)
        .or_else(|| body.and_then(region_in_xml))
        .filter(|r| is_region(r));
    match region {
        Some(region) if region != asked => Some(Elsewhere::Region(region)),
        _ if moved => Some(Elsewhere::Unknown),
        _ => None,
    }
}

/// The Region that an error document names.
fn region_in_xml(body: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(body).ok()?;
    let (_, rest) = text.split_once("<Region>")?;
    let (region, _) = rest.split_once("</Region>")?;
    Some(region.trim().to_owned())
}

/// The name goes into a host name, so that nothing but a name may pass.
pub(super) fn is_region(name: &str) -> bool {
    (1..=63).contains(&name.len())
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_unusable_keys_from_refused_ones() {
        for code in [
            "KMS.DisabledException",
            "KMS.KMSInvalidStateException",
            "KMS.NotFoundException",
            "KMS.KeyUnavailableException",
        ] {
            assert!(is_key_unusable(code), "{code}");
        }
        for code in [
            "KMS.AccessDeniedException",
            "DisabledException",
            "AccessDenied",
            "",
        ] {
            assert!(!is_key_unusable(code), "{code}");
        }
    }

    #[test]
    fn finds_a_region_and_nothing_else() {
        let xml =
            b"<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-west-1</Region></Error>";
        assert_eq!(region_in_xml(xml).as_deref(), Some("eu-west-1"));
        assert_eq!(region_in_xml(b"<Region>"), None);
        assert!(is_region("us-gov-west-1"));
        for hostile in ["", "eu-west-1.evil.example/", "EU", "a b"] {
            assert!(!is_region(hostile), "{hostile}");
        }
    }
}
