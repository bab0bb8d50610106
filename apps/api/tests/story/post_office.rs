//! A mail server of a story: it speaks just enough SMTP (RFC 5321) to be handed mail.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// How long a letter may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// A letter as it was handed over.
#[derive(Debug)]
pub(crate) struct Letter {
    pub(crate) from: String,
    pub(crate) to: Vec<String>,
    /// Headers and text, with the line ends and dots of SMTP undone.
    pub(crate) content: String,
}

/// Listens on a port of its own and keeps what comes.
pub(crate) struct PostOffice {
    addr: SocketAddr,
    letters: mpsc::UnboundedReceiver<Letter>,
    open: JoinHandle<()>,
}

impl PostOffice {
    pub(crate) async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let (desk, letters) = mpsc::unbounded_channel();
        let open = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, desk.clone()));
            }
        });
        Self { addr, letters, open }
    }

    /// As the server's settings name it.
    pub(crate) fn url(&self) -> String {
        format!("smtp://{}", self.addr)
    }

    /// Waits for the next letter.
    pub(crate) async fn letter(&mut self) -> Letter {
        let letter = tokio::time::timeout(PATIENCE, self.letters.recv()).await;
        letter.expect("a letter comes").expect("the office is open")
    }

    /// What came and nobody asked for.
    pub(crate) fn left_over(&mut self) -> Vec<Letter> {
        std::iter::from_fn(|| self.letters.try_recv().ok()).collect()
    }
}

impl Drop for PostOffice {
    fn drop(&mut self) {
        self.open.abort();
    }
}

async fn serve(stream: TcpStream, desk: mpsc::UnboundedSender<Letter>) {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    let mut letter = Letter { from: String::new(), to: Vec::new(), content: String::new() };
    writer.write_all(b"220 post.story ready\r\n").await.unwrap();
    while let Ok(Some(line)) = lines.next_line().await {
        let upper = line.to_uppercase();
        let answer = if upper.starts_with("EHLO") || upper.starts_with("HELO") {
            "250 post.story"
        } else if upper.starts_with("MAIL FROM:") {
            letter.from = path(&line);
            "250 sender"
        } else if upper.starts_with("RCPT TO:") {
            letter.to.push(path(&line));
            "250 receiver"
        } else if upper == "DATA" {
            writer.write_all(b"354 go on\r\n").await.unwrap();
            while let Ok(Some(line)) = lines.next_line().await {
                if line == "." {
                    break;
                }
                letter.content.push_str(line.strip_prefix('.').unwrap_or(&line));
                letter.content.push('\n');
            }
            let empty = Letter { from: String::new(), to: Vec::new(), content: String::new() };
            // A story that has ended wants no more mail.
            let _ = desk.send(std::mem::replace(&mut letter, empty));
            "250 taken"
        } else if upper == "QUIT" {
            let _ = writer.write_all(b"221 bye\r\n").await;
            return;
        } else {
            "250 as you like"
        };
        if writer.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
            return;
        }
    }
}

/// The address in `MAIL FROM:<ana@tidepool.example> SIZE=…`.
fn path(line: &str) -> String {
    let inside = line.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inside.expect("paths stand in angle brackets").0.to_owned()
}
