//! The accounts that jobs reach: how, and in what state each is.
//!
//! Plain data; it is read from the configuration above the engine.

use std::path::PathBuf;

use super::criteria::{EffectivePermission, SharedAccess};
use super::scope::Tags;
use crate::event::Event;
use crate::model::AccountId;

/// All accounts that are configured.
#[derive(Clone, Debug, Default)]
pub struct Accounts {
    /// The account that creates jobs.
    pub admin: Option<AccountId>,
    /// Region of jobs.
    pub region: Option<String>,
    /// Bytes that jobs may read of the objects of one account in a month; `None`: any number.
    pub monthly_quota_bytes: Option<u64>,
    pub all: Vec<Account>,
}

/// One account.
#[derive(Clone, Debug)]
pub struct Account {
    pub id: AccountId,
    pub profile: Option<String>,
    /// A role to assume, with the credentials of the profile or the environment.
    pub role_arn: Option<String>,
    pub external_id: Option<String>,
    pub region: Option<String>,
    pub endpoint_url: Option<String>,
    /// A folder that plays the account: the folders in it are its buckets.
    pub folder: Option<PathBuf>,
    pub state: AccountState,
    /// In place of [`Accounts::monthly_quota_bytes`].
    pub monthly_quota_bytes: Option<u64>,
    /// What is said of single buckets.
    pub buckets: Vec<BucketSaid>,
}

/// Properties of a bucket that are said and not asked for: a folder has none of its own.
#[derive(Clone, Debug)]
pub struct BucketSaid {
    pub name: String,
    pub tags: Option<Tags>,
    pub permission: Option<EffectivePermission>,
    pub shared: Option<SharedAccess>,
}

/// What became of an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AccountState {
    #[default]
    Enabled,
    Disabled,
    Disassociated,
    Isolated,
    RegionDisabled,
    Suspended,
    Terminated,
}

impl AccountState {
    const ALL: [(&'static str, AccountState); 7] = [
        ("ENABLED", AccountState::Enabled),
        ("DISABLED", AccountState::Disabled),
        ("DISASSOCIATED", AccountState::Disassociated),
        ("ISOLATED", AccountState::Isolated),
        ("REGION_DISABLED", AccountState::RegionDisabled),
        ("SUSPENDED", AccountState::Suspended),
        ("TERMINATED", AccountState::Terminated),
    ];

    pub fn parse(name: &str) -> Option<Self> {
        let known = Self::ALL.iter().find(|(n, _)| *n == name);
        known.map(|(_, state)| *state)
    }

    /// The names that [`AccountState::parse`] knows, for messages.
    pub fn names() -> String {
        Self::ALL.map(|(name, _)| name).join(", ")
    }

    /// The event that tells of it; `None` where the account can be read.
    pub fn event(self, account: &AccountId) -> Option<Event> {
        let account = Some(account.clone());
        Some(match self {
            AccountState::Enabled => return None,
            AccountState::Disabled => Event::AccountDisabled { account },
            AccountState::Disassociated => Event::AccountDisassociated { account },
            AccountState::Isolated => Event::AccountIsolated { account },
            AccountState::RegionDisabled => Event::AccountRegionDisabled { account },
            AccountState::Suspended => Event::AccountSuspended { account },
            AccountState::Terminated => Event::AccountTerminated { account },
        })
    }

    /// For people: why its buckets were not read.
    pub fn cause(self) -> &'static str {
        match self {
            AccountState::Enabled => "",
            AccountState::Disabled => "Macie is disabled for the account",
            AccountState::Disassociated => {
                "the account does not belong to the organization any more"
            }
            AccountState::Isolated => "the account is isolated",
            AccountState::RegionDisabled => "the account is not active in the Region",
            AccountState::Suspended => "Macie is suspended for the account",
            AccountState::Terminated => "the account is terminated",
        }
    }
}

impl Accounts {
    pub fn find(&self, id: &AccountId) -> Option<&Account> {
        self.all.iter().find(|a| a.id == *id)
    }

    /// Bytes that jobs may read of an account's objects in a month.
    pub fn quota_bytes(&self, id: &AccountId) -> Option<u64> {
        self.find(id)
            .and_then(|a| a.monthly_quota_bytes)
            .or(self.monthly_quota_bytes)
    }
}
