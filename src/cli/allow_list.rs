//! `magpie allow-list`: saved lists, whether they can be used, and fingerprints for them.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fmt::Write;
use std::io::Read;

use anyhow::Context as _;
use chrono::{SecondsFormat, Utc};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::allow_args::{AllowListArgs, AllowListCommand, CreateArgs, StatusArgs};
use super::args::StateArgs;
use super::exit::{Exit, Failure, OrExit};
use super::logs::store_failure;
use super::{allow, allow_shown, identifiers, output, plain::plain, plan, state};
use crate::detect::Catalogue;
use crate::job::FingerprintKey;
use crate::job::allow::{AllowListError, EXEMPT, Wanted, check};
use crate::model::allow::{AllowCriteria, AllowListInfo};
use crate::model::{CatalogueIndex, Secret};
use crate::source::{Sources, Target};
use crate::store::{NewAllowList, Reader, Store};

/// Macie's limits.
const NAME_CHARS_MAX: usize = 128;
const DESCRIPTION_CHARS_MAX: usize = 512;
const TAGS_MAX: usize = 50;
const TAG_KEY_CHARS_MAX: usize = 128;
const TAG_VALUE_CHARS_MAX: usize = 256;
/// Longest value that a fingerprint is made of, in bytes: what one value may span.
const VALUE_BYTES_MAX: u64 = 64 << 10;

pub fn run(args: &AllowListArgs) -> Result<Exit, Failure> {
    match &args.command {
        AllowListCommand::Create(args) => create(args),
        AllowListCommand::List { json, state } => list(*json, state),
        AllowListCommand::Show { list, json, state } => {
            let list = saved_list("show", list, state)?;
            let text = match json {
                true => format!("{}\n", document(&list)),
                false => show(&list),
            };
            output::print(&text)?;
            Ok(Exit::Clean)
        }
        AllowListCommand::Delete {
            list,
            ignore_job_checks,
            state,
        } => delete(list, *ignore_job_checks, state),
        AllowListCommand::Status(args) => status(args),
        AllowListCommand::Fingerprint { identifier, state } => fingerprint(identifier, state),
    }
}

fn create(args: &CreateArgs) -> Result<Exit, Failure> {
    let name = text("name", &args.name, NAME_CHARS_MAX)?;
    let description = match &args.description {
        Some(text_) => Some(text("description", text_, DESCRIPTION_CHARS_MAX)?),
        None => None,
    };
    let wanted = Wanted {
        name: name.clone(),
        id: None,
        criteria: criteria(args)?,
    };
    let tags = tags(&args.tags)?;
    // a list that cannot be used is not saved: nobody would learn of it before a scan fails
    let runtime = runtime()?;
    let sources = Sources::new(plan::source_options(&args.aws)?);
    entries(wanted.clone(), &sources, &runtime).map_err(allow::failure)?;
    runtime.shutdown_background();
    let store = Store::open(&state::folder(&args.state)?).map_err(store_failure)?;
    let list = store
        .create_allow_list(NewAllowList {
            name,
            description,
            criteria: wanted.criteria,
            tags,
            now: Utc::now(),
        })
        .map_err(store_failure)?;
    output::print(&format!("{}\n", list.id))?;
    Ok(Exit::Clean)
}

fn criteria(args: &CreateArgs) -> Result<AllowCriteria, Failure> {
    let location = |text: &OsStr| -> Result<String, Failure> {
        let target = Target::parse_os(text).map_err(Failure::usage)?;
        match &target {
            // the list is found from any folder
            Target::Path(path) => {
                let path = std::path::absolute(path)
                    .with_context(|| format!("find allow list {}", path.display()))
                    .or_exit(Exit::Usage)?;
                allow::location(path.as_os_str(), &Target::Path(path.clone()))
            }
            _ => allow::location(text, &target),
        }
    };
    let c = &args.criteria;
    match (&c.words, &c.regex, &c.file) {
        (Some(words), None, None) => Ok(AllowCriteria::Words {
            location: location(words)?,
        }),
        (None, Some(regex), None) => Ok(AllowCriteria::Regex {
            regex: regex.clone(),
        }),
        (None, None, Some(file)) => Ok(AllowCriteria::Entries {
            location: location(file)?,
        }),
        _ => Err(Failure::usage(
            "create allow list: give one of --words, --regex and --file",
        )),
    }
}

