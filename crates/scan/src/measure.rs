//! How far a reading is from the truth.

use unicode_normalization::UnicodeNormalization;

/// Edits needed to make `truth` of `read`, over the length of `truth`: 0 is perfect, 1 and more is
/// nothing alike. Both are compared in NFC, with white space collapsed and the many forms of
/// quotes, dashes and leaders taken as one.
pub fn character_error_rate(truth: &str, read: &str) -> f64 {
    let (truth, read) = (normalised(truth), normalised(read));
    if truth.is_empty() {
        return if read.is_empty() { 0.0 } else { 1.0 };
    }
    edit_distance(&truth, &read) as f64 / truth.len() as f64
}

/// The same over words, in their order.
pub fn word_error_rate(truth: &str, read: &str) -> f64 {
    let (truth, read) = (words(truth), words(read));
    if truth.is_empty() {
        return if read.is_empty() { 0.0 } else { 1.0 };
    }
    edit_distance(&truth, &read) as f64 / truth.len() as f64
}

/// The part of the words of `truth` that were read, in whatever order (0–1).
pub fn words_found(truth: &str, read: &str) -> f64 {
    let sorted = |text: &str| {
        let mut words = words(text);
        words.sort_unstable();
        words
    };
    let (truth, read) = (sorted(truth), sorted(read));
    let (mut n_found, mut at) = (0, 0);
    for word in &truth {
        while at < read.len() && read[at] < *word {
            at += 1;
        }
        if read.get(at) == Some(word) {
            n_found += 1;
            at += 1;
        }
    }
    if truth.is_empty() { 1.0 } else { f64::from(n_found) / truth.len() as f64 }
}

/// The text without tone marks and other diacritics, for telling misread letters from misread marks.
pub fn without_diacritics(text: &str) -> String {
    let plain = text.nfd().filter(|c| !('\u{300}'..='\u{36F}').contains(c));
    plain
        .map(|c| {
            if c == 'đ' {
                'd'
            } else if c == 'Đ' {
                'D'
            } else {
                c
            }
        })
        .collect()
}

fn words(text: &str) -> Vec<String> {
    let text: String = normalised(text).into_iter().collect();
    text.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// A text as it is compared: NFC, white space collapsed, one form of quotes, dashes and leaders.
pub fn normalised(text: &str) -> Vec<char> {
    let mut out: Vec<char> = Vec::with_capacity(text.len());
    for c in text.nfc() {
        let c = match c {
            '“' | '”' | '„' | '«' | '»' | '″' => '"',
            '‘' | '’' | '‚' | '′' | '`' => '\'',
            '–' | '—' | '−' | '‐' | '‑' | '―' => '-',
            '…' | '·' | '•' => '.',
            c if c.is_whitespace() => ' ',
            c => c,
        };
        let last = out.last().copied();
        let is_run = |of: char| c == of && last == Some(of);
        // Rules of dashes and leaders of dots have no length worth comparing.
        if (c == ' ' && last.is_none_or(|last| last == ' ')) || is_run('.') || is_run('-') || is_run('_') {
            continue;
        }
        out.push(c);
    }
    while out.last() == Some(&' ') {
        out.pop();
    }
    out
}

fn edit_distance<T: PartialEq>(a: &[T], b: &[T]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let change = corner + usize::from(from != to);
            corner = row[j + 1];
            row[j + 1] = change.min(corner + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::{character_error_rate, without_diacritics, word_error_rate, words_found};

    #[test]
    fn writing_habits_are_no_errors() {
        assert!(character_error_rate("Điều  1. “Giấy”\n– phép", "Điều 1. \"Giấy\" - phép") < 1e-9);
        assert!(character_error_rate("tiếng", "ti\u{65}\u{302}\u{301}ng") < 1e-9);
    }

    #[test]
    fn each_edit_counts_once() {
        assert!((character_error_rate("abcd", "abxd") - 0.25).abs() < 1e-9);
        assert!((character_error_rate("abcd", "abd") - 0.25).abs() < 1e-9);
        assert!((character_error_rate("abcd", "") - 1.0).abs() < 1e-9);
        assert!((word_error_rate("một hai ba bốn", "một ba bốn") - 0.25).abs() < 1e-9);
        assert!((words_found("một hai ba", "ba một") - 2.0 / 3.0).abs() < 1e-9);
        assert_eq!(without_diacritics("Đường ổn"), "Duong on");
    }
}
