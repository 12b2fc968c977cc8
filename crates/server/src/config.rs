//! The one configuration: a TOML file, typed, every setting with a default that works. What each
//! setting means stands beside it here, and `motcua config` prints exactly that.
//! The environment gives only the places of secrets; one idea: the list of all settings.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail, ensure};
use jiff::civil::Time;
use rules::calendar::Counting;
use rules::code::DossierCodeFormat;
use rules::people::Role;
use rules::people::api_key::AddressRange;
use serde::{Deserialize, Serialize};

use crate::officer::role;
use crate::parallel::processors;
use crate::speak::say;

/// A section: its fields with default and explanation, and the list of explanations to print.
macro_rules! section {
    ($(#[$about:meta])* $name:ident { $($field:ident: $type:ty = $default:expr, $help:literal;)+ }) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub(crate) struct $name {
            $(#[doc = $help] pub(crate) $field: $type,)+
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $($field: $default,)+ }
            }
        }

        impl $name {
            const HELP: &'static [(&'static str, &'static str)] = &[$((stringify!($field), $help)),+];
        }
    };
}

section! {
    /// Where the pages are served.
    Server {
        listen: SocketAddr = SocketAddr::from(([127, 0, 0, 1], 8686)),
            "Địa chỉ và cổng để nhận yêu cầu. Máy chủ chỉ nói HTTP thường, nên ngoài máy này (khác 127.0.0.1) phải có proxy TLS đứng trước và `behind_proxy = true`.";
        behind_proxy: bool = false,
            "true khi có proxy (nginx, Caddy…) lo TLS đứng trước. Khi đó cookie chỉ đi qua HTTPS.";
        public_url: String = String::new(),
            "Địa chỉ người dùng gõ vào trình duyệt, in trên giấy tiếp nhận để tra cứu. Để trống là http://<listen>.";
        helpline: String = String::new(),
            "Số điện thoại hỗ trợ, hiện trên các trang báo lỗi.";
    }
}

section! {
    /// Where everything is kept.
    Store {
        data: PathBuf = PathBuf::from("motcua-data"),
            "Thư mục dữ liệu: tệp SQLite, kho tệp (blobs), khóa (keys). `--data` trên dòng lệnh thắng giá trị này.";
        url: String = String::new(),
            "Để trống: dùng tệp SQLite trong thư mục dữ liệu. Hoặc postgres://người_dùng@máy/cơ_sở_dữ_liệu. Nếu địa chỉ có mật khẩu, hãy ghi cả địa chỉ vào một tệp riêng và đặt biến môi trường MOTCUA_STORE_URL_FILE trỏ tới tệp đó.";
        master_key_file: PathBuf = PathBuf::new(),
            "Khóa chủ mã hóa kho tệp. Để trống là keys/master.key trong thư mục dữ liệu, tự tạo lần đầu. Mất khóa này là mất mọi tệp. Biến môi trường: MOTCUA_MASTER_KEY_FILE.";
    }
}

section! {
    /// What the province decides.
    Legal {
        counting: Counting = Counting::Hours,
            "Cách tính ngày làm việc: \"hours\" (đủ số giờ làm việc, tính từ phút tiếp nhận) hoặc \"days\" (không tính ngày tiếp nhận).";
        code_format: DossierCodeFormat = DossierCodeFormat::default(),
            "Mẫu mã hồ sơ.";
        system_name: String = "Hệ thống một cửa Một Cửa".to_owned(),
            "Tên hệ thống, ghi trong mã QR của mọi giấy tờ in ra và trong thông tin tệp.";
        signed_forms: Vec<String> = ["01-giay-tiep-nhan", "02-yeu-cau-bo-sung", "03-tu-choi", "04-xin-loi", "05-dung-giai-quyet"].map(str::to_owned).to_vec(),
            "Các mẫu giấy ra khỏi hệ thống có chữ ký số của cơ quan tiếp nhận (mã mẫu là tên thư mục trong forms). Cơ quan chưa có khóa, hoặc khóa đã hết hạn, thì giấy vẫn in và để chỗ ký tay. [] là không ký số mẫu nào.";
    }
}

