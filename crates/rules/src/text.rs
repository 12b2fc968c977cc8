//! Vietnamese text as the office compares and sorts it: one normal form at every door, keys without
//! accents, initials for quick typing, and the order of the Vietnamese alphabet.
//!
//! Splitting into search terms and storing the keys are left to `store`.

pub mod diff;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{compose, is_combining_mark};

/// The five tone marks in the dictionary's order: huyền, hỏi, ngã, sắc, nặng.
const TONES: [char; 5] = ['\u{300}', '\u{309}', '\u{303}', '\u{301}', '\u{323}'];

/// The alphabet in its order, with the four letters of foreign words where dictionaries put them.
const ALPHABET: &str = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz";

/// NFC, the one form text has inside.
pub fn nfc(text: &str) -> String {
    text.nfc().collect()
}

/// Lower case without any accent, `đ` as `d`: `Đường Lê Lợi` → `duong le loi`.
pub fn fold(text: &str) -> String {
    text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).map(plain_d).collect()
}

/// `đ`, and the look-alike eth that OCR and old fonts put in its place.
fn plain_d(c: char) -> char {
    match c {
        'đ' | 'ð' => 'd',
        other => other,
    }
}

/// A key under which two spellings of the same words are equal: lower case, accents kept, the tone
/// mark moved to the end of its syllable, so that `hòa` = `hoà` and `Thuỷ` = `thủy`.
pub fn spelling_key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    let mut tone = None;
    for c in text.nfd().flat_map(char::to_lowercase) {
        if TONES.contains(&c) {
            tone = Some(c);
        } else if c.is_alphabetic() || is_combining_mark(c) {
            key.push(if c == 'ð' { 'đ' } else { c });
        } else {
            key.extend(tone.take());
            key.push(c);
        }
    }
    key.extend(tone);
    key
}

/// Whether two texts are the same words, whatever their case, normal form, tone placement and
/// spacing.
pub fn same_words(a: &str, b: &str) -> bool {
    let words = |text: &str| spelling_key(text).split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    words(a) == words(b)
}

