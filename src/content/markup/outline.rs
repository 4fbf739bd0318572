//! What each stretch of unfolded text stands in: an element, an attribute, a part of a mail.

use std::collections::VecDeque;
use std::hash::Hasher;
use std::rc::Rc;

use siphasher::sip::SipHasher13;

/// Longest path that is told, in characters.
const PATH_CHARS_MAX: usize = 250;

/// One step of a path, with those that lead to it.
#[derive(Debug)]
pub(crate) struct Frame {
    parent: Option<Rc<Frame>>,
    /// As it stands in the path.
    step: Rc<str>,
    /// Among those of the same name, from 1; 0 is not told.
    number: u32,
    /// The step says something of the text inside.
    says: bool,
    /// What the head of the column says.
    header: Option<Rc<str>>,
    key: u64,
}

impl Frame {
    /// `says`: the name counts as a keyword for the text inside; `header` does so before it.
    pub fn new(
        parent: Option<&Rc<Frame>>,
        step: impl Into<Rc<str>>,
        number: u32,
        says: bool,
        header: Option<Rc<str>>,
    ) -> Rc<Frame> {
        let step = step.into();
        let mut key = parent.map_or(0, |p| p.key);
        let name = says.then(|| name(&step));
        for name in header.as_deref().into_iter().chain(name) {
            let mut hasher = SipHasher13::new_with_keys(key, 0);
            hasher.write(name.as_bytes());
            key = hasher.finish();
        }
        Rc::new(Frame {
            parent: parent.map(Rc::clone),
            step,
            number,
            says,
            header,
            key,
        })
    }

    /// Equal for equal names.
    pub fn key(&self) -> u64 {
        self.key
    }

    /// What says most of the text inside: the head of the column, or the name.
    pub fn label(&self) -> Option<&str> {
        let own = || self.says.then(|| name(&self.step));
        self.header.as_deref().or_else(own)
    }

    fn chain(&self) -> Vec<&Frame> {
        let mut chain = vec![self];
        while let Some(parent) = chain.last().and_then(|last| last.parent.as_deref()) {
            chain.push(parent);
        }
        chain.reverse();
        chain
    }

    /// Visits what counts as a name, from the root.
    pub fn names(&self, visit: &mut dyn FnMut(&str)) {
        for frame in self.chain() {
            let own = frame.says.then(|| name(&frame.step));
            for name in frame.header.as_deref().into_iter().chain(own) {
                visit(name);
            }
        }
    }

    /// `/html/body[1]/p[3]/@title`; of a long one the end.
    pub fn path(&self) -> String {
        let mut path = String::new();
        for frame in self.chain() {
            path.push('/');
            path.push_str(&frame.step);
            if frame.number > 0 {
                path.push('[');
                path.push_str(&frame.number.to_string());
                path.push(']');
            }
        }
        shortened(path)
    }

    /// `database.users[0].name`; of a long one the end.
    pub fn dotted(&self) -> String {
        let mut path = String::new();
        for frame in self.chain() {
            if !path.is_empty() && !frame.step.starts_with('[') {
                path.push('.');
            }
            path.push_str(&frame.step);
        }
        shortened(path)
    }
}

fn shortened(path: String) -> String {
    let chars = path.chars().count();
    if chars <= PATH_CHARS_MAX {
        return path;
    }
    let end: String = path.chars().skip(chars + 1 - PATH_CHARS_MAX).collect();
    format!("…{end}")
}

/// The name in a step: without its namespace and the mark of attributes.
fn name(step: &str) -> &str {
    let name = step.strip_prefix('@').unwrap_or(step);
    let local = name.rsplit(':').next();
    local.filter(|l| !l.is_empty()).unwrap_or(name)
}

/// A stretch of unfolded text that stands together.
#[derive(Clone, Debug)]
pub(crate) struct Stretch {
    pub start: u64,
    /// `u64::MAX` while it goes on.
    pub end: u64,
    pub frame: Option<Rc<Frame>>,
}

#[derive(Debug, Default)]
pub(crate) struct Outline {
    stretches: VecDeque<Stretch>,
    /// Elements were open where the text ended.
    pub unfinished: bool,
    /// Elements are nested deeper than is followed.
    pub too_deep: bool,
}

impl Outline {
    pub fn begin(&mut self, at: u64, frame: Option<Rc<Frame>>) {
        self.stretches.push_back(Stretch {
            start: at,
            end: u64::MAX,
            frame,
        });
    }

    pub fn end(&mut self, at: u64) {
        if let Some(last) = self.stretches.back_mut() {
            last.end = last.end.min(at);
        }
    }

    /// Forgets what only concerns text before `from`.
    pub fn retire(&mut self, from: u64) {
        while self.stretches.get(1).is_some_and(|next| next.start <= from) {
            self.stretches.pop_front();
        }
    }

    /// The stretch that `at` is in, or the last one before.
    pub fn at(&self, at: u64) -> Option<&Stretch> {
        let after = self.stretches.partition_point(|s| s.start <= at);
        self.stretches.get(after.checked_sub(1)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_names_go_from_the_root() {
        let root = Frame::new(None, "people", 0, true, None);
        let row = Frame::new(Some(&root), "p:row", 2, true, None);
        let cell = Frame::new(Some(&row), "td", 1, false, Some("SSN".into()));
        let value = Frame::new(Some(&cell), "@n", 0, true, None);
        assert_eq!(value.path(), "/people/p:row[2]/td[1]/@n");
        let mut names = Vec::new();
        value.names(&mut |name| names.push(name.to_owned()));
        assert_eq!(names, ["people", "row", "SSN", "n"]);
        let other = Frame::new(Some(&root), "p:row", 3, true, None);
        assert_eq!(other.key(), row.key());
        assert_ne!(other.key(), cell.key());
    }

    #[test]
    fn long_paths_keep_their_end() {
        let mut frame = Frame::new(None, "é", 0, false, None);
        for _ in 0..200 {
            frame = Frame::new(Some(&frame), "é", 1, false, None);
        }
        let path = frame.path();
        assert_eq!(path.chars().count(), PATH_CHARS_MAX);
        assert!(path.starts_with('…') && path.ends_with("/é[1]"));
    }
}
