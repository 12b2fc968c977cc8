//! A template that an agency wrote is a stranger's program. It is typeset in a child process that the kernel
//! bounds in memory, time and files, and that ends with its one answer; what it does to itself, it does alone.

use super::{About, Error, Form, MAX_DATA, MAX_SOURCE, Printed, Slot, render};
use rlimit::Resource;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Where templates of agencies are typeset.
#[derive(Debug, Clone)]
pub enum Printer {
    /// In a child: usually this very program with a hidden subcommand that calls [`serve`].
    Child { path: PathBuf, arguments: Vec<OsString>, bounds: Bounds },
    /// In this process, for tests of what stands around it.
    Here,
}

/// What a child may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounds {
    /// Address space, in bytes.
    pub memory_bytes: u64,
    pub cpu_seconds: u64,
    /// Wall clock, from the start of the child to its answer.
    pub deadline: Duration,
}

impl Default for Bounds {
    /// A form takes a tenth of a second and eighty megabytes.
    fn default() -> Self {
        Self { memory_bytes: 1 << 30, cpu_seconds: 10, deadline: Duration::from_secs(20) }
    }
}

/// Bytes of a request: template and data, escaped as JSON, and what is said of them.
const MAX_REQUEST: u64 = 3 * (MAX_SOURCE + MAX_DATA) as u64;
/// Bytes of an answer.
const MAX_ANSWER: u64 = 64 << 20;

#[derive(Serialize, Deserialize)]
struct Request {
    bounds: Bounds,
    about: About,
    source: String,
    data: Value,
    at: jiff::Timestamp,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
enum Reply {
    /// The file follows.
    Printed {
        pages: usize,
        slots: Vec<Slot>,
    },
    Template {
        file: String,
        line: usize,
        message: String,
    },
    TooManyPages {
        pages: usize,
    },
    Refused {
        message: String,
    },
}

impl Printer {
    /// [`render`], where this printer does it. Blocking, at most as long as its bounds let it be.
    pub fn render(&self, form: &Form, data: &Value, at: jiff::Timestamp) -> Result<Printed, Error> {
        let Self::Child { path, arguments, bounds } = self else { return render(form, data, at) };
        let code = || form.about.code.clone();
        let refused =
            |fault: &dyn std::fmt::Display| Error::Refused { form: code(), message: fault.to_string() };
        let request = Request {
            bounds: *bounds,
            about: form.about.clone(),
            source: form.source.clone(),
            data: data.clone(),
            at,
        };
        let request = serde_json::to_vec(&request).map_err(|fault| refused(&fault))?;
        let mut child = Command::new(path)
            .args(arguments)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|fault| refused(&fault))?;
        let answer = talk(&mut child, request, bounds.deadline);
        // One that is late is killed; one that has answered has ended, or has nothing more to say.
        drop(child.kill());
        drop(child.wait());
        let (reply, pdf) = answer.ok_or_else(|| Error::TooHard { form: code() })?;
        match reply {
            Reply::Printed { pages, slots } => Ok(Printed { pdf, pages, slots }),
            Reply::Template { file, line, message } => {
                Err(Error::Template { form: code(), file, line, message })
            }
            Reply::TooManyPages { pages } => Err(Error::TooManyPages { form: code(), pages }),
            Reply::Refused { message } => Err(Error::Refused { form: code(), message }),
        }
    }
}

/// The child's answer; none where it was late, died, or said something else. Pipes cannot be waited for with
/// a time limit, so a thread talks, and whoever kills the child closes them under it.
fn talk(child: &mut Child, request: Vec<u8>, deadline: Duration) -> Option<(Reply, Vec<u8>)> {
    let (mut to, from) = child.stdin.take().zip(child.stdout.take())?;
    let (send, receive) = mpsc::channel();
    thread::spawn(move || {
        let asked = to.write_all(&request);
        drop(to);
        // Nobody listens any more when the deadline has passed.
        drop(send.send(asked.and_then(|()| answer_of(from))));
    });
    receive.recv_timeout(deadline).ok()?.ok()
}

fn answer_of(from: impl Read) -> io::Result<(Reply, Vec<u8>)> {
    let mut from = BufReader::new(from.take(MAX_ANSWER));
    let mut header = String::new();
    from.read_line(&mut header)?;
    let reply = serde_json::from_str(&header)?;
    let mut pdf = Vec::new();
    from.read_to_end(&mut pdf)?;
    Ok((reply, pdf))
}

/// The child's side: bounds itself, typesets what it was sent and answers. Nothing of the template is looked
/// at before the bounds are in force.
pub fn serve(input: impl Read, mut output: impl Write) -> io::Result<()> {
    let request: Request = serde_json::from_reader(input.take(MAX_REQUEST))?;
    confine(request.bounds)?;
    let form = Form { about: request.about, source: request.source };
    let (reply, pdf) = match render(&form, &request.data, request.at) {
        Ok(Printed { pdf, pages, slots }) => (Reply::Printed { pages, slots }, pdf),
        Err(Error::Template { file, line, message, .. }) => {
            (Reply::Template { file, line, message }, Vec::new())
        }
        Err(Error::TooManyPages { pages, .. }) => (Reply::TooManyPages { pages }, Vec::new()),
        Err(error) => (Reply::Refused { message: error.to_string() }, Vec::new()),
    };
    output.write_all(&serde_json::to_vec(&reply)?)?;
    output.write_all(b"\n")?;
    output.write_all(&pdf)?;
    output.flush()
}

/// Sets the kernel's bounds on this process; they cannot be raised again. No file is opened any more.
pub(crate) fn confine(bounds: Bounds) -> io::Result<()> {
    Resource::AS.set(bounds.memory_bytes, bounds.memory_bytes)?;
    Resource::CPU.set(bounds.cpu_seconds, bounds.cpu_seconds)?;
    Resource::FSIZE.set(0, 0)?;
    Resource::CORE.set(0, 0)?;
    Resource::NOFILE.set(0, 0)
}

#[cfg(test)]
mod tests {
    use super::answer_of;

    #[test]
    fn an_answer_that_breaks_off_is_none() {
        assert!(answer_of(&b""[..]).is_err());
        assert!(answer_of(&b"{\"answer\":\"printed\"}\n"[..]).is_err(), "no pages");
        let whole = b"{\"answer\":\"printed\",\"pages\":1,\"slots\":[]}\n%PDF";
        assert_eq!(answer_of(&whole[..]).expect("an answer").1, b"%PDF");
    }
}
