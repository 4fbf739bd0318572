//! The leaf columns of a Parquet schema: their names and JSON paths, without the groups that only
//! encode lists and maps. Leaves the values to others.

use parquet::basic::{ConvertedType, LogicalType, Repetition};
use parquet::schema::types::{SchemaDescriptor, Type};

use crate::extract::Column;
use crate::model::json_path::{self, Element};

/// Deepest nesting of a schema that is read.
const DEPTH_MAX: usize = 100;

/// One leaf column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field {
    pub column: Column,
    /// Its path; an index stands for each repeated group on the way.
    pub elements: Vec<Element>,
    /// Where in `elements` the indexes stand, from the outermost repetition inwards.
    pub indexes: Vec<usize>,
    /// Set for the values of a map with keys of text: the leaf that holds the keys.
    pub keys: Option<usize>,
    /// A part of a variant: bytes that have a meaning only together with others.
    pub variant: bool,
}

/// The leaf columns in the order of the file; `None`: nested too deeply.
pub(super) fn fields(schema: &SchemaDescriptor) -> Option<Vec<Field>> {
    let mut found = Walk {
        fields: Vec::with_capacity(schema.num_columns()),
        elements: Vec::new(),
        names: Vec::new(),
        indexes: Vec::new(),
        variant: false,
    };
    for field in schema.root_schema().get_fields() {
        found.walk(field, Shape::Plain, 0)?;
    }
    debug_assert_eq!(found.fields.len(), schema.num_columns());
    Some(found.fields)
}

/// What a node is to the group above it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Plain,
    /// The repeated child of a list.
    Elements,
    /// The one child of the repeated group of a list.
    Element,
    /// The repeated group of a map.
    Entries,
}

struct Walk<'a> {
    fields: Vec<Field>,
    elements: Vec<Element>,
    names: Vec<&'a str>,
    indexes: Vec<usize>,
    variant: bool,
}

impl<'a> Walk<'a> {
    fn walk(&mut self, node: &'a Type, shape: Shape, depth: usize) -> Option<()> {
        if depth > DEPTH_MAX {
            return None;
        }
        let info = node.get_basic_info();
        let names = self.names.len();
        let elements = self.elements.len();
        let indexes = self.indexes.len();
        let variant = self.variant;
        if shape == Shape::Plain {
            self.names.push(node.name());
            self.elements.push(Element::Name(node.name().to_owned()));
        }
        if info.has_repetition() && info.repetition() == Repetition::REPEATED {
            self.indexes.push(self.elements.len());
            self.elements.push(Element::Index(0));
        }
        self.variant |= matches!(info.logical_type_ref(), Some(LogicalType::Variant(_)));
        if node.is_primitive() {
            self.leaf();
        } else {
            let children = node.get_fields();
            for child in children {
                let shape = child_shape(node, child, shape);
                self.walk(child, shape, depth + 1)?;
            }
            if shape == Shape::Entries {
                self.pair(children);
            }
        }
        self.names.truncate(names);
        self.elements.truncate(elements);
        self.indexes.truncate(indexes);
        self.variant = variant;
        Some(())
    }

    fn leaf(&mut self) {
        let named: Vec<Element> = self
            .elements
            .iter()
            .filter(|e| matches!(e, Element::Name(_)))
            .cloned()
            .collect();
        self.fields.push(Field {
            column: Column {
                name: self.names.join("."),
                path: json_path::render(&named),
            },
            elements: self.elements.clone(),
            indexes: self.indexes.clone(),
            keys: None,
            variant: self.variant,
        });
    }

    /// Joins the two leaves of a map of plain values: a value is then called by its key.
    fn pair(&mut self, children: &[parquet::schema::types::TypePtr]) {
        let [key, value] = children else { return };
        let plain = |node: &Type| {
            node.is_primitive() && node.get_basic_info().repetition() != Repetition::REPEATED
        };
        if !plain(key) || !plain(value) || !is_text(key) {
            return;
        }
        let keys = self.fields.len() - 2;
        self.fields[keys + 1].keys = Some(keys);
    }
}

