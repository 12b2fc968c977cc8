//! A time stamp authority on a loopback port: `openssl ts` behind a little HTTP, which can go away.

use axum::Router;
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::routing::post;
use connect::timestamp::Authority;
use pdf::certificate::Certificate;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tempfile::TempDir;

pub(crate) struct Fake {
    pub(crate) root: Certificate,
    url: String,
    is_away: Arc<AtomicBool>,
}

fn openssl(folder: &Path, arguments: &[&str]) {
    let done = Command::new("openssl").args(arguments).current_dir(folder).output().expect("openssl runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// The answer to a query, as an authority gives it.
fn answer(folder: &Path, query: &[u8]) -> Vec<u8> {
    std::fs::write(folder.join("query"), query).expect("a file");
    openssl(folder, &["ts", "-reply", "-config", "ts.cnf", "-queryfile", "query", "-out", "reply"]);
    std::fs::read(folder.join("reply")).expect("an answer")
}

impl Fake {
    pub(crate) async fn open() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let root = certified(&folder);
        let is_away = Arc::new(AtomicBool::new(false));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/", listener.local_addr().expect("an address"));
        let (folder, away) = (Arc::new(folder), Arc::clone(&is_away));
        let stamp = move |query: Bytes| async move {
            if away.load(Ordering::SeqCst) {
                return (StatusCode::SERVICE_UNAVAILABLE, [("content-type", "text/plain")], Vec::new());
            }
            let reply = answer(folder.path(), &query);
            (StatusCode::OK, [("content-type", "application/timestamp-reply")], reply)
        };
        let router = Router::new().route("/", post(stamp));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { root, url, is_away }
    }

    pub(crate) fn client(&self) -> Authority {
        Authority::new(&self.url).expect("a client")
    }

    pub(crate) fn go_away(&self) {
        self.is_away.store(true, Ordering::SeqCst);
    }

    pub(crate) fn come_back(&self) {
        self.is_away.store(false, Ordering::SeqCst);
    }
}

/// Key, certificate and settings of the authority; gives its certificate.
fn certified(folder: &TempDir) -> Certificate {
    let settings = "[req]\ndistinguished_name=n\n[n]\n[stamps]\nbasicConstraints=critical,CA:false\n\
        keyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping\n\
        [tsa]\ndefault_tsa=t\n[t]\nserial=serial\nsigner_cert=tsa.pem\nsigner_key=key.pem\n\
        signer_digest=sha256\ndefault_policy=1.2.3.4\ndigests=sha256\ness_cert_id_alg=sha256\n";
    std::fs::write(folder.path().join("ts.cnf"), settings).expect("a file");
    std::fs::write(folder.path().join("serial"), "01\n").expect("a file");
    let days = "36500";
    let made = [
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-sha256",
        "-days",
        days,
        "-config",
        "ts.cnf",
        "-extensions",
        "stamps",
        "-subj",
        "/CN=Dau thoi gian DEMO",
        "-keyout",
        "key.pem",
        "-out",
        "tsa.pem",
    ];
    openssl(folder.path(), &made);
    let pem = std::fs::read(folder.path().join("tsa.pem")).expect("a certificate");
    Certificate::all_from_pem(&pem).expect("a certificate").swap_remove(0)
}
