//! What the bytes of an Avro record mean, in the order in which they stand: a schema with its names
//! resolved and a column for each of its values. Leaves the bytes to others.

use std::collections::HashMap;

use apache_avro::Schema;
use apache_avro::schema::{InnerDecimalSchema, Name, UuidSchema};

use crate::extract::Column;
use crate::extract::words::Unit;
use crate::model::json_path::{self, Element};

/// Most steps of a plan: a schema that names its types many times over shares them from then on.
const STEPS_MAX: usize = 20_000;
/// Deepest nesting of a schema.
const DEPTH_MAX: usize = 200;

/// How the bytes of a value are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Int,
    Long,
    Date,
    Time(Unit),
    Timestamp(Unit, bool),
    Float,
    Double,
    String,
    Bytes,
    Fixed(usize),
    /// With digits after the point.
    Decimal(usize),
    FixedDecimal(usize, usize),
    /// Brings its digits after the point with it.
    BigDecimal,
    /// 16 bytes.
    FixedUuid(usize),
}

#[derive(Clone, Debug)]
pub(super) enum Step {
    /// No bytes, nothing to tell.
    Null,
    /// One byte, nothing to tell.
    Boolean,
    /// Bytes of a fixed number, nothing to tell.
    Pass(usize),
    Value {
        kind: Kind,
        column: u32,
    },
    Enum {
        symbols: Vec<String>,
        column: u32,
    },
    Array(usize),
    Map(usize),
    Union(Vec<usize>),
    Record(Vec<(String, usize)>),
    /// A type that stands elsewhere in the plan: itself, or one named too often.
    Elsewhere(usize),
}

#[derive(Debug)]
pub(super) struct Plan {
    pub steps: Vec<Step>,
    pub columns: Vec<Column>,
}

/// The plan of a schema; step 0 is a whole record.
pub(super) fn plan(schema: &Schema) -> Result<Plan, String> {
    let mut named = HashMap::new();
    collect(schema, &mut named, 0)?;
    let mut build = Build {
        named,
        steps: Vec::new(),
        open: HashMap::new(),
        known: HashMap::new(),
        columns: Vec::new(),
        by_path: HashMap::new(),
        elements: Vec::new(),
    };
    build.step(schema, 0)?;
    Ok(Plan {
        steps: build.steps,
        columns: build.columns,
    })
}

fn collect<'a>(
    schema: &'a Schema,
    named: &mut HashMap<&'a Name, &'a Schema>,
    depth: usize,
) -> Result<(), String> {
    if depth > DEPTH_MAX {
        return Err(too_deep());
    }
    if let Some(name) = schema.name()
        && !matches!(schema, Schema::Ref { .. })
    {
        named.insert(name, schema);
    }
    match schema {
        Schema::Array(array) => collect(&array.items, named, depth + 1),
        Schema::Map(map) => collect(&map.types, named, depth + 1),
        Schema::Union(union) => union
            .variants()
            .iter()
            .try_for_each(|one| collect(one, named, depth + 1)),
        Schema::Record(record) => record
            .fields
            .iter()
            .try_for_each(|field| collect(&field.schema, named, depth + 1)),
        _ => Ok(()),
    }
}

fn too_deep() -> String {
    format!("the schema is nested more than {DEPTH_MAX} levels deep")
}

struct Build<'a> {
    named: HashMap<&'a Name, &'a Schema>,
    steps: Vec<Step>,
    /// Records that are being built, by name: where they name themselves again, they begin again.
    open: HashMap<&'a Name, usize>,
    /// The first step of every record that was built.
    known: HashMap<&'a Name, usize>,
    columns: Vec<Column>,
    by_path: HashMap<String, u32>,
    elements: Vec<Element>,
}

impl<'a> Build<'a> {
    fn push(&mut self, step: Step) -> usize {
        self.steps.push(step);
        self.steps.len() - 1
    }

    fn column(&mut self) -> u32 {
        let path = json_path::render(&self.elements);
        if let Some(column) = self.by_path.get(&path) {
            return *column;
        }
        let column = self.columns.len() as u32;
        let names: Vec<&str> = self
            .elements
            .iter()
            .filter_map(|element| match element {
                Element::Name(name) => Some(name.as_str()),
                Element::Index(_) => None,
            })
            .collect();
        self.columns.push(Column {
            name: names.join("."),
            path: path.clone(),
        });
        self.by_path.insert(path, column);
        column
    }

    fn value(&mut self, kind: Kind) -> usize {
        let column = self.column();
        self.push(Step::Value { kind, column })
    }

