//! A mail server of our own, which keeps what it is given.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;

use crate::house::Place;
use crate::running::Running;

/// A mail as its reader sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Mail {
    pub head: String,
    pub to: String,
    pub text: String,
}

/// A mail server that takes everything.
pub struct PostOffice {
    port: u16,
    mails: Arc<Mutex<Vec<String>>>,
}

impl PostOffice {
    pub fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (port, mails) = (listener.local_addr().unwrap().port(), Arc::<Mutex<Vec<String>>>::default());
        let kept = mails.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let kept = kept.clone();
                std::thread::spawn(move || take(stream, &kept));
            }
        });
        Self { port, mails }
    }

    /// A server that sends its notices here.
    pub fn serve(&self, place: &Place) -> Running {
        start(place, self.port)
    }

    /// What came so far, in the order in which it came.
    pub fn mails(&self) -> Vec<Mail> {
        self.mails.lock().unwrap().iter().map(|mail| read(mail)).collect()
    }

    /// What came for somebody.
    pub fn mails_to(&self, login: &str) -> Vec<Mail> {
        let address = format!("{login}@huakang.example");
        self.mails().into_iter().filter(|mail| mail.to == address).collect()
    }

    /// Waits until somebody has got a mail that says something.
    pub async fn until(&self, login: &str, says: &str) -> Mail {
        let began = std::time::Instant::now();
        loop {
            if let Some(mail) = self.mails_to(login).into_iter().find(|mail| mail.text.contains(says)) {
                return mail;
            }
            let mails = || self.mails_to(login);
            assert!(began.elapsed() < Duration::from_secs(15), "{login} got no mail `{says}`, only {:#?}", mails());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

fn read(mail: &str) -> Mail {
    let (head, body) = mail.split_once("\n\n").unwrap();
    let header = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    let body = match header("Content-Transfer-Encoding: ") {
        "base64" => base64::engine::general_purpose::STANDARD.decode(body.replace('\n', "")).unwrap(),
        "quoted-printable" => unquoted(&body.replace("=\n", "")),
        _ => body.into(),
    };
    let to = header("To: ");
    Mail { head: head.to_owned(), to: to.to_owned(), text: String::from_utf8(body).unwrap() }
}

/// `=E5` stands for a byte.
fn unquoted(text: &str) -> Vec<u8> {
    let mut parts = text.split('=');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).unwrap());
        bytes.extend(&part.as_bytes()[2..]);
    }
    bytes
}

fn take(mut stream: TcpStream, mails: &Mutex<Vec<String>>) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines();
    stream.write_all(b"220 office ESMTP\r\n").ok()?;
    while let Some(Ok(line)) = lines.next() {
        let answer: &[u8] = match line.get(..4).unwrap_or_default().to_uppercase().as_str() {
            "EHLO" => b"250-office\r\n250 8BITMIME\r\n",
            "QUIT" => b"221 bye\r\n",
            "DATA" => {
                stream.write_all(b"354 go on\r\n").ok()?;
                let mail: Vec<String> = lines.by_ref().map_while(Result::ok).take_while(|line| line != ".").collect();
                mails.lock().ok()?.push(mail.join("\n"));
                b"250 taken\r\n"
            }
            _ => b"250 ok\r\n",
        };
        stream.write_all(answer).ok()?;
    }
    Some(())
}

/// A mail server that takes connections and never says a word.
pub fn silent_office() -> (u16, TcpListener) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    (listener.local_addr().unwrap().port(), listener)
}

/// A server that sends its notices to a port of this machine.
pub fn start(place: &Place, port: u16) -> Running {
    Running::start(place, |command| {
        command.env("ZHUPI_SMTP__HOST", "127.0.0.1").env("ZHUPI_SMTP__PORT", port.to_string());
        command.env("ZHUPI_SMTP__TLS", "none").env("ZHUPI_SMTP__FROM", "朱批 <oa@huakang.example>");
    })
}
