//! The job log in a CloudWatch Logs that we did not write: moto's, read back with the AWS CLI.
//!
//! Runs where `MAGPIE_MOTO` names the folder that `tests/moto/install.sh` put both programs into;
//! without it, it says that it is left out.

mod cli_support;
#[path = "support/logs.rs"]
#[allow(dead_code, reason = "the environment alone is used here")]
mod logs;

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use cli_support::{Bed, Ran, until};
use logs::GROUP;
use serde_json::Value;

struct Moto {
    server: Child,
    url: String,
    bin: PathBuf,
}

impl Moto {
    fn start(bin: PathBuf) -> Self {
        let port = {
            let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
            listener.local_addr().unwrap().port()
        };
        let server = Command::new(bin.join("moto_server"))
            .args(["-H", "127.0.0.1", "-p", &port.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|e| panic!("start moto_server in {}: {e}", bin.display()));
        let moto = Moto {
            server,
            url: format!("http://127.0.0.1:{port}"),
            bin,
        };
        until("moto answers", || {
            std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()
        });
        moto
    }

    /// The messages of a stream, as the AWS CLI reads them.
    fn messages(&self, home: &Path, stream: &str) -> Vec<String> {
        let mut command = Command::new(self.bin.join("aws"));
        command
            .args([
                "logs",
                "get-log-events",
                "--output",
                "json",
                "--start-from-head",
            ])
            .args(["--endpoint-url", &self.url, "--region", "eu-central-1"])
            .args(["--log-group-name", GROUP, "--log-stream-name", stream])
            .env_clear()
            .env("HOME", home)
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .envs(logs::env(&self.url));
        let ran: Ran = command.output().unwrap().into();
        assert_eq!(ran.status, Some(0), "{}", ran.stderr);
        let answer = ran.json();
        let text = |e: &Value| e["message"].as_str().unwrap().to_owned();
        answer["events"]
            .as_array()
            .unwrap()
            .iter()
            .map(text)
            .collect()
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

#[test]
fn the_aws_cli_reads_the_log_back() {
    let Some(bin) = std::env::var_os("MAGPIE_MOTO") else {
        println!("left out: MAGPIE_MOTO is not set; see tests/moto/install.sh");
        return;
    };
    let moto = Moto::start(std::path::absolute(bin).unwrap());
    let bed = Bed::new();
    bed.write("in/a.log", "user ssn=536-90-4399\n");
    let run = |arguments: &[&str]| -> Ran {
        let mut command = bed.command();
        command.args(arguments).envs(logs::env(&moto.url));
        let ran: Ran = command.output().unwrap().into();
        assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""));
        ran
    };
    let scan = ["scan", "in", "--quiet", "--job-log", "cloudwatch"];
    // the second finds the group
    run(&scan);
    run(&scan);
    let folder = bed.state().join("logs/aws/macie/classificationjobs");
    let check = || {
        let mut jobs = 0;
        for file in std::fs::read_dir(&folder).unwrap() {
            let path = file.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            let lines: Vec<&str> = text.lines().collect();
            assert_eq!(lines.len(), 3);
            let job = path.file_stem().unwrap().to_str().unwrap();
            assert_eq!(moto.messages(&bed.work(), job), lines);
            jobs += 1;
        }
        assert_eq!(jobs, 2);
    };
    check();
    // as if the process had died before it heard that the batches arrived
    let store = rusqlite::Connection::open(bed.state().join("magpie.db")).unwrap();
    store
        .execute("UPDATE log_streams SET doubtful = sent, sent = 0", [])
        .unwrap();
    let sent = run(&["logs", "--send"]);
    assert_eq!(
        sent.stdout.matches("sent 3 events").count(),
        2,
        "{}",
        sent.stdout
    );
    check();
}