fn text(what: &str, text: &str, chars_max: usize) -> Result<String, Failure> {
    let chars = text.chars().count();
    if (1..=chars_max).contains(&chars) && !text.chars().any(char::is_control) {
        return Ok(text.to_owned());
    }
    Err(Failure::usage(format!(
        "create allow list: a {what} has 1 to {chars_max} characters and no control characters, \
         this one {chars}"
    )))
}

fn tags(texts: &[String]) -> Result<BTreeMap<String, String>, Failure> {
    let mut tags = BTreeMap::new();
    for text in texts {
        let fail = |cause: &str| {
            let text = plain(text);
            Err(Failure::usage(format!("read --tag {text}: {cause}")))
        };
        let Some((key, value)) = text.split_once('=') else {
            return fail("write it as key=value");
        };
        if !(1..=TAG_KEY_CHARS_MAX).contains(&key.chars().count()) {
            return fail("a key has 1 to 128 characters");
        }
        if value.chars().count() > TAG_VALUE_CHARS_MAX {
            return fail("a value has at most 256 characters");
        }
        if tags.insert(key.to_owned(), value.to_owned()).is_some() {
            return fail("the key is there already");
        }
    }
    match tags.len() {
        0..=TAGS_MAX => Ok(tags),
        n => Err(Failure::usage(format!(
            "create allow list: {n} tags; at most {TAGS_MAX} are possible"
        ))),
    }
}

fn runtime() -> Result<Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .context("start runtime")
        .or_exit(Exit::Internal)
}

/// Reads a list as a scan would; answers its entries.
fn entries(list: Wanted, sources: &Sources, runtime: &Runtime) -> Result<usize, AllowListError> {
    let context = crate::job::allow::Context {
        sources,
        runtime,
        index: &CatalogueIndex::default(),
        // an identifier may be one of the user's own, which a scan knows of
        known: &|_| true,
    };
    check(list, &context)
}

fn saved(verb: &str, state: &StateArgs) -> Result<(Reader, std::path::PathBuf), Failure> {
    let folder = state::folder(state)?;
    match allow::saved(&folder)? {
        Some(reader) => Ok((reader, folder)),
        None => Err(Failure::usage(format!(
            "{verb} allow list: there is none in {} yet; choose another state folder with \
             --state-dir",
            folder.display()
        ))),
    }
}

fn saved_list(verb: &str, name: &str, state: &StateArgs) -> Result<AllowListInfo, Failure> {
    let (reader, _) = saved(verb, state)?;
    let list = reader.allow_list(name).map_err(store_failure)?;
    list.ok_or_else(|| {
        Failure::usage(format!(
            "{verb} allow list {name}: there is none of this id or name; see magpie allow-list list"
        ))
    })
}

fn list(json: bool, state: &StateArgs) -> Result<Exit, Failure> {
    // without a store there are none, which is no error
    let lists = match allow::saved(&state::folder(state)?)? {
        Some(reader) => reader.allow_lists().map_err(store_failure)?,
        None => Vec::new(),
    };
    let text: String = match json {
        true => lists.iter().map(|l| format!("{}\n", document(l))).collect(),
        false => rows(&lists),
    };
    output::print(&text)?;
    Ok(Exit::Clean)
}

fn rows(lists: &[AllowListInfo]) -> String {
    let wide = lists.iter().map(|l| plain(&l.name).chars().count()).max();
    let wide = wide.unwrap_or(0);
    let mut out = String::new();
    for list in lists {
        let line = format!(
            "{}  {:<wide$}  {:<7}  {}",
            list.id,
            plain(&list.name),
            list.criteria.kind().as_str(),
            plain(shown(&list.criteria)),
        );
        let _ = writeln!(out, "{}", line.trim_end());
    }
    out
}

/// Where it is, or the expression.
fn shown(criteria: &AllowCriteria) -> &str {
    match criteria {
        AllowCriteria::Words { location } | AllowCriteria::Entries { location } => location,
        AllowCriteria::Regex { regex } => regex,
    }
}

fn show(list: &AllowListInfo) -> String {
    let mut out = String::new();
    let mut row = |name: &str, value: &str| {
        let _ = writeln!(out, "{name:<12}{}", plain(value));
    };
    row("id", &list.id);
    row("name", &list.name);
    if let Some(description) = &list.description {
        row("description", description);
    }
    row("kind", list.criteria.kind().as_str());
    let what = match &list.criteria {
        AllowCriteria::Regex { .. } => "expression",
        _ => "location",
    };
    row(what, shown(&list.criteria));
    for (key, value) in &list.tags {
        row("tag", &format!("{key}={value}"));
    }
    row("created", &time(list.created_at));
    row("updated", &time(list.updated_at));
    out
}

