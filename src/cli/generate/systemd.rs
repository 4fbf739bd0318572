//! The service and its timer.

use std::fmt::Write;

use super::quote;
use super::{Run, SystemdArgs, plain_line};
use crate::cli::exit::Failure;

const SERVICE: &str = "magpie-run-due.service";
const TIMER: &str = "magpie-run-due.timer";

/// The folder below /var/lib that systemd makes for the service.
const STATE: &str = "magpie";

/// What the service may not do. It reads, connects to AWS, and writes its state folder.
const HARDENING: &str = "\
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
PrivateTmp=yes
PrivateDevices=yes
PrivateMounts=yes
ProtectSystem=strict
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
RemoveIPC=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
UMask=0077
";

/// Names and texts of the units.
///
/// # Errors
/// A schedule that cannot be one; a profile without the user whose it is.
pub fn units(args: &SystemdArgs, run: &Run<'_>) -> Result<Vec<(&'static str, String)>, Failure> {
    let schedule = args.schedule.trim();
    plain_line("--schedule", schedule)?;
    if schedule.is_empty() {
        return Err(Failure::usage(
            "read --schedule: it is empty; give a calendar event, such as hourly or \"*-*-* 02:30\"",
        ));
    }
    if let (Some(profile), None) = (run.profile, run.user) {
        return Err(Failure::usage(format!(
            "generate units with --profile {profile}: profiles are in the home of a user; give --user \
             too"
        )));
    }
    Ok(vec![(SERVICE, service(run)), (TIMER, timer(schedule))])
}

fn service(run: &Run<'_>) -> String {
    let mut command = vec![quote::systemd(&run.program, true)];
    command.extend(run.arguments.iter().map(|a| quote::systemd(a, true)));
    let own = run.state_dir.is_none();
    let state = match &run.state_dir {
        Some(dir) => dir.clone(),
        None => format!("/var/lib/{STATE}"),
    };
    let mut out = String::from(
        "[Unit]\n\
         Description=Run the classification jobs of magpie that are due\n\
         Wants=network-online.target\n\
         After=network-online.target\n\
         # what to do when a run fails, finds something (1) or leaves gaps (3):\n\
         #OnFailure=status-mail@%n.service\n\
         \n\
         [Service]\n\
         Type=oneshot\n",
    );
    let _ = writeln!(out, "ExecStart={}", command.join(" "));
    let mut set = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            let text = quote::systemd(&format!("{name}={value}"), false);
            let _ = writeln!(out, "Environment={text}");
        }
    };
    set("MAGPIE_STATE_DIR", Some(&state));
    set("MAGPIE_CONFIG", run.config.as_deref());
    set("AWS_PROFILE", run.profile);
    set("AWS_REGION", run.region);
    // another run works on the job; asked to stop, with progress kept
    out.push_str("SuccessExitStatus=7 143\n");
    out.push_str("# a scan may take hours; asked to stop, it keeps its progress within seconds\n");
    out.push_str("TimeoutStartSec=infinity\nTimeoutStopSec=90\n");
    out.push_str("Nice=10\nIOSchedulingClass=idle\nMemoryMax=1G\n\n");
    match own {
        true => {
            let _ = writeln!(out, "StateDirectory={STATE}\nStateDirectoryMode=0700");
        }
        false => {
            let _ = writeln!(out, "ReadWritePaths={}", quote::systemd(&state, false));
        }
    }
    match run.user {
        Some(user) => {
            let _ = writeln!(out, "User={user}");
            out.push_str("# credentials and profiles are in ~/.aws\nProtectHome=read-only\n");
        }
        None => out.push_str(
            "DynamicUser=yes\n\
             # folders below /home cannot be scanned so; --user NAME lets them be read\n\
             ProtectHome=yes\n",
        ),
    }
    out.push_str(HARDENING);
    out
}

fn timer(schedule: &str) -> String {
    // in a calendar event nothing but % is special
    let schedule = schedule.replace('%', "%%");
    format!(
        "[Unit]\n\
         Description=Look for classification jobs of magpie that are due\n\
         \n\
         [Timer]\n\
         OnCalendar={schedule}\n\
         # after downtime, once\n\
         Persistent=true\n\
         RandomizedDelaySec=2min\n\
         AccuracySec=1min\n\
         \n\
         [Install]\n\
         WantedBy=timers.target\n"
    )
}
