//! One file per subcommand: its arguments and what it runs. Decides nothing about the domain.

pub mod add;
pub mod apply;
pub mod audit;
pub mod bar;
pub mod calendar;
pub mod campaign;
pub mod check;
pub mod close;
pub mod completions;
pub mod coverage;
pub mod diff;
pub mod doctor;
pub mod draft;
pub mod duties;
pub mod escalate;
pub mod explain;
pub mod export;
pub mod extend;
pub mod fmt;
pub mod import;
pub mod init;
pub mod list;
pub mod lists;
pub mod log;
pub mod merge;
pub mod merge_driver;
pub mod moves;
pub mod new_campaign;
pub mod overdue;
pub mod period;
pub mod progress;
pub mod rank;
pub mod reopen;
pub mod report;
pub mod results;
pub mod r#return;
pub mod review;
pub mod schema;
pub mod scope;
pub mod seal;
pub mod set;
pub mod setup;
pub mod show;
pub mod sign;
pub mod start;
pub mod status;
pub mod supervise;
pub mod targets;
pub mod tasks;
pub mod transfer;
pub mod undo;
pub mod units;
pub mod usage;
pub mod xiaohao;

use crate::model::workflow;
use crate::source::disk::write_atomically;
use crate::source::target::require_free;
use anstream::AutoStream;
use anyhow::Result;
use bar::spinning;
use chrono::NaiveDate;
use clap::{Parser, Subcommand};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// The command line with every word in Chinese.
pub fn command_line() -> clap::Command {
    in_chinese(<Cli as clap::CommandFactory>::command(), "zxzz")
}

fn in_chinese(command: clap::Command, name: &str) -> clap::Command {
    const TEMPLATE: &str = "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}";
    let positional = command.get_positionals().map(|arg| {
        let value =
            arg.get_value_names().and_then(|names| names.first()).map_or("参数", |name| name.as_str());
        if arg.is_required_set() { format!(" <{value}>") } else { format!(" [{value}]") }
    });
    let positional: String = positional.collect();
    let rest = if command.has_subcommands() { " <命令>" } else { &positional };
    let subcommands: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    let command = command
        .help_template(TEMPLATE)
        .override_usage(format!("{name} [选项]{rest}"))
        .subcommand_help_heading("命令")
        .mut_args(|arg| {
            let heading = if arg.is_positional() { "参数" } else { "选项" };
            let takes_value = arg.get_action().takes_values();
            arg.help_heading(heading).hide_default_value(takes_value)
        });
    subcommands.into_iter().fold(command, |command, sub| {
        command
            .mut_subcommand(&sub, |inner| in_chinese(inner.disable_help_flag(true), &format!("{name} {sub}")))
    })
}

/// What a run found; errors that kept it from running are `Err`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    Clean,
    Findings,
    /// The history proves nothing.
    Unverified,
    /// Some files could not be opened; the rest was done.
    Incomplete,
}

