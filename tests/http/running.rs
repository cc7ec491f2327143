//! A server started in a way of its own: with other flags, settings or a log that is read.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::house::{Place, free_port};

/// Killed when it goes out of scope.
pub struct Running {
    child: Child,
    pub url: String,
}

impl Running {
    /// Starts `zhupi serve` as `shape` changes it, on a port of its own, and waits until it takes connections.
    pub fn start(place: &Place, shape: impl FnOnce(&mut Command)) -> Self {
        Self::start_on(place, free_port(), shape)
    }

    pub fn start_on(place: &Place, port: u16, shape: impl FnOnce(&mut Command)) -> Self {
        let mut command = place.zhupi();
        command.args(["serve", "--listen", &format!("127.0.0.1:{port}")]);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        shape(&mut command);
        let child = command.spawn().unwrap();
        let began = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(began.elapsed() < Duration::from_secs(60), "the server does not start");
            std::thread::sleep(Duration::from_millis(10));
        }
        Self { child, url: format!("http://127.0.0.1:{port}") }
    }

    /// Tells it to end as a system does, and waits until it has; answers its exit code.
    pub fn terminate(&mut self) -> Option<i32> {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(told.success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
