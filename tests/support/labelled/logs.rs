//! Logs: what machines write all day, with a value now and then where one should not be.

use super::kinds::{self, Kind};
use super::mark::{bare, json, mark, written};
use super::money;
use super::people::{LANDS, Land, ip, land};
use super::rng::Rng;

pub struct Clock(u64);

impl Clock {
    pub fn new(rng: &mut Rng) -> Self {
        Clock(1_714_500_000_000 + rng.range(0, 86_400_000))
    }

    pub fn tick(&mut self, rng: &mut Rng) -> u64 {
        self.0 += rng.range(3, 4000);
        self.0
    }
}

/// `2024-05-01T12:00:00.123Z` of milliseconds; the set lives in a few days of one spring.
pub fn iso(ms: u64) -> String {
    let (days, rest) = (ms / 86_400_000 - 19_843, ms % 86_400_000);
    // day 19,843 is 2024-04-30
    let (month, day) = if days == 0 { (4, 30) } else { (5, days) };
    format!(
        "2024-{month:02}-{day:02}T{:02}:{:02}:{:02}.{:03}Z",
        rest / 3_600_000,
        rest / 60_000 % 60,
        rest / 1000 % 60,
        rest % 1000
    )
}

const CLASSES: [&str; 10] = [
    "com.acme.billing.InvoiceService",
    "OrderController",
    "c.a.auth.TokenFilter",
    "PaymentGateway",
    "org.quartz.core.JobRunShell",
    "CustomerRepository",
    "kafka.consumer.Fetcher",
    "HikariPool-1",
    "Madison.Core.Scheduler",
    "JordanCacheLoader",
];

/// A message that holds nothing, however it looks.
pub fn quiet(rng: &mut Rng) -> String {
    match rng.range(0, 34) {
        0 => format!(
            "request completed status=200 duration_ms={} bytes={}",
            rng.range(1, 900),
            rng.range(100, 99_999)
        ),
        1 => format!(
            "order {} accepted, tracking 1Z{}",
            rng.range(100_000_000, 999_999_999),
            rng.chars("ABCDEFGH0123456789", 16)
        ),
        2 => format!("trace_id={} span_id={}", rng.hex(32), rng.hex(16)),
        3 => format!("correlation id {}", rng.uuid()),
        4 => format!(
            "build 2024.{}.{}-{} deployed to eu-west-1",
            rng.range(1, 13),
            rng.range(1, 30),
            rng.hex(7)
        ),
        5 => format!(
            "GC pause (G1 Evacuation Pause) {}M->{}M(4096M) 0.0{}s",
            rng.range(900, 3000),
            rng.range(100, 800),
            rng.digits(7)
        ),
        6 => format!(
            "lag for partition {} is {} at offset {}",
            rng.range(0, 64),
            rng.range(0, 9999),
            rng.number(13)
        ),
        7 => format!("cache miss key=product:{}:{}", rng.number(6), rng.hex(8)),
        8 => format!(
            "invoice INV-{}-{} total {}.{} EUR",
            rng.range(2019, 2025),
            rng.number(6),
            rng.range(10, 9000),
            rng.digits(2)
        ),
        9 => format!(
            "Started Application in {}.{} seconds (JVM running for {}.{})",
            rng.range(2, 20),
            rng.digits(3),
            rng.range(20, 40),
            rng.digits(3)
        ),
        10 => format!("sha256={} verified", rng.hex(64)),
        11 => format!(
            "session expired after 1800 s, last seen {}",
            1_714_000_000 + rng.range(0, 900_000)
        ),
        12 => format!(
            "retry {} of 5 for job nightly-export-{}",
            rng.range(1, 6),
            rng.number(8)
        ),
        13 => "Connection reset by peer; falling back to Grand Central replica".to_owned(),
        14 => format!(
            "user_id={} role=admin feature=dark-mode enabled",
            rng.number(7)
        ),
        15 => format!(
            "SKU {}-{} restocked, {} units in warehouse Lincoln Park",
            rng.letters(3),
            rng.number(5),
            rng.range(1, 400)
        ),
        16 => format!(
            "pool stats: total={} active={} idle={} waiting=0",
            rng.range(10, 50),
            rng.range(0, 10),
            rng.range(0, 40)
        ),
        17 => {
            "Spring Boot v3.2.5, Jetty 11.0.20, Hibernate ORM core version 6.4.4.Final".to_owned()
        }
        18 => format!("feature flag Morgan-Stanley-feed set to {}", rng.once_in(2)),
        19 => format!("ssn=***-**-{} masked before write", rng.number(4)),
        20 => format!(
            "card ending {} charged, auth {}",
            rng.number(4),
            rng.number(6)
        ),
        21 => format!("card XXXX-XXXX-XXXX-{} declined", rng.number(4)),
        22 => "missing required field: ssn".to_owned(),
        23 => "validation failed for phone number: must not be blank".to_owned(),
        24 => format!("passport check skipped, batch {}", rng.number(5)),
        25 => format!("password reset mail queued for account #{}", rng.number(5)),
        26 => format!(
            "metric http.server.requests count={} p99={}.{}",
            rng.number(9),
            rng.range(0, 3),
            rng.digits(6)
        ),
        27 => format!(
            "disk /dev/nvme{}n1p1 {}% used, inode {}",
            rng.range(0, 4),
            rng.range(10, 99),
            rng.number(10)
        ),
        28 => format!("lat=n/a lon=n/a for device {}", rng.hex(12)),
        29 => "Thank You page rendered; Best Regards template v2".to_owned(),
        30 => format!(
            "scheduled maintenance on {}/{}/2024 from 02:00",
            rng.range(1, 13),
            rng.range(1, 29)
        ),
        31 => format!(
            "ticket INC{} assigned to team Field Services",
            rng.number(7)
        ),
        32 => format!("account type: checking, tier {}", rng.range(1, 5)),
        _ => format!(
            "PUT s3://exports-{}/{}/part-{:05}.parquet 200",
            rng.hex(6),
            rng.range(2020, 2025),
            rng.range(0, 99_999)
        ),
    }
}

