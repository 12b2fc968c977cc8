//! An installation from nothing: the demonstration is made once and kept, the pages open, and the
//! program stops when it is asked to.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::program::{Ran, command, folder, motcua, write};

fn prepare(data: &Path) -> Ran {
    motcua(["demo".as_ref(), "--prepare-only".as_ref(), "--data".as_ref(), data.as_os_str()])
}

/// A server of the program, stopped when dropped.
struct Running {
    child: Child,
    said: BufReader<std::process::ChildStdout>,
    address: String,
}

impl Running {
    fn start(mut command: Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program was built and runs");
        let mut said = BufReader::new(child.stdout.take().expect("it was asked for"));
        let mut line = String::new();
        said.read_line(&mut line).expect("it speaks");
        let address = line.trim().strip_prefix("http://").expect("the address comes first").to_owned();
        Self { child, said, address }
    }

    /// The answer to a plain request, head and body.
    fn get(&self, path: &str) -> String {
        let mut to = TcpStream::connect(&self.address).expect("the port is open");
        to.set_read_timeout(Some(Duration::from_secs(20))).expect("a bound may be set");
        let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address);
        to.write_all(request.as_bytes()).expect("it takes the request");
        let mut answer = String::new();
        to.read_to_string(&mut answer).expect("it answers");
        answer
    }

    /// Asks it to stop; gives its exit code and the rest of what it said.
    fn stop(mut self) -> (Option<i32>, String) {
        let id = self.child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status().expect("there is `kill`");
        assert!(asked.success());
        let mut rest = String::new();
        self.said.read_to_string(&mut rest).expect("it speaks UTF-8");
        (self.child.wait().expect("it ends").code(), rest)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[test]
fn the_demonstration_is_made_once_and_kept() {
    let place = folder();
    let data = place.path().join("data");
    let first = prepare(&data);
    assert_eq!(first.code, 0, "{}", first.complained);
    let root = std::fs::read(data.join("demo-ca/root.pem")).expect("the root is there");
    let again = prepare(&data);
    assert_eq!(again.code, 0, "{}", again.complained);
    assert_eq!(std::fs::read(data.join("demo-ca/root.pem")).expect("the root is there"), root);

    let doctor = motcua(["doctor".as_ref(), "--data".as_ref(), data.as_os_str()]);
    assert_eq!(doctor.code, 0, "{}", doctor.said);
    assert!(doctor.said.contains("khóa con dấu mở được"), "{}", doctor.said);
}

#[test]
fn pages_open_and_the_signal_ends_the_program_well() {
    let place = folder();
    let data = place.path().join("data");
    let mut demo = command();
    demo.args(["demo", "--port", "0", "--data"]).arg(&data);
    let running = Running::start(demo);
    assert!(running.get("/healthz").starts_with("HTTP/1.1 200"));
    assert!(running.get("/dang-nhap").contains("Đăng nhập"));
    let metrics = running.get("/metrics");
    assert!(metrics.contains("motcua_requests_total") && metrics.contains("motcua_request_seconds_bucket"));
    let (code, welcome) = running.stop();
    assert_eq!(code, Some(0));
    for word in ["quay.yenbinh", "vanthu.thacmay", "quantri", "motcua-demo", "Thử trước"] {
        assert!(welcome.contains(word), "{word}: {welcome}");
    }

    // No chain is broken, also where nobody has done anything yet.
    let audit = || motcua(["audit".as_ref(), "verify".as_ref(), "--data".as_ref(), data.as_os_str()]);
    let before = audit();
    assert_eq!(before.code, 0, "{}{}", before.said, before.complained);
    assert!(before.said.contains("nguyên vẹn"), "{}", before.said);

    // The same data under `serve`.
    let mut serve = command();
    serve.args(["serve", "--port", "0", "--data"]).arg(&data);
    let running = Running::start(serve);
    assert!(running.get("/healthz").starts_with("HTTP/1.1 200"));
    assert_eq!(running.stop().0, Some(0));
}

#[test]
fn the_demonstration_never_moves_into_a_real_office() {
    let place = folder();
    let data = place.path().join("data");
    assert_eq!(prepare(&data).code, 0);
    // Officers, but no authority of a demonstration.
    std::fs::remove_dir_all(data.join("demo-ca")).expect("it can be removed");
    let ran = prepare(&data);
    assert_eq!(ran.code, 1);
    assert!(ran.complained.contains("văn phòng thật"), "{}", ran.complained);
}

#[test]
fn a_catalogue_is_brought_up_to_date_once() {
    let place = folder();
    let data = place.path().join("data");
    let migrate = || motcua(["migrate".as_ref(), "--data".as_ref(), data.as_os_str()]);
    let first = migrate();
    assert_eq!(first.code, 0, "{}", first.complained);
    assert!(!first.said.contains(" 0 đơn vị"), "{}", first.said);
    let again = migrate();
    assert!(again.said.contains(" 0 đơn vị mới hoặc sửa, 0 thủ tục mới"), "{}", again.said);
}

#[test]
fn doctor_says_what_is_missing() {
    let place = folder();
    let doctor = motcua(["doctor".as_ref(), "--data".as_ref(), place.path().join("data").as_os_str()]);
    assert_eq!(doctor.code, 1);
    assert!(doctor.said.contains("✗ Chưa có cơ sở dữ liệu") && doctor.said.contains("motcua migrate"));
    assert!(!place.path().join("data").exists(), "it changes nothing");
    let config = write(place.path(), "motcua.toml", "[server]\nlisten = \"0.0.0.0:80\"\n");
    let doctor = motcua(["doctor".as_ref(), "--config".as_ref(), config.as_os_str()]);
    assert_eq!(doctor.code, 1);
    assert!(doctor.said.contains("behind_proxy"), "{}", doctor.said);
}

#[test]
fn lost_master_keys_are_never_replaced() {
    let place = folder();
    let data = place.path().join("data");
    assert_eq!(prepare(&data).code, 0);
    let mut demo = command();
    demo.args(["demo", "--port", "0", "--data"]).arg(&data);
    assert_eq!(Running::start(demo).stop().0, Some(0));
    std::fs::remove_file(data.join("keys/master.key")).expect("the key is there");
    let doctor = motcua(["doctor".as_ref(), "--data".as_ref(), data.as_os_str()]);
    assert_eq!(doctor.code, 1, "{}", doctor.said);
    assert!(doctor.said.contains("Mất khóa chủ") && !data.join("keys/master.key").exists());
    let mut serve = command();
    let ran = serve.args(["serve", "--port", "0", "--data"]).arg(&data).output().expect("it runs");
    assert_eq!(ran.status.code(), Some(1), "it does not start with a new key over old papers");
}
