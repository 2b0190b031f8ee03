//! Mail that a server refuses: given up, shown to the operator, told to nobody else, and sent when the operator says so.

use std::{
    io::{BufRead, BufReader, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, Sender, channel},
    },
    thread,
    time::Duration,
};

use crate::support::{Hall, folder, printed, program};

const DEADLINE: Duration = Duration::from_secs(60);

/// A mail server that refuses everybody in many words, until it is told to take mail.
struct Server {
    address: SocketAddr,
    takes: Arc<AtomicBool>,
    /// `None` for each recipient that was refused, and each mail that was taken.
    seen: Receiver<Option<String>>,
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let takes = Arc::new(AtomicBool::new(false));
        let (tell, seen) = channel();
        let asked = Arc::clone(&takes);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (asked, tell) = (Arc::clone(&asked), tell.clone());
                // A client that hangs up ends its own conversation alone.
                thread::spawn(move || converse(stream.unwrap(), &asked, &tell).unwrap_or_default());
            }
        });
        Self {
            address,
            takes,
            seen,
        }
    }

    fn next(&self) -> Option<String> {
        self.seen.recv_timeout(DEADLINE).unwrap()
    }
}

fn converse(
    mut stream: TcpStream,
    takes: &AtomicBool,
    tell: &Sender<Option<String>>,
) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    stream.write_all(b"220 hello\r\n")?;
    while let Some(line) = lines.next() {
        let line = line?;
        let verb = line.split(' ').next().unwrap_or_default().to_uppercase();
        let answer = match verb.as_str() {
            "RCPT" if !takes.load(Ordering::SeqCst) => {
                tell.send(None).unwrap();
                let to = line.split_once(':').unwrap().1;
                format!("550 5.1.1 {to}: unknown, see https://hall.example/account#token=SECRET")
            }
            "DATA" => {
                stream.write_all(b"354 go on\r\n")?;
                let mut mail = String::new();
                for line in lines.by_ref() {
                    let line = line?;
                    if line == "." {
                        break;
                    }
                    mail += &line;
                    mail.push('\n');
                }
                tell.send(Some(mail)).unwrap();
                "250 taken".to_owned()
            }
            "QUIT" => "221 bye".to_owned(),
            _ => "250 fine".to_owned(),
        };
        stream.write_all(format!("{answer}\r\n").as_bytes())?;
    }
    Ok(())
}

fn command(folder: &std::path::Path, server: &Server) -> std::process::Command {
    let mut command = program(folder);
    command
        .env("SMTP_HOST", server.address.ip().to_string())
        .env("SMTP_PORT", server.address.port().to_string())
        .env("SMTP_SECURITY", "none")
        .env("SMTP_FROM", "Hall <noreply@hall.example>");
    command
}

#[test]
fn mail_that_was_refused_is_listed_and_goes_out_when_the_operator_says_so() {
    let folder = Arc::new(folder());
    let server = Server::start();
    let hall = Hall::start(Arc::clone(&folder), command(folder.path(), &server));
    // The demo hall has told its representatives of their cases.
    assert_eq!(server.next(), None);
    let screen = hall.close();
    assert!(screen.contains("given up"), "{screen}");
    for never in ["<staff@", "<officer@", "SECRET", "#token"] {
        assert!(!screen.contains(never), "{never} is in the log:\n{screen}");
    }

    let run = |arguments: &[&str]| {
        let output = command(folder.path(), &server).args(arguments).output();
        let output = output.unwrap();
        (output.status.code(), printed(&output).0, printed(&output).1)
    };
    let (code, listed, told) = run(&["mail", "list", "--state", "given-up"]);
    assert_eq!(code, Some(0), "{told}");
    assert!(listed.contains("…@local46.example"), "{listed}");
    assert!(listed.contains("(550)"), "{listed}");
    assert!(!listed.contains("SECRET"), "{listed}");
    assert!(!listed.contains("staff@"), "{listed}");
    let id = listed.lines().nth(1).unwrap().split(' ').next().unwrap();
    let shown = run(&["mail", "list", "--show-recipients", "--limit", "1000"]).1;
    assert!(shown.contains("staff@local46.example"), "{shown}");

    let (code, _, _) = run(&["mail", "retry", "019a5f6e-8d0c-7c55-9d0a-0d6a6d3f1b11"]);
    assert_eq!(code, Some(6));
    let (code, said, told) = run(&["mail", "retry", id]);
    assert_eq!(code, Some(0), "{told}");
    assert!(said.starts_with("1 mail is due now"), "{said}");

    server.takes.store(true, Ordering::SeqCst);
    let hall = Hall::start(Arc::clone(&folder), command(folder.path(), &server));
    let message_id = format!("Message-ID: <{id}@");
    let mail = loop {
        match server.next() {
            Some(mail) if mail.contains(&message_id) => break mail,
            Some(_) | None => {}
        }
    };
    assert!(mail.contains("text/plain"), "{mail}");
    assert!(mail.contains("text/html"), "{mail}");
    hall.close();
    let sent = run(&["mail", "list", "--state", "sent", "--limit", "1000"]).1;
    assert!(sent.contains(id), "{sent}");
    let (code, _, _) = run(&["mail", "retry", id]);
    assert_eq!(code, Some(6), "what was sent is not sent again");
}

#[test]
fn a_key_or_an_authority_that_cannot_be_read_is_named_before_anything_is_served() {
    let folder = folder();
    let server = Server::start();
    for (settings, named) in [
        (&[("SMTP_CA_FILE", "nowhere.pem")][..], "smtp.ca_file"),
        (
            &[
                ("SMTP_DKIM_DOMAIN", "hall.example"),
                ("SMTP_DKIM_SELECTOR", "letters"),
                ("SMTP_DKIM_KEY_FILE", "nowhere.pem"),
            ],
            "smtp.dkim_key_file",
        ),
    ] {
        let mut command = command(folder.path(), &server);
        let output = command.envs(settings.iter().copied()).output().unwrap();
        let (_, told) = printed(&output);
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(
            told.contains(named) && told.contains("nowhere.pem"),
            "{told}"
        );
    }
}
