//! Text with boxes and confidence from one page, and a verdict on how far to trust it.
//! Which fields the text holds is `extract`'s work.

mod lines;
pub mod syllable;
mod tesseract;
mod unread;

use std::time::Instant;

use image::DynamicImage;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

pub use self::tesseract::{EngineError, Tesseract};
use self::tesseract::{Layout, RawWord};
use crate::geometry::{Rect, Turn, union};
use crate::intake::{PageImage, Rejected};
use crate::page::{self, Grey};

/// A word of the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Word {
    /// NFC.
    pub text: String,
    /// 0–1, as the engine gives it: not calibrated, good for ranking only.
    pub confidence: f32,
    /// Pixels of the turned page.
    pub rect: Rect,
    /// Line of the page in reading order, from 0. Columns have lines of their own.
    pub line: u32,
    /// Block of lines, from 0.
    pub block: u32,
}

/// What a person should know before trusting a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Warning {
    /// Below the 200 dpi that digitised papers need.
    LowDpi,
    /// Nothing but dust on the page. It is flagged, never dropped.
    Blank,
    Blurred,
    /// Lines lean by more than 3°.
    Skewed,
    /// Many words were read with little confidence.
    Unsure,
    /// Many words cannot be Vietnamese.
    Garbled,
    /// The page seems to lie on its side or head; see `turn_proposed`.
    PerhapsTurned,
}

impl Warning {
    pub fn in_vietnamese(self) -> &'static str {
        match self {
            Self::LowDpi => "Độ phân giải dưới 200 dpi, nên quét lại",
            Self::Blank => "Có vẻ là trang trắng",
            Self::Blurred => "Ảnh mờ, nên quét lại",
            Self::Skewed => "Trang bị lệch nhiều",
            Self::Unsure => "Nhiều chữ đọc chưa chắc, cần đối chiếu kỹ",
            Self::Garbled => "Nhiều từ không giống tiếng Việt, cần đối chiếu kỹ",
            Self::PerhapsTurned => "Trang có thể đang nằm ngang hoặc ngược",
        }
    }
}

/// How good the page is to read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quality {
    pub dpi: u32,
    pub is_blank: bool,
    /// 0 sharp, 1 unreadably blurred.
    pub blur: f32,
    /// Mean over the letters read, 0–1.
    pub text_confidence: f32,
    /// Part of the words that cannot be Vietnamese, 0–1. Clean pages have 0.005, real scans 0.012.
    pub non_syllable_share: f32,
    pub warnings: Vec<Warning>,
}

/// Milliseconds of wall clock spent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timings {
    pub decode_ms: u32,
    pub prepare_ms: u32,
    pub read_ms: u32,
}

/// What was read off one page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PageText {
    /// In reading order.
    pub words: Vec<Word>,
    /// Size of the turned page in pixels, which the boxes refer to.
    pub width: u32,
    pub height: u32,
    /// By how much the lines lean clockwise.
    pub skew_degrees: f32,
    /// By how much more the page should be turned, where the reading says so.
    pub turn_proposed: Option<Turn>,
    pub quality: Quality,
    pub timings: Timings,
}

impl PageText {
    /// The text with one line a line.
    pub fn text(&self) -> String {
        let mut out = String::new();
        let mut line = 0;
        for word in &self.words {
            if !out.is_empty() {
                out.push(if word.line == line { ' ' } else { '\n' });
            }
            line = word.line;
            out.push_str(&word.text);
        }
        out
    }
}

