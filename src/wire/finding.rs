//! Macie's finding documents: one per object with occurrences.
//!
//! Field names, nesting and order are those of exported findings; what is not known of a bucket or
//! object is `null` or `UNKNOWN`. Two things go beyond Macie unless [`FindingContext::strict`]:
//! findings of archives list locations too, and each of those names its file inside the archive.
//!
//! # Source
//! Macie API reference, `Finding`; user guide, "Sensitive data finding types", "Severity scoring",
//! "Schema for sensitive data locations".

use chrono::{DateTime, SecondsFormat, Utc};
use uuid::Uuid;

use crate::model::{
    AccountId, CatalogueIndex, Category, JobId, ObjectMeta, ObjectRecord, Reason, Severity, Status,
};

use super::detections::{Detected, Limits, Places};
use super::json::Json;

/// Most locations in one finding, over all its types.
pub const FINDING_LOCATIONS_MAX: usize = 15;

/// What the documents of one job have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingContext {
    /// The account that runs the job; also stands for unknown owners of buckets.
    pub account: AccountId,
    /// The Region of the job; also stands for unknown Regions of buckets.
    pub region: String,
    pub job_id: JobId,
    /// Number of the run of a job that runs again and again: each run has findings of its own.
    pub run: Option<u64>,
    /// Where discovery results go: `s3://bucket/prefix` or a folder; `None` if nowhere.
    pub results_location: Option<String>,
    /// Leaves out whatever Macie itself would not tell.
    pub strict: bool,
}

impl FindingContext {
    /// The account that owns the object, as far as known.
    fn owner<'a>(&'a self, meta: &'a ObjectMeta) -> &'a AccountId {
        meta.bucket.account.as_ref().unwrap_or(&self.account)
    }

    fn region<'a>(&'a self, meta: &'a ObjectMeta) -> &'a str {
        meta.bucket.region.as_deref().unwrap_or(&self.region)
    }

    /// What tells the documents of this run from others'.
    fn of_run(&self) -> String {
        match self.run {
            None => self.job_id.to_string(),
            Some(number) => format!("{}/{number}", self.job_id),
        }
    }

    /// Id of the finding of an object: the same whenever and however often the job is taken up.
    pub fn finding_id(&self, target: u32, meta: &ObjectMeta) -> String {
        let name = format!(
            "finding/{}/{target}/{}/{}",
            self.of_run(),
            meta.version_id.as_deref().unwrap_or(""),
            meta.uri
        );
        Uuid::new_v3(&Uuid::NAMESPACE_URL, name.as_bytes())
            .simple()
            .to_string()
    }

    /// Key of the discovery result of an object below the destination, in Macie's layout. An
    /// object that is read again after it changed has its result in the same place.
    pub fn result_name(&self, target: u32, meta: &ObjectMeta) -> String {
        let name = format!("result/{}/{target}/{}", self.of_run(), meta.uri);
        let uuid = Uuid::new_v3(&Uuid::NAMESPACE_URL, name.as_bytes());
        format!(
            "AWSLogs/{}/Macie/{}/{}/{}/{}.jsonl.gz",
            self.account,
            self.region(meta),
            self.job_id,
            self.owner(meta),
            uuid.hyphenated()
        )
    }

    fn result_location(&self, target: u32, meta: &ObjectMeta) -> String {
        let base = self
            .results_location
            .as_deref()
            .unwrap_or("s3://[export-config-not-set]");
        format!(
            "{}/{}",
            base.trim_end_matches('/'),
            self.result_name(target, meta)
        )
    }
}

