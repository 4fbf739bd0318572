//! The TOML form of an allow list: entries with limits, reasons and dates. Ours, beyond Macie.
//!
//! ```toml
//! owner   = "security@example.com"       # for every entry that says nothing else
//! expires = 2027-12-31                   # the last day, in UTC, on which the entries count
//!
//! [[allow]]
//! text   = "Martha Rivera"               # or regex, or fingerprint
//! reason = "the person of all our tests"
//! identifiers = ["NAME"]                 # these alone
//! paths  = ["tests/**", "*.sql"]         # in these objects alone
//! spaces = "any"                         # runs of white space count as one space
//! ```
//!
//! The reading is strict, and its messages name lines and fields, never what an entry says.

use std::collections::HashMap;
use std::ops::Range;

use chrono::{Datelike, NaiveDate};
use toml::de::{DeTable, DeValue};

use super::fault::{Fault, entry_fault};
use super::fold::{Spaces, fold_into};
use super::words::{ENTRIES_MAX, too_many, utf8};
use crate::job::filter::KeyFilter;

/// Longest reason, owner and description, in characters.
const NOTE_CHARS_MAX: usize = 512;
/// Digits of a fingerprint.
const FINGERPRINT_DIGITS: usize = 16;

/// One entry, resolved: what the list says for all is in each.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Of what it allows, from 1.
    pub line: u32,
    pub what: What,
    /// Ascending; `None` for all.
    pub identifiers: Option<Vec<String>>,
    pub paths: Option<KeyFilter>,
    pub owner: Option<String>,
    pub reason: Option<String>,
    /// The last day on which it counts, in UTC.
    pub expires: Option<NaiveDate>,
}

/// What an entry allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Compared as a whole, folded.
    Text(String, Spaces),
    /// Matches as a whole.
    Regex(String),
    /// Of one identifier and value, with the key of the state folder.
    Fingerprint(u64),
}

/// Fields that may stand for all entries as well as in each.
#[derive(Clone, Default)]
struct Shared {
    identifiers: Option<Vec<String>>,
    paths: Option<Vec<String>>,
    owner: Option<String>,
    reason: Option<String>,
    expires: Option<NaiveDate>,
    spaces: Option<Spaces>,
}

/// What an identifier must be.
pub type Known<'a> = &'a dyn Fn(&str) -> bool;

/// Reads a list. `known`: there is an identifier of this id.
///
/// # Errors
/// Text that is not TOML, unknown fields, values of the wrong kind, identifiers that are not there
/// or that lists do not apply to, two entries that are the same, too many entries, or none.
pub fn parse(bytes: &[u8], known: Known<'_>) -> Result<Vec<Entry>, Fault> {
    let text = utf8(bytes)?;
    let reader = Reader {
        breaks: memchr::memchr_iter(b'\n', text.as_bytes()).collect(),
        known,
    };
    let table = DeTable::parse(text).map_err(|e| {
        let cause = e.message().replace('\n', " ");
        match e.span() {
            Some(span) => Fault::at(reader.line(&span), cause),
            None => Fault::whole(cause),
        }
    })?;
    reader.list(table.get_ref())
}

struct Reader<'a> {
    /// Offsets of the line ends.
    breaks: Vec<usize>,
    known: Known<'a>,
}

/// A value with its line.
struct Value<'a> {
    name: &'a str,
    line: u32,
    value: &'a DeValue<'a>,
}

impl Value<'_> {
    fn fault(&self, cause: impl std::fmt::Display) -> Fault {
        Fault::at(self.line, format!("{}: {cause}", self.name))
    }

    fn kind_fault(&self, wanted: &str) -> Fault {
        let kind = self.value.type_str();
        self.fault(format!("{wanted} is needed, and this is of type {kind}"))
    }
}

