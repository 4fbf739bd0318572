//! JSON as it streams: where an offset is (record, path, value), without a tree.

pub(crate) mod mask;
pub(crate) mod names;
pub(crate) use crate::model::json_path as path;
pub(crate) mod raw_path;
pub(crate) mod scan;
pub(crate) mod tape;
pub(crate) mod tree;