fn is_text(node: &Type) -> bool {
    let info = node.get_basic_info();
    node.get_physical_type() == parquet::basic::Type::BYTE_ARRAY
        && (info.converted_type() == ConvertedType::UTF8
            || matches!(info.logical_type_ref(), Some(LogicalType::String)))
}

/// What `child` is in `node`, by the rules of the format, those for old writers included.
fn child_shape(node: &Type, child: &Type, shape: Shape) -> Shape {
    let info = node.get_basic_info();
    let repeated = child.get_basic_info().has_repetition()
        && child.get_basic_info().repetition() == Repetition::REPEATED;
    let alone = node.get_fields().len() == 1;
    let list = info.converted_type() == ConvertedType::LIST
        || matches!(info.logical_type_ref(), Some(LogicalType::List));
    let map = matches!(
        info.converted_type(),
        ConvertedType::MAP | ConvertedType::MAP_KEY_VALUE
    ) || matches!(info.logical_type_ref(), Some(LogicalType::Map));
    if shape == Shape::Elements {
        // the repeated group of a list: its one field is the element, else it is one itself
        let itself = !alone || node.name() == "array" || node.name().ends_with("_tuple");
        return if itself { Shape::Plain } else { Shape::Element };
    }
    match (alone && repeated, list, map) {
        (true, true, _) => Shape::Elements,
        (true, _, true) => Shape::Entries,
        _ => Shape::Plain,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use parquet::schema::parser::parse_message_type;

    use super::*;

    fn told(schema: &str) -> Vec<(String, String, usize)> {
        let schema = SchemaDescriptor::new(Arc::new(parse_message_type(schema).unwrap()));
        fields(&schema)
            .unwrap()
            .into_iter()
            .map(|f| {
                (
                    f.column.name,
                    json_path::render(&f.elements),
                    f.indexes.len(),
                )
            })
            .collect()
    }

    #[test]
    fn groups_that_only_encode_are_left_out() {
        let schema = "message m {
            required binary id (UTF8);
            optional group person { optional binary ssn (UTF8); optional int32 born (DATE); }
            optional group phones (LIST) { repeated group list { optional binary element (UTF8); } }
            optional group old (LIST) { repeated binary array (UTF8); }
            optional group pairs (LIST) { repeated group array { required int32 a; } }
            optional group m (MAP) { repeated group key_value { required binary key (UTF8); optional binary value (UTF8); } }
            repeated group plain { required int64 n; }
            optional group deep (LIST) { repeated group list { optional group element {
               optional group inner (LIST) { repeated group list { optional int32 element; } } } } }
        }";
        let want = [
            ("id", "$.id", 0),
            ("person.ssn", "$.person.ssn", 0),
            ("person.born", "$.person.born", 0),
            ("phones", "$.phones[0]", 1),
            ("old", "$.old[0]", 1),
            ("pairs.a", "$.pairs[0].a", 1),
            ("m.key", "$.m[0].key", 1),
            ("m.value", "$.m[0].value", 1),
            ("plain.n", "$.plain[0].n", 1),
            ("deep.inner", "$.deep[0].inner[0]", 2),
        ];
        let told = told(schema);
        let told: Vec<_> = told
            .iter()
            .map(|(n, p, i)| (n.as_str(), p.as_str(), *i))
            .collect();
        assert_eq!(told, want);
    }

    #[test]
    fn values_of_a_map_know_the_leaf_of_their_keys() {
        let schema = "message m {
            required int32 a;
            optional group m (MAP) { repeated group key_value { required binary key (UTF8); optional binary value (UTF8); } }
            optional group n (MAP) { repeated group key_value { required int32 key; optional binary value (UTF8); } }
        }";
        let schema = SchemaDescriptor::new(Arc::new(parse_message_type(schema).unwrap()));
        let keys: Vec<_> = fields(&schema).unwrap().iter().map(|f| f.keys).collect();
        assert_eq!(keys, [None, None, Some(1), None, None]);
    }
}
