//! One installation of the program with a data folder and a database of its own, started, killed and
//! started again as a person would do it. What it wrote to its log is shown when a test fails.

use crate::browser::Browser;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use store::testing::{Scratch, scratch};
use store::{Config, Db, Engine, event};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// The one password of the demonstration.
pub(crate) const PASSWORD: &str = "motcua-demo";
/// How long the program may take to make its demonstration and open its port.
const START: Duration = Duration::from_mins(2);

/// A program that runs, its data, and where it answers.
#[derive(Debug)]
pub(crate) struct Installation {
    folder: TempDir,
    config: Config,
    /// Dropped with the installation: then the database goes too.
    _scratch: Option<Scratch>,
    running: Option<Child>,
    /// The moment the office's clock stands at when it is started; none lives by the world's clock.
    clock: Option<&'static str>,
    pub(crate) address: String,
}

impl Installation {
    /// A fresh demonstration that runs, with these lines of configuration beside the store's.
    pub(crate) async fn start(engine: Engine, settings: &str) -> Self {
        Self::fresh(engine, settings, None).await
    }

    /// A fresh demonstration whose clock stands at a moment until it is moved.
    pub(crate) async fn start_at(engine: Engine, clock: &'static str) -> Self {
        Self::fresh(engine, "", Some(clock)).await
    }

    /// The same with these lines of configuration.
    pub(crate) async fn start_so_at(engine: Engine, settings: &str, clock: &'static str) -> Self {
        Self::fresh(engine, settings, Some(clock)).await
    }

    async fn fresh(engine: Engine, settings: &str, clock: Option<&'static str>) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the installation");
        let data = folder.path().join("data");
        let (config, kept, store) = match engine {
            Engine::Sqlite => (Config::sqlite(data.join("motcua.db")), None, String::new()),
            Engine::Postgres => {
                let made = scratch(engine).await;
                made.close().await;
                let Config::Postgres { url, .. } = &made.config else {
                    panic!("a scratch database on PostgreSQL is there")
                };
                let store = format!("[store]\nurl = \"{url}\"\n");
                (made.config.clone(), Some(made), store)
            }
        };
        std::fs::write(folder.path().join("motcua.toml"), format!("{store}{settings}\n"))
            .expect("the configuration is written");
        let mut installation =
            Self { folder, config, _scratch: kept, running: None, clock, address: String::new() };
        installation.run().await;
        installation
    }

    /// Starts the program and waits for the line with its address.
    pub(crate) async fn run(&mut self) {
        let log = File::options().create(true).append(true).open(self.log()).expect("the log can be written");
        let mut child = Command::new(program())
            .args(["demo", "--port", "0", "--data"])
            .arg(self.data())
            .arg("--config")
            .arg(self.configuration())
            .args(self.clock.map_or(Vec::new(), |at| vec!["--at", at]))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .expect("the program starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output is ours")).lines();
        let line = tokio::time::timeout(START, lines.next_line()).await;
        let line = line.unwrap_or_else(|_| panic!("not open after {START:?}: {}", self.said()));
        let address =
            line.expect("its output is text").unwrap_or_else(|| panic!("it ended: {}", self.said()));
        assert!(address.starts_with("http://127.0.0.1:"), "the first line is the address: {address}");
        self.address = address;
        self.running = Some(child);
        // What it says further is read on, so that it never waits for us.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    }

    /// `kill -9`.
    pub(crate) async fn kill(&mut self) {
        let mut child = self.running.take().expect("it runs");
        child.kill().await.expect("our own child can be killed");
    }

    /// Asks it to stop and waits until it did.
    pub(crate) async fn stop(&mut self) {
        let mut child = self.running.take().expect("it runs");
        let id = child.id().expect("it runs").to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status().await.expect("kill is there");
        assert!(asked.success());
        let ended = tokio::time::timeout(Duration::from_secs(30), child.wait()).await;
        let ended = ended.unwrap_or_else(|_| panic!("it did not stop: {}", self.said()));
        assert!(ended.expect("its end is known").success(), "{}", self.said());
    }

    /// A browser in which this officer has signed in.
    pub(crate) async fn sign_in(&self, login: &str) -> Browser {
        let browser = self.browser();
        let form = browser.get("/dang-nhap").await.ok().form("/dang-nhap");
        let page = browser.submit(&form.set("ten-dang-nhap", login).set("mat-khau", PASSWORD)).await.ok();
        assert_ne!(page.path, "/dang-nhap", "{login} should be signed in");
        browser
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new(&self.address)
    }