section! {
    /// How rights are given.
    People {
        days_to_confirm: u16 = 7,
            "Vai trò quan trọng (quản trị, lãnh đạo ký, văn thư, kiểm soát) chờ người thứ hai xác nhận bao nhiêu ngày (1 đến 90). Quá hạn thì phải đề nghị lại.";
        second_factor: Vec<String> = Vec::new(),
            "Các vai bắt buộc xác thực hai lớp, ví dụ [\"quan-tri\", \"lanh-dao-ky\"]; tên vai như trong `motcua officer give --help`. Người giữ vai đó mà chưa bật thì sau khi đăng nhập chỉ vào được trang tài khoản để bật.";
    }
}

section! {
    /// Through whom officers may sign in besides.
    SignIn {
        issuer: String = String::new(),
            "Địa chỉ của máy chủ định danh (OpenID Connect) của tỉnh hoặc bộ, đúng như máy chủ ghi trong mục issuer của nó, ví dụ https://dinhdanh.tinh.gov.vn/realms/can-bo. Để trống: không dùng.";
        client_id: String = String::new(),
            "Tên phần mềm này đã đăng ký ở máy chủ định danh. Địa chỉ trở về phải đăng ký đúng là <server.public_url>/dang-nhap/dinh-danh/ve.";
        secret_file: PathBuf = PathBuf::new(),
            "Tệp chứa mật khẩu của phần mềm này ở máy chủ định danh. Biến môi trường: MOTCUA_SIGN_IN_SECRET_FILE.";
        name: String = "máy chủ định danh".to_owned(),
            "Tên người dùng quen gọi máy chủ đó, hiện trên nút đăng nhập.";
        claim: String = "sub".to_owned(),
            "Mục trong phiếu định danh nói người đăng nhập là ai: \"sub\", hoặc mục chứa mã cán bộ không bao giờ cấp lại cho người khác. Không dùng thư điện tử hay họ tên.";
        two_factors: Vec<String> = Vec::new(),
            "Máy chủ định danh ghi thế nào thì coi là đã xác thực hai lớp ở đó, ví dụ [\"amr:otp\", \"acr:2\"]. Để trống: ai phải có hai lớp thì làm lớp thứ hai ở đây.";
        passwords: bool = true,
            "false: mật khẩu chỉ còn mở được tài khoản của quản trị hệ thống, để cứu khi máy chủ định danh hỏng. Khóa truy cập vẫn dùng được.";
    }
}

section! {
    /// How long paper may be out of sight.
    Custody {
        hours_to_confirm: u16 = 8,
            "Bìa hồ sơ giấy đã giao mà người nhận chưa xác nhận sau bao nhiêu giờ làm việc thì báo động (1 đến 400).";
        days_unseen: u16 = 30,
            "Bìa của hồ sơ đang giải quyết không ai quét trong bao nhiêu ngày thì vào danh sách phải tìm (1 đến 400).";
    }
}

section! {
    /// Who fills in a form that one alone should fill in.
    Writing {
        minutes_held: u16 = 2,
            "Người đang soạn dự thảo giữ quyền soạn thêm bao nhiêu phút sau khi đóng trang hoặc mất mạng (1 đến 120). Hết thời gian này người khác soạn được.";
    }
}

section! {
    /// Opening a dossier in an emergency.
    Emergency {
        hours: u16 = 4,
            "Hồ sơ mở khẩn cấp đọc được trong bao nhiêu giờ (1 đến 24), sau đó tự đóng.";
        most_a_day: u16 = 5,
            "Mỗi cán bộ mở khẩn cấp nhiều nhất bao nhiêu hồ sơ một ngày (0 đến 100). 0: không ai mở khẩn cấp được.";
        days_to_review: u16 = 3,
            "Lãnh đạo cơ quan giải quyết hồ sơ phải xem xét lần mở trong bao nhiêu ngày làm việc (1 đến 30). Quá hạn thì báo động.";
    }
}

