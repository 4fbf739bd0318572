//! When a scheduled job runs: pure functions of a clock that the caller holds.
//!
//! Macie offers days only, and no hour: a run is due from the first moment (UTC) of its day, and the
//! clock that calls decides the hour. A cron expression with a time zone is ours. Missed times are
//! not made up for one by one: the caller asks for what comes after the present moment.
//!
//! # Source
//! Macie user guide, "Creating a sensitive data discovery job". Daylight saving: a fixed time that is
//! skipped runs at the first moment after the gap; one that comes twice runs once, the first time.

use std::fmt;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc, Weekday};
use chrono_tz::Tz;
use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};

use super::definition::Refusal;
use super::definition::request::ScheduleFrequency;

const DAYS: [(&str, Weekday); 7] = [
    ("MONDAY", Weekday::Mon),
    ("TUESDAY", Weekday::Tue),
    ("WEDNESDAY", Weekday::Wed),
    ("THURSDAY", Weekday::Thu),
    ("FRIDAY", Weekday::Fri),
    ("SATURDAY", Weekday::Sat),
    ("SUNDAY", Weekday::Sun),
];

/// Days looked ahead for a day of a month: 31 comes again within 62.
const LOOK_AHEAD_DAYS: u64 = 63;

/// A schedule, ready to be asked.
#[derive(Clone, Debug)]
pub enum Schedule {
    Daily,
    Weekly(Weekday),
    /// 1 to 31. A month without that day is skipped.
    Monthly(u32),
    Cron {
        cron: Box<Cron>,
        zone: Tz,
    },
}

impl Schedule {
    /// Reads `scheduleFrequency`.
    ///
    /// # Errors
    /// Not exactly one schedule; a day, expression or time zone that is none; one that never comes.
    pub fn compile(frequency: &ScheduleFrequency) -> Result<Self, Refusal> {
        let mut schedules = Vec::new();
        if frequency.daily_schedule.is_some() {
            schedules.push(Schedule::Daily);
        }
        if let Some(weekly) = &frequency.weekly_schedule {
            let day = weekly.day_of_week.as_str();
            let known = DAYS.iter().find(|(name, _)| *name == day);
            let (_, day) = known.ok_or_else(|| {
                Refusal::invalid(format!("dayOfWeek {day:?} is not one of MONDAY to SUNDAY"))
            })?;
            schedules.push(Schedule::Weekly(*day));
        }
        if let Some(monthly) = &frequency.monthly_schedule {
            let day = monthly.day_of_month;
            let known = u32::try_from(day).ok().filter(|d| (1..=31).contains(d));
            let day = known
                .ok_or_else(|| Refusal::invalid(format!("dayOfMonth {day} is not 1 to 31")))?;
            schedules.push(Schedule::Monthly(day));
        }
        if let Some(cron) = &frequency.cron_schedule {
            schedules.push(of_cron(&cron.expression, cron.time_zone.as_deref())?);
        }
        match schedules.len() {
            1 => Ok(schedules.remove(0)),
            n => Err(Refusal::invalid(format!(
                "scheduleFrequency has {n} schedules; give exactly one of dailySchedule, \
                 weeklySchedule, monthlySchedule"
            ))),
        }
    }

    /// When the first run is due. With an initial run, and on a day of the schedule: at once.
    pub fn first(&self, created: DateTime<Utc>, initial_run: bool) -> Option<DateTime<Utc>> {
        if initial_run || self.is_day(created.date_naive()) {
            return Some(created);
        }
        self.next_after(created)
    }

    /// The first time after `moment`; `None` if there is none.
    pub fn next_after(&self, moment: DateTime<Utc>) -> Option<DateTime<Utc>> {
        if let Schedule::Cron { cron, zone } = self {
            let local = moment.with_timezone(zone);
            let next = cron.find_next_occurrence(&local, false).ok()?;
            return Some(next.with_timezone(&Utc));
        }
        let today = moment.date_naive();
        (1..=LOOK_AHEAD_DAYS)
            .filter_map(|ahead| today.checked_add_days(Days::new(ahead)))
            .find(|day| self.is_day(*day))
            .map(|day| day.and_time(NaiveTime::MIN).and_utc())
    }

