//! Untrusted files are opened, drawn and read in a child process with bounds on memory, time and
//! files: a bomb kills the child, not the server. This side starts children, hands them requests
//! over pipes, kills what is late, and replaces what died. Calls block; asynchronous callers use a
//! blocking thread.

mod child;
mod protocol;

use std::ffi::OsString;
use std::io::{BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use self::protocol::{Frame, Reply, Request};
use crate::code::Code;
use crate::geometry::{Rect, Turn};
use crate::intake::{Hardship, Limits, Page, PageImage, Rejected};
use crate::recognise::PageText;

pub use child::serve;

/// How a child is started: usually this very program with a hidden subcommand that calls [`serve`].
#[derive(Debug, Clone)]
pub struct Program {
    pub path: PathBuf,
    pub arguments: Vec<OsString>,
    /// The child's whole environment but for what it always gets; `TESSDATA_PREFIX` where the
    /// language model lies elsewhere.
    pub environment: Vec<(OsString, OsString)>,
}

/// What a child may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounds {
    /// Address space, in bytes.
    pub memory_bytes: u64,
    /// CPU seconds over the child's life.
    pub cpu_seconds: u64,
    /// Wall clock for opening a file: two hundred pages may have to be drawn.
    pub open_deadline: Duration,
    /// Wall clock for any other request, which is about one page.
    pub deadline: Duration,
    /// Requests after which a child is replaced: what leaks, leaks for a while only.
    pub requests: u32,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            memory_bytes: 2 << 30,
            cpu_seconds: 1_200,
            open_deadline: Duration::from_mins(4),
            deadline: Duration::from_mins(1),
            requests: 400,
        }
    }
}

/// Why a request has no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file is at fault.
    #[error(transparent)]
    Rejected(#[from] Rejected),
    /// The installation is at fault: no model, no memory for a process, a broken pipe at start.
    #[error("worker cannot work: {what}")]
    NoWorker { what: String },
}

/// A page as it came, with a small picture of it (JPEG, 200 px, standing as `page.turn` says).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    pub page: Page,
    pub thumbnail: Vec<u8>,
    /// What the code of the separator sheet says that this is; only [`Pool::open_stack`] looks for one.
    pub separator: Option<String>,
}

/// One child.
#[derive(Debug)]
struct Worker {
    process: Child,
    pipes: Option<(ChildStdin, BufReader<ChildStdout>)>,
    n_requests: u32,
}

/// How a conversation with a child ended, when not with an answer.
enum Silence {
    Late,
    Died,
}

