//! What S3 tells of a bucket, or of an object, beside its content: tags, policies, who may read.

use std::collections::BTreeMap;

use aws_sdk_s3::types::Tag;

use super::core::Core;
use crate::model::{AccountId, ObjectMeta};
use crate::source::{BucketPolicy, SourceError};

/// Grantees of an ACL that stand for everyone.
const EVERYONE: [&str; 2] = [
    "http://acs.amazonaws.com/groups/global/AllUsers",
    "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
];

/// Tags of the bucket; none where it has none.
pub(super) async fn bucket_tags(core: &Core) -> Result<BTreeMap<String, String>, SourceError> {
    let answer = core
        .call("GetBucketTagging", &uri(core), |client, watch| {
            client
                .get_bucket_tagging()
                .bucket(&core.name)
                .set_expected_bucket_owner(core.expected_owner())
                .customize()
                .interceptor(watch)
                .send()
        })
        .await;
    Ok(present(answer)?.map_or_else(BTreeMap::new, |answer| by_key(answer.tag_set())))
}

/// Tags of an object: of the version that was listed.
pub(super) async fn object_tags(
    core: &Core,
    object: &ObjectMeta,
) -> Result<BTreeMap<String, String>, SourceError> {
    let (answer, _) = core
        .call("GetObjectTagging", &object.uri, |client, watch| {
            client
                .get_object_tagging()
                .bucket(&core.name)
                .key(&object.key)
                .set_version_id(object.version_id.clone())
                .set_expected_bucket_owner(core.expected_owner())
                .customize()
                .interceptor(watch)
                .send()
        })
        .await?;
    Ok(by_key(answer.tag_set()))
}

/// Who may read the bucket, by its public-access block, policy and ACL.
pub(super) async fn bucket_policy(core: &Core) -> Result<BucketPolicy, SourceError> {
    let (ignores_acls, restricts) = public_access_block(core).await?;
    let grants = acl(core).await?;
    let policy_public = policy_is_public(core).await?;
    let principals = match policy(core).await? {
        Some(text) => principals(&text),
        None => Principals::default(),
    };
    let public = (policy_public && !restricts) || (grants.everyone && !ignores_acls);
    Ok(BucketPolicy {
        public,
        anyone: principals.anyone || grants.everyone || grants.others,
        accounts: principals.accounts,
    })
}

/// Whether public ACLs are ignored and public policies restricted.
async fn public_access_block(core: &Core) -> Result<(bool, bool), SourceError> {
    let answer = core
        .call("GetBucketPublicAccessBlock", &uri(core), |client, watch| {
            client
                .get_public_access_block()
                .bucket(&core.name)
                .set_expected_bucket_owner(core.expected_owner())
                .customize()
                .interceptor(watch)
                .send()
        })
        .await;
    let answer = present(answer)?;
    let block = answer
        .as_ref()
        .and_then(|a| a.public_access_block_configuration());
    Ok(block.map_or((false, false), |block| {
        (
            block.ignore_public_acls() == Some(true),
            block.restrict_public_buckets() == Some(true),
        )
    }))
}

async fn policy_is_public(core: &Core) -> Result<bool, SourceError> {
    let answer = core
        .call("GetBucketPolicyStatus", &uri(core), |client, watch| {
            client
                .get_bucket_policy_status()
                .bucket(&core.name)
                .set_expected_bucket_owner(core.expected_owner())
                .customize()
                .interceptor(watch)
                .send()
        })
        .await;
    let answer = present(answer)?;
    let status = answer.as_ref().and_then(|a| a.policy_status());
    Ok(status.is_some_and(|s| s.is_public() == Some(true)))
}

async fn policy(core: &Core) -> Result<Option<String>, SourceError> {
    let answer = core
        .call("GetBucketPolicy", &uri(core), |client, watch| {
            client
                .get_bucket_policy()
                .bucket(&core.name)
                .set_expected_bucket_owner(core.expected_owner())
                .customize()
                .interceptor(watch)
                .send()
        })
        .await;
    Ok(present(answer)?.and_then(|answer| answer.policy().map(str::to_owned)))
}

