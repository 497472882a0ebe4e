//! A bar on a terminal for what takes over a second, and a spinner where nobody knows how long; nothing elsewhere.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(1);

pub struct Bar(ProgressBar);

impl Bar {
    /// `what` stands before the bar.
    pub fn new(what: &str) -> Bar {
        let style = ProgressStyle::with_template("{msg} {bar:40} {pos}/{len}");
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
        Bar(ProgressBar::hidden().with_style(style).with_message(what.to_owned()))
    }

    pub fn advance(&self, done: usize, all: usize) {
        if self.0.is_hidden() && self.0.elapsed() > PATIENCE {
            self.0.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.0.set_length(all as u64);
        self.0.set_position(done as u64);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// Does the work; `what` tells who waits what takes so long.
pub fn spinning<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let (working, ended) = channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            if ended.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                let spinner = ProgressBar::new_spinner().with_message(what.to_owned());
                spinner.enable_steady_tick(Duration::from_millis(100));
                let _ = ended.recv();
                spinner.finish_and_clear();
            }
        });
        // Dropped as the work ends, also by a panic.
        let _working = working;
        work()
    })
}
