//! Detections as Macie lists them: counted with Macie's caps, sorted, with locations by file type.

use crate::model::{
    CatalogueIndex, Category, Detection, DetectorInfo, MemberRecord, ObjectRecord, Place, Severity,
};

use super::json::Json;

/// How many locations a document lists.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) per_type: usize,
    /// Over all types; filled type by type, each as far as it goes.
    pub(super) total: usize,
    /// Also types that occur less often than the lowest severity level of their identifier.
    pub(super) below_levels: bool,
}

/// One location to be listed.
#[derive(Clone, Copy, Debug)]
struct Listed<'a> {
    place: &'a Place,
    mime_type: &'a str,
    /// Names of the members from the archive inwards; empty for a plain object.
    member: &'a [String],
}

/// One detector's part of a document.
#[derive(Debug)]
struct Entry<'a> {
    info: &'a DetectorInfo,
    /// As Macie would count it.
    count: u64,
    places: Vec<Listed<'a>>,
}

/// Which locations of an object a document lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Places {
    None,
    /// Those that lie in no member, as the text of a mail does.
    Own,
    All,
}

/// What one document tells of detections.
#[derive(Debug)]
pub(super) struct Detected<'a> {
    /// Custom identifiers first, then by category, then by id.
    entries: Vec<Entry<'a>>,
    /// Each location of an archive names its member.
    pub(super) name_members: bool,
}

impl<'a> Detected<'a> {
    /// Those of an object, summed over its members.
    pub(super) fn of_object(
        record: &'a ObjectRecord,
        catalogue: &'a CatalogueIndex,
        limits: Limits,
        listed: Places,
    ) -> Self {
        let mime_type = record.outcome.mime_type.unwrap_or("");
        let places = |detection: &'a Detection, room: usize| -> Vec<Listed<'a>> {
            let own = detection.places.iter().map(move |place| Listed {
                place,
                mime_type,
                member: &[],
            });
            let of_members = record.members.iter().flat_map(|member| {
                let found = member
                    .detections
                    .iter()
                    .find(|d| d.detector == detection.detector);
                found
                    .into_iter()
                    .flat_map(|d| &d.places)
                    .map(|place| Listed {
                        place,
                        mime_type: member.outcome.mime_type,
                        member: &member.outcome.container,
                    })
            });
            let of_members = of_members.take_while(|_| listed == Places::All);
            own.chain(of_members).take(room).collect()
        };
        let mut detected = Self::gather(&record.detections, catalogue, limits, |d, room| {
            places(d, if listed == Places::None { 0 } else { room })
        });
        detected.name_members = record.is_container;
        detected
    }

    /// Those of one member.
    pub(super) fn of_member(
        member: &'a MemberRecord,
        catalogue: &'a CatalogueIndex,
        limits: Limits,
    ) -> Self {
        Self::gather(&member.detections, catalogue, limits, |detection, room| {
            let listed = detection.places.iter().map(|place| Listed {
                place,
                mime_type: member.outcome.mime_type,
                member: &[],
            });
            listed.take(room).collect()
        })
    }

