use std::{
    io::Read,
    process::{Command, Stdio},
    time::Instant,
};

use countersign_tests::Home;

/// Times of many runs, in milliseconds, shortest first.
pub(crate) struct Times(Vec<f64>);

impl Times {
    /// Does something once without measuring, and then as often as asked.
    pub(crate) fn of(runs: usize, mut once: impl FnMut() -> f64) -> Self {
        once();
        (0..runs).map(|_| once()).collect::<Vec<f64>>().into()
    }

    pub(crate) fn median(&self) -> f64 {
        self.0[self.0.len() / 2]
    }

    /// Returns the time that so many of a hundred runs did not exceed.
    pub(crate) fn at(&self, hundredth: usize) -> f64 {
        let index = (self.0.len() * hundredth).div_ceil(100).saturating_sub(1);
        self.0[index]
    }

    /// Returns in words how far the runs lay apart: what else the machine did shows in it.
    pub(crate) fn spread(&self) -> String {
        format!(", least {:.1} ms, p95 {:.1} ms", self.0[0], self.at(95))
    }
}

impl From<Vec<f64>> for Times {
    fn from(mut times: Vec<f64>) -> Self {
        times.sort_by(f64::total_cmp);
        Self(times)
    }
}

/// Runs the program from start to end; returns milliseconds.
pub(crate) fn whole(home: &Home, arguments: &[&str]) -> f64 {
    let mut command = home.command(arguments);
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    let begun = Instant::now();
    let output = command.output().expect("the program can be started");
    let ms = elapsed_ms(begun);
    assert!(output.status.success(), "countersign {arguments:?} failed");
    ms
}

/// Runs the program; returns milliseconds until its first output.
pub(crate) fn first_output(home: &Home, arguments: &[&str]) -> f64 {
    let mut command = home.command(arguments);
    let begun = Instant::now();
    let mut running = spawn(&mut command);
    let mut out = running.stdout.take().expect("a pipe was asked for");
    let mut first = [0; 1];
    out.read_exact(&mut first).expect("it prints something");
    let ms = elapsed_ms(begun);
    out.read_to_end(&mut Vec::new()).expect("a pipe is read");
    assert!(running.wait().expect("it was started").success());
    ms
}

/// Runs the program; returns the most memory that was resident at once, in MiB.
///
/// The system keeps that figure (`VmHWM`) only as long as the process lives: it is read again and again
/// until the process has ended, so nothing but growth within its last read is missed.
#[cfg(target_os = "linux")]
pub(crate) fn resident_mib_max(home: &Home, arguments: &[&str]) -> f64 {
    let mut running = spawn(&mut home.command(arguments));
    let mut out = running.stdout.take().expect("a pipe was asked for");
    let drained = std::thread::spawn(move || out.read_to_end(&mut Vec::new()));
    let status = format!("/proc/{}/status", running.id());
    let mut most_kib = 0;
    while running.try_wait().expect("it was started").is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let peak = text
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next())
            .and_then(|kib| kib.parse::<u32>().ok());
        most_kib = most_kib.max(peak.unwrap_or(0));
    }
    let _ = drained.join();
    f64::from(most_kib) / 1024.0
}

fn spawn(command: &mut Command) -> std::process::Child {
    command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program can be started")
}

fn elapsed_ms(begun: Instant) -> f64 {
    begun.elapsed().as_secs_f64() * 1000.0
}
