//! The mail server of the installation (SMTP): one message to one officer, over a connection that is safe before
//! anything is said on it.

use lettre::address::Address;
use lettre::message::{Mailbox, Message, MultiPart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use rules::link::{Cause, Failure};
use std::error::Error as _;
use std::fmt;
use std::io;
use std::time::Duration;

/// How long one answer of the server may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a whole message may take.
const WHOLE: Duration = Duration::from_secs(15);

/// How the connection is made safe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Safety {
    /// TLS from the first byte.
    Tls,
    /// TLS after STARTTLS, which the server must offer.
    StartTls,
    /// None: only where the server stands on this very machine or in a network of ours.
    Plain,
}

/// Where mail is given off, and in whose name.
#[derive(Clone)]
pub struct Server {
    pub host: String,
    pub port: u16,
    pub safety: Safety,
    /// Login and password; none where the server asks for none.
    pub login: Option<(String, String)>,
    /// Certificates in PEM to believe beside those of the machine.
    pub roots: Option<Vec<u8>>,
    /// The address mail comes from, and the name shown with it.
    pub sender: String,
    pub sender_name: String,
}

/// Never prints the password.
impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("host", &self.host).field("port", &self.port).finish_non_exhaustive()
    }
}

/// A message to one officer, in plain text and as a simple page.
#[derive(Clone, Debug)]
pub struct Letter {
    pub to: String,
    pub to_name: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    /// What tells a second copy from another message.
    pub id: String,
}

/// Why nothing can be sent at all.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    #[error("the sender's address is none")]
    Sender,
    #[error("the certificates cannot be read")]
    Roots(#[source] lettre::transport::smtp::Error),
}

/// Why a message was not taken.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the message cannot be written: {0}")]
    Unwritable(String),
    #[error("no whole exchange in time")]
    TooSlow,
    #[error("the mail server did not take it")]
    NotTaken(#[source] lettre::transport::smtp::Error),
}

impl Error {
    /// What whoever keeps the installation can do about it.
    pub fn failure(&self) -> Failure {
        let (cause, status) = match self {
            Self::Unwritable(_) => (Cause::Malformed, None),
            Self::TooSlow => (Cause::TooSlow, None),
            Self::NotTaken(error) => {
                let status = error.status().map(u16::from);
                let cause = match status {
                    Some(530 | 534 | 535 | 538) => Cause::SignIn,
                    Some(_) => Cause::Refused,
                    None if error.is_timeout() => Cause::TooSlow,
                    None if error.is_tls() || is_untrusted(error) => Cause::Tls,
                    // It says so when the server offers no TLS, or no way to sign in that we know.
                    None if error.is_client() => Cause::Tls,
                    None if error.is_response() => Cause::Malformed,
                    None => Cause::Unreachable,
                };
                (cause, status)
            }
        };
        Failure { cause, status }
    }

    /// Is it worth trying again later? An address that is refused for good stays refused.
    pub fn retry(&self) -> bool {
        !matches!(self, Self::NotTaken(error) if error.is_permanent()) && !matches!(self, Self::Unwritable(_))
    }
}

/// Did the handshake fail? The connection says so by an error of data somewhere among its sources.
fn is_untrusted(error: &lettre::transport::smtp::Error) -> bool {
    let sources = std::iter::successors(error.source(), |&source| source.source());
    sources
        .filter_map(|source| source.downcast_ref::<io::Error>())
        .any(|error| error.kind() == io::ErrorKind::InvalidData)
}

/// What gives mail off.
#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    host: String,
}

impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mailer").field("host", &self.host).finish_non_exhaustive()
    }
}

impl Mailer {
    pub fn new(server: &Server) -> Result<Self, Unusable> {
        let address: Address = server.sender.parse().map_err(|_| Unusable::Sender)?;
        let domain = address.domain().to_owned();
        let safe = || {
            let mut parameters = TlsParameters::builder(server.host.clone());
            if let Some(pem) = &server.roots {
                parameters = parameters.add_root_certificate(Certificate::from_pem(pem)?);
            }
            parameters.build_rustls()
        };
        let tls = match server.safety {
            Safety::Tls => Tls::Wrapper(safe().map_err(Unusable::Roots)?),
            Safety::StartTls => Tls::Required(safe().map_err(Unusable::Roots)?),
            Safety::Plain => Tls::None,
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(server.host.clone())
            .port(server.port)
            .tls(tls)
            .timeout(Some(PATIENCE))
            .hello_name(ClientId::Domain(domain));
        if let Some((user, password)) = &server.login {
            builder = builder.credentials(Credentials::new(user.clone(), password.clone()));
        }
        Ok(Self {
            transport: builder.build(),
            from: Mailbox::new(Some(one_line(&server.sender_name)), address),
            host: server.host.clone(),
        })
    }

    /// The server's name, to show.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Connects, signs in and goes away again.
    pub async fn check(&self) -> Result<(), Error> {
        match tokio::time::timeout(WHOLE, self.transport.test_connection()).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(Error::NotTaken(error)),
            Err(_) => Err(Error::TooSlow),
        }
    }

    /// Gives one message off.
    pub async fn send(&self, letter: &Letter) -> Result<(), Error> {
        let message = self.message(letter)?;
        match tokio::time::timeout(WHOLE, self.transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(Error::NotTaken(error)),
            Err(_) => Err(Error::TooSlow),
        }
    }

    fn message(&self, letter: &Letter) -> Result<Message, Error> {
        let to: Address = letter.to.parse().map_err(|_| Error::Unwritable("the address".to_owned()))?;
        let id = format!("<{}@{}>", plain(&letter.id), self.from.email.domain());
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(Some(one_line(&letter.to_name)), to))
            .subject(one_line(&letter.subject))
            .message_id(Some(id))
            // A machine wrote it: no out-of-office answer is wanted.
            .header(AutoSubmitted)
            .multipart(MultiPart::alternative_plain_html(letter.text.clone(), letter.html.clone()))
            .map_err(|error| Error::Unwritable(error.to_string()))
    }
}

/// Nothing that could end a line of a header, whatever somebody is called.
fn one_line(text: &str) -> String {
    let spaced = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn plain(id: &str) -> String {
    id.chars().filter(|c| c.is_ascii_alphanumeric() || "-.".contains(*c)).collect()
}

/// RFC 3834.
#[derive(Clone)]
struct AutoSubmitted;

impl lettre::message::header::Header for AutoSubmitted {
    fn name() -> lettre::message::header::HeaderName {
        lettre::message::header::HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> lettre::message::header::HeaderValue {
        lettre::message::header::HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

#[cfg(test)]
mod tests;
