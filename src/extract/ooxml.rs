//! What Office Open XML files have in common: relations between parts and types of parts.
//!
//! What the parts of documents and slides mean is left to `docx` and `slides`.

use std::collections::HashMap;

use super::package::Package;
use super::xml::{Node, Xml};
use super::{Failure, Out, parts};

/// Bytes of the list of types, or of relations of a part, beyond which it is not looked at.
const LIST_BYTES_MAX: u64 = 64 << 20;

/// A relation of a part to another part, or to something outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    /// Last word of its type (`hyperlink`, `header`, `officeDocument`, ...).
    pub kind: String,
    /// Name of the part, or the address outside.
    pub target: String,
    pub external: bool,
}

/// Relations of a part by id; those of the package for the name "".
pub fn relations(package: &mut Package, part: &str) -> Result<HashMap<String, Relation>, Failure> {
    let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
    let name = match folder {
        "" => format!("_rels/{file}.rels"),
        _ => format!("{folder}/_rels/{file}.rels"),
    };
    let mut relations = HashMap::new();
    let Some(bytes) = package.small(&name, LIST_BYTES_MAX)? else {
        return Ok(relations);
    };
    let mut xml = Xml::new(bytes.as_slice());
    loop {
        match xml.next() {
            Ok(Node::Start(e)) if e.name() == "Relationship" => {
                let (mut id, mut kind, mut target, mut external) =
                    (String::new(), String::new(), String::new(), false);
                for (name, value) in e.attributes() {
                    match name {
                        "Id" => id = value,
                        "Type" => kind = value.rsplit('/').next().unwrap_or_default().to_owned(),
                        "Target" => target = value,
                        "TargetMode" => external = value == "External",
                        _ => {}
                    }
                }
                if !external {
                    target = within(folder, &target);
                }
                let relation = Relation {
                    kind,
                    target,
                    external,
                };
                relations.insert(id, relation);
            }
            Ok(Node::Eof) | Err(_) => return Ok(relations),
            Ok(_) => {}
        }
    }
}

/// A list that cannot be read is a gap, and counts as empty; limits end all.
pub fn lists<T: Default>(result: Result<T, Failure>, out: &mut dyn Out) -> Result<T, Failure> {
    match result {
        Ok(list) => Ok(list),
        Err(failure) => parts::borne(Err(failure), out).map(|()| T::default()),
    }
}

/// The name of a part that is told relative to a folder.
fn within(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut path: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            _ => path.push(step),
        }
    }
    path.join("/")
}

/// Types of the parts.
#[derive(Debug, Default)]
pub struct Types {
    /// By extension, lower case.
    defaults: HashMap<String, String>,
    /// By name, lower case.
    overrides: HashMap<String, String>,
}

impl Types {
    pub fn read(package: &mut Package) -> Result<Self, Failure> {
        let mut types = Types::default();
        let Some(bytes) = package.small("[Content_Types].xml", LIST_BYTES_MAX)? else {
            return Ok(types);
        };
        let mut xml = Xml::new(bytes.as_slice());
        loop {
            match xml.next() {
                Ok(Node::Start(e)) => {
                    let Some(kind) = e.attribute("ContentType") else {
                        continue;
                    };
                    if let Some(extension) = e.attribute("Extension") {
                        types.defaults.insert(extension.to_ascii_lowercase(), kind);
                    } else if let Some(part) = e.attribute("PartName") {
                        let name = part.trim_start_matches('/').to_ascii_lowercase();
                        types.overrides.insert(name, kind);
                    }
                }
                Ok(Node::Eof) | Err(_) => return Ok(types),
                Ok(_) => {}
            }
        }
    }

    /// Type of a part; empty where none is told.
    pub fn of(&self, part: &str) -> &str {
        let name = part.to_ascii_lowercase();
        let by_extension = || {
            let (_, extension) = name.rsplit_once('.')?;
            self.defaults.get(extension)
        };
        self.overrides
            .get(&name)
            .or_else(by_extension)
            .map_or("", String::as_str)
    }
}
