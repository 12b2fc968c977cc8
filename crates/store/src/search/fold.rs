//! Vietnamese text to search keys. Pure. The engines' own folding is wrong for `đ` and does not
//! know that `hòa` and `hoà` are one word.
//!
//! A word has two keys: `fold`, without any marks, finds; `exact`, with all its marks, ranks.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The five tone marks, and the letters that stand for them at the end of an exact key: letters of
/// no Vietnamese word, and word characters to both engines.
const TONES: [(char, char); 5] =
    [('\u{300}', 'α'), ('\u{301}', 'β'), ('\u{303}', 'γ'), ('\u{309}', 'δ'), ('\u{323}', 'ε')];

/// Lower case, without any mark, `đ` as `d`; NFC and NFD alike. `Giấy` becomes `giay`.
pub fn fold(word: &str) -> String {
    let mut folded = String::with_capacity(word.len());
    for c in word.nfkd().filter(|c| !is_combining_mark(*c)) {
        for c in c.to_lowercase() {
            match c {
                'đ' => folded.push('d'),
                c if is_combining_mark(c) => {}
                c => folded.push(c),
            }
        }
    }
    folded
}

/// Lower case with all marks, the tone moved to the end of the word, so that old and new tone
/// placement (`hòa`, `hoà`), NFC and NFD give the same key.
pub fn exact(word: &str) -> String {
    let mut letters = String::with_capacity(word.len());
    let mut tones = String::new();
    for c in word.nfkd().flat_map(char::to_lowercase) {
        match TONES.iter().find(|(mark, _)| *mark == c) {
            Some((_, letter)) => tones.push(*letter),
            None => letters.push(c),
        }
    }
    let mut key: String = letters.nfc().collect();
    key.push_str(&tones);
    key
}

/// Whether the text was typed with Vietnamese marks, so that accented hits are to come first.
pub fn has_marks(text: &str) -> bool {
    text.nfkd().any(|c| is_combining_mark(c) || matches!(c, 'đ' | 'Đ'))
}

/// The words of a text: runs of letters and digits, marks belonging to their letter.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !is_part_of_word(c)).filter(|word| word.chars().any(char::is_alphanumeric))
}

fn is_part_of_word(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// First letters of the words of a title, and of its endings: `Thủ tục đăng ký khai sinh` gives
/// `ttdkks`, `tdkks`, `dkks`, `kks`, so that `dkks` finds it.
pub fn initials(title: &str) -> Vec<String> {
    let letters: Vec<char> = words(title).filter_map(|word| fold(word).chars().next()).take(16).collect();
    let longest_start = letters.len().saturating_sub(3);
    if letters.len() < 3 {
        return Vec::new();
    }
    (0..=longest_start).map(|start| letters[start..].iter().collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::{exact, fold, has_marks, initials, words};
    use proptest::prelude::{prop_assert_eq, proptest};
    use unicode_normalization::UnicodeNormalization;

    #[test]
    fn folding_drops_every_mark() {
        for (word, folded) in [
            ("Giấy", "giay"),
            ("Đường", "duong"),
            ("QĐ", "qd"),
            ("thủy", "thuy"),
            ("Nguyễn", "nguyen"),
            ("Ượt", "uot"),
            ("ｄ１", "d1"),
            ("ﬁ", "fi"),
        ] {
            assert_eq!(fold(word), folded);
            assert_eq!(fold(&word.nfd().collect::<String>()), folded, "{word} in NFD");
        }
    }

    #[test]
    fn a_tone_may_stand_on_either_vowel() {
        for (old, new) in [("hòa", "hoà"), ("thủy", "thuỷ"), ("quý", "qúy"), ("Khỏe", "khoẻ"), ("TÙY", "tuỳ")]
        {
            assert_eq!(exact(old), exact(new));
            assert_eq!(exact(old), exact(&new.nfd().collect::<String>()), "{new} in NFD");
        }
    }

    #[test]
    fn words_that_differ_in_a_mark_differ_in_the_exact_key() {
        let words = ["ma", "mà", "má", "mả", "mã", "mạ", "mâ", "mầ", "mă", "da", "đa", "mo", "mơ", "mô"];
        for (i, one) in words.iter().enumerate() {
            for other in &words[..i] {
                assert_ne!(exact(one), exact(other), "{one} {other}");
            }
        }
    }

    #[test]
    fn codes_fall_into_their_parts() {
        assert_eq!(words("45/QĐ-UBND").collect::<Vec<_>>(), ["45", "QĐ", "UBND"]);
        assert_eq!(words("H56.15-260303-0012").collect::<Vec<_>>(), ["H56", "15", "260303", "0012"]);
        assert_eq!(words("  … – ! ").count(), 0);
    }

    #[test]
    fn marks_are_noticed() {
        assert!(has_marks("duong Đ") && has_marks("giấy") && has_marks(&"giấy".nfd().collect::<String>()));
        assert!(!has_marks("giay khai sinh 45/QD-UBND"));
    }

    #[test]
    fn initials_of_all_endings() {
        assert_eq!(initials("Thủ tục đăng ký khai sinh"), ["ttdkks", "tdkks", "dkks", "kks"]);
        assert!(initials("Khai sinh").is_empty());
    }

    proptest! {
        #[test]
        fn keys_do_not_depend_on_the_normal_form(word in "\\PC{0,20}") {
            let nfd: String = word.nfd().collect();
            let nfc: String = word.nfc().collect();
            prop_assert_eq!(fold(&nfd), fold(&nfc));
            prop_assert_eq!(exact(&nfd), exact(&nfc));
            prop_assert_eq!(fold(&fold(&word)), fold(&word));
        }
    }
}
