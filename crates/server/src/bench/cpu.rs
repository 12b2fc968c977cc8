//! CPU time, with that of the children that do the work.

use anyhow::Result;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::{TimeVal, TimeValLike};

/// Seconds of CPU that this process and its children that ended have used, in user and system mode.
pub(crate) fn seconds() -> Result<f64> {
    let mut sum = 0.0;
    for who in [UsageWho::RUSAGE_SELF, UsageWho::RUSAGE_CHILDREN] {
        let usage = getrusage(who)?;
        sum += in_seconds(usage.user_time()) + in_seconds(usage.system_time());
    }
    Ok(sum)
}

fn in_seconds(time: TimeVal) -> f64 {
    time.num_microseconds() as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::seconds;
    use std::process::Command;

    #[test]
    fn the_time_of_children_counts_once_they_ended() {
        let before = seconds().expect("the kernel tells");
        let spin = "i=0; while [ $i -lt 60000 ]; do i=$((i+1)); done";
        let status = Command::new("sh").args(["-c", spin]).status().expect("there is a shell");
        assert!(status.success());
        assert!(seconds().expect("the kernel tells") > before);
    }
}
