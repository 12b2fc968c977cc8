//! The text of the code is read back as a bank would read it.

use super::{Account, AccountFault, Unpayable, checksum, payment, reference};
use proptest::prelude::*;

fn account() -> Account {
    Account::read("Ngân hàng Mẫu", "970 436", "0011 0012 3456", "UBND XÃ YÊN BÌNH").expect("sound")
}

/// The fields of a text, in order; the reader of a bank, written from the other side.
fn fields(mut text: &str) -> Vec<(&str, &str)> {
    let mut all = Vec::new();
    while !text.is_empty() {
        let n: usize = text[2..4].parse().expect("a length");
        all.push((&text[..2], &text[4..4 + n]));
        text = &text[4 + n..];
    }
    all
}

fn value<'t>(fields: &[(&'t str, &'t str)], tag: &str) -> Option<&'t str> {
    fields.iter().find(|(found, _)| *found == tag).map(|(_, value)| *value)
}

#[test]
fn the_checksum_is_the_known_one() {
    // The check value of CRC-16/CCITT-FALSE.
    assert_eq!(checksum(b"123456789"), 0x29B1);
}

#[test]
fn the_text_is_written_as_banks_read_it() {
    let text = payment(&account(), Some(15_000), "H99.101-261123-0001").expect("payable");
    assert_eq!(
        text,
        "00020101021238560010A0000007270126000697043601120011001234560208QRIBFTTA53037045405150005802VN\
         62400116H9910126112300010816H9910126112300016304779C"
    );
    let open = payment(&account(), None, "").expect("payable");
    assert!(open.starts_with("000201010211") && !open.contains("5405"), "{open}");
}

#[test]
fn what_cannot_be_asked_for_is_not() {
    assert_eq!(payment(&account(), Some(0), "A"), Err(Unpayable::Amount));
    assert_eq!(payment(&account(), Some(10_000_000_000_000), "A"), Err(Unpayable::Amount));
    let broken = Account { number: "12 34".to_owned(), ..account() };
    assert_eq!(payment(&broken, Some(1), "A"), Err(Unpayable::Account));
}

#[test]
fn every_fault_of_an_account_is_told() {
    let all = vec![AccountFault::Bank, AccountFault::Bin, AccountFault::Number, AccountFault::Holder];
    assert_eq!(Account::read("", "97043", "12345678901234567890", "1"), Err(all));
    for hostile in ["UBND\u{202e}XÃ", "UBND\u{200b} xã", "UBND\nxã", "<b>UBND</b>", "12", &"A".repeat(101)]
    {
        let read = Account::read("Kho bạc", "970436", "12A", hostile);
        assert_eq!(read, Err(vec![AccountFault::Holder]), "{hostile:?}");
    }
}

#[test]
fn a_reference_keeps_the_end_of_a_long_code() {
    assert_eq!(reference("H99.101-261123-0001"), "H991012611230001");
    assert_eq!(reference("000.00.15.h40-20261123-000001"), "0000015H4020261123000001");
    assert_eq!(reference("000.00.15.H40.991-20261123-000001").len(), 25);
    assert!(reference("000.00.15.H40.991-20261123-000001").ends_with("20261123000001"));
    assert_eq!(reference("đ—–"), "");
}

proptest! {
    #[test]
    fn what_was_written_is_read_back(
        bin in "[0-9]{6}", number in "[0-9A-Za-z]{1,19}", amount in proptest::option::of(1..=9_999_999_999_999_i64),
        code in "[ -~]{0,60}",
    ) {
        let account = Account::read("Kho bạc", &bin, &number, "UBND xã").expect("sound");
        let text = payment(&account, amount, &code).expect("payable");
        let all = fields(&text);
        prop_assert_eq!(value(&all, "01"), Some(if amount.is_some() { "12" } else { "11" }));
        prop_assert_eq!(value(&all, "54").map(str::to_owned), amount.map(|amount| amount.to_string()));
        let receiver = fields(value(&all, "38").expect("a receiver"));
        prop_assert_eq!(value(&receiver, "02"), Some("QRIBFTTA"));
        let to = fields(value(&receiver, "01").expect("an account"));
        prop_assert_eq!((value(&to, "00"), value(&to, "01")), (Some(bin.as_str()), Some(number.as_str())));
        let said = value(&all, "62").map(fields).unwrap_or_default();
        let about = reference(&code);
        prop_assert_eq!(value(&said, "08").unwrap_or_default(), about.as_str());
        prop_assert!(about.len() <= 25);
        let (body, sum) = text.split_at(text.len() - 4);
        prop_assert_eq!(sum, format!("{:04X}", checksum(body.as_bytes())));
    }
}
