//! Mail: messages (eml) and mailboxes (mbox), part by part as they stream.
//!
//! [`structure`] goes over the lines and says where headers, parts and messages begin. The text of a
//! mail, which is its headers and those parts that are shown, is decoded by [`text`], with a way back
//! to the mail as it is stored. All other parts are members like those of an archive; what they are
//! told by is their content, as ever. Memory does not depend on the size of the mail.

mod body;
mod charset;
mod emit;
mod fields;
mod lines;
mod structure;
mod tell;
mod text;
mod walk;
mod words;

pub(crate) use tell::{Mailbox, tell};