section! {
    /// What reading papers may cost.
    Scan {
        workers: usize = 0,
            "Số tiến trình đọc trang cùng lúc. 0 là bằng số lõi của máy. Mỗi tiến trình dùng nhiều nhất `memory_mb`.";
        memory_mb: u64 = 2_048,
            "Bộ nhớ nhiều nhất của một tiến trình đọc, MB.";
        page_seconds: u64 = 90,
            "Một trang được đọc lâu nhất bao nhiêu giây.";
        file_mb: u64 = 50,
            "Một tệp tải lên nặng nhất bao nhiêu MB (không quá 50).";
        pages: u32 = 200,
            "Một tệp có nhiều nhất bao nhiêu trang.";
        page_megapixels: u64 = 120,
            "Một trang có nhiều nhất bao nhiêu triệu điểm ảnh.";
        decoded_mb: u64 = 400,
            "Các trang của một tệp sau khi mở, cộng lại nhiều nhất bao nhiêu MB.";
    }
}

section! {
    /// Telling other systems what happens.
    Notices {
        networks: Vec<String> = Vec::new(),
            "Các mạng nội bộ được nhận thông báo tự động, ví dụ [\"10.20.0.0/16\"]. Để trống: chỉ gửi ra địa chỉ công khai trên Internet.";
    }
}

section! {
    /// Mail to officers.
    Mail {
        server: String = String::new(),
            "Tên máy chủ thư (SMTP). Để trống: không gửi thư.";
        port: u16 = 587,
            "Cổng của máy chủ thư: 587 với \"starttls\", 465 với \"tls\".";
        tls: MailTls = MailTls::Starttls,
            "Cách mã hóa: \"starttls\", \"tls\", hoặc \"none\" khi máy chủ thư ở ngay máy này hay trong mạng nội bộ.";
        user: String = String::new(),
            "Tên đăng nhập máy chủ thư. Để trống: máy chủ không đòi đăng nhập.";
        password_file: PathBuf = PathBuf::new(),
            "Tệp chứa mật khẩu đăng nhập máy chủ thư. Biến môi trường: MOTCUA_MAIL_PASSWORD_FILE.";
        sender: String = String::new(),
            "Địa chỉ người gửi, ví dụ motcua@coquan.gov.vn.";
        roots: PathBuf = PathBuf::new(),
            "Tệp PEM chứng thư gốc của máy chủ thư, khi nơi cấp không có sẵn trong máy này. Để trống: dùng các chứng thư gốc của máy.";
        digest_at: String = "07:00".to_owned(),
            "Giờ gửi thư nhắc việc mỗi sáng làm việc, cho cán bộ đã xin nhận.";
    }
}

section! {
    /// What is done behind the pages.
    Jobs {
        at_a_time: usize = 0,
            "Số việc nền làm cùng lúc. 0 là bằng số tiến trình đọc.";
    }
}

section! {
    /// Keys held in software.
    Signing {
        password_file: PathBuf = PathBuf::new(),
            "Tệp chứa mật khẩu mở các khóa ký PKCS#12 trong cơ sở dữ liệu. Để trống là keys/p12-password trong thư mục dữ liệu, tự tạo lần đầu. Biến môi trường: MOTCUA_SIGNING_PASSWORD_FILE.";
        read_before_round: bool = false,
            "true: người ký phải mở xem từng văn bản trước khi ký nó trong một đợt nhiều văn bản.";
    }
}

section! {
    /// How what happened is sealed against being changed afterwards.
    Audit {
        seal_every_minutes: u64 = 5,
            "Cứ bao nhiêu phút thì niêm phong các sự kiện mới một lần (1 đến 60). Không có sự kiện mới thì không ghi gì.";
        timestamp_url: String = String::new(),
            "Địa chỉ dịch vụ cấp dấu thời gian (TSA, RFC 3161) của tổ chức chứng thực. Để trống: niêm phong không có dấu thời gian bên ngoài.";
        timestamp_roots: PathBuf = PathBuf::new(),
            "Tệp PEM các chứng thư gốc của dịch vụ cấp dấu thời gian. Để trống: nhận mọi dấu ký đúng, không xét ai cấp.";
    }
}

