//! Avro object containers: values by record, with the path of each. The schema is read by the library
//! of the format; the records are read here, since the library builds every record as a tree, with a
//! copy of each name. Not read: truth values, spans of time and bytes that are no text.

mod blocks;
mod plan;
mod record;

use std::sync::Arc;

use self::blocks::{Blocks, Next};
use self::record::{Fault, Records};
use super::{Bounds, Failure, Out, Table};
use crate::model::{ReadAt, Reason};

/// Blocks whose fault is told one by one; of further ones, their number is.
const FAULTS_MAX: usize = 20;
const SCHEMA: &str = "avro.schema";

pub(super) fn read(
    source: &Arc<dyn ReadAt>,
    _bounds: &Bounds,
    out: &mut dyn Out,
) -> Result<(), Failure> {
    let mut blocks = Blocks::open(source)?;
    let mut entries: Vec<_> = blocks.metadata.drain().collect();
    entries.sort();
    let mut plan = None;
    for (name, value) in &entries {
        let text = String::from_utf8_lossy(value);
        if name == SCHEMA {
            let schema = apache_avro::Schema::parse_str(&text)
                .map_err(|_| Failure::malformed("the schema cannot be read"))?;
            plan = Some(plan::plan(&schema).map_err(Failure::malformed)?);
        }
        if name != "avro.codec" {
            out.line(&format!("{name}: {text}"))?;
        }
    }
    drop(entries);
    let plan = plan.ok_or_else(|| Failure::malformed("the header has no schema"))?;
    out.table(Table::Records, None, &plan.columns)?;
    let (mut first, mut faults) = (0u64, 0usize);
    loop {
        let (count, fault) = match blocks.next()? {
            Next::End => break,
            Next::Lost { count, detail } => (count, Some(detail)),
            Next::Block { count, bytes } => {
                match Records::new(&plan, bytes, first, out).tell(count) {
                    Ok(()) => (count, None),
                    Err(Fault::Whole(failure)) => return Err(failure),
                    Err(Fault::Broken(detail)) => (
                        count,
                        Some(format!("records from {first} on are not read: {detail}")),
                    ),
                }
            }
        };
        if let Some(detail) = fault {
            faults += 1;
            if faults <= FAULTS_MAX {
                out.gap(Reason::MalformedFile, &detail)?;
            }
        }
        first = first.saturating_add(count);
    }
    out.table_end()?;
    match faults.saturating_sub(FAULTS_MAX) {
        0 => Ok(()),
        more => out.gap(
            Reason::MalformedFile,
            &format!("{more} more blocks are not read to their end"),
        ),
    }
}

#[cfg(test)]
mod tests;
