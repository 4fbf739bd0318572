//! Text made to be slow: time grows with its length, not faster, and no single byte costs much.

use std::ops::ControlFlow;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use magpie::detect::{Catalogue, Scanner};
use magpie::model::Block;
use magpie::model::text::NoContext;

static CATALOGUE: LazyLock<Arc<Catalogue>> =
    LazyLock::new(|| Arc::new(Catalogue::builtin().expect("detector files load")));

/// Processor time of this thread: what others do on the machine is not counted.
fn now() -> Duration {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: the call writes the one struct that it is given.
    let done = unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time) };
    assert_eq!(done, 0, "read the clock");
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

fn time(scanner: &mut Scanner, text: &[u8]) -> Duration {
    // the best of three: other work on the machine only adds
    (0..3)
        .map(|_| {
            let start = now();
            let _ = scanner.scan(&Block::whole(text), &mut NoContext, &mut |_| {
                ControlFlow::Continue(())
            });
            now() - start
        })
        .min()
        .unwrap_or_default()
}

/// Bytes of the longer of the two texts that are compared.
const LONG: usize = 512 * 1024;
/// How many times as long it is as the shorter.
const GROWTH: usize = 8;
/// Slower than this is a fault of its own, in bytes a second; builds for tests are slow.
const SPEED_MIN: usize = 500_000;

#[test]
fn time_grows_with_the_length_and_not_faster() {
    let mut errors = Vec::new();
    for unit in [
        "7",
        "12345 ",
        "4532015112830366",
        "4532015112830366 ",
        "card 4532015112830366 ",
        "1-",
        "1.1.1.1.",
        "(1",
        "+1",
        "a1",
        "A1 ",
        "ab12cd34",
        "DE",
        "DE89",
        "DE89 3704 ",
        "ssn ",
        "cvv ",
        "cvv 123 ",
        "dob ",
        "dob 1980-01-31 ",
        "exp date ",
        "card exp dob cvv ssn phone ",
        "@",
        "a@",
        "a@b.",
        "a.b@c.d-",
        "x.y@example.com",
        "{",
        "{\"name\":",
        "{\"name\":\"a\",",
        "\"name\": \"Martha Rivera\" ",
        "\\n",
        "\\\"name\\\":",
        "Martha ",
        "Martha Rivera ",
        "Von De La ",
        "É",
        "Müller-",
        "410 Terry Ave N, ",
        "98109 ",
        "WA 98109 ",
        "SW1A 2AA ",
        "-----BEGIN ",
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----A",
        "eyJ",
        "eyJhbGciOiJI.",
        "Cookie: a=b; ",
        "Set-Cookie: ",
        "Authorization: Basic ",
        "AKIA",
        "aws_secret_access_key=",
        "aws_secret_access_key=wJalrXUtnFEMIK7MDENGbPxRfiCYzzzzzzzzKEY1 ",
        "account number ",
        "iban ",
        "\n",
        " ",
        "\u{0}",
        "превозно ",
    ] {
        let text = unit.repeat(LONG / unit.len());
        let mut scanner = Scanner::new(CATALOGUE.clone());
        // expressions are compiled when first needed: not to be counted
        time(&mut scanner, &text.as_bytes()[..unit.len() * 200]);
        let short = time(&mut scanner, &text.as_bytes()[..text.len() / GROWTH]);
        let long = time(&mut scanner, text.as_bytes());
        // half of what is quadratic: caches and a busy machine make it more than linear
        let allowed = short * (GROWTH * GROWTH / 2) as u32 + Duration::from_millis(1);
        let slowest = Duration::from_secs_f64(LONG as f64 / SPEED_MIN as f64);
        if long > allowed || long > slowest {
            errors.push(format!(
                "{unit:?}: {} bytes in {short:?}, {} bytes in {long:?}",
                text.len() / GROWTH,
                text.len()
            ));
        }
    }
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}

#[test]
fn the_sink_stops_the_scan() {
    let text = "ssn 536-90-4399\n".repeat(1000);
    let mut count = 0;
    let flow = Scanner::new(CATALOGUE.clone()).scan(
        &Block::whole(text.as_bytes()),
        &mut NoContext,
        &mut |_| {
            count += 1;
            if count == 3 {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        },
    );
    assert_eq!(count, 3);
    assert!(flow.is_break());
}
