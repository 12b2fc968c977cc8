//! Why something about people is not done.

use super::Role;
use jiff::civil::Date;

/// One reason; an act collects all of them before it refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeopleFault {
    /// A post is not lent to its own holder.
    ToHimself,
    /// This role stays with its holder.
    NeverLent(Role),
    /// The giver does not hold this role there himself, for all these days and procedures.
    NotHisPost(Role),
    DatesReversed,
    /// The last day is over.
    Past(Date),
    /// An authorisation names its procedures.
    ProceduresNotNamed,
    DecisionMissing,
    ReasonMissing,
    /// The account is closed.
    Inactive,
    /// He would be away himself.
    AlsoAway(Date),
    /// Another leave covers some of these days.
    AwayAlready(Date),
    /// Nobody takes over what he holds: so many dossiers, with the codes of the first.
    NobodyTakesOver {
        held: usize,
        codes: Vec<String>,
    },
    /// Dossiers he holds that the transfer does not name.
    NotMoved(Vec<String>),
    /// A dossier that is named and is not in his hands.
    NotInHand,
    /// Whoever is to get this dossier has no right to its step.
    CannotTake(String),
    /// Somebody else has to confirm it.
    SamePerson,
    /// Nobody confirms a right for himself.
    GainsHimself,
    /// The time to confirm it is over since this day.
    Lapsed(Date),
    /// It was confirmed or is over already.
    Settled,
    /// He has this post already on some of these days.
    HasIt(Role),
    /// He has no such post to end.
    HasNot(Role),
    /// A login is made of small letters, digits, points and hyphens.
    LoginUnusable(String),
    LoginTaken(String),
    NameMissing,
    /// The agency is none of today's.
    NoSuchAgency,
    /// The agency stands neither under the administrator's own nor is it his own.
    OutsideReach,
    /// Nobody locks himself out.
    LocksHimself,
    /// Whoever is to be locked is, and whoever is to be let in may come in.
    AlreadySo,
    /// The first administrators are there: the others are added by them.
    HasAdministrators,
    /// Whoever changes his password proves that it is he.
    PasswordWrong,
    PasswordUnchanged,
    /// It has fewer letters than this.
    PasswordShort(usize),
    /// It has more letters than this.
    PasswordLong(usize),
    /// Few different letters, or the login itself.
    PasswordPlain,
    /// What was typed twice differs.
    PasswordTypedApart,
    /// It can be neither a code of the app nor a recovery code.
    CodeUnreadable,
    /// It is not the code of now, or counted already.
    CodeWrong,
    /// There is no second factor that waits for its first code.
    SecondFactorNotBegun,
    SecondFactorIsOn,
    SecondFactorIsOff,
    /// He must sign in with his passkey before he sets up anything else.
    OwesPasskey,
    PasskeyNameMissing,
    /// It has more letters than this.
    PasskeyNameLong(usize),
    /// What the browser sent is not a key made for this question.
    PasskeyUnusable,
    /// The public address of the installation is none that passkeys can be bound to.
    NoPlaceForPasskeys,
    /// The installation has no identity server.
    NoIdentityServer,
    /// Who somebody is at the identity server was not said.
    IdentityMissing,
    IdentityLong(usize),
    /// It is somebody else's here.
    IdentityTaken,
    HasIdentity,
    HasNoIdentity,
}