/// A message that holds a value.
pub fn loud(rng: &mut Rng, land: &Land) -> String {
    let person = land.person(rng);
    match rng.range(0, 14) {
        0 => format!(
            "created customer name=\"{}\" id={}",
            person.name(),
            rng.number(6)
        ),
        1 => format!("sending confirmation to {}", person.mail(rng)),
        2 => format!("phone {} verified by sms", land.phone(rng)),
        3 => format!("shipping to {}", land.address(rng, ", ")),
        4 => format!("dob={} accepted for age check", land.birth(rng)),
        5 => format!(
            "charging card {} for {}.00",
            mark("CREDIT_CARD_NUMBER", money::card(rng, "")),
            rng.range(5, 400)
        ),
        6 => {
            let (id, account) = money::account(
                rng,
                money::country(match land.code {
                    "US" | "CA" | "AU" => "GB",
                    code => code,
                }),
                false,
            );
            format!("payout to iban {} scheduled", mark(&id, account))
        }
        7 => format!(
            "Patient {} checked in, room {}",
            person.name(),
            rng.range(100, 400)
        ),
        8 => format!("login ok user={} from {}", person.login(), ip(rng)),
        9 => {
            let (a, b) = (rng.range(25, 48), rng.range(60, 120));
            let pair = format!("{a}.{}, -{b}.{}", rng.digits(5), rng.digits(5));
            format!(
                "coordinates: {} accuracy 12m",
                mark("LATITUDE_LONGITUDE", pair)
            )
        }
        10 => format!("Mr. {} called about order {}", person.name(), rng.number(6)),
        _ => {
            let all: Vec<&Kind> = kinds::of(land.code);
            match all.is_empty() {
                true => format!("sending confirmation to {}", person.mail(rng)),
                false => {
                    let kind = rng.pick(&all);
                    let value = kind.value(rng);
                    match rng.range(0, 3) {
                        0 => format!("{}={}", kind.key(rng), quoted(&value)),
                        1 => format!("{}: {value}", kind.title(rng)),
                        _ => format!(
                            "validated {} {value} in {} ms",
                            kind.title(rng),
                            rng.range(1, 90)
                        ),
                    }
                }
            }
        }
    }
}

fn quoted(value: &str) -> String {
    match bare(value).contains(' ') {
        true => format!("\"{value}\""),
        false => value.to_owned(),
    }
}

/// One message in so many is loud.
fn message(rng: &mut Rng, code: &str, loud_once_in: u64) -> String {
    match rng.once_in(loud_once_in) {
        true => loud(rng, land(code)),
        false => quiet(rng),
    }
}

fn level(rng: &mut Rng) -> &'static str {
    rng.pick(&["INFO", "INFO", "INFO", "DEBUG", "WARN", "ERROR"])
}

pub fn app(rng: &mut Rng, code: &str, lines: usize) -> String {
    let mut clock = Clock::new(rng);
    (0..lines)
        .map(|_| {
            let time = iso(clock.tick(rng));
            let (level, class) = (level(rng), rng.pick(&CLASSES));
            format!(
                "{time} {level:<5} [worker-{}] {class} - {}\n",
                rng.range(1, 16),
                message(rng, code, 6)
            )
        })
        .collect()
}