/// A person's name as typed, with its spaces put right: NFC, no space at the ends, one between
/// words. Case is the person's own and stays.
pub fn tidy_name(name: &str) -> String {
    let visible = name.nfc().filter(|c| !c.is_control() || c.is_whitespace()).filter(|c| !is_invisible(*c));
    visible.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Zero-width characters that copying from web pages and chat programs brings along.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

/// First letters of the words, folded: `Đăng ký khai sinh` → `dkks`. Figures stay whole.
pub fn initials(text: &str) -> String {
    let folded = fold(text);
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words
        .flat_map(|word| {
            let figures = word.starts_with(|c: char| c.is_ascii_digit());
            word.chars().take(if figures { word.len() } else { 1 })
        })
        .collect()
}

/// A key whose byte order is the order of the Vietnamese alphabet: letters first, over the whole
/// text, then tones (none, huyền, hỏi, ngã, sắc, nặng), then case.
pub fn sort_key(text: &str) -> Vec<u8> {
    let mut letters = Vec::new();
    let mut tones = Vec::new();
    let mut cases = Vec::new();
    for syllable in text.split_whitespace() {
        if !letters.is_empty() {
            letters.push(1);
        }
        push_word(syllable, &mut letters, &mut tones, &mut cases);
    }
    letters.push(0);
    letters.append(&mut tones);
    letters.push(0);
    letters.append(&mut cases);
    letters
}

fn push_word(word: &str, letters: &mut Vec<u8>, tones: &mut Vec<u8>, cases: &mut Vec<u8>) {
    let mut tone = 1;
    let mut pending: Option<char> = None;
    for c in word.nfd() {
        if let Some(at) = TONES.iter().position(|mark| *mark == c) {
            tone = at as u8 + 2;
        } else if let Some(composed) = pending.and_then(|base| compose(base, c)) {
            pending = Some(composed);
        } else if !is_combining_mark(c) {
            push_letter(pending.replace(c), letters, cases);
        }
    }
    push_letter(pending, letters, cases);
    tones.push(tone);
}

/// Figures before letters, letters in the alphabet's order, everything else after by code point.
fn push_letter(c: Option<char>, letters: &mut Vec<u8>, cases: &mut Vec<u8>) {
    let Some(c) = c else { return };
    cases.push(if c.is_uppercase() { 2 } else { 1 });
    for lower in c.to_lowercase() {
        match (lower.to_digit(10), ALPHABET.chars().position(|letter| letter == lower)) {
            (Some(figure), _) => letters.push(2 + figure as u8),
            (None, Some(at)) => letters.push(0x20 + at as u8),
            (None, None) => {
                letters.push(0xf0);
                letters.extend(lower.to_string().bytes());
            }
        }
    }
}

/// The order of lists of people: by given name, then family name, then what stands between; case
/// does not matter, since half of all lists are written in capitals.
pub fn person_sort_key(name: &str) -> Vec<u8> {
    let name = name.to_lowercase();
    let words: Vec<&str> = name.split_whitespace().collect();
    let Some((given, before)) = words.split_last() else {
        return sort_key("");
    };
    let mut key = sort_key(given);
    key.push(0);
    key.extend(sort_key(&before.join(" ")));
    key
}

#[cfg(test)]
mod tests {
    use super::{fold, initials, nfc, person_sort_key, same_words, sort_key, spelling_key, tidy_name};
    use proptest::prelude::{prop_assert_eq, proptest};
    use unicode_normalization::UnicodeNormalization;

    #[test]
    fn folding_drops_every_accent_and_the_bar_of_d() {
        for (text, folded) in [
            ("Đường Lê Lợi", "duong le loi"),
            ("GIẤY XÁC NHẬN", "giay xac nhan"),
            ("Ðinh", "dinh"),
            ("Thuỷ Thủy", "thuy thuy"),
            ("45/QĐ-UBND", "45/qd-ubnd"),
            ("", ""),
        ] {
            assert_eq!(fold(text), folded);
            assert_eq!(fold(&text.nfd().collect::<String>()), folded, "decomposed {text}");
        }
    }

    #[test]
    fn two_spellings_of_a_word_are_the_same_word() {
        assert!(same_words("Hòa  Bình", "hoà bình"));
        assert!(same_words("Nguyễn Thị Thuỷ", "Nguyễn Thị Thủy"));
        assert!(same_words("quý", &"quý".nfd().collect::<String>()));
        assert!(!same_words("Hòa", "Hóa"));
        assert!(!same_words("Hòa", "Hoa"));
        assert_eq!(spelling_key("hòa, hoa"), spelling_key("hoà, hoa"));
        assert_ne!(spelling_key("hoà hoa"), spelling_key("hoa hoà"));
    }

    #[test]
    fn names_lose_stray_spaces_and_nothing_else() {
        assert_eq!(tidy_name("  Nguyễn \t Văn\u{a0}An\u{200b} "), "Nguyễn Văn An");
        assert_eq!(tidy_name("NGUYỄN văn An"), "NGUYỄN văn An");
        assert_eq!(tidy_name("H\u{2019}Hen Niê"), "H\u{2019}Hen Niê");
        assert_eq!(tidy_name("Nguye\u{302}\u{303}n"), "Nguyễn");
    }

    #[test]
    fn initials_serve_quick_typing() {
        assert_eq!(initials("Đăng ký khai sinh"), "dkks");
        assert_eq!(initials("Cấp bản sao trích lục hộ tịch"), "cbstlht");
        assert_eq!(initials("Mẫu 02/CT - tờ khai"), "m02ctk");
        assert_eq!(initials("  "), "");
    }

    #[test]
    fn words_sort_as_in_the_dictionary() {
        let order = [
            "", "3", "An", "Anh", "Ành", "Ảnh", "Ãnh", "Ánh", "Ạnh", "Ăn", "Ân", "Bình", "Dung", "Đạt", "Em",
            "Ê", "Lan Anh", "Lan Ánh", "Lan Chi", "Lành", "Oanh", "Ô", "Ơn", "Uyên", "Ưng", "Y",
        ];
        for pair in order.windows(2) {
            assert!(sort_key(pair[0]) < sort_key(pair[1]), "{} before {}", pair[0], pair[1]);
        }
        assert!(sort_key("an") < sort_key("An"));
        assert!(sort_key("Án") > sort_key("an"));
    }

    #[test]
    fn people_sort_by_given_name_then_family_name() {
        let mut people = ["Trần Văn Bình", "Lê Thị An", "NGUYỄN VĂN AN", "Đỗ An", "Nguyễn Thị Ánh"];
        people.sort_by_key(|name| person_sort_key(name));
        assert_eq!(people, ["Đỗ An", "Lê Thị An", "NGUYỄN VĂN AN", "Nguyễn Thị Ánh", "Trần Văn Bình"]);
    }

    proptest! {
        #[test]
        fn normal_form_never_changes_a_key(text in "\\PC{0,40}") {
            let decomposed: String = text.nfd().collect();
            prop_assert_eq!(fold(&text), fold(&decomposed));
            prop_assert_eq!(sort_key(&text), sort_key(&decomposed));
            prop_assert_eq!(spelling_key(&text), spelling_key(&decomposed));
            prop_assert_eq!(nfc(&nfc(&text)), nfc(&decomposed));
        }
    }
}