/// The whole command line.
#[derive(Debug, Parser)]
#[command(
    name = "zxzz",
    version,
    disable_help_flag = true,
    disable_version_flag = true,
    disable_help_subcommand = true,
    subcommand_required = true,
    arg_required_else_help = true,
    about = "专项整治台账：校验、进展、超期、销号",
    after_help = "示例：\n  zxzz status                      全部专项的进展\n  zxzz status --campaign 养老      一个专项，分单位、分任务\n  zxzz overdue --due 7             超期的和 7 天内到期的\n  zxzz xiaohao --period month      本月销号情况\n  zxzz check                       校验全部文件\n  zxzz add                         登记一个问题\n  zxzz close --where 状态=待销号    可以销号的一起销"
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
    #[arg(
        short = 'C',
        long = "dir",
        global = true,
        value_name = "文件夹",
        help = "工作区文件夹（默认：当前文件夹或其上级中有 zxzz.toml 的）"
    )]
    pub dir: Option<PathBuf>,
    #[arg(long, global = true, value_name = "列数", help = "表格宽度（默认终端宽度，至少 60）")]
    pub width: Option<u16>,
    #[arg(
        long,
        global = true,
        value_name = "何时",
        default_value = "auto",
        help = "颜色：auto 只在终端，always 总是，never 从不",
        hide_possible_values = true
    )]
    pub color: Colour,
    #[arg(short, long, global = true, action = clap::ArgAction::HelpShort, help = "显示用法")]
    help: Option<bool>,
    #[arg(short = 'V', long, action = clap::ArgAction::Version, help = "显示版本")]
    version: Option<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Colour {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    #[command(alias = "校验", about = "校验全部文件，一次列出所有问题（zxzz 校验）")]
    Check(check::Args),
    #[command(alias = "核验", about = "核验 git 历史：每次提交的每一步是否合规矩（zxzz 核验）")]
    Audit(audit::Args),
    #[command(alias = "进展", about = "各专项进展：阶段、状态、亮灯、销号率（zxzz 进展）")]
    Status(status::Args),
    #[command(alias = "超期", about = "超期清单：最严重的在前；核查积压另列（zxzz 超期）")]
    Overdue(overdue::Args),
    #[command(alias = "销号", about = "销号情况：可以销的、等待核查的、已经销的、销号率（zxzz 销号）")]
    Xiaohao(xiaohao::Args),
    #[command(alias = "指标", about = "指标：目标、实际、差距、与上期比、达没达标（zxzz 指标）")]
    Targets(targets::Args),
    #[command(alias = "事项", about = "经常性事项：应做、已做、欠缺、下次截止（zxzz 事项）")]
    Duties(duties::Args),
    #[command(alias = "报送", about = "报送情况：哪些责任单位没有台账、没有新问题也没有零报告（zxzz 报送）")]
    Coverage(coverage::Args),
    #[command(alias = "排名", about = "排名：镇街与部门分开，后三位标出（zxzz 排名）")]
    Rank(rank::Args),
    #[command(
        alias = "督办",
        about = "督办建议：谁够得上约谈、挂牌、发函，依据哪一条；回头看、反弹（zxzz 督办）"
    )]
    Escalate(escalate::Args),
    #[command(alias = "通报", about = "周调度表、月中通报、月通报、阶段小结、总结（zxzz 通报）")]
    Report(report::Args),
    #[command(alias = "文书", about = "督办函、提示函、约谈通知、整改通知书的草稿（zxzz 文书）")]
    Draft(draft::Args),
    #[command(alias = "四清单", about = "问题、任务、责任、成果四个清单（zxzz 四清单）")]
    Lists(lists::Args),
    #[command(alias = "成果表", about = "成果表：每个数从哪里来，缺哪些（zxzz 成果表）")]
    Results(results::Args),
    #[command(alias = "登记", about = about(&workflow::REGISTER, "新问题，编号和时限自动给", "登记"))]
    Add(add::Args),
    #[command(alias = "导入", about = "从 Excel、WPS、csv 表导入：先看会怎样，再写（zxzz 导入）")]
    Import(Box<import::Args>),
    #[command(alias = "导出", about = "台账、附件2、附件3 导出为 xlsx，可打印，可再导入（zxzz 导出）")]
    Export(export::Args),
    #[command(alias = "启动", about = about(&workflow::START, "未整改 → 整改中", "启动"))]
    Start(start::Args),
    #[command(alias = "记进展", about = about(&workflow::PROGRESS, "整改进展加一条", "记进展"))]
    Progress(progress::Args),
    #[command(alias = "申请", about = about(&workflow::APPLY, "→ 待销号，交佐证", "申请"))]
    Apply(apply::Args),
    #[command(alias = "签字", about = about(&workflow::SIGN, "核查等各级签字", "签字"))]
    Sign(sign::Args),
    #[command(alias = "退回", about = about(&workflow::RETURN, "待销号 → 整改中", "退回"))]
    Return(r#return::Args),
    #[command(alias = "予以销号", about = about(&workflow::CLOSE, "待销号 → 已销号，各级签字齐全", "予以销号"))]
    Close(close::Args),
    #[command(alias = "延期", about = about(&workflow::EXTEND, "原时限前批准，只延一次", "延期"))]
    Extend(extend::Args),
    #[command(alias = "反弹", about = about(&workflow::REOPEN, "已销号又反弹，另起一轮", "反弹"))]
    Reopen(reopen::Args),
    #[command(alias = "移交", about = about(&workflow::TRANSFER, "→ 已移交", "移交"))]
    Transfer(transfer::Args),
    #[command(alias = "并案", about = about(&workflow::MERGE, "→ 已并案，并入另一个问题", "并案"))]
    Merge(merge::Args),
    #[command(
        hide = true,
        alias = "合并驱动",
        about = "合并一份台账的两个版本，由 git 调用（zxzz 合并驱动）"
    )]
    MergeDriver(merge_driver::Args),
    #[command(alias = "挂牌", about = about(&workflow::LIST, "定级别；--lift 摘牌", "挂牌"))]
    Supervise(supervise::Args),
    #[command(alias = "回头看", about = about(&workflow::REVIEW, "已销号的复查，没有反弹", "回头看"))]
    Review(review::Args),
    #[command(alias = "修改", about = about(&workflow::SET, "改不属于任何一步的列", "修改"))]
    Set(set::Args),
    #[command(alias = "整理", about = "整理台账的列序、行序、引号，或转换编码（zxzz 整理）")]
    Fmt(fmt::Args),
    #[command(alias = "撤销", about = "撤销一个问题还没有提交的上一步（zxzz 撤销）")]
    Undo(undo::Args),
    #[command(alias = "封账", about = "封账：记下月末的数字，封住已经定了的事（zxzz 封账）")]
    Seal(seal::Args),
    #[command(alias = "清单", about = "按条件列出问题，列和排序可选（zxzz 清单）")]
    List(Box<list::Args>),
    #[command(alias = "查看", about = "一个问题的全部内容、时限依据和下一步（zxzz 查看）")]
    Show(show::Args),
    #[command(alias = "经过", about = "一个问题的经过：哪天、谁、哪次提交、改了什么（zxzz 经过）")]
    Log(log::Args),
    #[command(alias = "比较", about = "两个版本之间：新增、办理、改动的格、删除（zxzz 比较）")]
    Diff(diff::Args),
    #[command(alias = "专项", about = "专项一览；campaign show 看一份方案的全部内容（zxzz 专项）")]
    Campaign(campaign::Args),
    #[command(alias = "任务", about = "哪个单位负责哪些任务，含通过单位组的（zxzz 任务）")]
    Tasks(tasks::Args),
    #[command(alias = "日程", about = "各专项有日期的事，按先后排列（zxzz 日程）")]
    Calendar(calendar::Args),
    #[command(alias = "单位", about = "单位名录、别名、单位组和各自的任务（zxzz 单位）")]
    Units(units::Args),
    #[command(alias = "说明", about = "校验规则的说明：什么意思、为什么、怎么改（zxzz 说明）")]
    Explain(explain::Args),
    #[command(alias = "新建", about = "新建一个工作区（zxzz 新建）")]
    Init(init::Args),
    #[command(alias = "新专项", about = "新建一份方案，带注释的空白（zxzz 新专项）")]
    NewCampaign(new_campaign::Args),
    #[command(alias = "体检", about = "这个克隆是否妥当：真的合并一次、运行一次钩子（zxzz 体检）")]
    Doctor(doctor::Args),
    #[command(alias = "安装", about = "给这个克隆装合并驱动和提交、推送前的钩子（zxzz 安装）")]
    Setup(setup::Args),
    #[command(about = "TOML 文件的 JSON Schema，供编辑器提示和检查")]
    Schema(schema::Args),
    #[command(alias = "补全", about = "输出命令行补全脚本（zxzz 补全）")]
    Completions(completions::Args),
}

