//! The one configuration: a TOML file, typed, every setting with a default that works. What each
//! setting means stands beside it here, and `motcua config` prints exactly that.
//! The environment gives only the places of secrets. What may not be said is in [`check`], what the settings
//! come to in [`meaning`].

mod check;
mod meaning;

pub(crate) use meaning::secret_text;

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use office::counter::slip::OF_THE_CIRCULAR;
use rules::calendar::Counting;
use rules::code::DossierCodeFormat;
use serde::{Deserialize, Serialize};

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
            "true khi có proxy (nginx, Caddy…) lo TLS đứng trước. Khi đó cookie chỉ đi qua HTTPS, và địa chỉ người truy cập là địa chỉ cuối trong dòng X-Forwarded-For do proxy ghi.";
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
        signed_forms: Vec<String> = OF_THE_CIRCULAR.map(str::to_owned).to_vec(),
            "Các mẫu giấy ra khỏi hệ thống có chữ ký số của cơ quan tiếp nhận (tên thư mục trong forms). Cơ quan chưa có khóa, hoặc khóa đã hết hạn, thì giấy vẫn in và để chỗ ký tay. [] là không ký số mẫu nào.";
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
mod tests;
