//! magpie: a local, open implementation of Amazon Macie's sensitive data discovery.
//!
//! The library reads S3 objects, local files and exported CloudWatch log archives, finds personal,
//! financial, health and credentials data, and reports where each occurrence is, why it was
//! reported, and what was not read.
//!
//! # Parts, and what each may know
//!
//! ```text
//! main ─► cli ─► job ──────► source  content  detect  store  event  deliver ─► model
//!                            source                              deliver ─► aws
//!         cli ─► sandbox ──►         content ─► extract ───────────────────► model
//!         cli ─► evaluate ─►         content  detect ───────────────► model
//!         cli ─► wire ──────────────────────────────────────────────► model
//! ```
//!
//! * [`model`]: plain types and the traits the parts meet through. No I/O.
//! * [`detect`]: the pure core: text in, hits out. No files, network, clock or threads; cannot fail.
//! * [`content`]: bytes to blocks of text (containers, encodings, tables, JSON, log archives), and
//!   the way back from a range of text to its place. Knows nothing of detectors.
//! * [`extract`]: documents to the text and files in them, by libraries, in a process of its own.
//! * [`sandbox`]: those processes, and what they give up.
//! * [`source`]: where objects come from: S3, a folder, memory. Knows nothing of what is in them.
//! * [`store`]: the embedded job store, with one writer.
//! * [`event`]: the job log: one enum of events, one writer.
//! * [`deliver`]: the job log to Amazon CloudWatch Logs: batches and calls. Keeps nothing.
//! * `aws`: what the clients of AWS services have in common: settings and words of errors.
//! * [`job`]: the engine, where the six above meet: list, fetch, scan, record.
//! * [`evaluate`]: labelled files to scores; a peer of [`job`] that keeps nothing.
//! * [`wire`]: JSON of findings, discovery results and occurrences, converted from [`model`] by hand.
//! * [`cli`]: the command line; the only part that prints.
//!
//! Arrows point one way; `tests/layering.rs` checks the `crate::` paths against this picture.
//! Deliberately absent: temporary copies of content, global state, and any network access other
//! than the endpoints the user names.

mod aws;
pub mod cli;
pub mod content;
pub mod deliver;
pub mod detect;
pub mod evaluate;
pub mod event;
pub mod extract;
pub mod job;
pub mod model;
pub mod sandbox;
pub mod source;
pub mod store;
pub mod wire;
