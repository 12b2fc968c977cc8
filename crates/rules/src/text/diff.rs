//! Two texts word by word: what stands in both, what was put in, what was left out. For an officer who is
//! to see at a glance what a colleague changed.

/// A stretch of words, with the spaces after them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    Same(String),
    Inserted(String),
    Deleted(String),
}

impl Piece {
    fn text_mut(&mut self) -> &mut String {
        match self {
            Self::Same(text) | Self::Inserted(text) | Self::Deleted(text) => text,
        }
    }

    fn is_like(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

/// The most pairs of words that are compared; what is larger is taken for wholly rewritten: two
/// megabytes of table, some 700 words that differ on each side. A field of 4,000 letters has about 900 words.
const MOST_PAIRS: usize = 500_000;

/// What was done to `old` to make `new`. Words are compared without the spaces around them; where the
/// same could be said in two ways, what was left out is said before what was put in.
pub fn word_changes(old: &str, new: &str) -> Vec<Piece> {
    let (old, new) = (words(old), words(new));
    let n_before = old.iter().zip(&new).take_while(|(a, b)| same(a, b)).count();
    let (old_rest, new_rest) = (&old[n_before..], &new[n_before..]);
    let n_after = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(a, b)| same(a, b)).count();
    let (old_middle, new_middle) =
        (&old_rest[..old_rest.len() - n_after], &new_rest[..new_rest.len() - n_after]);
    let mut pieces = Vec::new();
    new[..n_before].iter().for_each(|word| push(&mut pieces, Piece::Same((*word).to_owned())));
    middle(old_middle, new_middle, &mut pieces);
    new[new.len() - n_after..].iter().for_each(|word| push(&mut pieces, Piece::Same((*word).to_owned())));
    pieces
}

/// Whether anything was put in or left out.
pub fn is_changed(pieces: &[Piece]) -> bool {
    pieces.iter().any(|piece| !matches!(piece, Piece::Same(_)))
}

fn words(text: &str) -> Vec<&str> {
    let mut words: Vec<&str> = Vec::new();
    let mut begin = 0;
    let mut in_space = false;
    for (at, letter) in text.char_indices() {
        if in_space && !letter.is_whitespace() {
            words.push(&text[begin..at]);
            begin = at;
        }
        in_space = letter.is_whitespace();
    }
    words.push(&text[begin..]);
    words.retain(|word| !word.trim().is_empty());
    words
}

fn same(one: &str, other: &str) -> bool {
    one.trim() == other.trim()
}

/// Adjoining stretches of one kind are one.
fn push(pieces: &mut Vec<Piece>, mut piece: Piece) {
    match pieces.last_mut() {
        Some(last) if last.is_like(&piece) => {
            if !last.text_mut().ends_with(char::is_whitespace) {
                last.text_mut().push(' ');
            }
            last.text_mut().push_str(piece.text_mut());
        }
        _ => pieces.push(piece),
    }
}

/// The longest common run of words, by the table of its lengths.
fn middle(old: &[&str], new: &[&str], pieces: &mut Vec<Piece>) {
    let width = new.len() + 1;
    let compared = old.len().saturating_mul(new.len()) <= MOST_PAIRS;
    let mut longest = vec![0_u32; if compared { (old.len() + 1) * width } else { 0 }];
    if compared {
        for at in (0..old.len()).rev() {
            for to in (0..new.len()).rev() {
                longest[at * width + to] = if same(old[at], new[to]) {
                    longest[(at + 1) * width + to + 1] + 1
                } else {
                    longest[(at + 1) * width + to].max(longest[at * width + to + 1])
                };
            }
        }
    }
    let (mut at, mut to) = (0, 0);
    while at < old.len() || to < new.len() {
        let both = at < old.len() && to < new.len();
        if both && compared && same(old[at], new[to]) {
            push(pieces, Piece::Same(new[to].to_owned()));
            (at, to) = (at + 1, to + 1);
        } else if at < old.len()
            && (to == new.len()
                || !compared
                || longest[(at + 1) * width + to] >= longest[at * width + to + 1])
        {
            push(pieces, Piece::Deleted(old[at].to_owned()));
            at += 1;
        } else {
            push(pieces, Piece::Inserted(new[to].to_owned()));
            to += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Piece, is_changed, word_changes};

    /// `[-left out-]`, `{+put in+}`.
    fn told(old: &str, new: &str) -> String {
        let pieces = word_changes(old, new).into_iter().map(|piece| match piece {
            Piece::Same(text) => text,
            Piece::Inserted(text) => format!("{{+{}+}} ", text.trim_end()),
            Piece::Deleted(text) => format!("[-{}-] ", text.trim_end()),
        });
        pieces.collect::<String>().trim_end().to_owned()
    }

    #[test]
    fn what_was_put_in_and_left_out_is_marked_word_by_word() {
        let table = [
            ("", "", ""),
            ("giữ nguyên", "giữ nguyên", "giữ nguyên"),
            ("", "mới viết", "{+mới viết+}"),
            ("bỏ hết", "", "[-bỏ hết-]"),
            (
                "Hiện tại chưa đăng ký kết hôn với ai",
                "Hiện tại đã ly hôn, chưa đăng ký kết hôn lại với ai",
                "Hiện tại {+đã ly hôn,+} chưa đăng ký kết hôn {+lại+} với ai",
            ),
            ("một hai ba", "một bốn ba", "một [-hai-] {+bốn+} ba"),
            ("một  hai\nba", "một hai ba", "một hai ba"),
            ("a b c d", "c d a b", "[-a b-] c d {+a b+}"),
        ];
        for (old, new, expected) in table {
            assert_eq!(told(old, new), expected, "{old} → {new}");
        }
    }

    #[test]
    fn both_texts_can_be_read_out_of_the_pieces() {
        let old = "Căn cứ Luật Hộ tịch ngày 20 tháng 11 năm 2014 và đơn của bà";
        let new = "Căn cứ Luật Hộ tịch năm 2014, hồ sơ và đơn đề nghị của ông";
        let (mut before, mut after) = (Vec::new(), Vec::new());
        for piece in word_changes(old, new) {
            let (Piece::Same(text) | Piece::Inserted(text) | Piece::Deleted(text)) = &piece;
            let words = text.split_whitespace().map(str::to_owned);
            match piece {
                Piece::Same(_) => {
                    before.extend(words.clone());
                    after.extend(words);
                }
                Piece::Inserted(_) => after.extend(words),
                Piece::Deleted(_) => before.extend(words),
            }
        }
        assert_eq!(before.join(" "), old);
        assert_eq!(after.join(" "), new);
    }

    #[test]
    fn a_text_too_long_to_compare_is_taken_for_rewritten() {
        let text = |word: &str| format!("đầu {}cuối", format!("{word} ").repeat(2_500));
        let pieces = word_changes(&text("cũ"), &text("mới"));
        assert_eq!(pieces.len(), 4, "the same, left out, put in, the same");
        assert!(is_changed(&pieces) && !is_changed(&pieces[..1]));
    }
}