    /// The demonstration's root certificate.
    pub(crate) fn root(&self) -> PathBuf {
        self.data().join("demo-ca/root.pem")
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Runs one command of the program on this installation.
    pub(crate) async fn command(&self, arguments: &[&str]) -> Output {
        let (data, configuration) = (self.data(), self.configuration());
        let place = ["--data", text(&data), "--config", text(&configuration)];
        command(&[arguments, &place].concat()).await
    }

    fn configuration(&self) -> PathBuf {
        self.folder.path().join("motcua.toml")
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("log.txt")
    }

    pub(crate) fn said(&self) -> String {
        std::fs::read_to_string(self.log()).unwrap_or_default()
    }

    /// The database, opened beside the program.
    pub(crate) async fn database(&self) -> Db {
        Db::open(&self.config).await.expect("the database opens beside the program")
    }

    /// Every chain of events must hold; gives the number of chains.
    pub(crate) async fn check_chains(&self) -> usize {
        let db = self.database().await;
        let mut reader = db.read().await.expect("the database can be read");
        let (mut after, mut n_chains) = (None, 0);
        loop {
            let subjects = event::subjects(&mut reader, after, 100).await.expect("subjects are listed");
            let Some(last) = subjects.last() else { break };
            after = Some(*last);
            for subject in subjects {
                let broken = event::check_chain(&mut reader, subject).await.expect("a chain is read");
                assert_eq!(broken, None, "the chain of {subject:?}");
                n_chains += 1;
            }
        }
        drop(reader);
        db.close().await;
        n_chains
    }
}

fn text(path: &Path) -> &str {
    path.to_str().expect("temporary folders have plain names")
}

impl Drop for Installation {
    fn drop(&mut self) {
        if std::thread::panicking() {
            #[expect(clippy::print_stderr, reason = "a test that failed shows what the program said")]
            {
                eprintln!("the program said:\n{}", self.said());
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "./test says by the environment what to test with")]
fn told(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// The program under test.
pub(crate) fn program() -> PathBuf {
    let path = told("MOTCUA_BIN").unwrap_or_else(|| {
        // target/debug/deps/it-… → target/debug/motcua
        let own = std::env::current_exe().expect("a test knows its own file");
        own.ancestors().nth(2).expect("tests lie in deps of the target").join("motcua")
    });
    assert!(path.is_file(), "there is no program at {}: `cargo build -p server` makes it", path.display());
    path
}

/// Papers and files made by `cargo xtask testdata`.
pub(crate) fn testdata() -> PathBuf {
    let path = told("MOTCUA_TESTDATA")
        .unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/testdata"));
    assert!(path.join("story").is_dir(), "no papers in {}: `./test stories` makes them", path.display());
    path
}

/// Keeps what the judges of signatures and PDF/A are to see, if they are to be called.
pub(crate) fn show_the_judges(name: &str, bytes: &[u8]) {
    if let Some(folder) = told("MOTCUA_STORY_OUT") {
        std::fs::create_dir_all(&folder).expect("the folder for the judges can be made");
        std::fs::write(folder.join(name), bytes).expect("the judges' file is written");
    }
}

/// Lets the judges trust one more root: each demonstration has an authority of its own.
pub(crate) fn trust_too(root: &[u8]) {
    static WRITING: Mutex<()> = Mutex::new(());
    let Some(folder) = told("MOTCUA_STORY_OUT") else { return };
    let _turn = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    std::fs::create_dir_all(&folder).expect("the folder for the judges can be made");
    let path = folder.join("root.pem");
    let mut roots = std::fs::read(&path).unwrap_or_default();
    if !roots.windows(root.len()).any(|there| there == root) {
        roots.extend_from_slice(root);
        std::fs::write(path, roots).expect("the judges' roots are written");
    }
}

/// Runs the program with these arguments.
pub(crate) async fn command(arguments: &[&str]) -> Output {
    Command::new(program()).args(arguments).stdin(Stdio::null()).output().await.expect("the program starts")
}

/// Looks again and again until it is there; a test never waits for a time, only for a thing.
pub(crate) async fn until<T, F>(what: &str, patience: Duration, mut look: impl FnMut() -> F) -> T
where
    F: Future<Output = Option<T>>,
{
    let began = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(began.elapsed() < patience, "waited {patience:?} for {what}");
        tokio::time::sleep(Duration::from_millis(150)).await;
    }
}
