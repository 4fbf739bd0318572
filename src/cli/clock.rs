//! The clock of jobs: the system's. `MAGPIE_NOW` sets it, for tests of schedules.

use super::exit::Failure;
use crate::model::Clock;

/// Name of the variable that sets the clock.
const NOW: &str = "MAGPIE_NOW";

/// The system's clock, or one that goes on from the moment that `MAGPIE_NOW` names.
///
/// # Errors
/// The variable holds no time.
pub fn clock() -> Result<Clock, Failure> {
    let Some(text) = std::env::var_os(NOW) else {
        return Ok(Clock::default());
    };
    let text = text.to_string_lossy();
    text.parse().map(Clock::starting_at).map_err(|_| {
        Failure::usage(format!(
            "read {NOW} {text}: give a time such as 2024-05-01T02:00:00Z"
        ))
    })
}
