//! Buckets and objects in memory.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;

use super::fault::{Fault, Rule};
use super::wire::Logged;

/// Everything the server knows.
#[derive(Default)]
pub struct S3State {
    pub buckets: BTreeMap<String, Bucket>,
    pub(super) faults: Vec<(Rule, Fault)>,
    pub(super) log: Vec<Logged>,
    puts: u64,
    pub(super) under_way: usize,
    /// Most requests at once since this was last set to 0.
    pub peak: usize,
}

/// A bucket. Set up with the methods named like the fields.
#[derive(Default)]
pub struct Bucket {
    /// All versions of each key, oldest first.
    pub objects: BTreeMap<String, Vec<Object>>,
    region: Option<String>,
    owner: Option<String>,
    public: bool,
    requester_pays: bool,
    versioned: bool,
    page: Option<usize>,
    generated: u64,
    /// Tags of the bucket.
    pub tags: BTreeMap<String, String>,
    /// Its policy, JSON.
    pub policy: Option<String>,
    /// Public access is blocked.
    pub blocked: bool,
}

/// The bytes of an object.
#[derive(Clone, Debug)]
pub enum Content {
    Bytes(Bytes),
    /// So many bytes, made when they are read; byte `i` is `Content::pattern(i)`.
    Pattern(u64),
}

/// One version of an object.
#[derive(Clone, Debug)]
pub struct Object {
    pub content: Content,
    /// Without quotes.
    pub etag: String,
    pub version: Option<String>,
    pub modified: SystemTime,
    pub storage_class: Option<String>,
    pub encryption: Option<String>,
    pub kms_key_id: Option<String>,
    pub tags: BTreeMap<String, String>,
}

impl S3State {
    pub fn new() -> Self {
        S3State::default()
    }

    /// The bucket, made where there is none.
    pub fn bucket(&mut self, name: &str) -> &mut Bucket {
        self.buckets.entry(name.to_owned()).or_default()
    }

    /// Adds an object or a version, to be adjusted by the caller.
    pub fn put(&mut self, bucket: &str, key: &str, bytes: impl AsRef<[u8]>) -> &mut Object {
        let bytes = Bytes::copy_from_slice(bytes.as_ref());
        self.put_content(bucket, key, Content::Bytes(bytes))
    }

    /// Adds an object of any size without storing it.
    pub fn put_pattern(&mut self, bucket: &str, key: &str, size: u64) -> &mut Object {
        self.put_content(bucket, key, Content::Pattern(size))
    }

    fn put_content(&mut self, bucket: &str, key: &str, content: Content) -> &mut Object {
        self.puts += 1;
        let put = self.puts;
        let bucket = self.bucket(bucket);
        let versions = bucket.objects.entry(key.to_owned()).or_default();
        if !bucket.versioned {
            versions.clear();
        }
        versions.push(Object {
            content,
            etag: format!("{put:032x}"),
            version: bucket.versioned.then(|| format!("v{put}")),
            modified: UNIX_EPOCH + Duration::from_secs(1_700_000_000 + put),
            storage_class: None,
            encryption: None,
            kms_key_id: None,
            tags: BTreeMap::new(),
        });
        versions.last_mut().expect("just added")
    }

    pub fn fault(&mut self, rule: Rule, fault: Fault) {
        self.faults.push((rule, fault));
    }

    /// The fault that this request meets.
    pub(super) fn fault_of(&mut self, request: &Logged) -> Option<Fault> {
        self.faults
            .iter_mut()
            .find_map(|(rule, fault)| rule.meets(request).then(|| fault.clone()))
    }
}

impl Bucket {
    pub fn region(&mut self, region: &str) -> &mut Self {
        self.region = Some(region.to_owned());
        self
    }

    pub fn owner(&mut self, account: &str) -> &mut Self {
        self.owner = Some(account.to_owned());
        self
    }

    pub fn public(&mut self) -> &mut Self {
        self.public = true;
        self
    }

    pub fn requester_pays(&mut self) -> &mut Self {
        self.requester_pays = true;
        self
    }

    pub fn versioned(&mut self) -> &mut Self {
        self.versioned = true;
        self
    }

