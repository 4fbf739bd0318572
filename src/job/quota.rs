//! The monthly quota of each account: bytes of objects that jobs may read.
//!
//! Asked before an object is read. What this run has let pass and not recorded yet counts as read;
//! what others have recorded counts as soon as it is in the store.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::accounts::Accounts;
use crate::model::{AccountId, Clock};
use crate::store::{Reader, StoreError};

/// The quotas of the accounts that a run reads.
pub struct Quota {
    limits: BTreeMap<AccountId, u64>,
    clock: Clock,
    state: Mutex<State>,
}

struct State {
    reader: Reader,
    /// Bytes that were let pass and are not recorded yet.
    under_way: BTreeMap<AccountId, u64>,
}

/// While this is held, nothing is let pass: what is committed meanwhile is counted once.
pub struct Settling<'a>(MutexGuard<'a, State>);

impl Quota {
    /// `None` where no account has a quota.
    pub fn new<'a>(
        accounts: &Accounts,
        read: impl Iterator<Item = &'a AccountId>,
        reader: Reader,
        clock: Clock,
    ) -> Option<Self> {
        let limits: BTreeMap<AccountId, u64> = read
            .filter_map(|id| Some((id.clone(), accounts.quota_bytes(id)?)))
            .collect();
        (!limits.is_empty()).then(|| Quota {
            limits,
            clock,
            state: Mutex::new(State {
                reader,
                under_way: BTreeMap::new(),
            }),
        })
    }

    /// Lets an object pass, or not: reading it would exceed the quota of its account.
    pub fn admit(&self, account: &AccountId, bytes: u64) -> Result<bool, StoreError> {
        let Some(limit) = self.limits.get(account) else {
            return Ok(true);
        };
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let used = state.reader.usage(account, self.clock.now())?;
        let under_way = state.under_way.entry(account.clone()).or_default();
        let fits = used
            .saturating_add(*under_way)
            .saturating_add(bytes)
            .le(limit);
        if fits {
            *under_way += bytes;
        }
        Ok(fits)
    }

    /// Holds new objects back until what is recorded now is settled.
    pub fn settle(&self) -> Settling<'_> {
        Settling(self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Settling<'_> {
    /// An object is recorded: the store counts it from now on.
    pub fn recorded(&mut self, account: &AccountId, bytes: u64) {
        if let Some(under_way) = self.0.under_way.get_mut(account) {
            *under_way = under_way.saturating_sub(bytes);
        }
    }
}
