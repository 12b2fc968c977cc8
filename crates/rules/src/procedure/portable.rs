//! A procedure as one file that can be carried from office to office: TOML in the shape of `procedures/`.
//! What is written reads back as the same value; what cannot be read says where and why.

use super::Procedure;
use crate::text::nfc;
use std::fmt;

/// A file larger than this is no procedure.
pub const MOST_BYTES: usize = 1 << 20;

/// Why a file is no procedure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    TooLarge,
    NotText,
    /// The place in the file where it goes wrong, counted from 1, and how.
    Shape {
        line: usize,
        why: String,
    },
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => {
                write!(f, "tệp nặng hơn {} KB, mức nhiều nhất của một thủ tục", MOST_BYTES >> 10)
            }
            Self::NotText => write!(f, "tệp không phải văn bản UTF-8"),
            Self::Shape { line, why } => write!(f, "dòng {line}: {why}"),
        }
    }
}

pub fn write(procedure: &Procedure) -> String {
    toml::to_string(procedure).expect("texts, numbers, days and lists of them can all be written")
}

pub fn read(bytes: &[u8]) -> Result<Procedure, Unread> {
    if bytes.len() > MOST_BYTES {
        return Err(Unread::TooLarge);
    }
    let text = str::from_utf8(bytes).map_err(|_| Unread::NotText)?;
    let text = nfc(text.strip_prefix('\u{feff}').unwrap_or(text));
    toml::from_str(&text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        Unread::Shape { line: before.matches('\n').count() + 1, why: in_vietnamese(error.message()) }
    })
}

/// The reader's own words, of which those met most have a translation.
fn in_vietnamese(message: &str) -> String {
    let named = message.split('`').nth(1).unwrap_or_default();
    if message.starts_with("missing field") {
        format!("thiếu mục `{named}`")
    } else if message.starts_with("unknown field") {
        format!("không có mục nào tên `{named}`")
    } else if message.starts_with("unknown variant") {
        format!("giá trị `{named}` không dùng được ở đây")
    } else if message.starts_with("duplicate") {
        "một mục được ghi hai lần".to_owned()
    } else if message.starts_with("invalid type") || message.starts_with("invalid value") {
        "giá trị không đúng kiểu: xem lại số, chữ trong ngoặc kép, danh sách".to_owned()
    } else if message.is_ascii() {
        "không đọc được: xem lại dấu ngoặc, dấu bằng và dấu nháy".to_owned()
    } else {
        // A code of ours that says itself what is wrong with it.
        message.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST_BYTES, Unread, read, write};
    use crate::procedure::testing::random_sound_procedure;
    use crate::procedure::tests::kite;
    use crate::procedure::{LinkedPart, SystemOfRecord};
    use crate::sample::shipped;
    use crate::text::nfc;
    use proptest::prelude::{any, prop_assert_eq, proptest};

    #[test]
    fn a_file_written_is_a_file_that_ships() {
        let shipped = shipped();
        assert_eq!(read(write(&shipped).as_bytes()), Ok(shipped));
    }

    proptest! {
        /// Whatever a procedure holds, and whatever is typed into its texts.
        #[test]
        fn what_is_written_reads_back_the_same(seed in any::<u64>(), typed in any::<[String; 5]>()) {
            let mut procedure = random_sound_procedure(seed);
            let [name, note, step, fee, ministry] = typed.map(|text| nfc(&text));
            procedure.name = name;
            procedure.notes.push(note.clone());
            procedure.process.steps[0].name = step;
            procedure.cases[0].channels[0].fees.push(crate::procedure::Fee {
                name: fee,
                amount: i64::MIN,
                note: Some(note),
            });
            procedure.system = SystemOfRecord::Ministry(ministry);
            procedure.linked.push(LinkedPart {
                id: "phan".to_owned(),
                procedure: "1.004873".parse().expect("a code"),
                case: "da-ly-hon".to_owned(),
                agency: crate::procedure::AgencyRule::Named("H99.40".parse().expect("a code")),
                after: vec!["khac".to_owned()],
            });
            prop_assert_eq!(read(write(&procedure).as_bytes()), Ok(procedure));
        }

        #[test]
        fn no_bytes_break_the_reader(bytes in any::<Vec<u8>>()) {
            drop(read(&bytes));
        }
    }

    #[test]
    fn what_cannot_be_read_says_where_and_why() {
        let text = write(&kite());
        let said = |text: &str| read(text.as_bytes()).expect_err("it cannot be read").to_string();
        let line_of = |part: &str, text: &str| text[..text.find(part).expect(part)].matches('\n').count() + 1;
        let misspelt = text.replacen("field = ", "feild = ", 1);
        assert_eq!(
            said(&misspelt),
            format!("dòng {}: không có mục nào tên `feild`", line_of("feild", &misspelt))
        );
        let no_task = text.replacen("task = \"sign\"\n", "", 1);
        assert!(said(&no_task).ends_with("thiếu mục `task`"), "{}", said(&no_task));
        let odd = text.replacen("task = \"sign\"", "task = \"stamp\"", 1);
        assert_eq!(
            said(&odd),
            format!("dòng {}: giá trị `stamp` không dùng được ở đây", line_of("\"stamp\"", &odd))
        );
        let bad_code = text.replacen("9.000001", "9000001", 1);
        assert!(said(&bad_code).contains("không phải mã thủ tục"), "{}", said(&bad_code));
        assert_eq!(read(&[0xff, 0xfe]), Err(Unread::NotText));
        assert_eq!(read(&vec![b'#'; MOST_BYTES + 1]), Err(Unread::TooLarge));
    }
}