/// Why a page could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error(transparent)]
    Page(#[from] Rejected),
    #[error(transparent)]
    Engine(#[from] EngineError),
}

/// Reads pages, one after the other.
#[derive(Debug)]
pub struct Reader {
    engine: Tesseract,
}

/// Thresholds of the verdict.
const LEAST_DPI: u32 = 195;
const BLURRED: f32 = 0.75;
const SKEWED_DEGREES: f32 = 3.0;
const UNSURE: f32 = 0.75;
const GARBLED: f32 = 0.08;
/// A reading worse than both of these makes the other three turns worth trying.
const LOST_CONFIDENCE: f32 = 0.60;
const LOST_SHARE: f32 = 0.35;

impl Reader {
    /// Loads the Vietnamese model. Fails unless `OMP_THREAD_LIMIT=1` was in the environment when
    /// the process started: without it the engine burns four times the CPU for nothing, and it
    /// cannot be set later.
    #[expect(
        clippy::disallowed_methods,
        reason = "no setting but a precondition of the process, checked where it bites"
    )]
    pub fn new() -> Result<Self, EngineError> {
        if std::env::var("OMP_THREAD_LIMIT").as_deref() != Ok("1") {
            return Err(EngineError::ThreadsNotLimited);
        }
        Ok(Self { engine: Tesseract::new("vie")? })
    }

    /// Reads a page's picture, turned by `turn`.
    pub fn read(&mut self, image: &PageImage, turn: Turn, dpi: u32) -> Result<PageText, ReadError> {
        let start = Instant::now();
        let picture = page::turned(page::decode(image)?, turn);
        let decode_ms = start.elapsed().as_millis() as u32;
        let mut text = self.read_picture(picture, dpi)?;
        text.timings.decode_ms = decode_ms;
        Ok(text)
    }

    /// Reads an upright picture.
    pub fn read_picture(&mut self, picture: DynamicImage, dpi: u32) -> Result<PageText, ReadError> {
        let (width, height) = (picture.width(), picture.height());
        let start = Instant::now();
        let prepared = page::prepare(picture, dpi);
        let prepare_ms = start.elapsed().as_millis() as u32;

        let start = Instant::now();
        let raw = self.engine.read(&prepared.picture, prepared.dpi, Layout::Page)?;
        let raw = lines::without_specks(raw);
        let raw = unread::reread(&mut self.engine, &prepared.picture, prepared.dpi, raw)?;
        let raw = lines::arranged(raw, prepared.picture.height);
        let words: Vec<Word> = raw
            .into_iter()
            .map(|word| Word {
                text: word.text.nfc().collect(),
                confidence: (word.confidence / 100.0).clamp(0.0, 1.0),
                rect: prepared.mapping.rect(word.rect),
                line: word.line,
                block: word.block,
            })
            .collect();
        let (text_confidence, non_syllable_share) = trust(&words);
        let is_blank = prepared.look.is_blank();
        let is_lost = words.len() < 5
            || (text_confidence < LOST_CONFIDENCE && non_syllable_share > LOST_SHARE)
            || stands_on_its_side(&words);
        let turn_proposed =
            if is_lost && !is_blank { self.better_turn(&prepared.picture, prepared.dpi)? } else { None };
        let read_ms = start.elapsed().as_millis() as u32;

        let mut quality = Quality {
            dpi,
            is_blank,
            blur: prepared.look.blur,
            text_confidence,
            non_syllable_share,
            warnings: Vec::new(),
        };
        quality.warnings = warnings(&quality, prepared.skew_degrees, turn_proposed, words.len());
        let timings = Timings { decode_ms: 0, prepare_ms, read_ms };
        Ok(PageText {
            words,
            width,
            height,
            skew_degrees: prepared.skew_degrees,
            turn_proposed,
            quality,
            timings,
        })
    }

    /// Reads the middle of the page in all four turns; gives one that reads far better, if any.
    fn better_turn(&mut self, picture: &Grey, dpi: u32) -> Result<Option<Turn>, EngineError> {
        let middle = middle(picture, 1_000);
        let mut scores = Vec::new();
        for turn in Turn::ALL {
            let words = self.engine.read(&turned_grey(&middle, turn), dpi, Layout::Block)?;
            scores.push((turn, sense(&words)));
        }
        let here = scores.first().map_or(0.0, |(_, score)| *score);
        let best = scores.into_iter().max_by(|a, b| a.1.total_cmp(&b.1));
        Ok(best
            .filter(|&(turn, score)| turn != Turn::None && score > 8.0 && score > here * 2.0)
            .map(|(turn, _)| turn))
    }
}

