//! Dates and numbers as Vietnamese papers write them.

use super::dice::Dice;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Date {
    pub(crate) year: u32,
    pub(crate) month: u32,
    pub(crate) day: u32,
}

impl Date {
    pub(crate) fn draw(dice: &mut Dice, years: (u32, u32)) -> Self {
        let year = dice.between(years.0, years.1);
        Self { year, month: dice.between(1, 12), day: dice.between(1, 28) }
    }

    pub(crate) fn iso(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    pub(crate) fn slashed(self) -> String {
        format!("{:02}/{:02}/{}", self.day, self.month, self.year)
    }

    /// "05 tháng 02 năm 2026": days below 10 and months below 3 take a 0.
    // law: ND30-2020/PL1
    pub(crate) fn long(self) -> String {
        let month = if self.month < 3 { format!("{:02}", self.month) } else { self.month.to_string() };
        format!("{:02} tháng {month} năm {}", self.day, self.year)
    }

    /// "Ngày mười bốn, tháng ba, năm một nghìn chín trăm chín mươi mốt".
    pub(crate) fn in_words(self) -> String {
        let month = match self.month {
            4 => "tư".to_owned(),
            month => number(u64::from(month)),
        };
        let year = number(u64::from(self.year));
        format!("Ngày {}, tháng {month}, năm {year}", number(u64::from(self.day)))
    }

    /// The same day some months later (days above 28 are not drawn).
    pub(crate) fn months_later(self, months: u32) -> Self {
        let month = self.month - 1 + months;
        Self { year: self.year + month / 12, month: month % 12 + 1, day: self.day }
    }
}

const DIGITS: [&str; 10] = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"];

/// A whole number in words, below a thousand billion.
pub(crate) fn number(n: u64) -> String {
    if n == 0 {
        return DIGITS[0].to_owned();
    }
    let mut parts = Vec::new();
    let mut begun = false;
    for (size, name) in [(1_000_000_000, "tỷ"), (1_000_000, "triệu"), (1_000, "nghìn"), (1, "")] {
        let group = n / size % 1_000;
        if group > 0 {
            parts.push(three(group, begun));
            if !name.is_empty() {
                parts.push(name.to_owned());
            }
            begun = true;
        }
    }
    parts.join(" ")
}

/// Up to three digits; inside a longer number the missing hundreds are spoken.
fn three(n: u64, inside: bool) -> String {
    let (hundreds, tens, ones) = ((n / 100) as usize, (n / 10 % 10) as usize, (n % 10) as usize);
    let mut parts = Vec::new();
    if hundreds > 0 || inside {
        parts.push(DIGITS[hundreds]);
        parts.push("trăm");
    }
    let spoken = !parts.is_empty();
    match tens {
        0 if ones > 0 && spoken => parts.push("linh"),
        0 => {}
        1 => parts.push("mười"),
        _ => parts.extend([DIGITS[tens], "mươi"]),
    }
    match (tens, ones) {
        (_, 0) => {}
        (2.., 1) => parts.push("mốt"),
        (1.., 5) => parts.push("lăm"),
        _ => parts.push(DIGITS[ones]),
    }
    parts.join(" ")
}

/// 1234567 as "1.234.567".
pub(crate) fn dotted(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push('.');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Date, dotted, number};

    #[test]
    fn numbers_are_spoken_as_in_vietnamese() {
        for (n, words) in [
            (1, "một"),
            (15, "mười lăm"),
            (21, "hai mươi mốt"),
            (105, "một trăm linh năm"),
            (1991, "một nghìn chín trăm chín mươi mốt"),
            (2005, "hai nghìn không trăm linh năm"),
            (150_000_000, "một trăm năm mươi triệu"),
            (1_250_000, "một triệu hai trăm năm mươi nghìn"),
        ] {
            assert_eq!(number(n), words);
        }
        assert_eq!(dotted(1_250_000), "1.250.000");
        assert_eq!(dotted(999), "999");
    }

    #[test]
    fn days_and_months_take_their_noughts() {
        let date = Date { year: 2026, month: 2, day: 5 };
        assert_eq!(date.long(), "05 tháng 02 năm 2026");
        assert_eq!(Date { month: 3, ..date }.long(), "05 tháng 3 năm 2026");
        assert_eq!(Date { month: 10, ..date }.months_later(6).iso(), "2027-04-05");
    }
}
