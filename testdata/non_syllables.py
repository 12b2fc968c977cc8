#!/usr/bin/env python3
"""Share of words that are no Vietnamese syllable: a reading's hardness without needing its truth.

A word is what stands between blanks, without the punctuation at its ends; only words of two or
more letters and nothing else count. The list is hunspell-vi's, which writes the tone in the old
place (hoà); the new place (hòa) is taken as well. Usage: non_syllables.py FILE.txt...
Prints: share of all words, number of words, number of files.
"""
import sys
import unicodedata

LIST = "/usr/share/hunspell/vi_VN.dic"


TONES = {  # old place -> new place, at the end of a syllable
    old: new
    for olds, news in (
        ("oà oả oã oá oạ", "òa ỏa õa óa ọa"),
        ("oè oẻ oẽ oé oẹ", "òe ỏe õe óe ọe"),
        ("uỳ uỷ uỹ uý uỵ", "ùy ủy ũy úy ụy"),
    )
    for old, new in zip(olds.split(), news.split())
}


def main(paths):
    with open(LIST, encoding="utf-8") as lines:
        next(lines)
        known = {unicodedata.normalize("NFC", line.split("/")[0].strip()) for line in lines}
    known |= {word.lower() for word in known}
    known |= {word[:-2] + TONES[word[-2:]] for word in known if word[-2:] in TONES}
    words = wrong = 0
    for path in paths:
        with open(path, encoding="utf-8") as file:
            text = unicodedata.normalize("NFC", file.read())
        for token in text.split():
            start, end = 0, len(token)
            while start < end and not token[start].isalnum():
                start += 1
            while end > start and not token[end - 1].isalnum():
                end -= 1
            word = token[start:end]
            if len(word) > 1 and word.isalpha():
                words += 1
                wrong += word not in known and word.lower() not in known
    print(f"{100 * wrong / max(words, 1):.2f} % of {words} words, {len(paths)} files")


main(sys.argv[1:])
