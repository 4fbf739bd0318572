//! Credentials in settings, code, commands and headers. All are generated; prefixes are written in
//! pieces, and the files of the set that hold them are compressed, so that scanners stay quiet.

use super::mark::{mark, maybe};
use super::pack::{base64, crc32};
use super::people::LANDS;
use super::rng::Rng;

/// Ends in a checksum, as tokens of that kind do.
fn with_crc(rng: &mut Rng, prefix: &str) -> String {
    let alphabet: Vec<char> = ('0'..='9').chain('A'..='Z').chain('a'..='z').collect();
    let body = rng.base62(30);
    let mut crc = crc32(body.as_bytes());
    let mut tail = Vec::new();
    for _ in 0..6 {
        tail.push(alphabet[(crc % 62) as usize]);
        crc /= 62;
    }
    format!("{prefix}{body}{}", tail.iter().rev().collect::<String>())
}

fn url64(text: &str) -> String {
    base64(text.as_bytes())
        .replace('+', "-")
        .replace('/', "_")
        .replace('=', "")
}

fn jwt(rng: &mut Rng) -> String {
    let head = url64("{\"alg\":\"HS256\",\"typ\":\"JWT\"}");
    let body = url64(&format!(
        "{{\"sub\":\"{}\",\"iat\":17145{},\"scope\":\"read\"}}",
        rng.number(8),
        rng.digits(5)
    ));
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    format!("{head}.{body}.{}", rng.chars(alphabet, 43))
}

fn secret_key(rng: &mut Rng) -> String {
    let mut key = rng.chars(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
        37,
    );
    // mixed in any case
    key += &format!("{}q{}", rng.one_of("ABCDEFGH"), rng.digits(1));
    key
}