section! {
    /// What is written about the running of the program, never about persons.
    Log {
        format: LogFormat = LogFormat::Text,
            "\"text\" cho người đọc, \"json\" cho hệ thống thu nhật ký. Nhật ký ra stderr và không có dữ liệu cá nhân.";
        level: String = "info".to_owned(),
            "error, warn, info, debug hoặc trace; có thể đặt riêng từng phần: \"info,office=debug\".";
    }
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LogFormat {
    Text,
    Json,
}

/// How the connection to the mail server is made safe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MailTls {
    Starttls,
    Tls,
    None,
}

/// Everything that can be set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Config {
    pub(crate) server: Server,
    pub(crate) store: Store,
    pub(crate) legal: Legal,
    pub(crate) people: People,
    pub(crate) sign_in: SignIn,
    pub(crate) custody: Custody,
    pub(crate) notices: Notices,
    pub(crate) mail: Mail,
    pub(crate) writing: Writing,
    pub(crate) emergency: Emergency,
    pub(crate) scan: Scan,
    pub(crate) jobs: Jobs,
    pub(crate) signing: Signing,
    pub(crate) audit: Audit,
    pub(crate) log: Log,
}

/// A section: its name, what it is about, and its keys with what each is about.
type Section = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// The sections in the order they are printed, with a heading.
const SECTIONS: [Section; 15] = [
    ("server", "Trang web", Server::HELP),
    ("store", "Nơi lưu", Store::HELP),
    ("legal", "Do tỉnh quyết định", Legal::HELP),
    ("people", "Cán bộ và quyền", People::HELP),
    ("sign_in", "Đăng nhập qua máy chủ định danh", SignIn::HELP),
    ("custody", "Hồ sơ giấy", Custody::HELP),
    ("notices", "Thông báo tự động", Notices::HELP),
    ("mail", "Thư điện tử", Mail::HELP),
    ("writing", "Soạn thảo", Writing::HELP),
    ("emergency", "Mở khẩn cấp hồ sơ", Emergency::HELP),
    ("scan", "Đọc giấy tờ", Scan::HELP),
    ("jobs", "Việc nền", Jobs::HELP),
    ("signing", "Khóa ký", Signing::HELP),
    ("audit", "Niêm phong dấu vết", Audit::HELP),
    ("log", "Nhật ký vận hành", Log::HELP),
];

/// Where to find configuration and data; the same for every command that needs them.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Place {
    /// Tệp cấu hình TOML (xem `motcua config`)
    #[arg(long, value_name = "TỆP")]
    pub(crate) config: Option<PathBuf>,
    /// Thư mục dữ liệu
    #[arg(long, value_name = "THƯ MỤC")]
    pub(crate) data: Option<PathBuf>,
}

/// In cấu hình mặc định, có giải thích từng mục
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

pub(crate) fn run(_: &Args) -> Result<ExitCode> {
    say(annotated_default()?.trim_end());
    Ok(ExitCode::SUCCESS)
}

impl Place {
    /// Reads the file, lets the command line and the environment have their say, and checks the whole.
    pub(crate) fn load(&self) -> Result<Config> {
        let mut config = match &self.config {
            Some(path) => {
                let text = std::fs::read_to_string(path)
                    .with_context(|| format!("không đọc được tệp cấu hình `{}`", path.display()))?;
                parse(&text).with_context(|| format!("tệp cấu hình `{}` sai", path.display()))?
            }
            None => Config::default(),
        };
        if let Some(data) = &self.data {
            config.store.data.clone_from(data);
        }
        config.take_secrets_places(environment)?;
        config.check()?;
        Ok(config)
    }
}

fn parse(text: &str) -> Result<Config> {
    Ok(toml::from_str(text)?)
}

