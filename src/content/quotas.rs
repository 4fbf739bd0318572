//! Largest objects that are read, by kind: none by default, since what is read streams; Macie's on
//! request.

use super::sniff::Kind;
use crate::extract::Format;
use crate::model::Reason;

/// A kind of object that has a quota of its own in Macie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kinds {
    Pdf,
    Avro,
    Parquet,
    Email,
    Gzip,
    Office,
    Text,
    Tar,
    Zip,
}

impl Kinds {
    pub const ALL: &'static [Kinds] = &[
        Kinds::Pdf,
        Kinds::Avro,
        Kinds::Parquet,
        Kinds::Email,
        Kinds::Gzip,
        Kinds::Office,
        Kinds::Text,
        Kinds::Tar,
        Kinds::Zip,
    ];

    /// Its name, as options call it.
    pub fn name(self) -> &'static str {
        match self {
            Kinds::Pdf => "pdf",
            Kinds::Avro => "avro",
            Kinds::Parquet => "parquet",
            Kinds::Email => "eml",
            Kinds::Gzip => "gzip",
            Kinds::Office => "office",
            Kinds::Text => "text",
            Kinds::Tar => "tar",
            Kinds::Zip => "zip",
        }
    }

    /// Macie's quota, in bytes of the stored object.
    fn macie(self) -> u64 {
        match self {
            Kinds::Pdf => 1 << 30,
            Kinds::Avro | Kinds::Parquet | Kinds::Gzip | Kinds::Zip => 8 << 30,
            Kinds::Email | Kinds::Text | Kinds::Tar => 20 << 30,
            Kinds::Office => 512 << 20,
        }
    }

    fn of(kind: Kind) -> Option<Self> {
        Some(match kind {
            Kind::Text => Kinds::Text,
            Kind::Gzip => Kinds::Gzip,
            Kind::Tar => Kinds::Tar,
            Kind::Zip => Kinds::Zip,
            Kind::Document(Format::Pdf) => Kinds::Pdf,
            Kind::Document(Format::Avro) => Kinds::Avro,
            Kind::Document(Format::Parquet) => Kinds::Parquet,
            Kind::Document(Format::Office | Format::Compound) => Kinds::Office,
            _ => return None,
        })
    }

    fn reason(self) -> Reason {
        match self {
            Kinds::Gzip | Kinds::Tar | Kinds::Zip => Reason::ArchiveExceedsSizeLimit,
            Kinds::Office => Reason::MalformedOrFileSizeExceedsLimit,
            _ => Reason::FileExceedsSizeLimit,
        }
    }
}

/// The largest stored size of each kind, in bytes; `None` for any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quotas([Option<u64>; Kinds::ALL.len()]);

impl Quotas {
    /// Those of Macie.
    pub fn macie() -> Self {
        let mut quotas = Quotas::default();
        for &kind in Kinds::ALL {
            quotas.set(kind, kind.macie());
        }
        quotas
    }

    pub fn set(&mut self, kind: Kinds, bytes: u64) {
        self.0[kind as usize] = Some(bytes);
    }

    /// Why an object of the kind and size is not read.
    pub(super) fn refuse(
        &self,
        kind: Kind,
        is_mail: bool,
        size: Option<u64>,
    ) -> Option<(Reason, String)> {
        let kind = match Kinds::of(kind)? {
            Kinds::Text if is_mail => Kinds::Email,
            kind => kind,
        };
        let (size, most) = (size?, self.0[kind as usize]?);
        let name = kind.name();
        let over = size > most;
        over.then(|| {
            let detail = format!("{size} bytes are more than the {most} that are read of {name}; raise max_size {name}");
            (kind.reason(), detail)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_over_its_quota_is_refused() {
        let refuse =
            |quotas: &Quotas, kind, size| quotas.refuse(kind, false, Some(size)).map(|r| r.0);
        let macie = Quotas::macie();
        let pdf = Kind::Document(Format::Pdf);
        assert_eq!(refuse(&macie, pdf, 1 << 30), None);
        assert_eq!(
            refuse(&macie, pdf, (1 << 30) + 1),
            Some(Reason::FileExceedsSizeLimit)
        );
        assert_eq!(
            refuse(&macie, Kind::Zip, 9 << 30),
            Some(Reason::ArchiveExceedsSizeLimit)
        );
        let office = Kind::Document(Format::Office);
        assert_eq!(
            refuse(&macie, office, 1 << 30),
            Some(Reason::MalformedOrFileSizeExceedsLimit)
        );
        assert_eq!(refuse(&Quotas::default(), pdf, u64::MAX), None);
        assert_eq!(macie.refuse(Kind::Text, false, None), None);
        let mut own = Quotas::default();
        own.set(Kinds::Email, 10);
        assert_eq!(own.refuse(Kind::Text, false, Some(11)), None);
        let detail = own.refuse(Kind::Text, true, Some(11)).map(|r| r.1);
        assert_eq!(
            detail.as_deref(),
            Some("11 bytes are more than the 10 that are read of eml; raise max_size eml")
        );
        for (at, kind) in Kinds::ALL.iter().enumerate() {
            assert_eq!(*kind as usize, at);
        }
    }
}