impl Reader<'_> {
    fn line(&self, span: &Range<usize>) -> u32 {
        let line = self.breaks.partition_point(|at| *at < span.start) + 1;
        u32::try_from(line).unwrap_or(u32::MAX)
    }

    /// The fields of a table in the order of the file.
    fn fields<'t>(&self, table: &'t DeTable<'_>) -> Vec<Value<'t>> {
        let mut fields: Vec<_> = table.iter().collect();
        fields.sort_by_key(|(name, _)| name.span().start);
        let value = |(name, value): (&'t toml::Spanned<_>, &'t toml::Spanned<DeValue<'_>>)| {
            let line = self.line(&name.span());
            let name: &std::borrow::Cow<'_, str> = name.get_ref();
            Value {
                name: name.as_ref(),
                line,
                value: value.get_ref(),
            }
        };
        fields.into_iter().map(value).collect()
    }

    fn list(&self, table: &DeTable<'_>) -> Result<Vec<Entry>, Fault> {
        let fields = self.fields(table);
        let mut shared = Shared::default();
        for field in &fields {
            match field.name {
                "allow" => {}
                "description" => drop(note(field)?),
                _ if self.shared(field, &mut shared)? => {}
                _ => return Err(unknown(field, "description, allow")),
            }
        }
        let Some(allow) = fields.iter().find(|f| f.name == "allow") else {
            return Err(Fault::empty());
        };
        let DeValue::Array(tables) = allow.value else {
            return Err(allow.fault("write [[allow]] before each entry"));
        };
        if tables.is_empty() {
            return Err(Fault::empty());
        }
        let mut entries = Vec::with_capacity(tables.len());
        let mut earlier: HashMap<String, u32> = HashMap::with_capacity(tables.len());
        for table in tables.iter() {
            let line = self.line(&table.span());
            let DeValue::Table(table) = table.get_ref() else {
                return Err(Fault::at(
                    line,
                    "write [[allow]] before each entry".to_owned(),
                ));
            };
            if entries.len() == ENTRIES_MAX {
                return Err(Fault::at(line, too_many()));
            }
            let (entry, identity) = self.entry(table, line, &shared)?;
            if let Some(first) = earlier.insert(identity, entry.line) {
                return Err(Fault::at(
                    entry.line,
                    format!("the same entry as in line {first}"),
                ));
            }
            entries.push(entry);
        }
        Ok(entries)
    }

    /// An entry, and what no other entry may be equal in.
    fn entry(
        &self,
        table: &DeTable<'_>,
        line: u32,
        all: &Shared,
    ) -> Result<(Entry, String), Fault> {
        let mut own = all.clone();
        let mut what: Option<(&str, u32, What)> = None;
        let fields = self.fields(table);
        for field in &fields {
            let new = match field.name {
                "text" => What::Text(text(field)?, Spaces::Exact),
                "regex" => What::Regex(string(field)?.to_owned()),
                "fingerprint" => What::Fingerprint(fingerprint(field)?),
                _ if self.shared(field, &mut own)? => continue,
                _ => return Err(unknown(field, "text, regex, fingerprint")),
            };
            if let Some((other, ..)) = what {
                return Err(field.fault(format!("the entry has {other} already; make two of it")));
            }
            what = Some((field.name, field.line, new));
        }
        let Some((_, line, mut what)) = what else {
            return Err(Fault::at(
                line,
                "the entry has neither text, regex nor fingerprint".to_owned(),
            ));
        };
        let identity = match &mut what {
            What::Text(text, spaces) => {
                *spaces = own.spaces.unwrap_or(Spaces::Exact);
                let mut folded = String::new();
                fold_into(text, *spaces, &mut folded);
                format!("text {spaces:?} {folded}")
            }
            What::Regex(regex) => format!("regex {regex}"),
            What::Fingerprint(value) => format!("fingerprint {value}"),
        };
        let identity = format!("{identity}\n{:?}\n{:?}", own.identifiers, own.paths);
        let paths = match &own.paths {
            None => None,
            Some(globs) => Some(
                KeyFilter::new(globs, &[]).map_err(|e| Fault::at(line, format!("paths: {e}")))?,
            ),
        };
        let entry = Entry {
            line,
            what,
            identifiers: own.identifiers,
            paths,
            owner: own.owner,
            reason: own.reason,
            expires: own.expires,
        };
        Ok((entry, identity))
    }

    /// Takes a field that lists and entries have. `false`: it is none of them.
    fn shared(&self, field: &Value<'_>, into: &mut Shared) -> Result<bool, Fault> {
        match field.name {
            "identifiers" => into.identifiers = Some(self.identifiers(field)?),
            "paths" => into.paths = Some(paths(field)?),
            "owner" => into.owner = Some(note(field)?),
            "reason" => into.reason = Some(note(field)?),
            "expires" => into.expires = Some(date(field)?),
            "spaces" => into.spaces = Some(spaces(field)?),
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn identifiers(&self, field: &Value<'_>) -> Result<Vec<String>, Fault> {
        let mut ids = strings(field)?;
        for id in &ids {
            if id == super::EXEMPT {
                return Err(field.fault(format!(
                    "allow lists do not apply to {id}, as with Macie; leave it out"
                )));
            }
            if !(self.known)(id) {
                return Err(field.fault(format!(
                    "there is no identifier {id:?}; see magpie identifiers list"
                )));
            }
        }
        ids.sort_unstable();
        ids.dedup();
        Ok(ids)
    }
}

fn unknown(field: &Value<'_>, more: &str) -> Fault {
    // what looks like no name of a field may be an entry in the wrong place
    let is_name = field.name.len() <= 32
        && field
            .name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || matches!(b, b'_' | b'-'));
    let name = if is_name {
        format!("unknown field {:?}", field.name)
    } else {
        "unknown field".to_owned()
    };
    Fault::at(
        field.line,
        format!("{name}; known: {more}, identifiers, paths, owner, reason, expires, spaces"),
    )
}