/// A move's line in the list of commands.
fn about(step: &workflow::Move, what: &str, alias: &str) -> String {
    format!("{}：{what}（zxzz {alias}）", step.name)
}

/// What a command may know of the world: the clock was read once, in `main`.
#[derive(Debug, Clone)]
pub struct World {
    pub dir: Option<PathBuf>,
    pub today: NaiveDate,
    pub colour: Colour,
    /// Columns of the terminal, if standard output is one.
    pub width: Option<u16>,
}

impl Command {
    pub fn run(self, world: &World) -> Result<Exit> {
        match self {
            Command::Check(args) => check::run(&args, world),
            Command::Audit(args) => audit::run(&args, world),
            Command::Status(args) => status::run(&args, world),
            Command::Overdue(args) => overdue::run(&args, world),
            Command::Xiaohao(args) => xiaohao::run(&args, world),
            Command::Targets(args) => targets::run(&args, world),
            Command::Duties(args) => duties::run(&args, world),
            Command::Coverage(args) => coverage::run(&args, world),
            Command::Rank(args) => rank::run(&args, world),
            Command::Escalate(args) => escalate::run(&args, world),
            Command::Report(args) => report::run(&args, world),
            Command::Draft(args) => draft::run(&args, world),
            Command::Lists(args) => lists::run(&args, world),
            Command::Results(args) => results::run(&args, world),
            Command::Add(args) => add::run(&args, world),
            Command::Import(args) => import::run(&args, world),
            Command::Export(args) => export::run(&args, world),
            Command::Start(args) => start::run(&args, world),
            Command::Progress(args) => progress::run(&args, world),
            Command::Apply(args) => apply::run(&args, world),
            Command::Sign(args) => sign::run(&args, world),
            Command::Return(args) => r#return::run(&args, world),
            Command::Close(args) => close::run(&args, world),
            Command::Extend(args) => extend::run(&args, world),
            Command::Reopen(args) => reopen::run(&args, world),
            Command::Transfer(args) => transfer::run(&args, world),
            Command::Merge(args) => merge::run(&args, world),
            Command::MergeDriver(args) => merge_driver::run(&args, world),
            Command::Supervise(args) => supervise::run(&args, world),
            Command::Review(args) => review::run(&args, world),
            Command::Set(args) => set::run(&args, world),
            Command::Fmt(args) => fmt::run(&args, world),
            Command::Undo(args) => undo::run(&args, world),
            Command::Seal(args) => seal::run(&args, world),
            Command::List(args) => list::run(&args, world),
            Command::Show(args) => show::run(&args, world),
            Command::Log(args) => log::run(&args, world),
            Command::Diff(args) => diff::run(&args, world),
            Command::Campaign(args) => campaign::run(&args, world),
            Command::Tasks(args) => tasks::run(&args, world),
            Command::Calendar(args) => calendar::run(&args, world),
            Command::Units(args) => units::run(&args, world),
            Command::Explain(args) => explain::run(&args, world),
            Command::Init(args) => init::run(&args, world),
            Command::NewCampaign(args) => new_campaign::run(&args, world),
            Command::Doctor(args) => doctor::run(&args, world),
            Command::Setup(args) => setup::run(&args, world),
            Command::Schema(args) => schema::run(&args),
            Command::Completions(args) => completions::run(&args),
        }
    }
}