/// Whether most words are taller than wide: the engine reads lines that run up or down the page too,
/// but an officer wants the page turned.
fn stands_on_its_side(words: &[Word]) -> bool {
    let long = || words.iter().filter(|word| word.text.chars().count() >= 3);
    let is_tall = |word: &&Word| word.rect[3] - word.rect[1] > word.rect[2] - word.rect[0];
    long().filter(is_tall).count() * 2 > long().count()
}

/// How much of the words makes sense: letters of possible syllables, weighted by confidence.
fn sense(words: &[RawWord]) -> f32 {
    let plain =
        |word: &RawWord| word.text.trim_matches(|c: char| !c.is_alphanumeric()).nfc().collect::<String>();
    words
        .iter()
        .filter(|word| word.confidence > 50.0)
        .filter(|word| {
            let text = plain(word);
            text.chars().count() >= 3 && syllable::is_syllable(&text)
        })
        .map(|word| word.confidence / 100.0)
        .sum()
}

/// The square of `side` pixels in the middle of the picture.
fn middle(picture: &Grey, side: u32) -> Grey {
    let (width, height) = (picture.width.min(side), picture.height.min(side));
    let (left, top) = ((picture.width - width) / 2, (picture.height - height) / 2);
    let pixels = (top..top + height)
        .flat_map(|y| &picture.row(y)[left as usize..(left + width) as usize])
        .copied()
        .collect();
    Grey { width, height, pixels }
}

fn turned_grey(picture: &Grey, turn: Turn) -> Grey {
    let (width, height) = turn.size(picture.width, picture.height);
    let mut out = Grey::filled(width, height, 255);
    for y in 0..picture.height {
        for (x, &value) in (0..picture.width).zip(picture.row(y)) {
            let (to_x, to_y) = match turn {
                Turn::None => (x, y),
                Turn::Right => (picture.height - 1 - y, x),
                Turn::Half => (picture.width - 1 - x, picture.height - 1 - y),
                Turn::Left => (y, picture.width - 1 - x),
            };
            out.pixels[to_y as usize * width as usize + to_x as usize] = value;
        }
    }
    out
}

/// Mean confidence over letters, and the share of impossible words.
fn trust(words: &[Word]) -> (f32, f32) {
    let (mut sum, mut n_letters) = (0.0, 0.0);
    for word in words {
        let letters = word.text.chars().filter(|c| c.is_alphanumeric()).count() as f32;
        sum += word.confidence * letters;
        n_letters += letters;
    }
    let confidence = if n_letters > 0.0 { sum / n_letters } else { 0.0 };
    (confidence, syllable::non_syllable_share(words.iter().map(|word| word.text.as_str())).0)
}

fn warnings(quality: &Quality, skew_degrees: f32, turn: Option<Turn>, n_words: usize) -> Vec<Warning> {
    let has_text = n_words > 0 && !quality.is_blank;
    [
        // law: ND30-2020/PL1
        (quality.dpi < LEAST_DPI, Warning::LowDpi),
        (quality.is_blank, Warning::Blank),
        (quality.blur > BLURRED && !quality.is_blank, Warning::Blurred),
        (skew_degrees.abs() > SKEWED_DEGREES, Warning::Skewed),
        (has_text && quality.text_confidence < UNSURE, Warning::Unsure),
        (has_text && quality.non_syllable_share > GARBLED, Warning::Garbled),
        (turn.is_some(), Warning::PerhapsTurned),
    ]
    .into_iter()
    .filter_map(|(is_so, warning)| is_so.then_some(warning))
    .collect()
}

/// The smallest box around words, `None` for none.
pub fn around<'a>(words: impl IntoIterator<Item = &'a Word>) -> Option<Rect> {
    words.into_iter().map(|word| word.rect).reduce(union)
}
