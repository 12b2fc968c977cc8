//! The QR code by which a payer's bank fills in a transfer: account, amount, and what it is for.
//!
//! The text is EMV's: fields of two figures of tag, two of length, and the value, closed by a checksum. Tags and
//! limits are those of the VietQR specification of NAPAS, as the open encoders binhnguyenduc/vietqr-ts and
//! openhoangnc/vietqr (both MIT) write them.

use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

/// Where an agency's fees are paid to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// As the agency calls its bank or treasury.
    pub bank: String,
    /// Six figures, by which banks know each other.
    pub bin: String,
    pub number: String,
    /// As the payer's bank will say it.
    pub holder: String,
}

/// What is wrong with an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountFault {
    Bank,
    Bin,
    Number,
    Holder,
}

/// A transfer cannot be asked for like this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unpayable {
    #[error("the amount is not from 1 to 13 figures")]
    Amount,
    #[error("the account has faults")]
    Account,
}

/// The longest bill number and purpose.
const REFERENCE: usize = 25;
const MOST: i64 = 9_999_999_999_999;

impl Account {
    /// An account as it was typed; every fault of it.
    pub fn read(bank: &str, bin: &str, number: &str, holder: &str) -> Result<Self, Vec<AccountFault>> {
        let without_blanks = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        let account = Self {
            bank: crate::text::nfc(bank.trim()),
            bin: without_blanks(bin),
            number: without_blanks(number),
            holder: crate::text::nfc(holder.trim()),
        };
        let faults = account.faults();
        if faults.is_empty() { Ok(account) } else { Err(faults) }
    }

    fn faults(&self) -> Vec<AccountFault> {
        let is_bin = self.bin.len() == 6 && self.bin.bytes().all(|byte| byte.is_ascii_digit());
        let is_number = (1..=19).contains(&self.number.len())
            && self.number.bytes().all(|byte| byte.is_ascii_alphanumeric());
        [
            (AccountFault::Bank, is_name(&self.bank)),
            (AccountFault::Bin, is_bin),
            (AccountFault::Number, is_number),
            (AccountFault::Holder, is_name(&self.holder)),
        ]
        .into_iter()
        .filter_map(|(fault, is_sound)| (!is_sound).then_some(fault))
        .collect()
    }
}

/// A name that stands on a screen before the public: letters, figures and the marks names have, so that nothing
/// in it can hide, turn the line around or pass for something else.
fn is_name(name: &str) -> bool {
    let fits =
        |c: char| c.is_alphanumeric() || matches!(c, ' ' | '.' | ',' | '-' | '&' | '(' | ')' | '/' | '\'');
    (2..=100).contains(&name.chars().count())
        && name.chars().all(fits)
        && name.chars().any(char::is_alphabetic)
}

/// What a transfer says it is for: the code of the dossier, in the figures and letters every bank keeps.
pub fn reference(code: &str) -> String {
    let kept: Vec<u8> = code.bytes().filter(u8::is_ascii_alphanumeric).collect();
    let from = kept.len().saturating_sub(REFERENCE);
    kept[from..].iter().map(|&byte| char::from(byte.to_ascii_uppercase())).collect()
}

/// The text of the code. Without an amount the payer types it.
pub fn payment(account: &Account, amount: Option<i64>, reference: &str) -> Result<String, Unpayable> {
    if !account.faults().is_empty() {
        return Err(Unpayable::Account);
    }
    if amount.is_some_and(|amount| !(1..=MOST).contains(&amount)) {
        return Err(Unpayable::Amount);
    }
    let beneficiary = field("00", &account.bin) + &field("01", &account.number);
    // QRIBFTTA: at once, to an account.
    let receiver = field("00", "A000000727") + &field("01", &beneficiary) + &field("02", "QRIBFTTA");
    let mut text = field("00", "01")
        + &field("01", if amount.is_some() { "12" } else { "11" })
        + &field("38", &receiver)
        + &field("53", "704");
    if let Some(amount) = amount {
        text += &field("54", &amount.to_string());
    }
    text += &field("58", "VN");
    let reference: String = self::reference(reference);
    if !reference.is_empty() {
        text += &field("62", &(field("01", &reference) + &field("08", &reference)));
    }
    text += "6304";
    let sum = checksum(text.as_bytes());
    let _ = write!(text, "{sum:04X}");
    Ok(text)
}

fn field(tag: &str, value: &str) -> String {
    format!("{tag}{:02}{value}", value.len())
}

/// CRC-16/CCITT: polynomial 0x1021, begun at 0xFFFF.
fn checksum(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xFFFF, |sum, &byte| {
        (0..8).fold(sum ^ (u16::from(byte) << 8), |sum, _| {
            if sum & 0x8000 == 0 { sum << 1 } else { (sum << 1) ^ 0x1021 }
        })
    })
}

#[cfg(test)]
mod tests;
