//! Generated text of the shapes that matter for speed: logs with more or fewer values in them, and
//! tables. The same seed gives the same bytes on every machine.
//!
//! Shared by benches and tests (`#[path]` includes it). Values are made up: test ranges of telephone
//! numbers, numbers with computed check digits, invented people.

#![allow(dead_code)] // each user needs a part of it

use std::fmt::Write as _;

/// A text, and how many values of each detector were put into it.
pub struct Corpus {
    pub text: String,
    /// Id of the detector, number of values.
    pub planted: Vec<(&'static str, usize)>,
}

impl Corpus {
    pub fn count(&self, id: &str) -> usize {
        self.planted
            .iter()
            .find(|(i, _)| *i == id)
            .map_or(0, |(_, n)| *n)
    }

    pub fn total(&self) -> usize {
        self.planted.iter().map(|(_, n)| n).sum()
    }

    fn new() -> Self {
        Corpus {
            text: String::new(),
            planted: Vec::new(),
        }
    }

    fn plant(&mut self, id: &'static str) {
        match self.planted.iter_mut().find(|(i, _)| *i == id) {
            Some((_, n)) => *n += 1,
            None => self.planted.push((id, 1)),
        }
    }
}

/// Small, fast, the same everywhere (splitmix64).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Random(seed)
    }
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
    pub fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len() as u64) as usize]
    }
    fn digits(&mut self, n: usize) -> String {
        (0..n)
            .map(|_| char::from(b'0' + self.below(10) as u8))
            .collect()
    }
    fn hex(&mut self, n: usize) -> String {
        (0..n)
            .map(|_| char::from(b"0123456789abcdef"[self.below(16) as usize]))
            .collect()
    }
}

/// A social security number in an issued range.
pub fn ssn(random: &mut Random) -> String {
    format!(
        "{}-{:02}-{:04}",
        501 + random.below(99),
        11 + random.below(80),
        1000 + random.below(8999)
    )
}

/// A card number with a right check digit.
pub fn card(random: &mut Random) -> String {
    let mut number = format!("45320{}", random.digits(10));
    let sum: u32 = number
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, b)| {
            let d = u32::from(b - b'0');
            match (i % 2 == 0, d) {
                (true, d) if d > 4 => d * 2 - 9,
                (true, d) => d * 2,
                (false, d) => d,
            }
        })
        .sum();
    let _ = write!(number, "{}", (10 - sum % 10) % 10);
    number
}

/// A German IBAN with right check digits.
pub fn iban(random: &mut Random) -> String {
    let account = random.digits(18);
    // D = 13, E = 14, check digits 00 behind the account
    let remainder = format!("{account}131400")
        .bytes()
        .fold(0u64, |r, b| (r * 10 + u64::from(b - b'0')) % 97);
    format!("DE{:02}{account}", 98 - remainder)
}

/// A secret access key.
pub fn aws_secret(random: &mut Random) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let body: String = (0..37)
        .map(|_| char::from(ALPHABET[random.below(64) as usize]))
        .collect();
    // one of each class, so that every key passes as random
    format!("{body}x7Q")
}

/// A telephone number in the range kept for fiction.
pub fn phone(random: &mut Random) -> String {
    format!("(415) 555-01{:02}", random.below(100))
}

const GIVEN: [&str; 12] = [
    "Martha", "James", "Linda", "Robert", "Elena", "Thomas", "Priya", "Daniel", "Sofia", "Peter",
    "Maria", "David",
];
const FAMILY: [&str; 12] = [
    "Rivera",
    "Wilson",
    "Johnson",
    "Garcia",
    "Miller",
    "Schmidt",
    "Patel",
    "Rossi",
    "Murphy",
    "Andersson",
    "Lopez",
    "Clark",
];

pub fn name(random: &mut Random) -> String {
    format!("{} {}", random.pick(&GIVEN), random.pick(&FAMILY))
}

fn email(random: &mut Random) -> String {
    format!(
        "{}.{}{}@example.com",
        random.pick(&GIVEN).to_lowercase(),
        random.pick(&FAMILY).to_lowercase(),
        random.below(100)
    )
}

