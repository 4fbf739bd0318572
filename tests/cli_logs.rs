//! `magpie logs`: which job is meant, and following one to its end.

mod cli_support;

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use cli_support::{Bed, end, signal};

fn job(bed: &Bed, file: &str) -> String {
    let (_, summary) = bed.summary(&[file]);
    summary["job"]["jobId"].as_str().unwrap().to_owned()
}

#[test]
fn a_job_is_named_by_the_beginning_of_its_id_and_the_latest_by_nothing() {
    let bed = Bed::new();
    bed.write("a.txt", "a\n");
    bed.write("b.txt", "b\n");
    let (first, second) = (job(&bed, "a.txt"), job(&bed, "b.txt"));
    let shown = |arguments: &[&str]| {
        let mut all = vec!["logs"];
        all.extend(arguments);
        let ran = bed.run(&all);
        assert_eq!(ran.status, Some(0), "{}", ran.stderr);
        let ids: Vec<String> = ran
            .lines()
            .iter()
            .map(|l| l["jobId"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(ids.len(), 3, "created, started, completed");
        assert!(ids.iter().all(|id| *id == ids[0]));
        ids[0].clone()
    };
    assert_eq!(shown(&[]), second);
    assert_eq!(
        shown(&["--follow"]),
        second,
        "a job that ended is not waited for"
    );
    assert_eq!(shown(&[&first]), first);
    assert_eq!(shown(&[&first[..12]]), first);
    // what is shown is what is in the file
    let file = bed
        .state()
        .join(format!("logs/aws/macie/classificationjobs/{first}.jsonl"));
    assert_eq!(
        bed.run(&["logs", &first]).stdout,
        std::fs::read_to_string(file).unwrap()
    );
}

#[test]
fn what_cannot_be_shown_is_told() {
    let bed = Bed::new();
    let none = bed.run(&["logs"]);
    assert_eq!(none.status, Some(2));
    assert_eq!(
        none.stderr,
        format!(
            "magpie: show job log: there is no job in {} yet; choose another state folder with --state-dir\n",
            bed.state().display()
        )
    );
    assert!(!bed.state().exists(), "a look makes no state folder");
    bed.write("a.txt", "a\n");
    let mut ids = Vec::new();
    // some two ids of 17 begin with the same of 16 digits
    for i in 0..17 {
        bed.write(format!("{i}.txt"), "x\n");
        ids.push(job(&bed, &format!("{i}.txt")));
    }
    let first = |id: &String| id[..1].to_owned();
    let shared = ids
        .iter()
        .map(first)
        .find(|c| ids.iter().filter(|id| first(id) == *c).count() > 1)
        .unwrap();
    let n = ids.iter().filter(|id| first(id) == shared).count();
    let several = bed.run(&["logs", &shared]);
    assert_eq!(several.status, Some(2));
    assert_eq!(
        several.stderr,
        format!("magpie: show job log {shared}: {n} jobs begin so; give more of the id\n")
    );
    let unknown = bed.run(&["logs", "zzz"]);
    assert_eq!(unknown.status, Some(2));
    assert_eq!(
        unknown.stderr,
        "magpie: show job log zzz: there is no such job\n"
    );
}

#[test]
fn following_ends_with_the_job() {
    let bed = Bed::new();
    bed.busy_corpus(5000);
    let scan = bed
        .command()
        .args(["scan", "busy", "--threads", "1", "-o", "out.txt", "-q"])
        .spawn()
        .unwrap();
    cli_support::until("the job begins", || !bed.events().is_empty());
    let mut follow = bed
        .command()
        .args(["logs", "--follow"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(follow.stdout.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    assert!(first.contains("JOB_CREATED"), "{first}");
    assert!(follow.try_wait().unwrap().is_none(), "it waits for the job");
    assert_eq!(end(scan).status, Some(0));
    let rest: Vec<String> = lines.map(Result::unwrap).collect();
    assert_eq!(rest.len(), 2, "{rest:?}");
    assert!(rest[1].contains("JOB_COMPLETED"));
    assert_eq!(end(follow).status, Some(0));
}

#[test]
fn following_a_job_that_waits_to_be_continued_can_be_left() {
    let bed = Bed::new();
    bed.busy_corpus(5000);
    let scan = bed
        .command()
        .args(["scan", "busy", "--threads", "1"])
        .spawn()
        .unwrap();
    cli_support::until("the job begins", || !bed.events().is_empty());
    signal(&scan, libc::SIGTERM);
    assert_eq!(end(scan).status, Some(143));
    let follow = bed.command().args(["logs", "--follow"]).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(600));
    signal(&follow, libc::SIGINT);
    let ran = follow.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(ran.stdout).unwrap().lines().count(), 2);
}
