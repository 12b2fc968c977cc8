//! Amounts of money in words, as receipts say them.

const FIGURES: [&str; 10] = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"];
const GROUPS: [&str; 7] = ["", "nghìn", "triệu", "tỷ", "nghìn tỷ", "triệu tỷ", "tỷ tỷ"];

/// `1250000` → `Một triệu hai trăm năm mươi nghìn đồng`.
pub fn money_in_words(amount: i64) -> String {
    let mut rest = amount.unsigned_abs();
    let mut groups = Vec::new();
    while rest > 0 {
        groups.push(usize::try_from(rest % 1_000).unwrap_or_default());
        rest /= 1_000;
    }
    let mut words = Vec::new();
    if amount < 0 {
        words.push("âm");
    }
    if groups.is_empty() {
        words.push(FIGURES[0]);
    }
    for (at, &group) in groups.iter().enumerate().rev().filter(|(_, group)| **group > 0) {
        group_in_words(group, at + 1 == groups.len(), &mut words);
        words.push(GROUPS[at]);
    }
    words.push("đồng");
    words.retain(|word| !word.is_empty());
    super::upper_first(&words.join(" "))
}

/// Three figures; the first group of a number leaves out the hundreds it does not have.
fn group_in_words(group: usize, is_first: bool, words: &mut Vec<&'static str>) {
    let (hundreds, tens, ones) = (group / 100, group / 10 % 10, group % 10);
    let has_hundreds = hundreds > 0 || !is_first;
    if has_hundreds {
        words.extend([FIGURES[hundreds], "trăm"]);
    }
    match tens {
        0 if ones > 0 && has_hundreds => words.push("linh"),
        0 => {}
        1 => words.push("mười"),
        _ => words.extend([FIGURES[tens], "mươi"]),
    }
    match (tens, ones) {
        (_, 0) => {}
        (2.., 1) => words.push("mốt"),
        (1.., 5) => words.push("lăm"),
        _ => words.push(FIGURES[ones]),
    }
}

#[cfg(test)]
mod tests {
    use super::money_in_words;

    #[test]
    fn amounts_are_said_as_people_say_them() {
        for (amount, said) in [
            (0, "Không đồng"),
            (5, "Năm đồng"),
            (15, "Mười lăm đồng"),
            (21, "Hai mươi mốt đồng"),
            (105, "Một trăm linh năm đồng"),
            (8_000, "Tám nghìn đồng"),
            (15_000, "Mười lăm nghìn đồng"),
            (1_250_000, "Một triệu hai trăm năm mươi nghìn đồng"),
            (2_005_011, "Hai triệu không trăm linh năm nghìn không trăm mười một đồng"),
            (1_000_000_000, "Một tỷ đồng"),
            (-3_000, "Âm ba nghìn đồng"),
        ] {
            assert_eq!(money_in_words(amount), said);
        }
    }
}