#[derive(Default)]
struct Grants {
    everyone: bool,
    /// Someone but the owner and the groups of AWS.
    others: bool,
}

async fn acl(core: &Core) -> Result<Grants, SourceError> {
    let (answer, _) = core
        .call("GetBucketAcl", &uri(core), |client, watch| {
            client
                .get_bucket_acl()
                .bucket(&core.name)
                .set_expected_bucket_owner(core.expected_owner())
                .customize()
                .interceptor(watch)
                .send()
        })
        .await?;
    let owner = answer.owner().and_then(|o| o.id());
    let mut grants = Grants::default();
    for grantee in answer.grants().iter().filter_map(|g| g.grantee()) {
        if let Some(group) = grantee.uri() {
            grants.everyone |= EVERYONE.contains(&group);
        } else {
            grants.others |= grantee.id().is_some() && grantee.id() != owner;
        }
    }
    Ok(grants)
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Principals {
    anyone: bool,
    accounts: Vec<AccountId>,
}

/// Whom the statements of a policy allow something.
fn principals(policy: &str) -> Principals {
    let mut all = Principals::default();
    let document: serde_json::Value = serde_json::from_str(policy).unwrap_or_default();
    let list = |value: &serde_json::Value| match value {
        serde_json::Value::Array(items) => items.clone(),
        serde_json::Value::Null => Vec::new(),
        one => vec![one.clone()],
    };
    for statement in list(&document["Statement"]) {
        if statement["Effect"] != "Allow" {
            continue;
        }
        let principal = &statement["Principal"];
        all.anyone |= principal == "*"
            || !principal["CanonicalUser"].is_null()
            || !statement["NotPrincipal"].is_null();
        for name in list(&principal["AWS"]) {
            let name = name.as_str().unwrap_or_default();
            let account = name.split(':').nth(4).unwrap_or(name);
            match AccountId::parse(account) {
                Some(account) => all.accounts.push(account),
                // everyone, or someone who was deleted and is an id now
                None => all.anyone |= name == "*",
            }
        }
    }
    all.accounts.sort_unstable();
    all.accounts.dedup();
    all
}

fn by_key(tags: &[Tag]) -> BTreeMap<String, String> {
    tags.iter()
        .map(|t| (t.key().to_owned(), t.value().to_owned()))
        .collect()
}

/// What the service answered; `None` where the bucket has nothing of the kind.
fn present<T, W>(answer: Result<(T, W), SourceError>) -> Result<Option<T>, SourceError> {
    match answer {
        Ok((answer, _)) => Ok(Some(answer)),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The bucket has nothing of the kind, or the service does not know it.
fn is_absent(error: &SourceError) -> bool {
    match error {
        SourceError::Refused { code, status, .. } => {
            code.starts_with("NoSuch") || *status == 501 || *status == 404 || *status == 405
        }
        _ => false,
    }
}

fn uri(core: &Core) -> String {
    format!("s3://{}", core.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn principals_of_policies() {
        let of = |principal: &str| {
            principals(&format!(
                r#"{{"Statement":[{{"Effect":"Allow","Principal":{principal}}},
                    {{"Effect":"Deny","Principal":"*"}}]}}"#
            ))
        };
        let account = |id: &str| AccountId::parse(id).unwrap();
        assert!(of("\"*\"").anyone);
        assert!(of(r#"{"AWS":"*"}"#).anyone);
        assert_eq!(
            of(r#"{"AWS":["arn:aws:iam::111122223333:root","444455556666"]}"#),
            Principals {
                anyone: false,
                accounts: vec![account("111122223333"), account("444455556666")]
            }
        );
        assert_eq!(
            of(r#"{"Service":"logging.s3.amazonaws.com"}"#),
            Principals::default()
        );
        assert_eq!(principals("no JSON"), Principals::default());
    }
}