impl Worker {
    fn start(program: &Program, bounds: &Bounds) -> Result<Self, Error> {
        let no_worker = |what: String| Error::NoWorker { what };
        let mut command = Command::new(&program.path);
        command.args(&program.arguments).env_clear();
        // Without this from the start the engine burns four times the CPU.
        command.env("OMP_THREAD_LIMIT", "1").env("LC_ALL", "C.UTF-8");
        command.envs(program.environment.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().map_err(|fault| no_worker(fault.to_string()))?;
        let pipes = process.stdin.take().zip(process.stdout.take().map(BufReader::new));
        let mut worker = Self { process, pipes, n_requests: 0 };
        match worker.ask(Request::Hello { bounds: *bounds }, Vec::new(), Duration::from_secs(20)) {
            Ok((Reply::Ready, _)) => Ok(worker),
            Ok((reply, _)) => Err(no_worker(format!("unexpected greeting {reply:?}"))),
            Err(_) => Err(no_worker("it did not greet".to_owned())),
        }
    }

    /// Sends a request and waits for the answer, at most until the deadline. A child that is late
    /// or breaks the protocol is killed.
    fn ask(
        &mut self,
        request: Request,
        parts: Vec<Vec<u8>>,
        deadline: Duration,
    ) -> Result<(Reply, Vec<Vec<u8>>), Silence> {
        let Some((mut to, mut from)) = self.pipes.take() else { return Err(Silence::Died) };
        self.n_requests += 1;
        let (send, receive) = mpsc::channel();
        // Pipes cannot be waited for with a time limit; a thread talks, and killing the child at
        // the deadline closes the pipes under it.
        thread::spawn(move || {
            let answer = Frame::write(&mut to, &request, &parts)
                .and_then(|()| to.flush())
                .and_then(|()| Frame::read::<Reply>(&mut from));
            // Nobody listens any more when the deadline has passed.
            drop(send.send((answer, to, from)));
        });
        match receive.recv_timeout(deadline) {
            Ok((Ok(answer), to, from)) => {
                self.pipes = Some((to, from));
                Ok(answer)
            }
            Ok((Err(_), ..)) => {
                let ended_by_clock = self.kill();
                Err(if ended_by_clock { Silence::Late } else { Silence::Died })
            }
            Err(_) => {
                self.kill();
                Err(Silence::Late)
            }
        }
    }

    /// Ends the child and waits for it; tells whether the kernel had ended it for its CPU time.
    fn kill(&mut self) -> bool {
        use std::os::unix::process::ExitStatusExt;
        self.pipes = None;
        // A child that is already on its way out keeps the status of its own end.
        drop(self.process.kill());
        // SIGXCPU
        self.process.wait().is_ok_and(|status| status.signal() == Some(24))
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.pipes = None;
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// A number of children; each request takes a free one. Clone-free: share it in an `Arc`.
#[derive(Debug)]
pub struct Pool {
    program: Program,
    bounds: Bounds,
    places: Mutex<Places>,
    freed: Condvar,
}

#[derive(Debug)]
struct Places {
    idle: Vec<Worker>,
    n_free: usize,
}

impl Pool {
    /// A pool of at most `n_workers` children; they are started when first needed.
    pub fn new(program: Program, n_workers: usize, bounds: Bounds) -> Self {
        let places = Places { idle: Vec::new(), n_free: n_workers.max(1) };
        Self { program, bounds, places: Mutex::new(places), freed: Condvar::new() }
    }

    /// Makes pages of a file's bytes.
    pub fn open(&self, file: Vec<u8>, limits: &Limits) -> Result<Vec<Opened>, Error> {
        self.opened(file, limits, None)
    }

    /// The same for a stack of papers, with the separator sheets found whose codes begin with `prefix`.
    pub fn open_stack(&self, file: Vec<u8>, limits: &Limits, prefix: &str) -> Result<Vec<Opened>, Error> {
        self.opened(file, limits, Some(prefix.to_owned()))
    }

    fn opened(
        &self,
        file: Vec<u8>,
        limits: &Limits,
        separator: Option<String>,
    ) -> Result<Vec<Opened>, Error> {
        if file.len() as u64 > limits.file_bytes {
            return Err(Rejected::TooLarge { bytes: file.len() as u64, most: limits.file_bytes }.into());
        }
        let (reply, parts) = self.ask(Request::Open { limits: *limits, separator }, vec![file])?;
        let Reply::Pages { pages, separators } = reply else { return Err(unexpected()) };
        if parts.len() != pages.len() * 2 || separators.len() != pages.len() {
            return Err(unexpected());
        }
        let mut parts = parts.into_iter();
        let mut opened = Vec::with_capacity(pages.len());
        for (mut page, separator) in pages.into_iter().zip(separators) {
            let (Some(bytes), Some(thumbnail)) = (parts.next(), parts.next()) else {
                return Err(unexpected());
            };
            page.image.bytes = bytes;
            opened.push(Opened { page, thumbnail, separator });
        }
        Ok(opened)
    }

    /// Reads the text of a page.
    pub fn read(&self, image: &PageImage, turn: Turn, dpi: u32) -> Result<PageText, Error> {
        match self.ask(Request::Read { image: bare(image), turn, dpi }, vec![image.bytes.clone()])? {
            (Reply::Text { text }, _) => Ok(text),
            _ => Err(unexpected()),
        }
    }

    /// The parts of the turned page inside `rects`, one JPEG each.
    pub fn crop(&self, image: &PageImage, turn: Turn, rects: &[Rect]) -> Result<Vec<Vec<u8>>, Error> {
        let request = Request::Crop { image: bare(image), turn, rects: rects.to_vec() };
        let (_, parts) = self.ask(request, vec![image.bytes.clone()])?;
        if parts.len() == rects.len() { Ok(parts) } else { Err(unexpected()) }
    }

    /// The QR codes on the turned page. What a citizen's card says is personal data: ask only on demand.
    pub fn codes(&self, image: &PageImage, turn: Turn) -> Result<Vec<Code>, Error> {
        match self.ask(Request::Codes { image: bare(image), turn }, vec![image.bytes.clone()])? {
            (Reply::Codes { codes }, _) => Ok(codes),
            _ => Err(unexpected()),
        }
    }

    /// Process ids of the children that wait for work, for monitoring.
    pub fn idle_process_ids(&self) -> Vec<u32> {
        self.lock().idle.iter().map(|worker| worker.process.id()).collect()
    }

    fn ask(&self, request: Request, parts: Vec<Vec<u8>>) -> Result<(Reply, Vec<Vec<u8>>), Error> {
        let deadline = match request {
            Request::Open { .. } => self.bounds.open_deadline,
            _ => self.bounds.deadline,
        };
        let place = Place::take(self);
        let mut worker = match place.idle() {
            Some(worker) => worker,
            None => Worker::start(&self.program, &self.bounds)?,
        };
        let (reply, parts) = worker.ask(request, parts, deadline).map_err(|silence| {
            let what = match silence {
                Silence::Late => Hardship::Time,
                Silence::Died => Hardship::Memory,
            };
            Rejected::TooHard { what }
        })?;
        let is_worn = worker.n_requests > self.bounds.requests || matches!(reply, Reply::Panicked { .. });
        if !is_worn {
            self.lock().idle.push(worker);
        }
        drop(place);
        match reply {
            Reply::Rejected { rejected } => Err(rejected.into()),
            Reply::Panicked { what } => Err(Rejected::Broken { what }.into()),
            Reply::Failed { what } => Err(Error::NoWorker { what }),
            reply => Ok((reply, parts)),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Places> {
        // The places are whole after every statement, so a panic elsewhere has left them good.
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to use one child; given back when dropped.
struct Place<'a> {
    pool: &'a Pool,
}

impl<'a> Place<'a> {
    fn take(pool: &'a Pool) -> Self {
        let mut places = pool.lock();
        while places.n_free == 0 {
            places = pool.freed.wait(places).unwrap_or_else(PoisonError::into_inner);
        }
        places.n_free -= 1;
        Self { pool }
    }

    /// A child that waits and still lives.
    fn idle(&self) -> Option<Worker> {
        let mut places = self.pool.lock();
        while let Some(mut worker) = places.idle.pop() {
            if matches!(worker.process.try_wait(), Ok(None)) {
                return Some(worker);
            }
        }
        None
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.pool.lock().n_free += 1;
        self.pool.freed.notify_one();
    }
}

/// The picture's description; its bytes travel as a part of the frame.
fn bare(image: &PageImage) -> PageImage {
    PageImage { bytes: Vec::new(), ..*image }
}

fn unexpected() -> Error {
    Error::NoWorker { what: "answer of a wrong kind".to_owned() }
}
