//! The configuration file: accounts, their Regions, roles and states, and the monthly quota.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::exit::Failure;
use super::size;
use crate::job::accounts::{Account, AccountState, Accounts, BucketSaid};
use crate::job::criteria::{EffectivePermission, SharedAccess};
use crate::model::AccountId;

/// The file as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    account_id: Option<String>,
    region: Option<String>,
    monthly_quota: Option<Size>,
    #[serde(default)]
    account: Vec<AccountEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AccountEntry {
    id: String,
    profile: Option<String>,
    role_arn: Option<String>,
    external_id: Option<String>,
    region: Option<String>,
    endpoint_url: Option<String>,
    folder: Option<PathBuf>,
    state: Option<String>,
    monthly_quota: Option<Size>,
    #[serde(default)]
    bucket: Vec<BucketEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct BucketEntry {
    name: String,
    tags: Option<BTreeMap<String, String>>,
    effective_permission: Option<String>,
    shared_access: Option<String>,
}

/// Bytes, as a number or as text such as `5TiB`.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Size {
    Bytes(u64),
    Text(String),
}

/// Reads the file that is named, else `$XDG_CONFIG_HOME/magpie/config.toml` or
/// `~/.config/magpie/config.toml` where there is one.
///
/// # Errors
/// A named file that is not there; one that cannot be read or understood.
pub fn accounts(named: Option<&Path>) -> Result<Accounts, Failure> {
    let path = match named {
        Some(path) => path.to_owned(),
        None => match default_path().filter(|p| p.exists()) {
            Some(path) => path,
            None => return Ok(Accounts::default()),
        },
    };
    let shown = path.display();
    let fail = |cause: &str| Failure::usage(format!("read configuration {shown}: {cause}"));
    let text = std::fs::read_to_string(&path).map_err(|e| fail(&e.to_string()))?;
    let file: File = toml::from_str(&text).map_err(|e| fail(e.to_string().trim_end()))?;
    let folder = path.parent().unwrap_or(Path::new("."));
    resolve(file, folder).map_err(|cause| fail(&cause))
}

fn default_path() -> Option<PathBuf> {
    let absolute = |name: &str| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|p| p.is_absolute())
    };
    absolute("XDG_CONFIG_HOME")
        .or_else(|| absolute("HOME").map(|home| home.join(".config")))
        .map(|folder| folder.join("magpie/config.toml"))
}

fn resolve(file: File, folder: &Path) -> Result<Accounts, String> {
    let mut all = Vec::with_capacity(file.account.len());
    let mut ids = BTreeSet::new();
    for entry in file.account {
        let account = account(entry, folder)?;
        if !ids.insert(account.id.clone()) {
            return Err(format!("account {} is there twice", account.id));
        }
        all.push(account);
    }
    Ok(Accounts {
        admin: file.account_id.as_deref().map(id).transpose()?,
        region: file.region,
        monthly_quota_bytes: file.monthly_quota.map(bytes).transpose()?,
        all,
    })
}

fn account(entry: AccountEntry, folder: &Path) -> Result<Account, String> {
    let id = id(&entry.id)?;
    if entry.folder.is_some() && (entry.role_arn.is_some() || entry.profile.is_some()) {
        return Err(format!(
            "account {id} has a folder and a profile or role; give one of them"
        ));
    }
    let state = match entry.state.as_deref() {
        None => AccountState::Enabled,
        Some(name) => AccountState::parse(name).ok_or_else(|| {
            format!(
                "state {name:?} of account {id} is not one of {}",
                AccountState::names()
            )
        })?,
    };
    let buckets = entry
        .bucket
        .into_iter()
        .map(|b| bucket(b, &id))
        .collect::<Result<_, _>>()?;
    Ok(Account {
        profile: entry.profile,
        role_arn: entry.role_arn,
        external_id: entry.external_id,
        region: entry.region,
        endpoint_url: entry.endpoint_url,
        // relative to the file, wherever the command is run
        folder: entry.folder.map(|f| folder.join(f)),
        state,
        monthly_quota_bytes: entry.monthly_quota.map(bytes).transpose()?,
        buckets,
        id,
    })
}

fn bucket(entry: BucketEntry, id: &AccountId) -> Result<BucketSaid, String> {
    let unknown = |what: &str, name: &str| {
        format!(
            "{what} {name:?} of bucket {} of account {id} is not one of Macie's",
            entry.name
        )
    };
    Ok(BucketSaid {
        permission: entry
            .effective_permission
            .as_deref()
            .map(|p| {
                EffectivePermission::parse(p).ok_or_else(|| unknown("effective_permission", p))
            })
            .transpose()?,
        shared: entry
            .shared_access
            .as_deref()
            .map(|s| SharedAccess::parse(s).ok_or_else(|| unknown("shared_access", s)))
            .transpose()?,
        tags: entry.tags,
        name: entry.name,
    })
}

fn id(text: &str) -> Result<AccountId, String> {
    AccountId::parse(text).ok_or_else(|| format!("account id {text:?} does not have 12 digits"))
}

fn bytes(size: Size) -> Result<u64, String> {
    match size {
        Size::Bytes(bytes) => Ok(bytes),
        Size::Text(text) => size::parse(&text).map_err(|e| format!("size {text:?}: {e}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Accounts, String> {
        resolve(
            toml::from_str(text).map_err(|e| e.to_string())?,
            Path::new("/etc"),
        )
    }

    #[test]
    fn accounts_are_read() {
        let accounts = read(
            r#"
            account_id = "111122223333"
            monthly_quota = "1GiB"
            [[account]]
            id = "444455556666"
            role_arn = "arn:aws:iam::444455556666:role/Audit"
            region = "eu-west-1"
            monthly_quota = 10
            [[account]]
            id = "000011112222"
            folder = "exports"
            state = "SUSPENDED"
            [[account.bucket]]
            name = "logs"
            tags = { Env = "prod" }
            effective_permission = "PUBLIC"
            "#,
        )
        .unwrap();
        let quota = |id: &str| accounts.quota_bytes(&AccountId::parse(id).unwrap());
        assert_eq!(quota("444455556666"), Some(10));
        assert_eq!(quota("000011112222"), Some(1 << 30));
        let local = &accounts.all[1];
        assert_eq!(local.folder.as_deref(), Some(Path::new("/etc/exports")));
        assert_eq!(local.state, AccountState::Suspended);
        assert_eq!(
            local.buckets[0].permission,
            Some(EffectivePermission::Public)
        );
    }

    #[test]
    fn what_cannot_be_is_named() {
        for (text, words) in [
            ("account_id = '1'", "12 digits"),
            ("colour = 1", "colour"),
            (
                "[[account]]\nid = '111122223333'\nstate = 'GONE'",
                "ENABLED, DISABLED",
            ),
            (
                "[[account]]\nid = '111122223333'\n[[account]]\nid = '111122223333'",
                "is there twice",
            ),
            (
                "[[account]]\nid = '111122223333'\nfolder = 'x'\nprofile = 'y'",
                "give one of them",
            ),
            ("monthly_quota = 'much'", "size \"much\""),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.contains(words), "{text}: {error}");
        }
    }
}