fn birth(random: &mut Random) -> String {
    format!(
        "{}-{:02}-{:02}",
        1950 + random.below(50),
        1 + random.below(12),
        1 + random.below(28)
    )
}

fn time(random: &mut Random, n: u64) -> String {
    format!(
        "2024-05-{:02}T{:02}:{:02}:{:02}.{:03}Z",
        1 + n / 86_400 % 28,
        n / 3600 % 24,
        n / 60 % 60,
        n % 60,
        random.below(1000)
    )
}

const CLASSES: [&str; 6] = [
    "com.example.orders.OrderService",
    "com.example.web.RequestFilter",
    "org.apache.kafka.clients.NetworkClient",
    "io.netty.channel.nio.NioEventLoop",
    "com.example.billing.InvoiceJob",
    "software.amazon.s3.transfer.Upload",
];
const PATHS: [&str; 6] = [
    "/api/v2/orders",
    "/health",
    "/static/app.3f2a.js",
    "/login",
    "/api/v1/search?q=shoes&page=3",
    "/cart/items",
];
const AGENTS: [&str; 3] = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36",
    "curl/8.5.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15",
];

/// One line of a log without anything sensitive.
fn plain_line(out: &mut String, random: &mut Random, n: u64) {
    let time = time(random, n);
    let _ = match random.below(6) {
        0 => writeln!(
            out,
            "10.{}.{}.{} - - [02/May/2024:13:{:02}:{:02} +0000] \"GET {} HTTP/1.1\" {} {} \"-\" \"{}\"",
            random.below(256),
            random.below(256),
            random.below(256),
            random.below(60),
            random.below(60),
            random.pick(&PATHS),
            random.pick(&[200, 200, 200, 304, 404, 500]),
            random.below(90_000),
            random.pick(&AGENTS)
        ),
        1 => writeln!(
            out,
            "{time} INFO  [worker-{}] {} - processed batch {} of {} in {} ms",
            random.below(32),
            random.pick(&CLASSES),
            random.below(10_000),
            random.below(10_000),
            random.below(5000)
        ),
        2 => writeln!(
            out,
            "{time} {{\"level\":\"info\",\"msg\":\"request handled\",\"path\":\"{}\",\"status\":{},\"duration_ms\":{}.{},\"trace_id\":\"{}\",\"span\":\"{}\"}}",
            random.pick(&PATHS),
            random.pick(&[200, 201, 204, 404]),
            random.below(900),
            random.below(1000),
            random.hex(32),
            random.hex(16)
        ),
        3 => writeln!(
            out,
            "{time} level=debug component=cache key=session:{}-{}-4{}-a{}-{} hit={} size={}",
            random.hex(8),
            random.hex(4),
            random.hex(3),
            random.hex(3),
            random.hex(12),
            random.pick(&["true", "false"]),
            random.below(1 << 20)
        ),
        4 => writeln!(
            out,
            "{time} ERROR {} - connection to 172.16.{}.{}:{} refused\n\tat {}.send(Client.java:{})\n\tat {}.run(Loop.java:{})",
            random.pick(&CLASSES),
            random.below(256),
            random.below(256),
            1024 + random.below(60_000),
            random.pick(&CLASSES),
            random.below(900),
            random.pick(&CLASSES),
            random.below(900)
        ),
        _ => writeln!(
            out,
            "May {:2} {:02}:{:02}:{:02} ip-10-0-{}-{} kernel: [{}.{}] eth0: link up, {} Mbps, id 0x{}",
            1 + n / 86_400 % 28,
            n / 3600 % 24,
            n / 60 % 60,
            n % 60,
            random.below(256),
            random.below(256),
            random.below(99_999),
            random.digits(6),
            random.pick(&[100, 1000, 10_000]),
            random.hex(8)
        ),
    };
}

