//! `zhupi`: the server, and the commands of its operator and of those who write packs.

mod api;
mod bench;
mod cli;
mod clock;
mod complaint;
mod config;
mod demo;
mod house;
mod http;
mod listen;
mod logging;
mod serve;
mod ui;
mod workers;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    cli::run()
}