/// The list as `GetAllowList` answers it; a file of ours has a form of ours.
fn document(list: &AllowListInfo) -> Value {
    let criteria = match &list.criteria {
        AllowCriteria::Regex { regex } => json!({ "regex": regex }),
        AllowCriteria::Entries { location } => json!({ "entriesFile": { "location": location } }),
        AllowCriteria::Words { location } => match Target::parse(location) {
            Ok(Target::S3 { bucket, key }) => {
                json!({ "s3WordsList": { "bucketName": bucket, "objectKey": key } })
            }
            _ => json!({ "wordsFile": { "location": location } }),
        },
    };
    json!({
        "id": list.id,
        "name": list.name,
        "description": list.description,
        "criteria": criteria,
        "tags": list.tags,
        "createdAt": time(list.created_at),
        "updatedAt": time(list.updated_at),
    })
}

fn time(time: chrono::DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn delete(name: &str, ignore_job_checks: bool, state: &StateArgs) -> Result<Exit, Failure> {
    let list = saved_list("delete", name, state)?;
    let (reader, folder) = saved("delete", state)?;
    if !ignore_job_checks {
        let jobs = reader.jobs().map_err(store_failure)?;
        let uses = |spec: &str| {
            let spec: Value = serde_json::from_str(spec).unwrap_or_default();
            spec["allowLists"]
                .as_array()
                .is_some_and(|lists| lists.iter().any(|l| l["id"] == *list.id))
        };
        if let Some(job) = jobs.iter().find(|j| j.status.is_open() && uses(&j.spec)) {
            return Err(Failure::usage(format!(
                "delete allow list {}: job {} uses it and is not at its end; run its command again \
                 to finish it, or give --ignore-job-checks",
                list.name, job.id
            )));
        }
    }
    let store = Store::open(&folder).map_err(store_failure)?;
    store.delete_allow_list(&list.id).map_err(store_failure)?;
    Ok(Exit::Clean)
}

fn status(args: &StatusArgs) -> Result<Exit, Failure> {
    let reader = allow::saved(&state::folder(&args.state)?)?;
    let list = allow::find(&args.list, reader.as_ref())?;
    let name = list.name.clone();
    let runtime = runtime()?;
    let sources = Sources::new(plan::source_options(&args.aws)?);
    let checked = entries(list, &sources, &runtime);
    runtime.shutdown_background();
    let (code, description, entries, exit) = match &checked {
        Ok(n) => ("OK", None, Some(*n), Exit::Clean),
        Err(e) => (e.code(), Some(e.cause.to_string()), None, allow::exit(e)),
    };
    let text = match args.json {
        true => {
            let document = json!({
                "name": name, "entries": entries,
                "status": { "code": code, "description": description },
            });
            format!("{document}\n")
        }
        false => {
            let told = entries.map(|n| allow_shown::entries(n as u64));
            format!(
                "{code}  {}\n",
                plain(&told.or(description).unwrap_or_default())
            )
        }
    };
    output::print(&text)?;
    Ok(exit)
}

fn fingerprint(identifier: &str, state: &StateArgs) -> Result<Exit, Failure> {
    let catalogue = Catalogue::builtin().or_exit(Exit::Internal)?;
    let index = catalogue.index();
    let id = identifiers::find(identifier, index)
        .map(|d| d.id.clone())
        .ok_or_else(|| identifiers::unknown("use", identifier, index))?;
    if id == EXEMPT {
        return Err(Failure::usage(format!(
            "make fingerprint: allow lists do not apply to {id}, as with Macie"
        )));
    }
    let mut value = Vec::new();
    std::io::stdin()
        .take(VALUE_BYTES_MAX + 1)
        .read_to_end(&mut value)
        .context("read the value from standard input")
        .or_exit(Exit::Usage)?;
    if value.ends_with(b"\n") {
        value.pop();
        if value.ends_with(b"\r") {
            value.pop();
        }
    }
    if value.is_empty() || value.len() as u64 > VALUE_BYTES_MAX {
        return Err(Failure::usage(format!(
            "make fingerprint: give the value on standard input, 1 to {} KiB",
            VALUE_BYTES_MAX >> 10
        )));
    }
    let store = Store::open(&state::folder(state)?).map_err(store_failure)?;
    let key = FingerprintKey(store.fingerprint_key());
    let fingerprint = key.of(&id, Secret::new(&value));
    output::print(&format!(
        "[[allow]]\nfingerprint = \"{fingerprint:016x}\"\nidentifiers = [\"{id}\"]\n"
    ))?;
    Ok(Exit::Clean)
}