pub fn logfmt(rng: &mut Rng, code: &str, lines: usize) -> String {
    let mut clock = Clock::new(rng);
    (0..lines)
        .map(|_| {
            let time = clock.tick(rng);
            let text = written(&message(rng, code, 6), |c, out| match c {
                '"' => out.push_str("\\\""),
                c => out.push(c),
            });
            format!(
                "ts={time} level={} caller=main.go:{} msg=\"{text}\"\n",
                level(rng).to_lowercase(),
                rng.range(10, 900)
            )
        })
        .collect()
}

pub fn json_log(rng: &mut Rng, code: &str, lines: usize) -> String {
    let mut clock = Clock::new(rng);
    (0..lines)
        .map(|_| {
            let ms = clock.tick(rng);
            let request = rng.uuid();
            let land = land(code);
            match rng.once_in(5) {
                true => {
                    let person = land.person(rng);
                    format!(
                        "{{\"@timestamp\":\"{}\",\"level\":\"INFO\",\"request_id\":\"{request}\",\"message\":\"profile updated\",\"user\":{{\"name\":\"{}\",\"email\":\"{}\",\"phone\":\"{}\",\"birthDate\":\"{}\"}},\"seq\":{}}}\n",
                        iso(ms),
                        json(&person.name()),
                        person.mail(rng),
                        land.phone(rng),
                        land.birth(rng),
                        rng.number(9)
                    )
                }
                false => format!(
                    "{{\"@timestamp\":\"{}\",\"level\":\"{}\",\"request_id\":\"{request}\",\"logger\":\"{}\",\"message\":\"{}\",\"seq\":{}}}\n",
                    iso(ms),
                    level(rng),
                    rng.pick(&CLASSES),
                    json(&message(rng, code, 5)),
                    rng.number(9)
                ),
            }
        })
        .collect()
}

pub fn access(rng: &mut Rng, lines: usize) -> String {
    let mut clock = Clock::new(rng);
    (0..lines)
        .map(|_| {
            let time = iso(clock.tick(rng));
            let path = match rng.range(0, 8) {
                0 => format!("/api/v2/orders/{}", rng.number(9)),
                1 => format!("/static/js/app.{}.js", rng.hex(20)),
                2 => format!("/search?q=grand+canyon+tour&page={}", rng.range(1, 20)),
                3 => format!("/products/{}-{}?ref={}", rng.number(4), rng.number(5), rng.hex(10)),
                4 => format!("/u/{}/avatar.png?v={}", rng.uuid(), 1_714_000_000 + rng.range(0, 99_999)),
                5 => {
                    let land = rng.one(&LANDS);
                    let mail = land.person(rng).mail(rng);
                    format!("/newsletter/confirm?email={mail}&t={}", rng.hex(16))
                }
                6 => format!("/health?node=ip-10-2-{}-{}", rng.range(1, 250), rng.range(1, 250)),
                _ => format!("/downloads/Report-2024-Q{}.pdf", rng.range(1, 5)),
            };
            format!(
                "{} - - [{}/May/2024:{} +0000] \"GET {path} HTTP/1.1\" {} {} \"-\" \"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.6367.{} Safari/537.36\"\n",
                ip(rng),
                rng.range(10, 29),
                &time[11..19],
                rng.pick(&["200", "304", "404", "302"]),
                rng.number(5),
                rng.range(10, 200)
            )
        })
        .collect()
}

pub fn syslog(rng: &mut Rng, lines: usize) -> String {
    let mut clock = Clock::new(rng);
    (0..lines)
        .map(|_| {
            let time = iso(clock.tick(rng));
            let text = match rng.range(0, 8) {
                0 => format!("sshd[{}]: Accepted publickey for deploy from {} port {} ssh2: ED25519 SHA256:{}", rng.number(4), ip(rng), rng.number(5), rng.base62(43)),
                1 => format!("kernel: [{}.{}] eth0: renamed from veth{}", rng.number(6), rng.digits(6), rng.hex(7)),
                2 => format!("CRON[{}]: (root) CMD (/usr/lib/sysstat/debian-sa1 1 1)", rng.number(5)),
                3 => format!("systemd[1]: Started Session {} of User jackson.", rng.number(4)),
                4 => format!("postfix/smtp[{}]: {}: to=<{}>, relay=mx1.example.net, delay=0.{}, status=sent", rng.number(5), rng.hex(10).to_uppercase(), LANDS[0].person(rng).mail(rng), rng.digits(2)),
                5 => format!("dockerd[912]: level=info msg=\"ignoring event\" container={} module=libcontainerd", rng.hex(64)),
                6 => format!("app[{}]: {}", rng.number(4), message(rng, "US", 3)),
                _ => format!("dhclient[{}]: bound, renewal in {} seconds, mac 0a:58:{}:1f", rng.number(3), rng.number(4), rng.hex(2)),
            };
            format!("May {:>2} {} ip-host-{} {text}\n", rng.range(1, 29), &time[11..19], rng.range(10, 99))
        })
        .collect()
}