    fn gather(
        detections: &'a [Detection],
        catalogue: &'a CatalogueIndex,
        limits: Limits,
        places: impl Fn(&'a Detection, usize) -> Vec<Listed<'a>>,
    ) -> Self {
        let mut known: Vec<(&DetectorInfo, &Detection)> = detections
            .iter()
            .filter_map(|d| Some((catalogue.detectors.get(usize::from(d.detector))?, d)))
            .filter(|(info, d)| limits.below_levels || info.severity.of(counted(info, d)).is_some())
            .collect();
        known.sort_by(|(a, _), (b, _)| order(a).cmp(&order(b)));
        let mut room = limits.total;
        let entries = known
            .into_iter()
            .map(|(info, detection)| {
                let count = counted(info, detection);
                let counted = usize::try_from(count).unwrap_or(usize::MAX);
                let places = places(detection, room.min(limits.per_type).min(counted));
                room -= places.len();
                Entry {
                    info,
                    count,
                    places,
                }
            })
            .collect();
        Detected {
            entries,
            name_members: false,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Categories of the types that reach a severity.
    pub(super) fn categories(&self) -> impl Iterator<Item = Category> {
        self.entries
            .iter()
            .filter(|e| e.info.severity.of(e.count).is_some())
            .map(|e| e.info.category)
    }

    /// The gravest over the types; each is looked up by its own count.
    pub(super) fn severity(&self) -> Option<Severity> {
        self.entries
            .iter()
            .filter_map(|e| e.info.severity.of(e.count))
            .max()
    }

    /// More occurrences were counted than locations are listed.
    pub(super) fn has_unlisted(&self) -> bool {
        self.entries.iter().any(|e| e.count > e.places.len() as u64)
    }

    /// Fills `customDataIdentifiers`.
    pub(super) fn write_custom(&self, j: &mut Json<'_>) {
        let custom = || {
            self.entries
                .iter()
                .filter(|e| e.info.category == Category::CustomIdentifier)
        };
        j.name("detections").list(|j| {
            for entry in custom() {
                j.object(|j| {
                    let id = entry.info.uuid.as_ref().unwrap_or(&entry.info.id);
                    j.name("arn").string(id);
                    j.name("count").number(entry.count);
                    let name = match entry.info.kind.as_str() {
                        "" => &entry.info.id,
                        kind => kind,
                    };
                    j.name("name").string(name);
                    self.occurrences(j, entry);
                });
            }
        });
        j.name("totalCount").number(custom().map(|e| e.count).sum());
    }

    /// Fills `sensitiveData`.
    pub(super) fn write_managed(&self, j: &mut Json<'_>) {
        for group in self
            .entries
            .chunk_by(|a, b| a.info.category == b.info.category)
        {
            let category = group[0].info.category;
            if category == Category::CustomIdentifier {
                continue;
            }
            j.object(|j| {
                j.name("category").string(category.as_str());
                j.name("detections").list(|j| {
                    for entry in group {
                        j.object(|j| {
                            j.name("count").number(entry.count);
                            self.occurrences(j, entry);
                            j.name("type").string(&entry.info.id);
                        });
                    }
                });
                j.name("totalCount")
                    .number(group.iter().map(|e| e.count).sum());
            });
        }
    }

    /// Writes the arrays that apply; nothing if no location is listed.
    fn occurrences(&self, j: &mut Json<'_>, entry: &Entry<'_>) {
        if entry.places.is_empty() {
            return;
        }
        j.name("occurrences").object(|j| {
            for form in [Form::Cells, Form::LineRanges, Form::Pages, Form::Records] {
                let of_form = || entry.places.iter().filter(move |l| Form::of(l) == form);
                if of_form().next().is_none() {
                    continue;
                }
                j.name(form.name()).list(|j| {
                    for listed in of_form() {
                        j.object(|j| {
                            form.write(j, listed.place);
                            if self.name_members {
                                j.name("embeddedFilePath").string(&listed.member.join("/"));
                            }
                        });
                    }
                });
            }
        });
    }
}

/// As many as Macie would count.
fn counted(info: &DetectorInfo, detection: &Detection) -> u64 {
    match info.macie_count_max {
        Some(max) => detection.count.min(max),
        None => detection.count,
    }
}

/// Custom identifiers come first, as in Macie's depth-first search.
fn order(info: &DetectorInfo) -> (bool, &'static str, &str) {
    let custom = info.category == Category::CustomIdentifier;
    (!custom, info.category.as_str(), &info.id)
}

/// How Macie tells a location, by the type of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Cells,
    LineRanges,
    Pages,
    Records,
}

impl Form {
    fn of(listed: &Listed<'_>) -> Self {
        let place = listed.place;
        let of_records = ["json", "avro", "parquet"];
        if place.cell.is_some() {
            Form::Cells
        } else if place.page.is_some() {
            Form::Pages
        } else if place.record.is_some()
            && of_records
                .iter()
                .any(|kind| listed.mime_type.contains(kind))
        {
            Form::Records
        } else {
            // also the JSON payload of a line of log text
            Form::LineRanges
        }
    }

    fn name(self) -> &'static str {
        match self {
            Form::Cells => "cells",
            Form::LineRanges => "lineRanges",
            Form::Pages => "pages",
            Form::Records => "records",
        }
    }

    fn write(self, j: &mut Json<'_>, place: &Place) {
        match (self, &place.cell, &place.record) {
            (Form::Cells, Some(cell), _) => {
                // of spreadsheets only
                match cell.reference() {
                    Some(reference) => j.name("cellReference").string(&reference),
                    None => j.name("cellReference").null(),
                }
                j.name("column").number(u64::from(cell.column));
                if let Some(name) = &cell.column_name {
                    j.name("columnName").string(name);
                }
                j.name("row").number(cell.row);
            }
            (Form::Records, _, Some(record)) => {
                j.name("jsonPath").string(&record.json_path);
                j.name("recordIndex").number(record.record_index);
            }
            (Form::Pages, _, _) => {
                j.name("lineRange").null();
                j.name("offsetRange").null();
                j.name("pageNumber")
                    .optional_number(place.page.map(u64::from));
            }
            _ => {
                j.name("end").number(place.end_line);
                j.name("start").number(place.line);
                j.name("startColumn").number(place.column);
            }
        }
    }
}
