//! Which buckets a job takes: `bucketCriteria`, looked at anew when each run starts.
//!
//! Conditions of a block all have to hold, the values of one are alternatives, and what is excluded
//! stays out. Values are compared as they are: no wildcards, and case matters.

use super::definition::Refusal;
use super::definition::request::{BucketCriteria, CriteriaBlock, Criterion, SimpleTerm};
use super::scope::{TagCondition, Tags, equality};
use crate::model::AccountId;

/// Who may read a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EffectivePermission {
    Public,
    NotPublic,
    Unknown,
}

/// With whom a bucket is shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SharedAccess {
    /// With someone outside the accounts that are configured.
    External,
    /// With accounts that are configured.
    Internal,
    NotShared,
    Unknown,
}

/// A property that has to be looked up before the criteria can be applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Needs {
    Tags,
    EffectivePermission,
    SharedAccess,
}

/// What is known of a bucket. What no condition asks for may be left at its default.
#[derive(Clone, Debug)]
pub struct BucketFacts {
    pub name: String,
    pub account: AccountId,
    pub tags: Tags,
    pub permission: EffectivePermission,
    pub shared: SharedAccess,
}

/// Conditions on buckets.
#[derive(Clone, Debug, Default)]
pub struct Criteria {
    includes: Vec<Condition>,
    excludes: Vec<Condition>,
}

#[derive(Clone, Debug)]
enum Condition {
    Simple {
        key: Key,
        equal: bool,
        values: Vec<String>,
    },
    Tag(TagCondition),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    Account,
    Name,
    EffectivePermission,
    SharedAccess,
}

impl Criteria {
    /// Reads `bucketCriteria`.
    ///
    /// # Errors
    /// An unknown property, comparator or value.
    pub fn compile(criteria: &BucketCriteria) -> Result<Self, Refusal> {
        let block = |block: Option<&CriteriaBlock>| -> Result<Vec<Condition>, Refusal> {
            block
                .map_or(&[][..], |b| &b.and)
                .iter()
                .map(condition)
                .collect()
        };
        Ok(Criteria {
            includes: block(criteria.includes.as_ref())?,
            excludes: block(criteria.excludes.as_ref())?,
        })
    }

    /// The bucket is to be read.
    pub fn matches(&self, bucket: &BucketFacts) -> bool {
        self.includes.iter().all(|c| c.holds(bucket))
            && (self.excludes.is_empty() || !self.excludes.iter().all(|c| c.holds(bucket)))
    }

    /// What name and account say already: `Some(false)` needs nothing looked up any more.
    pub fn foretell(&self, bucket: &BucketFacts) -> Option<bool> {
        let known = |c: &&Condition| c.needs().is_none();
        if self.includes.iter().filter(known).any(|c| !c.holds(bucket)) {
            return Some(false);
        }
        self.needs().is_empty().then(|| self.matches(bucket))
    }

    /// What has to be looked up, each once.
    pub fn needs(&self) -> Vec<Needs> {
        let mut needs: Vec<Needs> = self
            .includes
            .iter()
            .chain(&self.excludes)
            .filter_map(Condition::needs)
            .collect();
        needs.sort_unstable();
        needs.dedup();
        needs
    }
}

impl Condition {
    fn needs(&self) -> Option<Needs> {
        match self {
            Condition::Tag(_) => Some(Needs::Tags),
            Condition::Simple { key, .. } => match key {
                Key::Account | Key::Name => None,
                Key::EffectivePermission => Some(Needs::EffectivePermission),
                Key::SharedAccess => Some(Needs::SharedAccess),
            },
        }
    }

    fn holds(&self, bucket: &BucketFacts) -> bool {
        match self {
            Condition::Tag(condition) => condition.holds(&bucket.tags),
            Condition::Simple { key, equal, values } => {
                let actual = match key {
                    Key::Account => bucket.account.as_str(),
                    Key::Name => &bucket.name,
                    Key::EffectivePermission => bucket.permission.as_str(),
                    Key::SharedAccess => bucket.shared.as_str(),
                };
                values.iter().any(|v| v == actual) == *equal
            }
        }
    }
}

impl EffectivePermission {
    pub fn as_str(self) -> &'static str {
        match self {
            EffectivePermission::Public => "PUBLIC",
            EffectivePermission::NotPublic => "NOT_PUBLIC",
            EffectivePermission::Unknown => "UNKNOWN",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        use EffectivePermission::{NotPublic, Public, Unknown};
        [Public, NotPublic, Unknown]
            .into_iter()
            .find(|p| p.as_str() == name)
    }
}

impl SharedAccess {
    pub fn as_str(self) -> &'static str {
        match self {
            SharedAccess::External => "EXTERNAL",
            SharedAccess::Internal => "INTERNAL",
            SharedAccess::NotShared => "NOT_SHARED",
            SharedAccess::Unknown => "UNKNOWN",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        use SharedAccess::{External, Internal, NotShared, Unknown};
        [External, Internal, NotShared, Unknown]
            .into_iter()
            .find(|s| s.as_str() == name)
    }
}

