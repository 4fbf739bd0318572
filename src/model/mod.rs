//! Plain types shared by all parts, and the traits through which the parts meet.
//!
//! Nothing here reads, writes or prints. What an object is ([`object`]), how its text is handed to
//! the detectors ([`text`]), what they answer ([`hit`]), where that is ([`place`]), what was read
//! or not ([`coverage`]), and what is kept ([`record`]) and told ([`report`]) of it, and where that is sent ([`delivery`]); what users look
//! for beside the built-in detectors ([`custom`]).

pub mod allow;
pub mod catalogue;
pub mod clock;
pub mod coverage;
pub mod custom;
pub mod delivery;
pub mod hit;
pub mod ids;
pub mod job;
pub mod json_path;
pub mod mask;
pub mod object;
pub mod occurrence;
pub mod place;
pub mod recent;
pub mod record;
pub mod report;
pub mod secret;
pub mod shown;
pub mod text;
pub mod walk;
pub mod word;

pub use allow::{AllowListUse, Allowed};
pub use catalogue::{
    CatalogueIndex, Category, DetectorInfo, MaskStyle, Origin, Severity, SeverityTable,
};
pub use clock::Clock;
pub use coverage::{Coverage, Reason, Status, Tally};
pub use custom::{CustomIdentifier, Definition, RegexDefinition};
pub use delivery::{LogDelivery, LogDestination};
pub use hit::{Hit, KeywordHit, RIVALS_MAX, Rivals, Side};
pub use ids::{AccountId, JobId};
pub use job::{CreatedJob, LeftOut, RunInfo};
pub use object::{BucketInfo, Encryption, ObjectMeta};
pub use occurrence::Occurrence;
pub use place::{Cell, LogPlace, Place, Record, Table};
pub use record::{
    Detection, EventLine, KeywordView, MemberRecord, ObjectOutcome, ObjectRecord, OccurrenceView,
    RecordBuilder,
};
pub use report::{
    DetectorTotal, Gap, JobInfo, JobStatus, ObjectRow, ReasonTotal, RunOf, SeverityTotals,
};
pub use secret::Secret;
pub use shown::is_unsafe_shown;
pub use text::{Block, Context, Field, TextShape, Tracker};
pub use walk::{Member, MemberOutcome, ReadAt, Visitor, WalkOutcome};
