//! Codes and numbers of the law, each parsed once into a type whose field is private: whoever holds
//! the value holds a valid one. The errors are worded in Vietnamese: they are read at the counter.
//!
//! Uniqueness, allocation of ordinals and look-up are left to `store`.

mod agency;
mod digitisation;
mod document;
mod dossier;
mod folder;
mod owner;
mod personal;
mod procedure;
mod tax;

#[cfg(test)]
mod tests;

pub use agency::{AgencyCode, AgencyOrder, BadAgencyCode};
pub use digitisation::{BadDigitisationCode, DigitisationCode, DigitisedWhat, TypeCode};
pub use document::{BadDocumentNumber, DocumentNumber};
pub use dossier::{BadDossierCode, DossierCode, DossierCodeFormat};
pub use folder::{BadFolderCode, FolderCode};
pub use owner::{BadOwnerNumber, OwnerNumber};
pub use personal::{
    BadOldId, BadPersonalId, OldIdNumber, PROVINCES, PersonalId, PersonalIdFault, Province, RegisteredIn, Sex,
};
pub use procedure::{BadProcedureCode, ProcedureCode};
pub use tax::{BadTaxCode, TaxCode};

/// Text in, text out: what every code does at the border with serde and with people.
macro_rules! text_code {
    ($name:ident, $bad:ident) => {
        impl $name {
            /// The code as it is written.
            pub fn as_str(&self) -> &str {
                &self.text
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = $bad;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(code: $name) -> Self {
                code.text
            }
        }
    };
}
pub(crate) use text_code;

/// All of `text` is ASCII figures, and there is some of it.
fn is_figures(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// All of `text` is A–Z and 0–9, and there is some of it.
fn is_capitals_or_figures(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
}