fn condition(criterion: &Criterion) -> Result<Condition, Refusal> {
    match (&criterion.simple_criterion, &criterion.tag_criterion) {
        (Some(simple), None) => simple_condition(simple),
        (None, Some(tag)) => {
            if tag.key.is_some() || tag.target.is_some() {
                return Err(Refusal::invalid(
                    "key and target do not belong to tagCriterion; leave them out",
                ));
            }
            TagCondition::compile(tag).map(Condition::Tag)
        }
        _ => Err(Refusal::invalid(
            "a condition of bucketCriteria needs exactly one of simpleCriterion and tagCriterion",
        )),
    }
}

fn simple_condition(term: &SimpleTerm) -> Result<Condition, Refusal> {
    let name = term.key.as_deref().unwrap_or_default();
    let key = match name {
        "ACCOUNT_ID" => Key::Account,
        "S3_BUCKET_NAME" => Key::Name,
        "S3_BUCKET_EFFECTIVE_PERMISSION" => Key::EffectivePermission,
        "S3_BUCKET_SHARED_ACCESS" => Key::SharedAccess,
        other => {
            return Err(Refusal::invalid(format!(
                "key {other:?} of simpleCriterion is not one of ACCOUNT_ID, S3_BUCKET_NAME, \
                 S3_BUCKET_EFFECTIVE_PERMISSION, S3_BUCKET_SHARED_ACCESS"
            )));
        }
    };
    let equal = equality(name, term.comparator.as_deref())?;
    if term.values.is_empty() {
        return Err(Refusal::invalid(format!("values of {name} is empty")));
    }
    let unknown = term.values.iter().find(|value| match key {
        Key::EffectivePermission => EffectivePermission::parse(value).is_none(),
        Key::SharedAccess => SharedAccess::parse(value).is_none(),
        Key::Account | Key::Name => false,
    });
    if let Some(value) = unknown {
        return Err(Refusal::invalid(format!(
            "{value:?} is not a value of {name}"
        )));
    }
    Ok(Condition::Simple {
        key,
        equal,
        values: term.values.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn criteria(json: &str) -> Result<Criteria, Refusal> {
        Criteria::compile(&serde_json::from_str(json).unwrap())
    }

    fn bucket(name: &str, account: &str) -> BucketFacts {
        BucketFacts {
            name: name.into(),
            account: AccountId::parse(account).unwrap(),
            tags: Tags::new(),
            permission: EffectivePermission::NotPublic,
            shared: SharedAccess::NotShared,
        }
    }

    #[test]
    fn conditions_are_anded_and_exclusions_win() {
        let both = criteria(
            r#"{"includes":{"and":[
                 {"simpleCriterion":{"key":"ACCOUNT_ID","comparator":"EQ","values":["111122223333"]}},
                 {"simpleCriterion":{"key":"S3_BUCKET_NAME","comparator":"NE","values":["a","b"]}}]},
               "excludes":{"and":[
                 {"tagCriterion":{"comparator":"EQ","tagValues":[{"key":"Env","value":"dev"}]}}]}}"#,
        )
        .unwrap();
        assert_eq!(both.needs(), [Needs::Tags]);
        assert!(both.matches(&bucket("c", "111122223333")));
        assert!(!both.matches(&bucket("a", "111122223333")));
        assert_eq!(both.foretell(&bucket("a", "111122223333")), Some(false));
        assert_eq!(both.foretell(&bucket("c", "111122223333")), None);
        assert!(!both.matches(&bucket("c", "444455556666")));
        let mut dev = bucket("c", "111122223333");
        dev.tags.insert("Env".into(), "dev".into());
        assert!(!both.matches(&dev));
        assert!(
            criteria("{}")
                .unwrap()
                .matches(&bucket("x", "111122223333"))
        );
    }

    #[test]
    fn properties_are_compared_as_words() {
        let public = criteria(
            r#"{"includes":{"and":[{"simpleCriterion":
                 {"key":"S3_BUCKET_EFFECTIVE_PERMISSION","comparator":"NE","values":["NOT_PUBLIC"]}},
                 {"simpleCriterion":{"key":"S3_BUCKET_SHARED_ACCESS","comparator":"EQ",
                  "values":["EXTERNAL","INTERNAL"]}}]}}"#,
        )
        .unwrap();
        let mut facts = bucket("x", "111122223333");
        assert!(!public.matches(&facts));
        facts.permission = EffectivePermission::Unknown;
        facts.shared = SharedAccess::Internal;
        assert!(public.matches(&facts));
        for bad in [
            r#"{"key":"S3_BUCKET_EFFECTIVE_PERMISSION","comparator":"EQ","values":["public"]}"#,
            r#"{"key":"S3_BUCKET_COLOUR","comparator":"EQ","values":["x"]}"#,
            r#"{"key":"ACCOUNT_ID","comparator":"CONTAINS","values":["1"]}"#,
            r#"{"key":"ACCOUNT_ID","comparator":"EQ","values":[]}"#,
        ] {
            let json = format!(r#"{{"includes":{{"and":[{{"simpleCriterion":{bad}}}]}}}}"#);
            assert!(criteria(&json).is_err(), "{bad}");
        }
    }
}
