//! Which buckets a run reads: named ones, or those that match the criteria now; accounts that cannot
//! be read, and the events that tell of all of it.
//!
//! Resolved once a run: one that is taken up reads the same buckets.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use super::accounts::{Account, AccountState, Accounts, BucketSaid};
use super::bucket_event::bucket_event;
use super::criteria::{BucketFacts, Criteria, EffectivePermission, Needs, SharedAccess};
use super::definition::{Buckets, Definition};
use super::recorder::{Failure, failure};
use super::scope::Tags;
use crate::event::Event;
use crate::model::AccountId;
use crate::source::{AssumeRole, SourceError, SourceOptions, Sources, Target, list_folder_buckets};
use crate::store::NewTarget;

/// What a run is to read.
#[derive(Default)]
pub struct Resolved {
    pub targets: Vec<NewTarget>,
    pub events: Vec<Event>,
    pub failures: Vec<Failure>,
    /// An account or bucket could not be read.
    pub trouble: bool,
}

/// Finds the buckets of a run, and the way to them.
pub struct Resolver<'a> {
    pub accounts: &'a Accounts,
    /// Accounts that were configured when the job was created.
    pub then: &'a [AccountId],
    /// The account that created the job.
    pub admin: &'a AccountId,
    pub options: &'a SourceOptions,
    /// By account: settings and credentials are read once.
    sources: BTreeMap<AccountId, Arc<Sources>>,
}

impl<'a> Resolver<'a> {
    pub fn new(
        accounts: &'a Accounts,
        then: &'a [AccountId],
        admin: &'a AccountId,
        options: &'a SourceOptions,
    ) -> Self {
        Resolver {
            accounts,
            then,
            admin,
            options,
            sources: BTreeMap::new(),
        }
    }

    /// Finds the buckets, as they are now.
    ///
    /// # Errors
    /// Credentials that are missing or not accepted: the run cannot go on.
    pub async fn resolve(&mut self, definition: &Definition) -> Result<Resolved, SourceError> {
        let mut resolved = Resolved::default();
        match &definition.buckets {
            Buckets::Named(named) => {
                for entry in named {
                    let Some(account) = AccountId::parse(&entry.account_id) else {
                        continue; // checked when the job was created
                    };
                    if self.skips(&account, &mut resolved) {
                        continue;
                    }
                    for bucket in &entry.buckets {
                        let target = self.locate(&account, bucket);
                        resolved.add(bucket, &account, &target);
                    }
                }
            }
            Buckets::Matching(criteria) => self.matching(criteria, &mut resolved).await?,
        }
        Ok(resolved)
    }

    /// How buckets of an account are reached.
    pub fn sources(&mut self, account: &AccountId) -> Arc<Sources> {
        let make = || {
            let mut options = self.options.clone();
            // the account that stands for this machine owns no bucket in S3
            if *account != AccountId::local() {
                options.expected_owner = Some(account.clone());
            }
            if let Some(known) = self.accounts.find(account) {
                let Account {
                    profile,
                    region,
                    endpoint_url,
                    role_arn,
                    external_id,
                    ..
                } = known.clone();
                options.profile = profile.or(options.profile);
                options.region = region.or(options.region);
                options.endpoint_url = endpoint_url.or(options.endpoint_url);
                options.assume_role = role_arn.map(|arn| AssumeRole { arn, external_id });
            }
            Arc::new(Sources::new(options))
        };
        Arc::clone(self.sources.entry(account.clone()).or_insert_with(make))
    }

    /// The state of an account: as it is said, or gone since the job was created.
    fn state(&self, account: &AccountId) -> AccountState {
        match self.accounts.find(account) {
            Some(known) => known.state,
            None if self.then.contains(account) => AccountState::Disassociated,
            None => AccountState::Enabled,
        }
    }

    /// An account that is skipped as a whole, told with its event.
    fn skips(&self, account: &AccountId, resolved: &mut Resolved) -> bool {
        let state = self.state(account);
        let Some(event) = state.event(account) else {
            return false;
        };
        resolved.events.push(event);
        resolved.account(account, state.cause());
        true
    }

    fn locate(&self, account: &AccountId, bucket: &str) -> Target {
        let folder = self.accounts.find(account).and_then(|a| a.folder.as_ref());
        if bucket.contains('/') {
            return Target::Path(PathBuf::from(bucket));
        }
        match folder {
            Some(folder) => Target::Path(folder.join(bucket)),
            None => Target::S3 {
                bucket: bucket.to_owned(),
                key: String::new(),
            },
        }
    }

    async fn matching(
        &mut self,
        criteria: &Criteria,
        resolved: &mut Resolved,
    ) -> Result<(), SourceError> {
        let mut ids: BTreeSet<AccountId> = self.accounts.all.iter().map(|a| a.id.clone()).collect();
        if ids.is_empty() {
            ids.insert(self.admin.clone());
        }
        // those that went away may own buckets that would have matched
        ids.extend(self.then.iter().cloned());
        let mut matched = 0;
        for account in &ids {
            if self.skips(account, resolved) {
                continue;
            }
            let names = match self.bucket_names(account).await {
                Ok(names) => names,
                Err(error @ SourceError::Credentials { .. }) if ids.len() == 1 => {
                    return Err(error);
                }
                Err(error) => {
                    resolved.account_failed(account, &error);
                    continue;
                }
            };
            for name in names {
                let target = self.locate(account, &name);
                match self.facts(&name, account, &target, criteria).await {
                    Ok(Some(facts)) if criteria.matches(&facts) => {
                        matched += 1;
                        resolved.events.push(Event::BucketMatchedTheCriteria {
                            account: Some(account.clone()),
                            bucket: name.clone(),
                        });
                        resolved.add(&name, account, &target);
                    }
                    Ok(_) => {}
                    Err(error) => resolved.bucket_failed(&name, account, &target, &error),
                }
            }
        }
        if matched == 0 {
            resolved.events.push(Event::NoBucketsMatchedTheCriteria);
        }
        Ok(())
    }