fn string<'v>(field: &Value<'v>) -> Result<&'v str, Fault> {
    match field.value {
        DeValue::String(text) if text.is_empty() => Err(field.fault("it is empty")),
        DeValue::String(text) => Ok(text),
        _ => Err(field.kind_fault("a string")),
    }
}

fn strings(field: &Value<'_>) -> Result<Vec<String>, Fault> {
    let DeValue::Array(values) = field.value else {
        return Err(field.kind_fault("an array of strings"));
    };
    if values.is_empty() {
        return Err(field.fault("it is empty; leave it out to allow all"));
    }
    let texts = values.iter().map(|value| match value.get_ref() {
        DeValue::String(text) if !text.is_empty() => Ok(text.clone().into_owned()),
        _ => Err(field.fault("every element must be a string with something in it")),
    });
    texts.collect()
}

fn text(field: &Value<'_>) -> Result<String, Fault> {
    let text = string(field)?;
    if text.trim().is_empty() {
        return Err(field.fault("white space alone is no entry"));
    }
    match entry_fault(text) {
        Some(cause) => Err(field.fault(cause)),
        None => Ok(text.to_owned()),
    }
}

fn note(field: &Value<'_>) -> Result<String, Fault> {
    let text = string(field)?;
    let chars = text.chars().count();
    if chars > NOTE_CHARS_MAX {
        return Err(field.fault(format!(
            "at most {NOTE_CHARS_MAX} characters, this one has {chars}"
        )));
    }
    Ok(text.to_owned())
}

fn fingerprint(field: &Value<'_>) -> Result<u64, Fault> {
    let text = string(field)?;
    let wrong = || {
        field.fault(format!(
            "a fingerprint has {FINGERPRINT_DIGITS} hexadecimal digits; \
             see magpie allow-list fingerprint --help"
        ))
    };
    let is_hex = text.len() == FINGERPRINT_DIGITS && text.bytes().all(|b| b.is_ascii_hexdigit());
    if !is_hex {
        return Err(wrong());
    }
    u64::from_str_radix(text, 16).map_err(|_| wrong())
}

fn paths(field: &Value<'_>) -> Result<Vec<String>, Fault> {
    let mut globs = strings(field)?;
    KeyFilter::new(&globs, &[]).map_err(|e| field.fault(e))?;
    globs.sort_unstable();
    globs.dedup();
    Ok(globs)
}

fn date(field: &Value<'_>) -> Result<NaiveDate, Fault> {
    let wrong = || field.fault("write a date without quotes, such as 2027-01-31");
    let DeValue::Datetime(time) = field.value else {
        return Err(wrong());
    };
    match (time.date, time.time, time.offset) {
        (Some(date), None, None) => {
            let (month, day) = (u32::from(date.month), u32::from(date.day));
            NaiveDate::from_ymd_opt(i32::from(date.year), month, day)
                .filter(|d| d.year() >= 1970)
                .ok_or_else(wrong)
        }
        _ => Err(wrong()),
    }
}

fn spaces(field: &Value<'_>) -> Result<Spaces, Fault> {
    match string(field)? {
        "exact" => Ok(Spaces::Exact),
        "any" => Ok(Spaces::Any),
        _ => Err(field.fault("known: exact, any")),
    }
}

#[cfg(test)]
#[path = "form_tests.rs"]
mod tests;
