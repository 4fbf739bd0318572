//! The limits of a scan: what is typed, and what it resolves to.

use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use super::exit::{Exit, Failure, OrExit};
use super::size;
use crate::content::{Bounds, Kinds, Limits, Memory, Quotas};
use crate::sandbox::{Pool, Settings};

/// Memory of the scanning process unless its threads need more.
const MEMORY_BYTES: u64 = 256 << 20;
/// Macie's limit on the time for one object.
const MACIE_SECONDS: u64 = 10 * 60 * 60;
/// Least memory with which a parser starts.
const PARSER_BYTES_MIN: u64 = 64 << 20;

#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Limits")]
pub struct LimitArgs {
    /// Deepest nesting of archives
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub max_depth: u32,

    /// Most members read from one object
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    pub max_members: u64,

    /// Most bytes extracted from one object, such as 10GiB
    #[arg(long, value_name = "SIZE", default_value = "10GiB", value_parser = super::size::parse)]
    pub max_extracted: u64,

    /// Most bytes extracted from one member, such as 3GiB
    #[arg(long, value_name = "SIZE", default_value = "3GiB", value_parser = super::size::parse)]
    pub max_member: u64,

    /// Greatest expansion of a compressed object
    #[arg(long, value_name = "N", default_value_t = 2000)]
    pub max_ratio: u64,

    /// Largest object of a kind: pdf, avro, parquet, eml, gzip, office, text, tar or zip
    #[arg(long, value_name = "KIND=SIZE", value_parser = kind_and_size)]
    pub max_size: Vec<(Kinds, u64)>,

    /// Seconds that one object may take [default: no limit]
    #[arg(long, value_name = "SECONDS")]
    pub max_object_time: Option<u64>,

    /// Do not read objects that are larger than Macie reads, nor any for more than 10 hours
    #[arg(long)]
    pub macie_limits: bool,

    /// Most memory of this process [default: 256MiB, more with many threads]
    #[arg(long, value_name = "SIZE", value_parser = super::size::parse)]
    pub max_memory: Option<u64>,

    /// Most memory of a process that parses documents
    #[arg(long, value_name = "SIZE", default_value = "512MiB", value_parser = super::size::parse)]
    pub max_parser_memory: u64,

    /// Seconds that parsing one document may take, and 2 more for each MiB of it
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub max_parse_time: u64,
}

fn kind_and_size(text: &str) -> Result<(Kinds, u64), String> {
    let (name, bytes) = text.split_once('=').ok_or_else(|| {
        format!("read limit {text:?}: expected a kind and a size such as pdf=1GiB")
    })?;
    let kind = Kinds::ALL.iter().copied().find(|kind| kind.name() == name);
    let known: Vec<_> = Kinds::ALL.iter().map(|kind| kind.name()).collect();
    let kind =
        kind.ok_or_else(|| format!("read limit {text:?}: the kinds are {}", known.join(", ")))?;
    Ok((kind, size::parse(bytes)?))
}

/// What the limits resolve to for so many scanning threads.
///
/// # Errors
/// Less memory than that takes.
pub(super) fn limits(args: &LimitArgs, threads: usize) -> Result<Limits, Failure> {
    let least = Memory::least(threads);
    let memory = args.max_memory.unwrap_or(MEMORY_BYTES.max(least));
    let mib = |bytes: u64| bytes.div_ceil(1 << 20);
    if memory < least {
        return Err(Failure::usage(format!(
            "use --max-memory {}MiB: {threads} scanning threads need {}MiB; give more, or fewer --threads",
            mib(memory),
            mib(least)
        )));
    }
    if args.max_parser_memory < PARSER_BYTES_MIN {
        return Err(Failure::usage(format!(
            "use --max-parser-memory {}MiB: a parser needs {}MiB at least",
            mib(args.max_parser_memory),
            mib(PARSER_BYTES_MIN)
        )));
    }
    let mut quotas = match args.macie_limits {
        true => Quotas::macie(),
        false => Quotas::default(),
    };
    for &(kind, bytes) in &args.max_size {
        quotas.set(kind, bytes);
    }
    let macie_time = args.macie_limits.then_some(MACIE_SECONDS);
    let time_max = args.max_object_time.or(macie_time);
    let mut parsers = Settings::of_this_program().or_exit(Exit::Internal)?;
    parsers.memory_bytes_max = args.max_parser_memory;
    parsers.time_min = Duration::from_secs(args.max_parse_time);
    Ok(Limits {
        depth_max: args.max_depth as usize,
        members_max: args.max_members,
        extracted_bytes_max: args.max_extracted,
        member_bytes_max: args.max_member,
        expansion_ratio_max: args.max_ratio,
        time_max: time_max.map(Duration::from_secs),
        quotas,
        memory: Memory::within(memory, threads),
        workshop: Arc::new(Pool::new(parsers)),
        document: Bounds {
            bytes_max: args.max_extracted,
            office_bytes_max: args.max_member,
            office_ratio_max: args.max_ratio,
        },
        ..Limits::default()
    })
}

/// What of the limits results depend on, to tell whether a scan is the same as another.
pub(super) fn of_results(args: &LimitArgs) -> serde_json::Value {
    let mut all = vec![
        u64::from(args.max_depth),
        args.max_members,
        args.max_extracted,
        args.max_member,
        args.max_ratio,
    ];
    // what was not there before is told only where it is used, so that scans of before go on
    if args.macie_limits || !args.max_size.is_empty() {
        all.push(u64::from(args.macie_limits));
        all.extend(
            args.max_size
                .iter()
                .flat_map(|(kind, size)| [*kind as u64, *size]),
        );
    }
    all.into()
}

/// Limits by the names of the options that set them.
pub(super) const OPTIONS: &[(&str, &str)] = &[
    ("depth_max", "--max-depth"),
    ("members_max", "--max-members"),
    ("extracted_bytes_max", "--max-extracted"),
    ("member_bytes_max", "--max-member"),
    ("expansion_ratio_max", "--max-ratio"),
    ("walk_bytes_max", "--max-memory"),
    ("office_bytes_max", "--max-member"),
    ("office_ratio_max", "--max-ratio"),
    ("parser_memory_max", "--max-parser-memory"),
    ("parse_time_max", "--max-parse-time"),
    ("max_size", "--max-size"),
    ("time_max", "--max-object-time"),
];