#[expect(clippy::disallowed_methods, reason = "the one place where the environment is read")]
fn environment(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

impl Config {
    fn take_secrets_places(&mut self, place_of: impl Fn(&str) -> Option<PathBuf>) -> Result<()> {
        if let Some(path) = place_of("MOTCUA_STORE_URL_FILE") {
            self.store.url = secret_text(&path)?;
        }
        if let Some(path) = place_of("MOTCUA_MASTER_KEY_FILE") {
            self.store.master_key_file = path;
        }
        if let Some(path) = place_of("MOTCUA_SIGNING_PASSWORD_FILE") {
            self.signing.password_file = path;
        }
        if let Some(path) = place_of("MOTCUA_MAIL_PASSWORD_FILE") {
            self.mail.password_file = path;
        }
        if let Some(path) = place_of("MOTCUA_SIGN_IN_SECRET_FILE") {
            self.sign_in.secret_file = path;
        }
        Ok(())
    }

    fn check(&self) -> Result<()> {
        let url = &self.store.url;
        ensure!(
            url.is_empty() || url.starts_with("postgres://") || url.starts_with("postgresql://"),
            "store.url phải để trống (SQLite) hoặc bắt đầu bằng postgres://"
        );
        ensure!((1..=90).contains(&self.people.days_to_confirm), "people.days_to_confirm phải từ 1 đến 90");
        self.second_factor()?;
        self.sign_in.check()?;
        self.notice_networks()?;
        self.digest_at()?;
        ensure!(
            self.mail.server.is_empty() || rules::mail::check_address(&self.mail.sender).is_ok(),
            "mail.sender phải là địa chỉ thư, ví dụ motcua@coquan.gov.vn"
        );
        ensure!(
            self.mail.user.is_empty() == self.mail.password_file.as_os_str().is_empty(),
            "mail.user và mail.password_file phải cùng có hoặc cùng để trống"
        );
        ensure!(
            self.mail.user.is_empty() || self.mail.tls != MailTls::None || self.mail.server == "localhost",
            "mail.tls = \"none\" gửi mật khẩu không mã hóa. Dùng \"starttls\" hoặc \"tls\", hoặc bỏ mail.user"
        );
        ensure!(
            (1..=400).contains(&self.custody.hours_to_confirm),
            "custody.hours_to_confirm phải từ 1 đến 400"
        );
        ensure!((1..=400).contains(&self.custody.days_unseen), "custody.days_unseen phải từ 1 đến 400");
        ensure!((1..=120).contains(&self.writing.minutes_held), "writing.minutes_held phải từ 1 đến 120");
        ensure!((1..=24).contains(&self.emergency.hours), "emergency.hours phải từ 1 đến 24");
        ensure!(self.emergency.most_a_day <= 100, "emergency.most_a_day phải từ 0 đến 100");
        ensure!(
            (1..=30).contains(&self.emergency.days_to_review),
            "emergency.days_to_review phải từ 1 đến 30"
        );
        ensure!(
            self.scan.workers <= 256 && self.jobs.at_a_time <= 256,
            "scan.workers và jobs.at_a_time không quá 256"
        );
        ensure!(
            self.scan.memory_mb >= 256,
            "scan.memory_mb phải từ 256: ít hơn thì không nạp được mô hình tiếng Việt"
        );
        ensure!((1..=3_600).contains(&self.scan.page_seconds), "scan.page_seconds phải từ 1 đến 3600");
        ensure!((1..=50).contains(&self.scan.file_mb), "scan.file_mb phải từ 1 đến 50");
        ensure!((1..=2_000).contains(&self.scan.pages), "scan.pages phải từ 1 đến 2000");
        ensure!(
            (1..=1_000).contains(&self.scan.page_megapixels) && (1..=4_096).contains(&self.scan.decoded_mb),
            "scan.page_megapixels phải từ 1 đến 1000, scan.decoded_mb từ 1 đến 4096"
        );
        ensure!(
            (1..=60).contains(&self.audit.seal_every_minutes),
            "audit.seal_every_minutes phải từ 1 đến 60"
        );
        let authority = &self.audit.timestamp_url;
        ensure!(
            authority.is_empty() || authority.starts_with("http://") || authority.starts_with("https://"),
            "audit.timestamp_url phải để trống hoặc bắt đầu bằng http:// hay https://"
        );
        if !self.server.listen.ip().is_loopback() && !self.server.behind_proxy {
            bail!(
                "server.listen = \"{}\" mở cổng ra mạng mà không có TLS: mật khẩu và giấy tờ sẽ đi trần. \
                 Đặt proxy TLS đứng trước rồi ghi server.behind_proxy = true, hoặc dùng 127.0.0.1",
                self.server.listen
            );
        }
        ensure!(
            self.log.level.parse::<tracing_subscriber::EnvFilter>().is_ok(),
            "log.level = \"{}\" không phải mức nhật ký",
            self.log.level
        );
        Ok(())
    }

    /// The roles that may do nothing without a second factor.
    pub(crate) fn second_factor(&self) -> Result<Vec<Role>> {
        let read = |word: &String| role(word).map_err(|why| anyhow!("people.second_factor: {why}"));
        self.people.second_factor.iter().map(read).collect()
    }

    /// When the digest of a working morning goes out.
    pub(crate) fn digest_at(&self) -> Result<Time> {
        Time::strptime("%H:%M", &self.mail.digest_at)
            .map_err(|_| anyhow!("mail.digest_at: `{}` không phải giờ như 07:00", self.mail.digest_at))
    }

    /// The networks of our own that may be told what happens.
    pub(crate) fn notice_networks(&self) -> Result<Vec<AddressRange>> {
        let read = |text: &String| {
            text.parse()
                .map_err(|_| anyhow!("notices.networks: `{text}` không phải dải địa chỉ như 10.20.0.0/16"))
        };
        self.notices.networks.iter().map(read).collect()
    }

    pub(crate) fn public_url(&self) -> String {
        match self.server.public_url.trim_end_matches('/') {
            "" => format!("http://{}", self.server.listen),
            url => url.to_owned(),
        }
    }

    pub(crate) fn blobs_folder(&self) -> PathBuf {
        self.store.data.join("blobs")
    }

    pub(crate) fn sqlite_file(&self) -> PathBuf {
        self.store.data.join("motcua.db")
    }

    pub(crate) fn master_key_file(&self) -> PathBuf {
        self.or_in_keys(&self.store.master_key_file, "master.key")
    }

    pub(crate) fn p12_password_file(&self) -> PathBuf {
        self.or_in_keys(&self.signing.password_file, "p12-password")
    }

    fn or_in_keys(&self, stated: &Path, name: &str) -> PathBuf {
        if stated.as_os_str().is_empty() {
            self.store.data.join("keys").join(name)
        } else {
            stated.to_owned()
        }
    }

    pub(crate) fn database(&self) -> store::Config {
        if self.store.url.is_empty() {
            store::Config::sqlite(self.sqlite_file())
        } else {
            store::Config::postgres(self.store.url.clone())
        }
    }

    pub(crate) fn scan_workers(&self) -> usize {
        if self.scan.workers == 0 { processors() } else { self.scan.workers }
    }

    pub(crate) fn jobs_at_a_time(&self) -> usize {
        if self.jobs.at_a_time == 0 { self.scan_workers() } else { self.jobs.at_a_time }
    }

    pub(crate) fn scan_limits(&self) -> scan::intake::Limits {
        scan::intake::Limits {
            file_bytes: self.scan.file_mb << 20,
            pages: self.scan.pages,
            page_pixels: self.scan.page_megapixels * 1_000_000,
            decoded_bytes: self.scan.decoded_mb << 20,
        }
    }

    pub(crate) fn scan_bounds(&self) -> scan::worker::Bounds {
        scan::worker::Bounds {
            memory_bytes: self.scan.memory_mb << 20,
            // tidy-ok(words): the name is that of `scan`, which knows no dossier
            deadline: Duration::from_secs(self.scan.page_seconds),
            ..scan::worker::Bounds::default()
        }
    }
}

/// Claims that are given to another person later, or that two persons have.
const NOBODYS_OWN: [&str; 9] = [
    "email",
    "name",
    "preferred_username",
    "nickname",
    "given_name",
    "family_name",
    "phone_number",
    "upn",
    "unique_name",
];

impl SignIn {
    fn check(&self) -> Result<()> {
        if self.issuer.is_empty() {
            ensure!(
                self.passwords,
                "sign_in.passwords = false cần có sign_in.issuer: nếu không, không ai vào được"
            );
            return Ok(());
        }
        for (value, name) in [(&self.client_id, "client_id"), (&self.name, "name"), (&self.claim, "claim")] {
            ensure!(!value.trim().is_empty(), "sign_in.{name} không được trống khi có sign_in.issuer");
        }
        ensure!(
            !self.secret_file.as_os_str().is_empty(),
            "sign_in.secret_file không được trống khi có sign_in.issuer"
        );
        ensure!(
            !NOBODYS_OWN.contains(&self.claim.as_str()),
            "sign_in.claim = \"{}\" có thể về tay người khác; dùng \"sub\" hoặc mục chứa mã cán bộ",
            self.claim
        );
        ensure!(self.issuer.len() <= 300, "sign_in.issuer dài quá 300 ký tự");
        Ok(())
    }

    /// The server people sign in through besides, if there is one; `public` is our own address.
    pub(crate) fn server(&self, public: &str) -> Result<Option<connect::openid::Server>> {
        if self.issuer.is_empty() {
            return Ok(None);
        }
        let setup = connect::openid::Setup {
            issuer: self.issuer.clone(),
            client: self.client_id.clone(),
            secret: secret_text(&self.secret_file).context("không dùng được sign_in.secret_file")?,
            name: self.name.clone(),
            claim: self.claim.clone(),
            two_factors: self.two_factors.clone(),
            redirect: format!("{public}/dang-nhap/dinh-danh/ve"),
        };
        let server = connect::openid::Server::new(setup);
        Ok(Some(server.map_err(|why| anyhow!("sign_in sai: {why}"))?))
    }
}

/// The text of a file that holds one secret, without the line's end.
pub(crate) fn secret_text(path: &Path) -> Result<String> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("không đọc được tệp bí mật `{}`", path.display()))?;
    let text = text.trim_end_matches(['\r', '\n']);
    ensure!(!text.is_empty(), "tệp bí mật `{}` rỗng", path.display());
    Ok(text.to_owned())
}