/// The file to write; `-` is standard output, as other programs have it.
fn on_disk(output: Option<&Path>) -> Option<&Path> {
    output.filter(|path| *path != Path::new("-"))
}

fn writing(path: &Path) -> String {
    format!("正在写 {}", path.display())
}

impl World {
    /// Writes to the file that the user named, whole and without colours, or to the screen.
    fn deliver(&self, file: Option<&Path>, write: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<()> {
        if let Some(path) = on_disk(file) {
            require_free(path)?;
            return spinning(&writing(path), || {
                let mut plain = anstream::StripStream::new(vec![]);
                write(&mut plain)?;
                write_atomically(path, &plain.into_inner())
            });
        }
        let mut out = BufWriter::new(self.stdout());
        write(&mut out)?;
        Ok(out.flush()?)
    }

    /// Writes bytes that are no text to the file that the user named.
    fn save(&self, path: &Path, write: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<()> {
        require_free(path)?;
        spinning(&writing(path), || {
            let mut bytes = vec![];
            write(&mut bytes)?;
            write_atomically(path, &bytes)
        })
    }

    /// Standard output, with colours only where they belong.
    fn stdout(&self) -> AutoStream<io::StdoutLock<'static>> {
        let choice = match self.colour {
            Colour::Auto if io::stdout().is_terminal() => anstream::AutoStream::choice(&io::stdout()),
            Colour::Auto | Colour::Never => anstream::ColorChoice::Never,
            Colour::Always => anstream::ColorChoice::AlwaysAnsi,
        };
        AutoStream::new(io::stdout().lock(), choice)
    }
}
