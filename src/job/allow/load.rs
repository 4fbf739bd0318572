//! Fetching and reading lists when a run starts.

use std::io::Read;

use siphasher::sip128::SipHasher13;
use tokio::runtime::Runtime;

use super::fault::{AllowListCause, AllowListError, FILE_BYTES_MAX, Fault};
use super::lists::{AllowLists, Builder};
use super::{form, words};
use crate::model::CatalogueIndex;
use crate::model::allow::AllowCriteria;
use crate::source::{SourceError, Sources, Target};

/// A list that a run is to use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// As saved, else the location.
    pub name: String,
    /// Of a saved list.
    pub id: Option<String>,
    pub criteria: AllowCriteria,
}

impl Wanted {
    fn error(&self, cause: AllowListCause) -> AllowListError {
        AllowListError {
            list: self.name.clone(),
            is_remote: self
                .criteria
                .location()
                .is_some_and(|l| l.get(..5).is_some_and(|s| s.eq_ignore_ascii_case("s3://"))),
            cause,
        }
    }
}

/// What the reading needs to know.
pub struct Context<'a> {
    pub sources: &'a Sources,
    pub runtime: &'a Runtime,
    /// The identifiers of the run.
    pub index: &'a CatalogueIndex,
    /// There is an identifier of this id, of the run or not.
    pub known: form::Known<'a>,
}

/// Fetches and reads the lists of a run. `bear`: one that cannot be read is left out, and told of.
///
/// Must not be called on the runtime's own threads.
///
/// # Errors
/// A list that cannot be read. Expressions that are too large together.
pub fn load(
    wanted: Vec<Wanted>,
    context: &Context<'_>,
    bear: bool,
) -> Result<AllowLists, AllowListError> {
    let mut builder = Builder::new(context.index);
    for list in wanted {
        if let Err(cause) = add(&mut builder, &list, context) {
            let error = list.error(cause);
            if !bear {
                return Err(error);
            }
            builder.failed(list, error);
        }
    }
    builder.finish().map_err(|cause| AllowListError {
        list: "expressions".to_owned(),
        is_remote: false,
        cause: AllowListCause::Content(Fault::whole(cause)),
    })
}

/// Fetches and reads one list to see whether it can be used; answers its number of entries.
///
/// # Errors
/// As [`load`].
pub fn check(wanted: Wanted, context: &Context<'_>) -> Result<usize, AllowListError> {
    let lists = load(vec![wanted], context, false)?;
    Ok(lists.lists.iter().map(|list| list.entries.len()).sum())
}

fn add(
    builder: &mut Builder<'_>,
    wanted: &Wanted,
    context: &Context<'_>,
) -> Result<(), AllowListCause> {
    let content = AllowListCause::Content;
    match &wanted.criteria {
        AllowCriteria::Regex { regex } => builder
            .regex(wanted.clone(), digest(regex.as_bytes()), regex)
            .map_err(content),
        AllowCriteria::Words { location } => {
            let bytes = fetch(location, context)?;
            let entries = words::parse(&bytes).map_err(content)?;
            builder.words(wanted.clone(), digest(&bytes), &entries);
            Ok(())
        }
        AllowCriteria::Entries { location } => {
            let bytes = fetch(location, context)?;
            let entries = form::parse(&bytes, context.known).map_err(content)?;
            builder
                .entries(wanted.clone(), digest(&bytes), entries)
                .map_err(content)
        }
    }
}

/// Tells contents apart. It has no key, and is for the memory of this process alone.
fn digest(bytes: &[u8]) -> u128 {
    SipHasher13::new().hash(bytes).as_u128()
}

fn fetch(location: &str, context: &Context<'_>) -> Result<Vec<u8>, AllowListCause> {
    let failed = |e: SourceError| AllowListCause::Fetch(Box::new(e));
    let target = Target::parse(location).map_err(failed)?;
    let body = context
        .runtime
        .block_on(context.sources.open_object(&target))
        .map_err(failed)?;
    if body.size.is_some_and(|size| size > FILE_BYTES_MAX) {
        return Err(AllowListCause::TooLarge);
    }
    let mut bytes = Vec::new();
    let read = body.reader.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes);
    read.map_err(|e| match e.downcast::<SourceError>() {
        Ok(error) => failed(error),
        Err(source) => failed(SourceError::Io {
            uri: target.uri(),
            operation: "ReadFile".to_owned(),
            source,
        }),
    })?;
    match bytes.len() as u64 > FILE_BYTES_MAX {
        true => Err(AllowListCause::TooLarge),
        false => Ok(bytes),
    }
}

/// An expression as a list has it: it matches a value as a whole, and `^` and `$` are its ends.
///
/// # Errors
/// Why it cannot be used.
pub(super) fn expression(regex: &str) -> Result<regex_syntax::hir::Hir, String> {
    use regex_syntax::hir::{Hir, Look};
    let hir = crate::detect::dialect::parse(regex).map_err(|e| e.to_string())?;
    Ok(Hir::concat(vec![
        Hir::look(Look::Start),
        hir,
        Hir::look(Look::End),
    ]))
}