    /// The schedule names this day as a whole.
    fn is_day(&self, day: NaiveDate) -> bool {
        match self {
            Schedule::Daily => true,
            Schedule::Weekly(weekday) => day.weekday() == *weekday,
            Schedule::Monthly(number) => day.day() == *number,
            Schedule::Cron { .. } => false,
        }
    }
}

fn of_cron(expression: &str, zone: Option<&str>) -> Result<Schedule, Refusal> {
    let parser = CronParser::builder()
        .seconds(Seconds::Disallowed)
        .year(Year::Disallowed)
        .build();
    let cron = parser
        .parse(expression)
        .map_err(|e| Refusal::invalid(format!("cron expression {expression:?}: {e}")))?;
    let zone = match zone {
        None => Tz::UTC,
        Some(name) => name.parse().map_err(|_| {
            Refusal::invalid(format!(
                "time zone {name:?} is not in the IANA database; give one such as Europe/Berlin"
            ))
        })?,
    };
    let schedule = Schedule::Cron {
        cron: Box::new(cron),
        zone,
    };
    match schedule.next_after(DateTime::UNIX_EPOCH) {
        Some(_) => Ok(schedule),
        None => Err(Refusal::invalid(format!(
            "cron expression {expression:?} names a time that never comes"
        ))),
    }
}