pub fn traces(rng: &mut Rng, count: usize) -> String {
    let mut clock = Clock::new(rng);
    let mut out = String::new();
    for _ in 0..count {
        let time = iso(clock.tick(rng));
        let cause = match rng.range(0, 4) {
            0 => {
                let kind = rng.pick(&[
                    "USA_SOCIAL_SECURITY_NUMBER",
                    "UK_NHS_NUMBER",
                    "BRAZIL_CPF_NUMBER",
                ]);
                let kind = kinds::kind(kind);
                format!(
                    "java.lang.IllegalArgumentException: bad {}: {}",
                    kind.titles[0],
                    kind.value(rng)
                )
            }
            1 => format!(
                "java.sql.SQLException: duplicate key value ({})=({}) violates constraint",
                "customer_name",
                land("US").person(rng).name()
            ),
            2 => format!(
                "TypeError: Cannot read properties of undefined (reading '{}')",
                rng.pick(&["phone", "ssn", "address"])
            ),
            _ => format!(
                "ValueError: invalid literal for int() with base 10: '{}'",
                rng.hex(9)
            ),
        };
        out += &format!(
            "{time} ERROR {} - request {} failed\n{cause}\n",
            rng.pick(&CLASSES),
            rng.uuid()
        );
        for _ in 0..rng.range(3, 8) {
            out += &format!(
                "\tat {}.{}({}.java:{})\n",
                rng.pick(&[
                    "com.acme.crm.person.PersonMapper",
                    "org.springframework.web.servlet.DispatcherServlet",
                    "jdk.internal.reflect.GeneratedMethodAccessor431",
                    "com.acme.Address.Parser"
                ]),
                rng.pick(&[
                    "invoke",
                    "doFilter",
                    "parseName",
                    "toAddress",
                    "lambda$run$0"
                ]),
                rng.pick(&["Mapper", "Servlet", "Parser", "Handler"]),
                rng.range(12, 900)
            );
        }
    }
    out
}

/// As `CreateExportTask` writes it: time, space, message.
pub fn export(rng: &mut Rng, code: &str, lines: usize) -> String {
    let mut clock = Clock::new(rng);
    let mut out = String::new();
    for i in 0..lines {
        let time = iso(clock.tick(rng));
        let request = rng.uuid();
        let text = match i % 6 {
            0 => format!("START RequestId: {request} Version: $LATEST"),
            5 => format!(
                "REPORT RequestId: {request}\tDuration: {}.{} ms\tBilled Duration: {} ms\tMemory Size: 512 MB",
                rng.range(1, 900),
                rng.digits(2),
                rng.range(1, 900)
            ),
            3 => format!(
                "{{\"event\":\"checkout\",\"detail\":\"{}\"}}",
                json(&message(rng, code, 3))
            ),
            _ => message(rng, code, 4),
        };
        out += &format!("{time} {text}\n");
    }
    out
}

/// A subscription through Firehose: one document a batch, messages escaped in it.
pub fn firehose(rng: &mut Rng, code: &str, batches: usize) -> String {
    let mut clock = Clock::new(rng);
    let mut out = String::new();
    for _ in 0..batches {
        let events: Vec<String> = (0..rng.range(2, 6))
            .map(|_| {
                let ms = clock.tick(rng);
                let text = format!("{} {}", level(rng), message(rng, code, 3));
                format!(
                    "{{\"id\":\"{}\",\"timestamp\":{ms},\"message\":\"{}\"}}",
                    rng.number(56),
                    json(&text)
                )
            })
            .collect();
        out += &format!(
            "{{\"messageType\":\"DATA_MESSAGE\",\"owner\":\"111122223333\",\"logGroup\":\"/aws/lambda/signup\",\"logStream\":\"2024/05/01/[$LATEST]{}\",\"subscriptionFilters\":[\"to-s3\"],\"logEvents\":[{}]}}",
            rng.hex(32),
            events.join(",")
        );
    }
    out
}
