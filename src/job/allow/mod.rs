//! Allow lists: values that are known and need not be reported.
//!
//! A list says which texts ([`words`], [`form`]) or expressions; a value that one of them equals or
//! matches as a whole, in what sense is in [`fold`], is counted and not reported. Lists are fetched
//! and read when a run starts ([`load`]), kept as hashes while it goes on ([`lists`]), looked up by
//! the scanning threads ([`matcher`]), and told of in the end ([`uses`]).

mod fault;
mod fold;
mod form;
mod lists;
mod load;
mod matcher;
mod uses;
mod words;

pub use fault::{AllowListCause, AllowListError, FILE_BYTES_MAX};
pub use form::Known;
pub use lists::{AllowLists, number_fault};
pub use load::{Context, Wanted, check, load};
pub(super) use matcher::Matcher;
pub(super) use uses::uses;

/// The identifier that lists do not apply to: Macie does not support them for mailing addresses.
pub const EXEMPT: &str = "ADDRESS";
