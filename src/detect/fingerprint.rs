//! The fingerprint of a catalogue: the same detectors and engine have the same.

use std::hash::Hash;

use siphasher::sip128::{Hasher128, SipHasher13};

use super::spec::{Anchor, Spec};
use crate::model::Origin;

/// Changes whenever the engine itself may answer otherwise.
const ENGINE_VERSION: u32 = 2;

/// 128 bits over everything that can change an answer.
pub(super) fn fingerprint(specs: &[Spec]) -> String {
    let mut hasher = SipHasher13::new();
    (
        ENGINE_VERSION,
        env!("CARGO_PKG_VERSION"),
        env!("MAGPIE_LISTS"),
    )
        .hash(&mut hasher);
    for spec in specs {
        let Spec {
            id,
            uuid,
            keywords,
            keywords_extra,
            keywords_shared,
            keyword_distance,
            never_reported,
            engine,
            yields,
            field_keywords,
            patterns,
            custom,
            severity,
            origin,
            ..
        } = spec;
        if *origin == Origin::Custom {
            // findings tell these too, and another version of magpie does not change them
            (uuid, &spec.kind, severity, spec.category.as_str()).hash(&mut hasher);
        }
        if let Some(custom) = custom {
            (&custom.regex, &custom.ignore_words).hash(&mut hasher);
        }
        (id, keywords, keywords_extra, keywords_shared).hash(&mut hasher);
        keyword_distance.hash(&mut hasher);
        (never_reported, engine, yields, field_keywords).hash(&mut hasher);
        for p in patterns {
            let (literals, ignore_case): (&[String], bool) = match &p.anchor {
                Anchor::Literal {
                    literals,
                    ignore_case,
                } => (literals, *ignore_case),
                _ => (&[], false),
            };
            (
                &p.regex,
                std::mem::discriminant(&p.anchor),
                literals,
                ignore_case,
            )
                .hash(&mut hasher);
            (p.keyword, p.edge, &p.checks).hash(&mut hasher);
        }
    }
    let hash = hasher.finish128();
    format!("{:016x}{:016x}", hash.h1, hash.h2)
}
