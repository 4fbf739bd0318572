//! Lists in S3: fetched with the options of the scan, the newest each time, with one permission.

use serde_json::Value;

use super::TEXT;
use super::cli_support::{Bed, Ran};
use super::support::s3::{Fault, Op, Rule, S3Server, S3State};

fn run(bed: &Bed, server: &S3Server, arguments: &[&str]) -> Ran {
    bed.command()
        .envs(server.env())
        .env("AWS_MAX_ATTEMPTS", "2")
        .args(arguments)
        .output()
        .unwrap()
        .into()
}

fn server() -> S3Server {
    let mut state = S3State::new();
    state.bucket("config").region("eu-west-1");
    state.put("config", "allow/people.txt", "Martha Rivera\n");
    state.put(
        "config",
        "allow/form.toml",
        "[[allow]]\ntext = \"536-90-4399\"\n",
    );
    state.put("config", "empty.txt", "\n");
    state.put_pattern("config", "large.txt", 40 << 20);
    state.bucket("data");
    state.put("data", "a.txt", TEXT);
    S3Server::start(state)
}

fn status(bed: &Bed, server: &S3Server, list: &str) -> (Option<i32>, String) {
    let ran = run(bed, server, &["allow-list", "status", list, "--json"]);
    let code = ran.json()["status"]["code"].as_str().unwrap().to_owned();
    (ran.status, code)
}

#[test]
fn the_newest_version_is_read_when_a_scan_starts() {
    let (bed, server) = (Bed::new(), server());
    let list = "s3://config/allow/people.txt";
    let created = run(
        &bed,
        &server,
        &["allow-list", "create", "people", "--words", list],
    );
    assert_eq!(created.status, Some(0), "{}", created.stderr);
    let shown = run(&bed, &server, &["allow-list", "show", "people", "--json"]).json();
    assert_eq!(
        shown["criteria"],
        serde_json::json!({"s3WordsList": {"bucketName": "config", "objectKey": "allow/people.txt"}})
    );
    let lists = || -> Value {
        let form = "s3://config/allow/form.toml";
        let arguments = [
            "scan",
            "s3://data",
            "--format",
            "json",
            "--allow-list",
            "people",
            "--allow-list",
            form,
        ];
        let ran = run(&bed, &server, &arguments);
        assert_eq!(ran.status, Some(0), "{}", ran.stderr);
        ran.json()["allowLists"].clone()
    };
    let first = lists();
    assert_eq!(first[0]["location"], list);
    assert_eq!(
        (&first[0]["allowed"], &first[1]["allowed"]),
        (&1.into(), &1.into())
    );
    server.put("config", "allow/people.txt", "Martha Rivera\nJürgen Groß\n");
    assert_eq!(lists()[0]["allowed"], 2);
    let of_lists = |op| {
        let log = server.log();
        log.iter()
            .filter(|l| l.op == op && l.bucket == "config")
            .count()
    };
    assert!(of_lists(Op::GetObject) >= 5);
    assert_eq!(
        of_lists(Op::ListObjectsV2),
        0,
        "reading is the only permission needed"
    );
    assert_eq!(status(&bed, &server, "people"), (Some(0), "OK".to_owned()));
}

#[test]
fn each_failure_has_its_status_code_and_exit_status() {
    let bed = Bed::new();
    bed.write("d/a.txt", TEXT);
    let server = server();
    for key in ["denied.txt", "slow.txt", "broken.txt"] {
        server.put("config", key, "a\n");
    }
    server.fault(
        Rule::on(Op::GetObject).key("denied.txt"),
        Fault::AccessDenied,
    );
    server.fault(Rule::on(Op::GetObject).key("slow.txt"), Fault::SlowDown);
    server.fault(
        Rule::on(Op::GetObject).key("broken.txt"),
        Fault::InternalError,
    );
    for (key, code, exit) in [
        ("config/none.txt", "S3_OBJECT_NOT_FOUND", 2),
        ("no-such-bucket/a.txt", "S3_OBJECT_NOT_FOUND", 2),
        ("config/denied.txt", "S3_USER_ACCESS_DENIED", 4),
        ("config/slow.txt", "S3_THROTTLED", 5),
        ("config/broken.txt", "UNKNOWN_ERROR", 5),
        ("config/large.txt", "S3_OBJECT_OVERSIZE", 2),
        ("config/empty.txt", "S3_OBJECT_EMPTY", 2),
    ] {
        let uri = format!("s3://{key}");
        assert_eq!(
            status(&bed, &server, &uri),
            (Some(exit), code.to_owned()),
            "{key}"
        );
        let ran = run(&bed, &server, &["scan", "d", "--allow-list", &uri]);
        assert_eq!(ran.status, Some(exit), "{}", ran.stderr);
        let said = format!("magpie: read allow list {uri}: ");
        assert!(ran.stderr.starts_with(&said), "{}", ran.stderr);
        assert!(!bed.state().exists(), "nothing is begun");
    }
    let arguments = [
        "scan",
        "d",
        "--format",
        "json",
        "--allow-list-errors",
        "ignore",
        "--allow-list",
        "s3://config/denied.txt",
    ];
    let ran = run(&bed, &server, &arguments);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    let error = "read object s3://config/denied.txt: access denied (needs s3:GetObject)";
    assert_eq!(ran.json()["allowLists"][0]["error"], error);
}
