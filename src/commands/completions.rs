//! `zxzz completions`.

use super::{Exit, command_line};
use anyhow::Result;
use clap_complete::Shell;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "示例：\n  zxzz completions bash > ~/.local/share/bash-completion/completions/zxzz\n  zxzz completions powershell >> $PROFILE"
)]
pub struct Args {
    #[arg(value_name = "外壳", hide_possible_values = true, help = "bash、zsh、fish、powershell 或 elvish")]
    shell: Shell,
}

pub fn run(args: &Args) -> Result<Exit> {
    let mut script = vec![];
    clap_complete::generate(args.shell, &mut command_line(), "zxzz", &mut script);
    std::io::Write::write_all(&mut std::io::stdout(), &script)?;
    Ok(Exit::Clean)
}