/// Appends the finding of an object, without a line end; `false`, and nothing, if it has no
/// occurrences, or fewer than the lowest severity level of each identifier.
pub fn write_finding(
    out: &mut Vec<u8>,
    context: &FindingContext,
    record: &ObjectRecord,
    catalogue: &CatalogueIndex,
    created_at: DateTime<Utc>,
) -> bool {
    let limits = Limits {
        per_type: FINDING_LOCATIONS_MAX,
        total: FINDING_LOCATIONS_MAX,
        below_levels: false,
    };
    let listed = match record.is_container && context.strict {
        true => Places::None,
        false => Places::All,
    };
    let mut detected = Detected::of_object(record, catalogue, limits, listed);
    detected.name_members &= !context.strict;
    let Some(kind) = Kind::of(&detected) else {
        return false;
    };
    let meta = &record.meta;
    let outcome = &record.outcome;
    let time = millis(created_at);
    Json::new(out).object(|j| {
        j.name("accountId").string(context.owner(meta).as_str());
        j.name("archived").bool(false);
        j.name("category").string("CLASSIFICATION");
        classification(
            j,
            context,
            record,
            &Classified {
                detected: &detected,
                mime_type: outcome.mime_type,
                size: outcome.bytes_scanned,
                status: outcome.status,
                reason: outcome.reason,
            },
        );
        j.name("count").number(1);
        j.name("createdAt").string(&time);
        j.name("description").string(kind.description());
        j.name("id")
            .string(&context.finding_id(record.target, meta));
        j.name("partition").string("aws");
        j.name("policyDetails").null();
        j.name("region").string(context.region(meta));
        resources(j, meta, |_| ());
        j.name("sample").bool(false);
        j.name("schemaVersion").string("1.0");
        severity(j, detected.severity());
        j.name("title").string(kind.title());
        j.name("type").string(kind.name());
        j.name("updatedAt").string(&time);
    });
    true
}

/// What a discovery result record holds in place of a finding's `archived`, `count`, `sample`.
pub(super) fn write_result_record(
    json: &mut Json<'_>,
    context: &FindingContext,
    record: &ObjectRecord,
    classified: &Classified<'_>,
    created_at: DateTime<Utc>,
    embedded: impl FnOnce(&mut Json<'_>),
) {
    let meta = &record.meta;
    let kind = Kind::of(classified.detected);
    let time = millis(created_at);
    json.object(|j| {
        j.name("accountId").string(context.owner(meta).as_str());
        j.name("category").string("CLASSIFICATION");
        classification(j, context, record, classified);
        j.name("createdAt").string(&time);
        j.name("description")
            .optional(kind.map(|k| k.description()));
        j.name("id")
            .string(&context.finding_id(record.target, meta));
        j.name("partition").string("aws");
        j.name("region").string(context.region(meta));
        resources(j, meta, embedded);
        j.name("schemaVersion").string("1.0");
        match kind {
            Some(_) => severity(j, classified.detected.severity()),
            None => j.name("severity").null(),
        }
        j.name("title").optional(kind.map(|k| k.title()));
        j.name("type").optional(kind.map(|k| k.name()));
        j.name("updatedAt").string(&time);
    });
}

/// What `classificationDetails.result` tells of.
pub(super) struct Classified<'a> {
    pub(super) detected: &'a Detected<'a>,
    pub(super) mime_type: Option<&'a str>,
    /// Decoded bytes scanned.
    pub(super) size: u64,
    pub(super) status: Status,
    pub(super) reason: Option<Reason>,
}

fn classification(
    j: &mut Json<'_>,
    context: &FindingContext,
    record: &ObjectRecord,
    classified: &Classified<'_>,
) {
    let detected = classified.detected;
    // a skipped object has no result to be empty
    let nothing_read = classified.status == Status::Skipped && detected.is_empty();
    j.name("classificationDetails").object(|j| {
        j.name("detailedResultsLocation")
            .string(&context.result_location(record.target, &record.meta));
        j.name("jobArn").string(&format!(
            "arn:aws:macie2:{}:{}:classification-job/{}",
            context.region, context.account, context.job_id
        ));
        j.name("jobId").string(context.job_id.as_str());
        j.name("originType").string("SENSITIVE_DATA_DISCOVERY_JOB");
        j.name("result").object(|j| {
            j.name("additionalOccurrences")
                .bool(detected.has_unlisted());
            if nothing_read {
                j.name("customDataIdentifiers").null();
            } else {
                j.name("customDataIdentifiers")
                    .object(|j| detected.write_custom(j));
            }
            j.name("mimeType").optional(classified.mime_type);
            if nothing_read {
                j.name("sensitiveData").null();
            } else {
                j.name("sensitiveData").list(|j| detected.write_managed(j));
            }
            j.name("sizeClassified").number(classified.size);
            j.name("status").object(|j| {
                j.name("code").string(classified.status.as_str());
                j.name("reason")
                    .optional(classified.reason.map(Reason::as_str));
            });
        });
    });
}