/// One line of a log with one value.
fn sensitive_line(corpus: &mut Corpus, random: &mut Random, n: u64) {
    let time = time(random, n);
    let (id, text) = match random.below(6) {
        0 => (
            "USA_SOCIAL_SECURITY_NUMBER",
            format!(
                "{time} WARN verification failed, ssn={} retry in 5 s",
                ssn(random)
            ),
        ),
        1 => (
            "CREDIT_CARD_NUMBER",
            format!(
                "{time} {{\"level\":\"info\",\"event\":\"charge\",\"card\":\"{}\",\"amount\":{}}}",
                card(random),
                random.below(90_000)
            ),
        ),
        2 => (
            "GERMANY_BANK_ACCOUNT_NUMBER",
            format!("{time} INFO payout to {} accepted", iban(random)),
        ),
        3 => (
            "PHONE_NUMBER",
            format!(
                "{time} INFO sms gateway: mobile {} unreachable",
                phone(random)
            ),
        ),
        4 => (
            "AWS_CREDENTIALS",
            format!(
                "{time} DEBUG aws_secret_access_key = {}",
                aws_secret(random)
            ),
        ),
        _ => (
            "EMAIL_ADDRESS",
            format!("{time} INFO mail queued for {} ok", email(random)),
        ),
    };
    corpus.text.push_str(&text);
    corpus.text.push('\n');
    corpus.plant(id);
}

/// Log text of at least `bytes` bytes in which one event in `one_in` holds a value; 0 for none.
pub fn logs(bytes: usize, one_in: u64, seed: u64) -> Corpus {
    let mut corpus = Corpus::new();
    let mut random = Random::new(seed);
    let mut n = 0;
    while corpus.text.len() < bytes {
        n += 1;
        if one_in != 0 && n % one_in == 0 {
            sensitive_line(&mut corpus, &mut random, n);
        } else {
            plain_line(&mut corpus.text, &mut random, n);
        }
    }
    corpus
}

/// A table of people: every row holds values in columns named for them.
pub fn csv(bytes: usize, seed: u64) -> Corpus {
    let mut corpus = Corpus::new();
    let mut random = Random::new(seed);
    corpus
        .text
        .push_str("id,full_name,email,dob,ssn,phone,card_number,amount,created_at,note\n");
    let mut n = 0u64;
    while corpus.text.len() < bytes {
        n += 1;
        let row = format!(
            "{n},{},{},{},{},{},{},{}.{:02},{},\"{} items, batch {}\"\n",
            name(&mut random),
            email(&mut random),
            birth(&mut random),
            ssn(&mut random),
            phone(&mut random),
            card(&mut random),
            random.below(10_000),
            random.below(100),
            time(&mut random, n),
            random.below(90),
            random.below(9000),
        );
        corpus.text.push_str(&row);
        for id in [
            "NAME",
            "EMAIL_ADDRESS",
            "DATE_OF_BIRTH",
            "USA_SOCIAL_SECURITY_NUMBER",
            "PHONE_NUMBER",
            "CREDIT_CARD_NUMBER",
        ] {
            corpus.plant(id);
        }
    }
    corpus
}

/// The same people, one JSON object a line.
pub fn json_lines(bytes: usize, seed: u64) -> Corpus {
    let mut corpus = Corpus::new();
    let mut random = Random::new(seed);
    let mut n = 0u64;
    while corpus.text.len() < bytes {
        n += 1;
        let row = format!(
            "{{\"id\":{n},\"customer\":{{\"full_name\":\"{}\",\"email\":\"{}\",\"birthDate\":\"{}\",\"ssn\":\"{}\"}},\"phone\":\"{}\",\"payment\":{{\"card\":\"{}\",\"amount\":{}.{:02}}},\"created_at\":\"{}\",\"note\":\"{} items, batch {}\"}}\n",
            name(&mut random),
            email(&mut random),
            birth(&mut random),
            ssn(&mut random),
            phone(&mut random),
            card(&mut random),
            random.below(10_000),
            random.below(100),
            time(&mut random, n),
            random.below(90),
            random.below(9000),
        );
        corpus.text.push_str(&row);
        for id in [
            "NAME",
            "EMAIL_ADDRESS",
            "DATE_OF_BIRTH",
            "USA_SOCIAL_SECURITY_NUMBER",
            "PHONE_NUMBER",
            "CREDIT_CARD_NUMBER",
        ] {
            corpus.plant(id);
        }
    }
    corpus
}
