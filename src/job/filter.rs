//! Which objects are in scope: `--include` and `--exclude` globs on keys.

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

/// A glob that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("parse glob {glob:?}: {cause}")]
pub struct GlobError {
    glob: String,
    cause: String,
}

/// Globs on object keys. `*` and `?` stop at `/`, `**` does not; a glob without `/` is matched
/// against the last part of the key.
#[derive(Clone, Debug)]
pub struct KeyFilter {
    include: Option<GlobSet>,
    exclude: GlobSet,
}

impl KeyFilter {
    /// # Errors
    /// A glob that cannot be read.
    pub fn new(include: &[String], exclude: &[String]) -> Result<Self, GlobError> {
        Ok(KeyFilter {
            include: if include.is_empty() {
                None
            } else {
                Some(set(include)?)
            },
            exclude: set(exclude)?,
        })
    }

    /// The object is in scope; an exclusion wins.
    pub fn takes(&self, key: &str) -> bool {
        let matches = |set: &GlobSet| set.is_match(key);
        self.include.as_ref().is_none_or(matches) && !matches(&self.exclude)
    }
}

fn set(globs: &[String]) -> Result<GlobSet, GlobError> {
    let fail = |glob: &str, e: globset::Error| GlobError {
        glob: glob.to_owned(),
        cause: e.kind().to_string(),
    };
    let mut builder = GlobSetBuilder::new();
    for text in globs {
        builder.add(glob(text).map_err(|e| fail(text, e))?);
    }
    builder.build().map_err(|e| fail(&globs.join(", "), e))
}

fn glob(text: &str) -> Result<Glob, globset::Error> {
    let whole = if text.contains('/') {
        text.to_owned()
    } else {
        format!("**/{text}")
    };
    GlobBuilder::new(&whole).literal_separator(true).build()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(include: &[&str], exclude: &[&str]) -> KeyFilter {
        let own = |l: &[&str]| l.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
        KeyFilter::new(&own(include), &own(exclude)).unwrap()
    }

    #[test]
    fn a_name_is_matched_anywhere_and_a_path_from_the_top() {
        let csv = filter(&["*.csv"], &[]);
        assert!(csv.takes("a.csv") && csv.takes("x/y/a.csv") && !csv.takes("a.csv/b"));
        let logs = filter(&["logs/*"], &[]);
        assert!(logs.takes("logs/a") && !logs.takes("logs/a/b") && !logs.takes("x/logs/a"));
        let deep = filter(&["logs/**"], &["*.png"]);
        assert!(deep.takes("logs/a/b") && !deep.takes("logs/a/b.png"));
        assert!(filter(&[], &[]).takes("anything"));
    }

    #[test]
    fn an_unreadable_glob_is_named() {
        let error = KeyFilter::new(&["a[".to_owned()], &[]).unwrap_err();
        assert!(
            error.to_string().starts_with("parse glob \"a[\": "),
            "{error}"
        );
    }
}
