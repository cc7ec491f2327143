//! Looks whether the browser app is there to be embedded. Never builds it: that is `cargo xtask web`.

fn main() {
    println!("cargo::rerun-if-changed=web/dist/index.html");
    let built = std::path::Path::new("web/dist/index.html").is_file();
    let wanted = std::env::var_os("CARGO_FEATURE_NO_UI").is_none();
    let release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    match (built || !wanted, release) {
        (true, _) => {}
        (false, false) => println!("cargo::warning=the browser app is not built: run `cargo xtask web`"),
        (false, true) => {
            println!(
                "cargo::error=the browser app is not built: run `cargo xtask web`, or build with `--features no-ui`"
            );
        }
    }
}
