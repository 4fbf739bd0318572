//! `magpie text`: the text of a file as it is scanned, to read places back.

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;

use clap::Args;

use super::exit::{Exit, Failure, OrExit};
use super::limits::{self, LimitArgs};
use super::output::Output;
use crate::evaluate::walk_file;
use crate::model::{Block, Member, MemberOutcome, Status, Tracker, Visitor};

/// Print the text of a file as it is scanned, values and all
///
/// Of a document it is what its parser makes of it, of others what they hold, in UTF-8. The byteRange
/// of an occurrence in a document counts in this text.
#[derive(Debug, Args)]
pub struct TextArgs {
    /// A file
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    /// Only the member that this way leads to, such as inner/dir.zip and a.csv; give it once for each
    /// step
    #[arg(long, value_name = "NAME")]
    pub member: Vec<String>,

    /// Write to this file, which appears whole at the end [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Do not exit with status 3 when the file was not read wholly
    #[arg(long)]
    pub allow_incomplete: bool,

    #[command(flatten)]
    pub limits: LimitArgs,
}

/// Prints the text of a file.
///
/// # Errors
/// The file cannot be opened, it has no such member, or the text cannot be written.
pub fn run(args: &TextArgs) -> Result<Exit, Failure> {
    let shown = args.file.display();
    let limits = limits::limits(&args.limits, 1)?;
    let mut print = Print {
        wanted: &args.member,
        is_wanted: false,
        seen: false,
        output: Output::open(args.output.as_deref())?,
        failed: None,
    };
    let walked = walk_file(&args.file, &limits, &mut print)
        .map_err(|error| Failure::usage(format!("open file {shown}: {error}")))?;
    if let Some(error) = print.failed {
        // who reads may have had enough
        return match error.kind() {
            io::ErrorKind::BrokenPipe => Ok(Exit::Clean),
            _ => Err(error).or_exit(Exit::Output),
        };
    }
    if !print.seen && !args.member.is_empty() {
        let member = args.member.join(" in it ");
        return Err(Failure::usage(format!(
            "read member {member} of {shown}: there is no text of that name; `magpie scan --format jsonl` tells names in \"container\""
        )));
    }
    print.output.finish()?;
    let detail = walked.detail.as_deref().unwrap_or("no cause is known");
    match (walked.status, args.allow_incomplete) {
        (Status::Complete, _) | (_, true) => Ok(Exit::Clean),
        _ => Err(Failure::new(
            Exit::Incomplete,
            anyhow::anyhow!("read file {shown}: not all of it was read: {detail}"),
        )),
    }
}

struct Print<'a> {
    /// Names from the file inwards; empty for all members.
    wanted: &'a [String],
    is_wanted: bool,
    seen: bool,
    output: Output,
    failed: Option<io::Error>,
}

impl Visitor for Print<'_> {
    fn member(&mut self, member: &Member) {
        self.is_wanted = self.wanted.is_empty() || *self.wanted == *member.container;
        self.seen |= self.is_wanted;
    }

    fn block(&mut self, block: &Block<'_>, _: &mut dyn Tracker) -> ControlFlow<()> {
        let own = block.text.get(block.own.clone()).unwrap_or_default();
        if self.is_wanted
            && let Err(error) = self.output.write_all(own)
        {
            self.failed = Some(error);
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }

    fn member_end(&mut self, _: &MemberOutcome) {
        self.is_wanted = false;
    }
}
