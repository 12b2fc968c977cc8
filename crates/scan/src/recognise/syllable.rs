//! Whether a word can be a Vietnamese syllable, by the rules of spelling: onset, rhyme, tone.
//! The share of words that cannot be is the one measure of a reading's quality that needs no truth.

use std::collections::HashSet;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

const ONSETS: [&str; 28] = [
    "", "b", "c", "ch", "d", "đ", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "ngh", "nh", "p",
    "ph", "qu", "r", "s", "t", "th", "tr", "v", "x",
];

/// Rhymes without tone. Those that end in c, ch, p, t take only sắc and nặng.
const RHYMES: &str = "a ac ach ai am an ang anh ao ap at au ay \
    ă ăc ăm ăn ăng ăp ăt â âc âm ân âng âp ât âu ây \
    e ec em en eng eo ep et ê êch êm ên ênh êp êt êu êng êc \
    i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu \
    o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oem oen oeo oet oi om on ong ooc oong op ot \
    ô ôc ôi ôm ôn ông ôp ôt ôông \
    ơ ơc ơi ơm ơn ơng ơp ơt \
    u ua uây uân uâng uât uc uê uêch uênh uêu ui um un ung uơ uôc uôi uôm uôn uông uôp uôt up ut uy uya uych uyên uyêt uynh uyp uyt uyu uyn \
    ư ưa ưc ưi ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu ưm ưn ưp \
    y yêm yên yêng yêt yêu ych yn ynh yt";

/// What letters before i, e, ê, y may not stand before others, and the other way round.
fn may_meet(onset: &str, rhyme: &str) -> bool {
    let is_front = rhyme.starts_with(['i', 'e', 'ê', 'y']);
    match onset {
        "k" | "gh" | "ngh" => is_front,
        "c" | "ng" => !is_front,
        // `gi` + `i…` is written with one i: gì, giêng come from the onset `g`.
        "g" => !is_front || rhyme.starts_with('i'),
        "gi" => !rhyme.starts_with(['i', 'y']),
        // `qu` has the u of the rhyme in it: quy, quanh, quân; never quu or quo.
        "qu" => !rhyme.starts_with(['u', 'o', 'ư']) || rhyme.starts_with("ơ"),
        "" => !rhyme.starts_with("iê"),
        _ => !rhyme.starts_with("yê"),
    }
}

/// Grave, hook, tilde, acute, dot below.
const TONES: [char; 5] = ['\u{300}', '\u{309}', '\u{303}', '\u{301}', '\u{323}'];

static SYLLABLES: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let mut syllables = HashSet::new();
    for onset in ONSETS {
        for rhyme in RHYMES.split_whitespace() {
            if may_meet(onset, rhyme) {
                spell(onset, rhyme, &mut syllables);
            }
        }
    }
    syllables
});

/// Adds the syllable in every tone it can carry, in both places people write the tone
/// (hòa and hoà, thủy and thuỷ).
fn spell(onset: &str, rhyme: &str, syllables: &mut HashSet<String>) {
    let is_stopped = ["c", "ch", "p", "t"].iter().any(|end| rhyme.ends_with(end));
    if !is_stopped {
        syllables.insert(format!("{onset}{rhyme}"));
    }
    let tones = if is_stopped { &TONES[3..] } else { &TONES[..] };
    for place in tone_places(onset, rhyme) {
        for tone in tones {
            let letters: Vec<char> = rhyme.chars().collect();
            let with_tone: String =
                letters[..=place].iter().chain([tone]).chain(&letters[place + 1..]).copied().nfc().collect();
            syllables.insert(format!("{onset}{with_tone}"));
        }
    }
}

/// The letters of the rhyme that may carry the tone.
fn tone_places(onset: &str, rhyme: &str) -> Vec<usize> {
    let letters: Vec<char> = rhyme.chars().collect();
    let n_vowels = letters.iter().take_while(|letter| "aăâeêioôơuưy".contains(**letter)).count();
    // A marked vowel takes the tone; of two, the second (ươ).
    if let Some(marked) = letters.iter().rposition(|letter| "ăâêôơư".contains(*letter)) {
        return vec![marked];
    }
    let is_open = n_vowels == letters.len();
    match (n_vowels, is_open) {
        (2, true) if ["oa", "oe", "uy"].contains(&rhyme) && onset != "qu" => vec![0, 1],
        (1, _) | (2, true) => vec![0],
        // Before a final consonant the second; of oai, oay, oao, oeo the middle one.
        _ => vec![1],
    }
}

/// Whether `word` can be a syllable. Lower or upper case, NFC.
pub fn is_syllable(word: &str) -> bool {
    let lower = word.to_lowercase();
    SYLLABLES.contains(lower.as_str())
}

/// Abbreviations (UBND, QĐ, CCCD) that official papers are full of; they say nothing of the reading.
fn is_abbreviation(word: &str) -> bool {
    let is_vowel = |c: char| "AEIOUYĂÂÊÔƠƯ".contains(c);
    let n_letters = word.chars().count();
    if n_letters == 1 {
        return true;
    }
    let upper = word.chars().all(char::is_uppercase) && n_letters <= 6;
    let longest_run = word.split(is_vowel).map(|run| run.chars().count()).max().unwrap_or(0);
    upper && (longest_run >= 3 || !word.contains(is_vowel))
}

/// The part of the words made of letters only that cannot be Vietnamese, 0–1, and how many were judged.
pub fn non_syllable_share<'a>(words: impl Iterator<Item = &'a str>) -> (f32, usize) {
    let (mut n_judged, mut n_strange) = (0_usize, 0_usize);
    for word in words {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        for part in word.split(['-', '/', '.']) {
            if part.is_empty() || !part.chars().all(char::is_alphabetic) || is_abbreviation(part) {
                continue;
            }
            n_judged += 1;
            n_strange += usize::from(!is_syllable(part));
        }
    }
    (if n_judged == 0 { 0.0 } else { n_strange as f32 / n_judged as f32 }, n_judged)
}

/// All syllables, for checking against other lists.
pub fn syllables() -> impl Iterator<Item = &'static str> {
    SYLLABLES.iter().map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::{is_syllable, non_syllable_share};

    #[test]
    fn real_syllables_pass_and_others_do_not() {
        for word in
            "Giấy chứng nhận quyền sử dụng đất khuyến nghị nghiêng gìn giữ thuỷ thủy hoà hòa quốc quý người \
                     được Yên Bái ngoằn khuỷu giếng quyết uỷ ủy xoong nguyễn huệ"
                .split_whitespace()
        {
            assert!(is_syllable(word), "{word}");
        }
        for word in "file server cgi nge kan triểnn hoat xac quôc tiêp ckứng đượcc ghà".split_whitespace()
        {
            assert!(!is_syllable(word), "{word}");
        }
    }

    #[test]
    fn the_share_counts_only_words_of_letters() {
        let (share, n_judged) = non_syllable_share("Số 12/QĐ-UBND ngày 5 thảng 6, nãm 2024 xyzzy".split(' '));
        assert_eq!(n_judged, 5);
        assert!((share - 0.2).abs() < 1e-6, "{share}");
    }
}
