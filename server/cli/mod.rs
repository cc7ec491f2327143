//! The command line: what it takes, and how it ends.

mod backup;
mod bench;
mod check;
mod demo;
mod deploy;
mod diff;
mod doctor;
mod explain;
mod import;
mod import_calendar;
mod output;
mod packs;
mod pilot;
mod pilot_data;
mod pilot_show;
pub mod remote;
mod serve;
mod sheets;
mod test;
mod usage;
mod user;
mod user_history;
mod user_list;
mod verify;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::complaint::Complaint;
use crate::config::{ConfigError, DATA, DATABASE, Given, SERVER};
use output::{Format, Output};

/// 审批流程与激励薪酬平台 Approvals and incentive pay, written by every company for itself.
#[derive(Parser)]
#[command(name = "zhupi", version, disable_help_subcommand = true)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// What all commands take.
#[derive(Args)]
struct Common {
    /// Configuration file instead of ./zhupi.toml 配置文件
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Folder of the data, with SQLite 数据目录
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<String>,
    /// PostgreSQL instead: postgres://… 数据库地址
    #[arg(long, global = true, value_name = "URL")]
    database: Option<String>,
    /// Running server to speak to, with ZHUPI_TOKEN 远程服务器
    #[arg(long, global = true, value_name = "URL")]
    server: Option<String>,
    /// For people or for programs 输出格式
    #[arg(long, global = true, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Language of what is printed; else that of the terminal 输出语言
    #[arg(long, global = true, value_enum)]
    lang: Option<output::Lang>,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server 启动服务
    Serve(serve::Serve),
    /// Run example companies with weeks of history 启动演示
    Demo(demo::Demo),
    /// Find every mistake in a pack 检查配置包
    Check(check::Check),
    /// Play the cases of a pack 运行用例
    Test(test::Test),
    /// Show what a pack changes 比较配置包
    Diff(diff::Diff),
    /// Make a pack the current release of its company 发布配置包
    Deploy(deploy::Deploy),
    /// Evaluate one policy and show how its answer came about 解释政策结果
    Explain(explain::Explain),
    /// Compare two releases of a policy on the same rows 试点
    Pilot(pilot::Pilot),
    /// Bring in people or facts from spreadsheets 导入数据
    Import(import::Import),
    /// Look after people who log in 管理账号
    User(user::User),
    /// Prove that nothing stored was changed 校验数据
    Verify(verify::Verify),
    /// Write all data into a new folder, also while a server runs 备份
    Backup(backup::Backup),
    /// Put a backup into an empty store 恢复
    Restore(backup::Restore),
    /// Show the configuration and whether everything can be reached 自检
    Doctor(doctor::Doctor),
    /// Play a flow without keeping anything (not yet supported) 模拟流程（尚未支持）
    Simulate(Later),
    /// Compute a pay run (not yet supported) 核算（尚未支持）
    Run(Later),
    /// Write data out for others (not yet supported) 导出（尚未支持）
    Export(Later),
    /// Measure approvals against what the database allows 性能测试
    Bench(bench::Bench),
}

/// A command that this version does not have yet; it takes anything.
#[derive(Args)]
struct Later {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    _anything: Vec<String>,
}

/// How a command ended, as other programs see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    Ok = 0,
    /// The command worked, and found something to mend.
    Findings = 1,
    /// The command cannot be understood or not be done as it is said.
    Usage = 2,
    /// The data or the server cannot be reached.
    Unreachable = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Runs the command of this process.
pub fn run() -> ExitCode {
    let words: Vec<String> = std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect();
    let cli = Cli::try_parse().unwrap_or_else(|error| usage::refuse(&error, &words));
    let given = cli.common.given();
    let output = Output::new(cli.common.format, cli.common.lang);
    match perform(cli.command, given, &output) {
        Ok(exit) => exit.into(),
        Err(error) => {
            output.give_up(&Complaint::of(&error));
            exit_of(&error).into()
        }
    }
}

fn perform(command: Command, given: Given, output: &Output) -> anyhow::Result<Exit> {
    match command {
        Command::Serve(command) => command.run(given, output),
        Command::Demo(command) => command.run(given, output),
        Command::Check(command) => command.run(output),
        Command::Test(command) => command.run(output),
        Command::Diff(command) => command.run(given, output),
        Command::Deploy(command) => command.run(given, output),
        Command::Explain(command) => command.run(output),
        Command::Pilot(command) => command.run(given, output),
        Command::Import(command) => command.run(given, output),
        Command::User(command) => command.run(given, output),
        Command::Verify(command) => command.run(given, output),
        Command::Backup(command) => command.run(given, output),
        Command::Restore(command) => command.run(given, output),
        Command::Doctor(command) => command.run(given, output),
        Command::Bench(command) => command.run(given, output),
        Command::Simulate(_) | Command::Run(_) | Command::Export(_) => {
            Err(Complaint::new("这个命令尚未支持", "this command is not yet supported").into())
        }
    }
}

/// What an error means to the program that called.
fn exit_of(error: &anyhow::Error) -> Exit {
    use zhupi_app::AppError;
    use zhupi_store::StoreError;
    let store = |error: &StoreError| match error {
        StoreError::NotEmpty | StoreError::HalfRestored => Exit::Usage,
        _ => Exit::Unreachable,
    };
    for cause in error.chain() {
        if let Some(error) = cause.downcast_ref::<StoreError>() {
            return store(error);
        }
        if let Some(AppError::Store(error)) = cause.downcast_ref::<AppError>() {
            return store(error);
        }
        if cause.is::<remote::Unreachable>() {
            return Exit::Unreachable;
        }
        if cause.is::<ConfigError>() {
            return Exit::Usage;
        }
    }
    Exit::Usage
}

impl Common {
    fn given(&self) -> Given {
        let flags = [(DATA, &self.data), (DATABASE, &self.database), (SERVER, &self.server)];
        let flags = flags.into_iter().filter_map(|(key, value)| Some((key, value.clone()?))).collect();
        Given { flags, file: self.config.clone() }
    }
}

/// Runs something asynchronous to its end.
fn block_on<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_promised_command_is_there() {
        let command = Cli::command();
        let names: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
        for promised in [
            "serve", "demo", "check", "test", "simulate", "explain", "diff", "deploy", "run", "pilot", "import",
            "export", "backup", "restore", "verify", "user", "doctor", "bench",
        ] {
            assert!(names.contains(&promised), "{promised}");
        }
    }

    #[test]
    fn errors_end_a_command_as_other_programs_expect() {
        let unreachable = anyhow::Error::from(zhupi_store::StoreError::Unreachable("gone".into()));
        assert_eq!(exit_of(&unreachable.context("open the data")), Exit::Unreachable);
        assert_eq!(exit_of(&zhupi_store::StoreError::NotEmpty.into()), Exit::Usage);
        assert_eq!(exit_of(&anyhow::anyhow!("no such company")), Exit::Usage);
    }
}