/// For people.
impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Schedule::Daily => f.write_str("daily"),
            Schedule::Weekly(day) => write!(f, "weekly on {day}"),
            Schedule::Monthly(day) => write!(f, "monthly on day {day}"),
            Schedule::Cron { cron, zone } => write!(f, "cron {} ({zone})", cron.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::definition::request::{
        CronSchedule, DailySchedule, MonthlySchedule, WeeklySchedule,
    };
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn cron(expression: &str, zone: &str) -> Schedule {
        Schedule::compile(&ScheduleFrequency {
            cron_schedule: Some(CronSchedule {
                expression: expression.into(),
                time_zone: Some(zone.into()),
            }),
            ..Default::default()
        })
        .unwrap()
    }

    fn times(schedule: &Schedule, from: &str, n: usize) -> Vec<String> {
        let mut moment = at(from);
        (0..n)
            .map(|_| {
                moment = schedule.next_after(moment).unwrap();
                moment.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
            })
            .collect()
    }

    #[test]
    fn days_begin_at_midnight_utc() {
        assert_eq!(
            times(&Schedule::Daily, "2024-02-28T15:00:00Z", 3),
            [
                "2024-02-29T00:00:00Z",
                "2024-03-01T00:00:00Z",
                "2024-03-02T00:00:00Z"
            ]
        );
        assert_eq!(
            times(&Schedule::Weekly(Weekday::Mon), "2024-05-06T00:00:00Z", 2),
            ["2024-05-13T00:00:00Z", "2024-05-20T00:00:00Z"]
        );
    }

    #[test]
    fn a_month_without_the_day_is_skipped() {
        assert_eq!(
            times(&Schedule::Monthly(31), "2023-12-31T10:00:00Z", 4),
            [
                "2024-01-31T00:00:00Z",
                "2024-03-31T00:00:00Z",
                "2024-05-31T00:00:00Z",
                "2024-07-31T00:00:00Z"
            ]
        );
        assert_eq!(
            times(&Schedule::Monthly(29), "2025-01-29T10:00:00Z", 1),
            ["2025-03-29T00:00:00Z"]
        );
        assert_eq!(
            times(&Schedule::Monthly(29), "2024-01-29T10:00:00Z", 1),
            ["2024-02-29T00:00:00Z"]
        );
    }

    #[test]
    fn the_first_run_is_at_once_where_today_is_a_day_of_it() {
        let created = at("2024-05-06T15:30:00Z"); // a Monday
        let first = |s: &Schedule, initial| s.first(created, initial).unwrap();
        assert_eq!(first(&Schedule::Daily, false), created);
        assert_eq!(first(&Schedule::Weekly(Weekday::Mon), false), created);
        assert_eq!(
            first(&Schedule::Weekly(Weekday::Tue), false),
            at("2024-05-07T00:00:00Z")
        );
        assert_eq!(first(&Schedule::Weekly(Weekday::Tue), true), created);
        assert_eq!(first(&Schedule::Monthly(6), false), created);
        assert_eq!(
            first(&cron("0 2 * * *", "UTC"), false),
            at("2024-05-07T02:00:00Z")
        );
    }

    #[test]
    fn a_skipped_hour_runs_once_after_the_gap() {
        // in Berlin 02:00 to 03:00 of 31 March 2024 does not exist
        assert_eq!(
            times(
                &cron("30 2 * * *", "Europe/Berlin"),
                "2024-03-30T00:00:00Z",
                3
            ),
            [
                "2024-03-30T01:30:00Z",
                "2024-03-31T01:00:00Z",
                "2024-04-01T00:30:00Z"
            ]
        );
    }

    #[test]
    fn a_repeated_hour_runs_once() {
        // in Berlin 02:00 to 03:00 of 27 October 2024 comes twice
        assert_eq!(
            times(
                &cron("30 2 * * *", "Europe/Berlin"),
                "2024-10-26T12:00:00Z",
                2
            ),
            ["2024-10-27T00:30:00Z", "2024-10-28T01:30:00Z"]
        );
        // asked between the two, the second is not another time
        assert_eq!(
            times(
                &cron("30 2 * * *", "Europe/Berlin"),
                "2024-10-27T00:45:00Z",
                1
            ),
            ["2024-10-28T01:30:00Z"]
        );
        // what runs every half hour runs in both
        assert_eq!(
            times(
                &cron("*/30 * * * *", "Europe/Berlin"),
                "2024-10-27T00:10:00Z",
                3
            ),
            [
                "2024-10-27T00:30:00Z",
                "2024-10-27T01:00:00Z",
                "2024-10-27T01:30:00Z"
            ]
        );
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let refuse = |f: ScheduleFrequency| Schedule::compile(&f).unwrap_err().to_string();
        let with_cron = |e: &str, z: &str| ScheduleFrequency {
            cron_schedule: Some(CronSchedule {
                expression: e.into(),
                time_zone: Some(z.into()),
            }),
            ..Default::default()
        };
        assert!(refuse(Default::default()).contains("has 0 schedules"));
        assert!(
            refuse(ScheduleFrequency {
                daily_schedule: Some(DailySchedule {}),
                weekly_schedule: Some(WeeklySchedule {
                    day_of_week: "MONDAY".into()
                }),
                ..Default::default()
            })
            .contains("has 2 schedules")
        );
        assert!(
            refuse(ScheduleFrequency {
                weekly_schedule: Some(WeeklySchedule {
                    day_of_week: "Monday".into()
                }),
                ..Default::default()
            })
            .contains("MONDAY to SUNDAY")
        );
        for day in [0, 32, -1] {
            assert!(
                refuse(ScheduleFrequency {
                    monthly_schedule: Some(MonthlySchedule { day_of_month: day }),
                    ..Default::default()
                })
                .contains("is not 1 to 31")
            );
        }
        assert!(refuse(with_cron("0 2 * *", "UTC")).contains("cron expression"));
        assert!(refuse(with_cron("0 0 2 * * *", "UTC")).contains("cron expression"));
        assert!(refuse(with_cron("0 2 * * *", "Mars/Base")).contains("IANA"));
        assert!(refuse(with_cron("0 0 30 2 *", "UTC")).contains("never comes"));
    }
}
