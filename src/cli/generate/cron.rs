//! The line for crontab.

use super::quote;
use super::{CronArgs, Run, plain_line};
use crate::cli::exit::Failure;

/// Fields of a time in crontab.
const FIELDS: usize = 5;
const NICKNAMES: [&str; 7] = [
    "@hourly",
    "@daily",
    "@midnight",
    "@weekly",
    "@monthly",
    "@yearly",
    "@annually",
];

/// # Errors
/// A schedule that crontab does not know.
pub fn line(args: &CronArgs, run: &Run<'_>) -> Result<String, Failure> {
    let schedule = args.schedule.trim();
    if !is_schedule(schedule) {
        return Err(Failure::usage(format!(
            "read --schedule {schedule:?}: crontab wants five fields, such as \"7 * * * *\", or one \
             of {}",
            NICKNAMES.join(", ")
        )));
    }
    let mut command = Vec::new();
    for (name, value) in [
        ("MAGPIE_STATE_DIR", run.state_dir.as_deref()),
        ("MAGPIE_CONFIG", run.config.as_deref()),
        ("AWS_PROFILE", run.profile),
        ("AWS_REGION", run.region),
    ] {
        command.extend(value.map(|value| format!("{name}={}", quote::shell(value))));
    }
    command.push(quote::shell(&run.program));
    command.extend(run.arguments.iter().map(|a| quote::shell(a)));
    let command = quote::cron(&command.join(" "));
    let place = match run.user {
        Some(_) => "Put this into a file of /etc/cron.d",
        None => "Add this with crontab -e",
    };
    let mail = match &args.mail_to {
        Some(address) => {
            plain_line("--mail-to", address)?;
            format!("MAILTO={address}\n")
        }
        None => "#MAILTO=you@example.com\n".to_owned(),
    };
    // in /etc/cron.d the user stands before the command
    let user = run.user.map_or(String::new(), |user| format!("{user} "));
    Ok(format!(
        "# magpie: run the classification jobs that are due. {place}.\n\
         # Nothing is printed where nothing is new, else one short block, which cron mails to MAILTO.\n\
         # No flock is needed: one run at a time works on a job; another one ends with status 7.\n\
         {mail}{schedule} {user}{command}\n"
    ))
}

fn is_schedule(text: &str) -> bool {
    if NICKNAMES.contains(&text) {
        return true;
    }
    let known = |b: u8| b.is_ascii_alphanumeric() || b"*/,-".contains(&b);
    let fields: Vec<&str> = text.split([' ', '\t']).filter(|f| !f.is_empty()).collect();
    fields.len() == FIELDS && fields.iter().all(|field| field.bytes().all(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules_of_crontab_are_told_from_others() {
        for good in ["7 * * * *", "*/15 8-18 1,15 jan-mar MON", "@daily"] {
            assert!(is_schedule(good), "{good}");
        }
        for bad in [
            "",
            "hourly",
            "* * * *",
            "* * * * * *",
            "@reboot",
            "* * * * *\n*",
            "; * * * *",
        ] {
            assert!(!is_schedule(bad), "{bad}");
        }
    }
}