    async fn bucket_names(&mut self, account: &AccountId) -> Result<Vec<String>, SourceError> {
        let known = self.accounts.find(account);
        if let Some(folder) = known.and_then(|a| a.folder.as_ref()) {
            return list_folder_buckets(folder);
        }
        let region = known.and_then(|a| a.region.clone());
        let buckets = self.sources(account).list_buckets().await?;
        // a job is of one Region, where that is said
        let here = |r: &Option<String>| region.is_none() || r.is_none() || *r == region;
        Ok(buckets
            .into_iter()
            .filter(|b| here(&b.region))
            .map(|b| b.name)
            .collect())
    }

    /// What the criteria ask of a bucket; `None` where its name and account settle that it is out.
    async fn facts(
        &mut self,
        name: &str,
        account: &AccountId,
        target: &Target,
        criteria: &Criteria,
    ) -> Result<Option<BucketFacts>, SourceError> {
        let mut facts = BucketFacts {
            name: name.to_owned(),
            account: account.clone(),
            tags: Tags::new(),
            permission: EffectivePermission::Unknown,
            shared: SharedAccess::Unknown,
        };
        match criteria.foretell(&facts) {
            Some(false) => return Ok(None),
            Some(true) => return Ok(Some(facts)),
            None => {}
        }
        let said = self
            .accounts
            .find(account)
            .and_then(|a| a.buckets.iter().find(|b| b.name == name))
            .cloned();
        let needs = criteria.needs();
        if let Some(said) = &said {
            facts.say(said);
        }
        let Target::S3 { .. } = target else {
            return Ok(Some(facts));
        };
        let sources = self.sources(account);
        if needs.contains(&Needs::Tags) && said.as_ref().is_none_or(|s| s.tags.is_none()) {
            facts.tags = sources.bucket_tags(name).await?;
        }
        let access =
            needs.contains(&Needs::EffectivePermission) || needs.contains(&Needs::SharedAccess);
        // what cannot be told is UNKNOWN, as with Macie
        if access && let Ok(policy) = sources.bucket_policy(name).await {
            let own = |a: &AccountId| *a == *account || self.accounts.find(a).is_some();
            facts.permission = match policy.public {
                true => EffectivePermission::Public,
                false => EffectivePermission::NotPublic,
            };
            facts.shared = if policy.anyone || !policy.accounts.iter().all(own) {
                SharedAccess::External
            } else if policy.accounts.iter().any(|a| a != account) {
                SharedAccess::Internal
            } else {
                SharedAccess::NotShared
            };
            if let Some(said) = &said {
                facts.say(said);
            }
        }
        Ok(Some(facts))
    }
}

impl BucketFacts {
    fn say(&mut self, said: &BucketSaid) {
        if let Some(tags) = &said.tags {
            self.tags.clone_from(tags);
        }
        self.permission = said.permission.unwrap_or(self.permission);
        self.shared = said.shared.unwrap_or(self.shared);
    }
}

impl Resolved {
    fn add(&mut self, bucket: &str, account: &AccountId, target: &Target) {
        // a folder that is not there is found out before its objects are listed
        if let Target::Path(path) = target
            && !path.is_dir()
        {
            let missing = SourceError::NoSuchBucket {
                uri: target.uri(),
                operation: "ListObjectsV2".to_owned(),
            };
            self.bucket_failed(bucket, account, target, &missing);
            return;
        }
        self.targets.push(NewTarget {
            uri: target.uri(),
            account: account.clone(),
            bucket: Some(bucket.to_owned()),
            cause: None,
        });
    }

    fn account(&mut self, account: &AccountId, cause: &str) {
        self.trouble = true;
        self.targets.push(NewTarget {
            uri: format!("account:{account}"),
            account: account.clone(),
            bucket: None,
            cause: Some(cause.to_owned()),
        });
    }

    fn account_failed(&mut self, account: &AccountId, error: &SourceError) {
        self.failures.push(failure(error));
        self.account(account, &error.to_string());
        let id = Some(account.clone());
        let code = match error {
            SourceError::Refused { code, .. } => code.as_str(),
            SourceError::Credentials { cause, .. } => cause.as_str(),
            _ => "",
        };
        self.events.extend(match error {
            SourceError::AccessDenied { operation, .. } => Some(Event::AccountAccessDenied {
                operation: operation.clone(),
                account: id,
            }),
            _ if code.contains("RegionDisabled") || code.contains("OptInRequired") => {
                Some(Event::AccountRegionDisabled { account: id })
            }
            _ if code.contains("AllAccessDisabled") || code.contains("AccountProblem") => {
                Some(Event::AccountIsolated { account: id })
            }
            _ if code.contains("NotSignedUp") => Some(Event::AccountTerminated { account: id }),
            // the role of the account, or the key, is not accepted
            SourceError::Credentials { .. } => Some(Event::AccountAccessDenied {
                operation: "ListBuckets".to_owned(),
                account: id,
            }),
            _ => None,
        });
    }

    fn bucket_failed(
        &mut self,
        bucket: &str,
        account: &AccountId,
        target: &Target,
        error: &SourceError,
    ) {
        self.trouble = true;
        self.failures.push(failure(error));
        self.events.extend(bucket_event(error, bucket, account));
        self.targets.push(NewTarget {
            uri: target.uri(),
            account: account.clone(),
            bucket: Some(bucket.to_owned()),
            cause: Some(error.to_string()),
        });
    }
}
