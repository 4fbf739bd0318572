//! CloudWatch Logs documents: log events inside JSON, as subscriptions deliver them and as the API
//! answers.
//!
//! The messages are unescaped into the text that is scanned, so that their own structure (lines,
//! JSON) is seen as it was logged; all around them is kept as it stands, except that the numbers
//! of ids and times are left out, which would only be taken for something else. A map leads back
//! to the stored bytes, and each event knows its group, stream, time and id.

mod events;
mod unfold;

pub(crate) use events::Events;
pub(crate) use unfold::Unfold;

/// Whether JSON whose first characters are `sample` holds log events.
pub(crate) fn are_messages(sample: &[u8]) -> bool {
    let head = &sample[..sample.len().min(4096)];
    let has = |name: &str| memchr::memmem::find(head, name.as_bytes()).is_some();
    let subscription = has("\"logEvents\"") && has("\"messageType\"") && has("\"logGroup\"");
    // The answer of get-log-events or filter-log-events.
    let text: Vec<u8> = head
        .iter()
        .copied()
        .filter(|b| !b.is_ascii_whitespace())
        .collect();
    let answer = text.starts_with(b"{\"events\":[{\"")
        && has("\"message\"")
        && has("\"timestamp\"")
        && has("\"ingestionTime\"");
    subscription || answer
}
