//! The labelled development set, made by code: the same bytes on every machine.
//!
//! `fixtures/labelled/set/` holds its files and `labels.jsonl`. Nothing in it belongs to anyone: people,
//! streets and firms are put together from short lists of its own, numbers are random digits with
//! right (or wrong) check digits. Documents are written as people and programs write them, and values
//! are labelled where they are put in, so that no label depends on what a detector finds.

pub mod hard;
pub mod ids_america;
pub mod ids_europe;
pub mod ids_world;
pub mod kinds;
pub mod lands;
pub mod logs;
pub mod mark;
pub mod money;
pub mod negatives;
pub mod pack;
pub mod people;
pub mod prose;
pub mod rng;
pub mod secrets;
pub mod structured;
pub mod sums;

use mark::{Label, encoded};
use people::{LANDS, land};
use rng::Rng;

/// How a file is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stored {
    Utf8,
    Latin1,
    Utf16,
    Gzip,
}

/// One file of the set. Labels are in bytes of what is stored, or of what a `.gz` holds.
pub struct File {
    pub path: String,
    pub bytes: Vec<u8>,
    pub labels: Vec<Label>,
}

struct Set {
    files: Vec<File>,
}

impl Set {
    fn add(&mut self, path: &str, stored: Stored, write: impl FnOnce(&mut Rng) -> String) {
        let text = write(&mut Rng::named(path));
        let (bytes, labels) = match stored {
            Stored::Utf8 | Stored::Gzip => encoded(&text, &|c, out| {
                out.extend(c.encode_utf8(&mut [0; 4]).as_bytes());
            }),
            Stored::Latin1 => encoded(&text, &|c, out| {
                // the one letter of the set that is not in it
                let c = if c == 'ı' { 'i' } else { c };
                out.push(u8::try_from(u32::from(c)).expect("a letter of Latin-1"));
            }),
            Stored::Utf16 => encoded(&format!("\u{feff}{text}"), &|c, out| {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    out.extend(unit.to_le_bytes());
                }
            }),
        };
        let bytes = match stored {
            Stored::Gzip => pack::gzip(&bytes),
            _ => bytes,
        };
        self.files.push(File {
            path: path.to_owned(),
            bytes,
            labels,
        });
    }

    fn text(&mut self, path: &str, write: impl FnOnce(&mut Rng) -> String) {
        self.add(path, Stored::Utf8, write);
    }
}

fn many(count: usize, mut one: impl FnMut() -> String) -> String {
    (0..count).map(|_| one()).collect()
}

/// All files of the set.
pub fn files() -> Vec<File> {
    let mut set = Set { files: Vec::new() };
    prose_files(&mut set);
    record_files(&mut set);
    log_files(&mut set);
    hard_files(&mut set);
    secret_files(&mut set);
    negative_files(&mut set);
    set.files
}

fn prose_files(set: &mut Set) {
    for land in &LANDS {
        let code = land.code.to_lowercase();
        set.text(&format!("prose/letters-{code}.txt"), |r| {
            many(9, || prose::letter(r, land))
        });
        set.text(&format!("prose/forms-{code}.txt"), |r| {
            many(5, || prose::form(r, land))
        });
        set.text(&format!("prose/mail-{code}.eml.txt"), |r| {
            many(5, || prose::mail(r, land))
        });
    }
    set.add("prose/letters-de-latin1.txt", Stored::Latin1, |r| {
        many(4, || prose::letter(r, land("DE")))
    });
    set.add("prose/letters-fr-utf16.txt", Stored::Utf16, |r| {
        many(4, || prose::letter(r, land("FR")))
    });
    set.text("prose/chat.txt", |r| prose::chat(r, 300));
    set.text("prose/register.txt", |r| prose::all_numbers(r, 8));
    for code in ["US", "GB", "DE", "FR"] {
        set.text(&format!("web/account-{}.html", code.to_lowercase()), |r| {
            many(4, || prose::page(r, code))
        });
    }
}

fn hard_files(set: &mut Set) {
    set.text("hard/europe.txt", |r| hard::europe(r, 48));
    set.text("hard/names.txt", |r| hard::names(r, 220));
    set.text("hard/births.txt", |r| hard::births(r, 130));
    set.text("hard/addresses.txt", |r| hard::addresses(r, 130));
    set.text("hard/phones.txt", |r| hard::phones(r, 130));
}

