//! Parses the command line, reads the clock once, runs, and maps the outcome to an exit code.

use clap::FromArgMatches;
use std::io;
use std::process::ExitCode;
use zxzz::commands::{Cli, Exit, World, command_line, usage};
use zxzz::source::history::is_unverifiable;

#[expect(clippy::disallowed_methods, reason = "the one clock")]
fn main() -> ExitCode {
    let parsed = command_line().try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => return ExitCode::from(usage::tell(&error)),
    };
    let world = World {
        dir: cli.dir,
        today: chrono::Local::now().date_naive(),
        colour: cli.color,
        width: cli.width.or_else(terminal_width),
    };
    match cli.command.run(&world) {
        Ok(Exit::Clean) => ExitCode::SUCCESS,
        Ok(Exit::Findings) => ExitCode::from(1),
        Ok(Exit::Incomplete) => ExitCode::from(2),
        Ok(Exit::Unverified) => ExitCode::from(3),
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            anstream::eprintln!("错误：{error:#}");
            ExitCode::from(if is_unverifiable(&error) { 3 } else { 2 })
        }
    }
}

/// A reader that has seen enough (`| head`) is no failure.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let plain = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        let json = cause.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
        let csv = cause.downcast_ref::<csv::Error>().and_then(|error| match error.kind() {
            csv::ErrorKind::Io(io) => Some(io.kind()),
            _ => None,
        });
        plain.or(json).or(csv) == Some(io::ErrorKind::BrokenPipe)
    })
}

fn terminal_width() -> Option<u16> {
    terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| width.0)
}