/// Identifier, name in settings, value.
fn token(rng: &mut Rng, which: u64) -> (&'static str, &'static str, String) {
    match which % 26 {
        0 => (
            "GITHUB_TOKEN",
            "GITHUB_TOKEN",
            with_crc(rng, concat!("gh", "p_")),
        ),
        1 => (
            "GITLAB_TOKEN",
            "GITLAB_TOKEN",
            format!("{}{}", concat!("gl", "pat-"), rng.base62(20)),
        ),
        2 => (
            "SLACK_TOKEN",
            "SLACK_BOT_TOKEN",
            format!(
                "{}{}-{}-{}",
                concat!("xo", "xb-"),
                rng.number(12),
                rng.number(13),
                rng.base62(24)
            ),
        ),
        3 => (
            "SENDGRID_API_KEY",
            "SENDGRID_API_KEY",
            format!(
                "{}{}.{}",
                concat!("S", "G."),
                rng.base62(22),
                rng.base62(43)
            ),
        ),
        4 => ("NPM_TOKEN", "NPM_TOKEN", with_crc(rng, concat!("np", "m_"))),
        5 => (
            "STRIPE_CREDENTIALS",
            "STRIPE_SECRET_KEY",
            format!("{}{}", concat!("sk_", "live_"), rng.base62(24)),
        ),
        6 => (
            "STRIPE_CREDENTIALS",
            "STRIPE_KEY",
            format!("{}{}", concat!("rk_", "live_"), rng.base62(99)),
        ),
        7 => (
            "GCP_API_KEY",
            "GOOGLE_API_KEY",
            format!("{}{}", concat!("AI", "zaSy"), rng.base62(33)),
        ),
        8 => (
            "AWS_ACCESS_KEY_ID",
            "AWS_ACCESS_KEY_ID",
            format!(
                "{}{}",
                concat!("AK", "IA"),
                rng.chars("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16)
            ),
        ),
        9 => ("AWS_CREDENTIALS", "AWS_SECRET_ACCESS_KEY", secret_key(rng)),
        10 => (
            "DIGITALOCEAN_TOKEN",
            "DO_TOKEN",
            format!("{}{}", concat!("do", "p_v1_"), rng.hex(64)),
        ),
        11 => (
            "HUGGING_FACE_TOKEN",
            "HF_TOKEN",
            format!(
                "{}{}",
                concat!("h", "f_"),
                rng.chars("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", 34)
            ),
        ),
        12 => (
            "SHOPIFY_CREDENTIALS",
            "SHOPIFY_TOKEN",
            format!("{}{}", concat!("shp", "at_"), rng.hex(32)),
        ),
        13 => (
            "DATABRICKS_TOKEN",
            "DATABRICKS_TOKEN",
            format!("{}{}", concat!("da", "pi"), rng.hex(32)),
        ),
        14 => (
            "TELEGRAM_BOT_TOKEN",
            "TELEGRAM_BOT_TOKEN",
            format!("{}:AA{}", rng.number(10), rng.base62(33)),
        ),
        15 => (
            "MAILCHIMP_API_KEY",
            "MAILCHIMP_API_KEY",
            format!("{}-us{}", rng.hex(32), rng.range(10, 22)),
        ),
        16 => (
            "NEW_RELIC_KEY",
            "NEW_RELIC_API_KEY",
            format!(
                "{}{}",
                concat!("NR", "AK-"),
                rng.chars("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 27)
            ),
        ),
        17 => (
            "POSTMAN_API_KEY",
            "POSTMAN_API_KEY",
            format!("{}{}-{}", concat!("PM", "AK-"), rng.hex(24), rng.hex(34)),
        ),
        18 => (
            "LINEAR_API_KEY",
            "LINEAR_API_KEY",
            format!("{}{}", concat!("lin_", "api_"), rng.base62(40)),
        ),
        19 => ("GRAFANA_TOKEN", "GRAFANA_TOKEN", {
            // an eight digit checksum of the rest ends it
            let body = format!("{}{}", concat!("gl", "sa_"), rng.base62(32));
            format!("{body}_{:08x}", crc32(body.as_bytes()))
        }),
        20 => (
            "GROQ_API_KEY",
            "GROQ_API_KEY",
            format!("{}{}", concat!("gs", "k_"), rng.base62(52)),
        ),
        21 => (
            "REPLICATE_API_TOKEN",
            "REPLICATE_API_TOKEN",
            format!("{}{}", concat!("r", "8_"), rng.base62(37)),
        ),
        22 => (
            "OPENAI_API_KEY",
            "OPENAI_API_KEY",
            format!(
                "{}{}{}{}",
                concat!("s", "k-"),
                rng.base62(20),
                concat!("T3Blb", "kFJ"),
                rng.base62(20)
            ),
        ),
        23 => (
            "SLACK_WEBHOOK_URL",
            "SLACK_WEBHOOK",
            format!(
                "https://hooks.slack.com/{}/T0{}/B0{}/{}",
                concat!("ser", "vices"),
                rng.chars("ABCDEFGHJK123456789", 9),
                rng.chars("ABCDEFGHJK123456789", 9),
                rng.base62(24)
            ),
        ),
        24 => (
            "TWILIO_CREDENTIALS",
            "TWILIO_API_KEY",
            format!("{}{}", concat!("S", "K"), rng.hex(32)),
        ),
        _ => ("JSON_WEB_TOKEN", "SERVICE_JWT", jwt(rng)),
    }
}

const KINDS: u64 = 26;

/// Settings as shells, INI files, YAML and JSON write them, between harmless ones.
pub fn settings(rng: &mut Rng, rounds: u64) -> String {
    let mut out = String::new();
    for i in 0..rounds * KINDS {
        let (id, key, value) = token(rng, i);
        let value = mark(id, value);
        out += &match rng.range(0, 5) {
            0 => format!("export {key}={value}\n"),
            1 => format!("{key}=\"{value}\"\n"),
            2 => format!("{} = {value}\n", key.to_lowercase()),
            3 => format!("  {}: '{value}'\n", key.to_lowercase()),
            _ => format!(
                "{{\"{}\": \"{value}\"}}\n",
                super::kinds::camel(&key.to_lowercase())
            ),
        };
        out += &harmless(rng);
        out.push('\n');
    }
    out
}

/// What looks like a credential and is none.
fn harmless(rng: &mut Rng) -> String {
    match rng.range(0, 10) {
        0 => format!("COMMIT_SHA={}\n", rng.hex(40)),
        1 => "API_KEY=changeme\n".to_owned(),
        2 => "SECRET_KEY=${SECRET_KEY}\n".to_owned(),
        3 => "password: <from vault>\n".to_owned(),
        4 => format!("CACHE_KEY=v2-{}-{}\n", rng.uuid(), rng.number(5)),
        5 => "token = os.environ[\"TOKEN\"]\n".to_owned(),
        6 => format!("integrity: sha512-{}==\n", rng.base62(86)),
        7 => "AWS_REGION=eu-central-1\n".to_owned(),
        8 => format!("image: registry.example.com/app@sha256:{}\n", rng.hex(64)),
        _ => "PUBLIC_KEY_FILE=/etc/ssl/certs/ca-certificates.crt\n".to_owned(),
    }
}

fn block(rng: &mut Rng, lines: usize) -> String {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    (0..lines).map(|_| rng.chars(alphabet, 64) + "\n").collect()
}

/// Private keys, whole, in files of other things.
pub fn keys(rng: &mut Rng, rounds: usize) -> String {
    let mut out = String::new();
    for _ in 0..rounds {
        for (id, label) in [
            ("PKCS", "RSA PRIVATE KEY"),
            ("PKCS", "PRIVATE KEY"),
            ("OPENSSH_PRIVATE_KEY", "OPENSSH PRIVATE KEY"),
        ] {
            let body = match id {
                "OPENSSH_PRIVATE_KEY" => {
                    // the magic of the format, then what is random
                    let head = base64(b"openssh-key-v1\0\0\0\0\x04none\0\0\0\x04none\0\0\0");
                    let all = format!(
                        "{}{}",
                        head.trim_end_matches('='),
                        block(rng, 5).replace('\n', "")
                    );
                    let all: Vec<char> = all.chars().take(320).collect();
                    all.chunks(64)
                        .map(|l| l.iter().collect::<String>() + "\n")
                        .collect()
                }
                _ => format!("MII{}", &block(rng, 6)[3..]),
            };
            out += &format!(
                "# key of host web-{}\n{}\n",
                rng.range(1, 99),
                mark(
                    id,
                    format!("-----BEGIN {label}-----\n{body}-----END {label}-----")
                )
            );
        }
        out += &format!(
            "{}\n",
            mark(
                "PGP_PRIVATE_KEY",
                format!(
                    "-----BEGIN PGP {0} KEY BLOCK-----\n\n{1}=aB3{2}\n-----END PGP {0} KEY BLOCK-----",
                    "PRIVATE",
                    block(rng, 6),
                    rng.one_of("abcdefgh")
                )
            )
        );
        out += &format!(
            "-----BEGIN CERTIFICATE-----\n{}-----END CERTIFICATE-----\n",
            block(rng, 4)
        );
        out += &format!(
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{} deploy@web\n",
            rng.base62(43)
        );
    }
    out
}

/// Requests and answers with their heads, as debug logs have them.
pub fn headers(rng: &mut Rng, count: usize) -> String {
    let mut out = String::new();
    for _ in 0..count {
        let user = LANDS[0].person(rng).login();
        let basic = base64(format!("{user}:{}", rng.base62(12)).as_bytes());
        let cookie = format!(
            "Cookie: sid={}; theme=dark; _ga=GA1.2.{}.{}",
            rng.hex(32),
            rng.number(9),
            rng.number(10)
        );
        let set = format!(
            "Set-Cookie: session={}; Path=/; HttpOnly; Secure",
            rng.base62(40)
        );
        out += &format!(
            "> GET /v1/items/{} HTTP/1.1\n> Host: api.example.com\n> Accept: application/json\n",
            rng.number(7)
        );
        match rng.range(0, 3) {
            0 => {
                out += &format!(
                    "> {}\n",
                    mark(
                        "HTTP_BASIC_AUTH_HEADER",
                        format!("Authorization: Basic {basic}")
                    )
                )
            }
            1 => {
                out += &format!(
                    "> Authorization: Bearer {}\n",
                    mark("JSON_WEB_TOKEN", jwt(rng))
                )
            }
            _ => out += &format!("> {}\n", mark("HTTP_COOKIE", cookie)),
        }
        out += &format!(
            "> User-Agent: curl/8.5.0\n>\n< HTTP/1.1 200 OK\n< ETag: \"{}\"\n",
            rng.hex(32)
        );
        if rng.once_in(2) {
            out += &format!("< {}\n", mark("HTTP_COOKIE", set));
        }
        out += &format!("< X-Request-Id: {}\n\n", rng.uuid());
    }
    out
}

/// Passwords and secrets that no service's form gives away, beside assignments that hold none.
pub fn passwords(rng: &mut Rng, count: usize) -> String {
    let mut out = String::new();
    for _ in 0..count {
        let word = rng.pick(&["Harbour", "tr0mbone", "Quarry", "sunf1ower", "Larkspur"]);
        let password = format!("{word}{}{}", rng.one_of("!#_-"), rng.number(3));
        let secret = rng.base62(32);
        let password = || mark("PASSWORD", &password);
        out += &match rng.range(0, 20) {
            0 => format!("DB_PASSWORD={}\n", password()),
            1 => format!("  password: \"{}\"\n", password()),
            2 => format!(
                "{{\"username\":\"svc-app\",\"password\":\"{}\"}}\n",
                password()
            ),
            3 => format!("spring.datasource.password={}\n", password()),
            4 => format!("passwd = '{}'\n", password()),
            5 => format!(
                "login failed for svc-app, password={} rejected\n",
                password()
            ),
            6 => {
                let scheme = rng.pick(&["postgres", "mysql", "redis", "amqp", "mongodb"]);
                let url = format!(
                    "{scheme}://app:{}@db-{}.internal:{}/app",
                    rng.base62(14),
                    rng.range(1, 9),
                    rng.range(3000, 7000)
                );
                format!("DATABASE_URL={}\n", mark("URL_WITH_PASSWORD", url))
            }
            7 => format!(
                "> Authorization: Bearer {}\n",
                mark("HTTP_BEARER_TOKEN", rng.base62(40))
            ),
            8 => format!("api_key = \"{}\"\n", mark("GENERIC_SECRET", secret)),
            9 => format!("client_secret: {}\n", mark("GENERIC_SECRET", secret)),
            10 => format!(
                "{{\"accessToken\":\"{}\"}}\n",
                mark("GENERIC_SECRET", secret)
            ),
            11 => "password: ${DB_PASSWORD}\n".to_owned(),
            12 => "password = getpass.getpass()\n".to_owned(),
            13 => "password: null\n".to_owned(),
            14 => "PASSWORD=********\n".to_owned(),
            15 => "postgres://localhost:5432/app?sslmode=disable\n".to_owned(),
            16 => "token_type: Bearer, expires_in: 3600\n".to_owned(),
            17 => "password_min_length=12\nforgot_password_url=/account/reset\n".to_owned(),
            18 => "api_key: <your key here>\nsecret_name: prod/db/main\n".to_owned(),
            _ => "Passwords must hold a digit and a capital.\n".to_owned(),
        };
        out.push('\n');
    }
    out
}

/// Commands that carry a key.
pub fn history(rng: &mut Rng, lines: u64) -> String {
    let mut out = String::new();
    for i in 0..lines {
        let (id, key, value) = token(rng, i * 5 + 3);
        out += &match rng.range(0, 5) {
            0 => format!(
                "curl -H \"X-Api-Key: {}\" https://api.example.com/{}\n",
                mark(id, value),
                key.to_lowercase()
            ),
            1 => format!("export {key}={}\n", mark(id, value)),
            2 => format!(
                "git commit -m \"bump to 2.{}.0\" && git push origin {}\n",
                rng.range(0, 40),
                rng.hex(7)
            ),
            3 => format!(
                "kubectl -n prod rollout restart deploy/web-{}\n",
                rng.hex(10)
            ),
            _ => format!(
                "docker run -e {key}={} app:{}\n",
                maybe("*", value),
                rng.hex(12)
            ),
        };
    }
    out
}