fn record_files(set: &mut Set) {
    for (i, land) in (0u32..).zip(&LANDS) {
        let code = land.code.to_lowercase();
        set.text(&format!("records/customers-{code}.jsonl"), |r| {
            structured::json_lines(r, land, land.code, i % 3, 16)
        });
        set.text(&format!("records/profiles-{code}.json"), |r| {
            structured::json_nested(r, land, land.code, 10)
        });
        let separator = [',', ';', '\t'][i as usize % 3];
        let ending = ["csv", "csv", "tsv"][i as usize % 3];
        set.text(&format!("tables/customers-{code}.{ending}"), |r| {
            structured::table(r, land, land.code, separator, true, 22)
        });
    }
    for code in ["US", "DE", "FR"] {
        let name = code.to_lowercase();
        set.text(&format!("tables/no-header-{name}.csv"), |r| {
            structured::table(r, land(code), code, ',', false, 16)
        });
        set.text(&format!("records/dump-{name}.sql"), |r| {
            structured::dump(r, land(code), 12)
        });
        set.text(&format!("records/users-{name}.yaml"), |r| {
            structured::yaml(r, land(code), 9)
        });
        set.text(&format!("records/export-{name}.xml"), |r| {
            structured::xml(r, land(code), 9)
        });
        set.text(&format!("tables/staff-{name}.tsv"), |r| {
            structured::staff(r, land(code), 24)
        });
    }
    set.text("tables/payments.csv", |r| {
        structured::payments(r, land("US"), 60)
    });
    // numbers of countries that lend their language from another
    for (code, lender) in [
        ("MX", "ES"),
        ("AR", "ES"),
        ("CL", "ES"),
        ("CO", "ES"),
        ("IN", "GB"),
        ("NL", "GB"),
        ("PL", "GB"),
        ("PT", "BR"),
        ("SE", "GB"),
        ("CH", "DE"),
        ("BE", "FR"),
        ("IE", "GB"),
        ("ZA", "GB"),
    ] {
        let name = code.to_lowercase();
        set.text(&format!("records/customers-{name}.jsonl"), |r| {
            structured::json_lines(r, land(lender), code, 0, 10)
        });
        set.text(&format!("tables/customers-{name}.csv"), |r| {
            structured::table(r, land(lender), code, ';', true, 10)
        });
    }
    set.text("logs/terminal.log", |r| structured::terminal(r, 24));
    set.text("tables/accounts.csv", |r| structured::accounts(r, 2));
}

fn log_files(set: &mut Set) {
    for code in ["US", "GB", "DE", "FR", "ES", "IT", "BR", "CA", "AU"] {
        let name = code.to_lowercase();
        set.text(&format!("logs/app-{name}.log"), |r| logs::app(r, code, 120));
        set.text(&format!("logs/events-{name}.jsonl"), |r| {
            logs::json_log(r, code, 50)
        });
    }
    for code in ["US", "DE", "BR"] {
        let name = code.to_lowercase();
        set.text(&format!("logs/logfmt-{name}.log"), |r| {
            logs::logfmt(r, code, 90)
        });
        set.add(
            &format!("logs/exportedlogs/6f1c/i-0{name}/000000.gz"),
            Stored::Gzip,
            |r| logs::export(r, code, 120),
        );
        set.text(&format!("logs/firehose/signup-{name}-2024-05-01"), |r| {
            logs::firehose(r, code, 18)
        });
    }
    set.text("logs/access.log", |r| logs::access(r, 90));
    set.text("logs/syslog", |r| logs::syslog(r, 140));
    set.text("logs/traces.log", |r| logs::traces(r, 36));
}

fn secret_files(set: &mut Set) {
    set.add("secrets/settings.env.gz", Stored::Gzip, |r| {
        secrets::settings(r, 5)
    });
    set.add("secrets/keys.txt.gz", Stored::Gzip, |r| secrets::keys(r, 4));
    set.add("secrets/headers.log.gz", Stored::Gzip, |r| {
        secrets::headers(r, 80)
    });
    set.add("secrets/passwords.conf.gz", Stored::Gzip, |r| {
        secrets::passwords(r, 150)
    });
    set.add("secrets/history.gz", Stored::Gzip, |r| {
        secrets::history(r, 120)
    });
}

fn negative_files(set: &mut Set) {
    set.text("nothing/broken-check-digits.txt", |r| {
        negatives::broken(r, 6)
    });
    set.text("nothing/samples-and-masks.txt", negatives::samples);
    set.text("nothing/lonely.txt", |r| negatives::lonely(r, 2));
    set.text("nothing/readings.csv", |r| negatives::numbers(r, 300));
    set.text("nothing/orders.psv", |r| negatives::orders(r, 300));
    set.text("nothing/quiet.log", |r| negatives::quiet_log(r, 700));
    set.text("nothing/prose.txt", |r| negatives::prose(r, 160));
    set.text("nothing/person.go", |r| negatives::code(r, 12).0);
    set.text("nothing/reader.py", |r| negatives::code(r, 12).1);
}

/// The labelled set as `magpie evaluate` reads it.
pub fn labels(files: &[File]) -> String {
    let mut out = String::new();
    for file in files {
        if file.labels.is_empty() {
            out += &format!("{{\"file\":\"{}\"}}\n", file.path);
        }
        for label in &file.labels {
            let optional = if label.optional {
                ",\"optional\":true"
            } else {
                ""
            };
            out += &format!(
                "{{\"file\":\"{}\",\"start\":{},\"end\":{},\"type\":\"{}\"{optional}}}\n",
                file.path, label.start, label.end, label.id
            );
        }
    }
    out
}