fn resources(j: &mut Json<'_>, meta: &ObjectMeta, embedded: impl FnOnce(&mut Json<'_>)) {
    let bucket = &meta.bucket;
    let arn = (!bucket.local).then(|| format!("arn:aws:s3:::{}", bucket.name));
    // of a file nothing of this can be known; of a bucket it was not asked
    let unknown = (!bucket.local).then_some("UNKNOWN");
    j.name("resourcesAffected").object(|j| {
        j.name("s3Bucket").object(|j| {
            j.name("allowsUnencryptedObjectUploads").optional(unknown);
            j.name("arn").optional(arn.as_deref());
            j.name("createdAt").null();
            j.name("defaultServerSideEncryption").object(|j| {
                j.name("encryptionType").optional(unknown);
                j.name("kmsMasterKeyId").null();
            });
            j.name("name").string(&bucket.name);
            j.name("owner").object(|j| {
                j.name("displayName").null();
                j.name("id").null();
            });
            j.name("publicAccess").object(|j| {
                j.name("effectivePermission").optional(unknown);
                j.name("permissionConfiguration").null();
            });
            j.name("tags").null();
        });
        j.name("s3Object").object(|j| {
            j.name("bucketArn").optional(arn.as_deref());
            j.name("eTag").optional(meta.etag.as_deref());
            j.name("extension").string(meta.extension());
            j.name("key").string(&meta.key);
            let modified = meta.last_modified.map(millis);
            j.name("lastModified").optional(modified.as_deref());
            match meta.uri.strip_prefix("file://") {
                Some(path) if bucket.local => j.name("path").string(path),
                _ => j
                    .name("path")
                    .string(&format!("{}/{}", bucket.name, meta.key)),
            }
            j.name("publicAccess").null();
            j.name("serverSideEncryption").object(|j| {
                let kind = meta.encryption.kind.as_deref().or(unknown);
                j.name("encryptionType").optional(kind);
                j.name("kmsMasterKeyId")
                    .optional(meta.encryption.kms_key_id.as_deref());
            });
            j.name("size").optional_number(meta.size);
            j.name("storageClass")
                .optional(meta.storage_class.as_deref());
            j.name("tags").null();
            j.name("versionId")
                .string(meta.version_id.as_deref().unwrap_or(""));
            embedded(j);
        });
    });
}

fn severity(j: &mut Json<'_>, severity: Option<Severity>) {
    match severity {
        Some(severity) => j.name("severity").object(|j| {
            j.name("description").string(severity.as_str());
            j.name("score").number(u64::from(severity.score()));
        }),
        None => j.name("severity").null(),
    }
}

/// ISO 8601, UTC, three digits of fraction, as in exported findings.
pub(super) fn millis(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// The five types of sensitive data findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Credentials,
    CustomIdentifier,
    Financial,
    Personal,
    Multiple,
}

impl Kind {
    /// The type of what was found; `None` for nothing.
    fn of(detected: &Detected<'_>) -> Option<Self> {
        let mut kind = None;
        for category in detected.categories() {
            let own = match category {
                Category::Credentials => Kind::Credentials,
                Category::CustomIdentifier => Kind::CustomIdentifier,
                Category::FinancialInformation => Kind::Financial,
                Category::PersonalInformation => Kind::Personal,
            };
            match kind {
                None => kind = Some(own),
                Some(other) if other == own => {}
                Some(_) => return Some(Kind::Multiple),
            }
        }
        kind
    }

    fn name(self) -> &'static str {
        match self {
            Kind::Credentials => "SensitiveData:S3Object/Credentials",
            Kind::CustomIdentifier => "SensitiveData:S3Object/CustomIdentifier",
            Kind::Financial => "SensitiveData:S3Object/Financial",
            Kind::Personal => "SensitiveData:S3Object/Personal",
            Kind::Multiple => "SensitiveData:S3Object/Multiple",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Kind::Credentials => "The S3 object contains credentials data",
            Kind::CustomIdentifier => {
                "The S3 object contains text that matches custom data identifier criteria"
            }
            Kind::Financial => "The S3 object contains financial information",
            Kind::Personal => "The S3 object contains personal information",
            Kind::Multiple => "The S3 object contains multiple categories of sensitive data",
        }
    }

    fn description(self) -> &'static str {
        match self {
            Kind::Credentials => {
                "The S3 object contains credentials data such as AWS secret access keys or \
                 private keys."
            }
            Kind::CustomIdentifier => {
                "The S3 object contains text that matches the criteria of one or more custom data \
                 identifiers. The object might contain multiple types of sensitive data."
            }
            Kind::Financial => {
                "The S3 object contains financial information such as bank account numbers or \
                 credit card numbers."
            }
            Kind::Personal => {
                "The object contains personal information such as first or last names, addresses, \
                 or identification numbers."
            }
            Kind::Multiple => "The S3 object contains more than one category of sensitive data.",
        }
    }
}
