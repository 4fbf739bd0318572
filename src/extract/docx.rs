//! Word documents of Office Open XML: the body, then headers, footers, notes and comments, properties,
//! and the files embedded in them.

use std::collections::{BTreeSet, HashSet};

use super::body::Body;
use super::ooxml::{self, Types};
use super::package::Package;
use super::parts::{self, Kind, borne};
use super::story::{self, Telling};
use super::{Failure, Out};

/// Reads a document whose main part is `main`.
pub fn read(
    package: &mut Package,
    main: &str,
    mime: &'static str,
    out: &mut dyn Out,
) -> Result<(), Failure> {
    out.mime(mime)?;
    let types = ooxml::lists(Types::read(package), out)?;
    let mut authors = BTreeSet::new();
    let mut body = Body::new(out);
    tell(package, main, true, &mut authors, &mut body)?;
    let mut seen = HashSet::from([main.to_ascii_lowercase()]);
    others(package, &types, &mut seen, &mut authors, &mut body)?;
    members(package, &types, out)
}

/// Tells a story; a broken one is a gap.
pub fn tell(
    package: &mut Package,
    name: &str,
    keeps_empty: bool,
    authors: &mut BTreeSet<String>,
    body: &mut Body<'_>,
) -> Result<(), Failure> {
    let relations = ooxml::lists(ooxml::relations(package, name), body.out()?)?;
    let telling = Telling {
        relations: &relations,
        authors,
        keeps_empty,
    };
    let told = story::tell(package, name, telling, body);
    borne(told, body.out()?)
}

/// Tells all parts with text that were not yet seen.
pub fn others(
    package: &mut Package,
    types: &Types,
    seen: &mut HashSet<String>,
    authors: &mut BTreeSet<String>,
    body: &mut Body<'_>,
) -> Result<(), Failure> {
    let names: Vec<String> = package.names().map(str::to_owned).collect();
    for order in [Kind::Story, Kind::Data, Kind::Properties] {
        for name in &names {
            if parts::kind(types, name) != order || !seen.insert(name.to_ascii_lowercase()) {
                continue;
            }
            match order {
                Kind::Story => tell(package, name, false, authors, body)?,
                Kind::Data => {
                    let told = parts::data(package, name, body);
                    borne(told, body.out()?)?;
                }
                _ => {
                    let told = parts::properties(package, name, body);
                    borne(told, body.out()?)?;
                }
            }
        }
    }
    parts::authors(authors, body)
}

/// Tells the files embedded.
pub fn members(package: &mut Package, types: &Types, out: &mut dyn Out) -> Result<(), Failure> {
    let names: Vec<String> = package
        .names()
        .filter(|name| parts::kind(types, name) == Kind::Member)
        .map(str::to_owned)
        .collect();
    for name in names {
        package.member(&name, out)?;
    }
    Ok(())
}