    fn step(&mut self, schema: &'a Schema, depth: usize) -> Result<usize, String> {
        if depth > DEPTH_MAX {
            return Err(too_deep());
        }
        let kind = match schema {
            Schema::Null => return Ok(self.push(Step::Null)),
            Schema::Boolean => return Ok(self.push(Step::Boolean)),
            Schema::Duration(fixed) => return Ok(self.push(Step::Pass(fixed.size))),
            Schema::Int => Kind::Int,
            Schema::Long => Kind::Long,
            Schema::Float => Kind::Float,
            Schema::Double => Kind::Double,
            Schema::Bytes => Kind::Bytes,
            Schema::String | Schema::Uuid(UuidSchema::String) => Kind::String,
            Schema::Fixed(fixed) => Kind::Fixed(fixed.size),
            Schema::Decimal(decimal) => match &decimal.inner {
                InnerDecimalSchema::Bytes => Kind::Decimal(decimal.scale),
                InnerDecimalSchema::Fixed(fixed) => Kind::FixedDecimal(fixed.size, decimal.scale),
            },
            Schema::BigDecimal => Kind::BigDecimal,
            Schema::Uuid(UuidSchema::Bytes) => Kind::FixedUuid(16),
            Schema::Uuid(UuidSchema::Fixed(fixed)) => Kind::FixedUuid(fixed.size),
            Schema::Date => Kind::Date,
            Schema::TimeMillis => Kind::Time(Unit::Milli),
            Schema::TimeMicros => Kind::Time(Unit::Micro),
            Schema::TimestampMillis => Kind::Timestamp(Unit::Milli, true),
            Schema::TimestampMicros => Kind::Timestamp(Unit::Micro, true),
            Schema::TimestampNanos => Kind::Timestamp(Unit::Nano, true),
            Schema::LocalTimestampMillis => Kind::Timestamp(Unit::Milli, false),
            Schema::LocalTimestampMicros => Kind::Timestamp(Unit::Micro, false),
            Schema::LocalTimestampNanos => Kind::Timestamp(Unit::Nano, false),
            Schema::Enum(enumeration) => {
                let column = self.column();
                return Ok(self.push(Step::Enum {
                    symbols: enumeration.symbols.clone(),
                    column,
                }));
            }
            Schema::Array(array) => {
                let at = self.push(Step::Array(0));
                let items = self.step(&array.items, depth + 1)?;
                self.steps[at] = Step::Array(items);
                return Ok(at);
            }
            Schema::Map(map) => {
                let at = self.push(Step::Map(0));
                let values = self.step(&map.types, depth + 1)?;
                self.steps[at] = Step::Map(values);
                return Ok(at);
            }
            Schema::Union(union) => {
                let at = self.push(Step::Null);
                let mut branches = Vec::with_capacity(union.variants().len());
                for branch in union.variants() {
                    branches.push(self.step(branch, depth + 1)?);
                }
                self.steps[at] = Step::Union(branches);
                return Ok(at);
            }
            Schema::Record(record) => {
                let again = self.open.get(&record.name).copied().or_else(|| {
                    let full = self.steps.len() > STEPS_MAX;
                    self.known.get(&record.name).copied().filter(|_| full)
                });
                if let Some(again) = again {
                    return Ok(self.push(Step::Elsewhere(again)));
                }
                let at = self.push(Step::Null);
                self.open.insert(&record.name, at);
                self.known.entry(&record.name).or_insert(at);
                let mut fields = Vec::with_capacity(record.fields.len());
                for field in &record.fields {
                    self.elements.push(Element::Name(field.name.clone()));
                    fields.push((field.name.clone(), self.step(&field.schema, depth + 1)?));
                    self.elements.pop();
                }
                self.open.remove(&record.name);
                self.steps[at] = Step::Record(fields);
                return Ok(at);
            }
            Schema::Ref { name } => {
                let Some(schema) = self.named.get(name).copied() else {
                    return Err("the schema names a type that it does not hold".to_owned());
                };
                return self.step(schema, depth + 1);
            }
        };
        Ok(self.value(kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(schema: &str) -> Vec<(String, String)> {
        let plan = plan(&Schema::parse_str(schema).unwrap()).unwrap();
        plan.columns.into_iter().map(|c| (c.name, c.path)).collect()
    }

    #[test]
    fn every_value_has_its_column() {
        let told = columns(
            r#"{"type":"record","name":"r","fields":[
              {"name":"ssn","type":["null","string","int"]},
              {"name":"at","type":{"type":"record","name":"a","fields":[
                 {"name":"born","type":{"type":"int","logicalType":"date"}},
                 {"name":"ok","type":"boolean"}]}},
              {"name":"all","type":{"type":"array","items":"a"}},
              {"name":"by","type":{"type":"map","values":"string"}}]}"#,
        );
        let want = [
            ("ssn", "$.ssn"),
            ("at.born", "$.at.born"),
            ("all.born", "$.all.born"),
            ("by", "$.by"),
        ];
        let told: Vec<_> = told.iter().map(|(n, p)| (n.as_str(), p.as_str())).collect();
        assert_eq!(told, want);
    }

    #[test]
    fn a_type_in_itself_begins_again() {
        let told = columns(
            r#"{"type":"record","name":"tree","fields":[
              {"name":"value","type":"string"},
              {"name":"left","type":["null","tree"]},
              {"name":"right","type":["null","tree"]}]}"#,
        );
        assert_eq!(told.len(), 1);
    }

    #[test]
    fn a_schema_that_names_its_types_many_times_stays_small() {
        let mut inner = r#""string""#.to_owned();
        // each record holds the one below four times
        for level in 0..12 {
            let below = match level {
                0 => [r#""string""#, ""].concat(),
                _ => format!(r#""r{}""#, level - 1),
            };
            inner = format!(
                r#"{{"type":"record","name":"r{level}","fields":[{{"name":"a","type":{inner}}},{{"name":"b","type":{below}}},{{"name":"c","type":{below}}},{{"name":"d","type":{below}}}]}}"#
            );
        }
        let plan = plan(&Schema::parse_str(&inner).unwrap()).unwrap();
        assert!(plan.steps.len() < 2 * STEPS_MAX, "{}", plan.steps.len());
    }
}