    /// Keys in one page of the listing, where not the 1,000 of S3.
    pub fn page(&mut self, keys: usize) -> &mut Self {
        self.page = Some(keys);
        self
    }

    /// Adds so many objects that are made when asked for: `generated/000000000` and on.
    pub fn generate(&mut self, objects: u64) -> &mut Self {
        self.generated = objects;
        self
    }

    /// Adds a tag of the bucket.
    pub fn tag(&mut self, key: &str, value: &str) -> &mut Self {
        self.tags.insert(key.to_owned(), value.to_owned());
        self
    }

    pub(super) fn region_name(&self) -> Option<&str> {
        self.region.as_deref()
    }

    pub(super) fn is_public(&self) -> bool {
        self.public
    }

    pub(super) fn is_requester_pays(&self) -> bool {
        self.requester_pays
    }

    pub(super) fn owned_by(&self, account: &str) -> bool {
        self.owner.as_deref().is_none_or(|owner| owner == account)
    }

    pub(super) fn page_max(&self) -> usize {
        self.page.unwrap_or(1000)
    }

    /// The version asked for, or the latest.
    pub(super) fn object(&self, key: &str, version: Option<&str>) -> Option<Object> {
        if let Some(versions) = self.objects.get(key) {
            return match version {
                Some(id) => versions.iter().find(|o| o.version.as_deref() == Some(id)),
                None => versions.last(),
            }
            .cloned();
        }
        let number: u64 = key.strip_prefix("generated/")?.parse().ok()?;
        (number < self.generated && generated_key(number) == key).then(|| generated(number))
    }

    /// Up to `max` latest versions whose keys have the prefix and come after `after`, and whether
    /// there are more.
    pub(super) fn page_of(
        &self,
        prefix: &str,
        after: Option<&str>,
        max: usize,
    ) -> (Vec<(String, Object)>, bool) {
        let stored = self
            .objects
            .range(prefix.to_owned()..)
            .take_while(|(key, _)| key.starts_with(prefix))
            .filter(|(key, _)| after.is_none_or(|after| key.as_str() > after))
            .filter_map(|(key, versions)| Some((key.clone(), versions.last()?.clone())))
            .take(max + 1);
        // The number after `after`, without walking to it.
        let first = after
            .and_then(|a| a.strip_prefix("generated/"))
            .and_then(|n| n.parse::<u64>().ok())
            .map_or(0, |n| n + 1);
        let made = (first..self.generated)
            .map(|n| (generated_key(n), n))
            .filter(|(key, _)| key.starts_with(prefix))
            .filter(|(key, _)| after.is_none_or(|after| key.as_str() > after))
            .map(|(key, n)| (key, generated(n)))
            .take(max + 1);
        let mut page: Vec<_> = stored.chain(made).collect();
        page.sort_by(|a, b| a.0.cmp(&b.0));
        let more = page.len() > max;
        page.truncate(max);
        (page, more)
    }
}

fn generated_key(number: u64) -> String {
    format!("generated/{number:09}")
}

fn generated(number: u64) -> Object {
    Object {
        content: Content::Bytes(Bytes::from(format!("object {number}\n"))),
        etag: format!("{number:032x}"),
        version: None,
        modified: UNIX_EPOCH + Duration::from_secs(1_700_000_000),
        storage_class: None,
        encryption: None,
        kms_key_id: None,
        tags: BTreeMap::new(),
    }
}

impl Content {
    pub fn len(&self) -> u64 {
        match self {
            Content::Bytes(bytes) => bytes.len() as u64,
            Content::Pattern(size) => *size,
        }
    }

    pub fn pattern(at: u64) -> u8 {
        // Changes within a page and between pages, so that a shift shows.
        (at ^ (at >> 8) ^ (at >> 16)) as u8
    }

    /// Bytes from `start` to `end`, as far as they exist.
    pub fn slice(&self, start: u64, end: u64) -> Bytes {
        let end = end.min(self.len());
        match self {
            Content::Bytes(bytes) => bytes.slice(start as usize..end as usize),
            Content::Pattern(_) => (start..end).map(Content::pattern).collect(),
        }
    }
}