/// The default configuration with the meaning of each setting.
fn annotated_default() -> Result<String> {
    let default = toml::Table::try_from(Config::default())?;
    let mut text = String::from(
        "# Cấu hình Một Cửa. Mọi giá trị dưới đây là mặc định; chỉ cần ghi những dòng muốn đổi.\n\
         # Mục nào viết sai tên sẽ bị báo lỗi, không bị bỏ qua.\n",
    );
    for (section, heading, help) in SECTIONS {
        let values = default.get(section).and_then(toml::Value::as_table).context("a section is a table")?;
        write!(text, "\n# {heading}\n[{section}]\n")?;
        for (name, meaning) in help {
            let value = values.get(*name).context("every setting has a default")?;
            for line in wrapped(meaning, 100) {
                writeln!(text, "# {line}")?;
            }
            writeln!(text, "{name} = {value}")?;
        }
    }
    Ok(text)
}

/// The text cut between words into lines of at most `most` letters.
fn wrapped(text: &str, most: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().expect("there is always a line");
        let n_letters = line.chars().count();
        if n_letters > 0 && n_letters + 1 + word.chars().count() > most {
            lines.push(word.to_owned());
        } else {
            if n_letters > 0 {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{Config, SECTIONS, annotated_default, parse};
    use rules::people::Role;
    use std::path::PathBuf;

    #[test]
    fn the_printed_default_is_the_default() {
        let text = annotated_default().expect("the default can be printed");
        assert_eq!(parse(&text).expect("it parses"), Config::default());
        assert_eq!(parse("").expect("an empty file is a configuration"), Config::default());
        Config::default().check().expect("the default works");
    }

    #[test]
    fn every_setting_is_explained() {
        let default = toml::Table::try_from(Config::default()).expect("it is a table");
        let named: Vec<&str> = SECTIONS.iter().map(|(section, ..)| *section).collect();
        let mut there: Vec<&str> = default.keys().map(String::as_str).collect();
        let mut sorted = named.clone();
        sorted.sort_unstable();
        there.sort_unstable();
        assert_eq!(sorted, there);
        for (section, _, help) in SECTIONS {
            let values = default[section].as_table().expect("a section is a table");
            assert_eq!(values.len(), help.len(), "{section}");
        }
    }

    #[test]
    fn a_misspelt_setting_is_an_error() {
        for text in ["[server]\nlissten = \"127.0.0.1:1\"", "[serverr]\n", "[scan]\nworkers = -1"] {
            parse(text).expect_err(text);
        }
    }

    #[test]
    fn a_port_open_to_the_network_needs_a_proxy() {
        let open = parse("[server]\nlisten = \"0.0.0.0:8686\"").expect("it parses");
        let message = open.check().expect_err("there is no TLS").to_string();
        assert!(message.contains("behind_proxy"), "{message}");
        let proxied = parse("[server]\nlisten = \"0.0.0.0:8686\"\nbehind_proxy = true").expect("it parses");
        proxied.check().expect("the proxy has the TLS");
    }

    #[test]
    fn the_environment_gives_places_of_secrets_only() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let url_file = folder.path().join("url");
        std::fs::write(&url_file, "postgres://motcua:secret@db/motcua\n").expect("it can be written");
        let mut config = Config::default();
        let place = |name: &str| match name {
            "MOTCUA_STORE_URL_FILE" => Some(url_file.clone()),
            "MOTCUA_MASTER_KEY_FILE" => Some(PathBuf::from("/etc/motcua/key")),
            _ => None,
        };
        config.take_secrets_places(place).expect("the file is readable");
        assert_eq!(config.store.url, "postgres://motcua:secret@db/motcua");
        assert_eq!(config.master_key_file(), PathBuf::from("/etc/motcua/key"));
        assert_eq!(config.p12_password_file(), PathBuf::from("motcua-data/keys/p12-password"));
        assert!(!format!("{:?}", config.database()).contains("secret"));
    }

    #[test]
    fn a_second_factor_is_asked_of_roles_named_as_on_the_command_line() {
        let config = parse("[people]\nsecond_factor = [\"quan-tri\", \"lanh-dao-ky\"]").expect("it parses");
        assert_eq!(config.second_factor().expect("roles"), [Role::Admin, Role::Leader]);
        assert_eq!(Config::default().second_factor().expect("roles"), [], "of nobody");
    }

    #[test]
    fn wrong_values_are_named() {
        for (text, name) in [
            ("[store]\nurl = \"mysql://x\"", "store.url"),
            ("[scan]\nfile_mb = 500", "scan.file_mb"),
            ("[scan]\nmemory_mb = 10", "scan.memory_mb"),
            ("[audit]\nseal_every_minutes = 0", "audit.seal_every_minutes"),
            ("[audit]\ntimestamp_url = \"tsa.vn\"", "audit.timestamp_url"),
            ("[mail]\nserver = \"thu.vn\"", "mail.sender"),
            ("[mail]\nserver = \"thu.vn\"\nsender = \"a@b.vn\"\nuser = \"a\"", "mail.password_file"),
            (
                "[mail]\nserver = \"thu.vn\"\nsender = \"a@b.vn\"\nuser = \"a\"\npassword_file = \"x\"\ntls = \"none\"",
                "mail.tls",
            ),
            ("[mail]\ndigest_at = \"7 giờ\"", "mail.digest_at"),
            ("[people]\nsecond_factor = [\"giam-doc\"]", "people.second_factor"),
            ("[sign_in]\npasswords = false", "sign_in.passwords"),
            ("[sign_in]\nissuer = \"https://a.vn\"", "sign_in.client_id"),
            ("[sign_in]\nissuer = \"https://a.vn\"\nclient_id = \"x\"", "sign_in.secret_file"),
            (
                "[sign_in]\nissuer = \"https://a.vn\"\nclient_id = \"x\"\nsecret_file = \"s\"\nclaim = \"email\"",
                "sign_in.claim",
            ),
            ("[log]\nlevel = \"very=loud=\"", "log.level"),
        ] {
            let message = parse(text).expect(text).check().expect_err(text).to_string();
            assert!(message.contains(name), "{message}");
        }
    }
}
