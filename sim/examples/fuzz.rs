//! `cargo xtask fuzz`: the loaders take damaged files, and the lab takes random scenarios, until a number of cases or of
//! minutes is reached. Every case follows from its number, so `--from N` repeats a failure.
//!
//! A panic, a failed trial, a case that takes too long and memory that grows without bound all end it with exit code 1.
#![forbid(unsafe_code)]

#[cfg(target_family = "wasm")]
fn main() {}

#[cfg(not(target_family = "wasm"))]
fn main() -> std::process::ExitCode {
    host::main()
}

#[cfg(not(target_family = "wasm"))]
mod host {
    use std::cell::Cell;
    use std::process::{ExitCode, exit};
    use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
    use std::time::{Duration, Instant};

    use clap::Parser;
    use sim::search::trial::{self, Failure};

    /// Gives damaged files to the loaders and random scenarios to the lab.
    #[derive(Parser)]
    #[command(name = "fuzz")]
    struct CommandLine {
        /// How many damaged files; a hundredth as many scenarios are run.
        #[arg(long, default_value_t = 10_000_000)]
        cases: u64,
        /// For so many minutes instead, whatever the number of cases.
        #[arg(long)]
        minutes: Option<u64>,
        /// The number of the first case.
        #[arg(long, default_value_t = 0)]
        from: u64,
    }

    /// A case may take so long. They take microseconds and milliseconds.
    const CASE_MAX: Duration = Duration::from_secs(20);
    /// So much memory may be in use at once, in KiB.
    const MEMORY_MAX_KIB: u64 = 2 * 1024 * 1024;
    const RUNS_EACH: u64 = 100;

    thread_local! {
        /// What this thread is doing, for the report of a panic.
        static NOW: Cell<(&'static str, u64)> = const { Cell::new(("start", 0)) };
    }

    /// What one worker has done. Others look at it while it works.
    struct Progress {
        kind: &'static str,
        done: AtomicU64,
        /// Files taken, or steps made.
        sum: AtomicU64,
        /// When the case in hand began, in milliseconds after the start.
        began_ms: AtomicU64,
        case: AtomicU64,
        finished: AtomicBool,
    }

    impl Progress {
        const fn of(kind: &'static str) -> Self {
            Self {
                kind,
                done: AtomicU64::new(0),
                sum: AtomicU64::new(0),
                began_ms: AtomicU64::new(0),
                case: AtomicU64::new(0),
                finished: AtomicBool::new(false),
            }
        }
    }

    static TEXTS: Progress = Progress::of("text");
    static RUNS: Progress = Progress::of("run");

    pub fn main() -> ExitCode {
        let asked = CommandLine::parse();
        let start = Instant::now();
        let until = asked.minutes.map(|minutes| start + Duration::from_secs(60 * minutes));
        let count = |cases: u64| if until.is_some() { u64::MAX } else { cases };
        let files = trial::Files::of_presets();
        report_panics();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                work(&TEXTS, asked.from, count(asked.cases), (start, until), |n| files.load(n).map(u64::from))
            });
            scope.spawn(|| work(&RUNS, asked.from, count(asked.cases / RUNS_EACH), (start, until), trial::run));
            watch(start);
        });
        summary(start);
        ExitCode::SUCCESS
    }

    /// A panic names its case and ends everything: the threads would not be joined otherwise.
    fn report_panics() {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            usual(info);
            let (kind, number) = NOW.get();
            eprintln!("fuzz: {kind} {number} panicked; repeat it with --from {number} --cases 100");
            exit(1);
        }));
    }

    fn work(
        progress: &Progress,
        from: u64,
        count: u64,
        (start, until): (Instant, Option<Instant>),
        trial: impl Fn(u64) -> Result<u64, Failure>,
    ) {
        for number in from..from.saturating_add(count) {
            if until.is_some_and(|until| Instant::now() >= until) {
                break;
            }
            NOW.set((progress.kind, number));
            progress.case.store(number, Ordering::Relaxed);
            progress.began_ms.store(millis(start), Ordering::Relaxed);
            match trial(number) {
                Ok(n) => drop(progress.sum.fetch_add(n, Ordering::Relaxed)),
                Err(failure) => {
                    eprintln!("fuzz: {failure}");
                    exit(1);
                }
            }
            progress.done.fetch_add(1, Ordering::Relaxed);
        }
        progress.finished.store(true, Ordering::Relaxed);
    }

    fn millis(start: Instant) -> u64 {
        u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Looks after the workers until both are done.
    fn watch(start: Instant) {
        let mut told = Instant::now();
        let busy = |progress: &Progress| !progress.finished.load(Ordering::Relaxed);
        while busy(&TEXTS) || busy(&RUNS) {
            std::thread::sleep(Duration::from_millis(100));
            for progress in [&TEXTS, &RUNS].into_iter().filter(|progress| busy(progress)) {
                let took = millis(start).saturating_sub(progress.began_ms.load(Ordering::Relaxed));
                if u128::from(took) > CASE_MAX.as_millis() {
                    let case = progress.case.load(Ordering::Relaxed);
                    eprintln!("fuzz: {} {case} takes longer than {CASE_MAX:?}", progress.kind);
                    exit(1);
                }
            }
            if peak_kib().is_some_and(|peak| peak > MEMORY_MAX_KIB) {
                let [text, run] = [&TEXTS, &RUNS].map(|progress| progress.case.load(Ordering::Relaxed));
                eprintln!("fuzz: more than {MEMORY_MAX_KIB} KiB in use near text {text} and run {run}");
                exit(1);
            }
            if told.elapsed() > Duration::from_secs(30) {
                told = Instant::now();
                summary(start);
            }
        }
    }

    /// The most memory that was in use, where the system tells.
    fn peak_kib() -> Option<u64> {
        let status = std::fs::read_to_string("/proc/self/status").ok()?;
        let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
        line.split_whitespace().nth(1)?.parse().ok()
    }

    fn summary(start: Instant) {
        let seconds = start.elapsed().as_secs_f64();
        let of = |progress: &Progress| (progress.done.load(Ordering::Relaxed), progress.sum.load(Ordering::Relaxed));
        let ((texts, taken), (runs, steps)) = (of(&TEXTS), of(&RUNS));
        let peak = peak_kib().map(|kib| format!(", at most {} MiB in use", kib / 1024)).unwrap_or_default();
        println!(
            "{texts} damaged files ({taken} taken), {runs} scenarios run twice ({steps} steps), in {seconds:.0} s{peak}"
        );
    }
}
