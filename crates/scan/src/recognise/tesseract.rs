//! The system's libtesseract through the few calls of its stable C interface that a page needs.
//! The only module of the workspace with `unsafe`: the library has no Rust of its own, and a
//! generated binding would need a C compiler's parser at build time. What is read off a page
//! leaves here as plain values; layout and verdicts are the caller's work.
#![expect(unsafe_code, reason = "foreign calls into libtesseract; every one is wrapped in this module")]

use std::ffi::{CStr, CString, c_char, c_float, c_int};
use std::ptr::{NonNull, null, null_mut};

use crate::page::Grey;

#[repr(C)]
struct Handle {
    _opaque: [u8; 0],
}
#[repr(C)]
struct Results {
    _opaque: [u8; 0],
}
#[repr(C)]
struct Boxes {
    _opaque: [u8; 0],
}

/// The LSTM engine alone (`TessOcrEngineMode::OEM_LSTM_ONLY`); the packaged models have no other.
const LSTM_ONLY: c_int = 1;
/// Fully automatic page segmentation, no orientation detection (`PSM_AUTO`).
const AUTOMATIC: c_int = 3;
/// One uniform block of text (`PSM_SINGLE_BLOCK`).
const ONE_BLOCK: c_int = 6;
/// One line of text (`PSM_SINGLE_LINE`).
const ONE_LINE: c_int = 7;
const LEVEL_BLOCK: c_int = 0;
const LEVEL_LINE: c_int = 2;
const LEVEL_WORD: c_int = 3;

unsafe extern "C" {
    fn TessVersion() -> *const c_char;
    fn TessDeleteText(text: *const c_char);
    fn TessBaseAPICreate() -> *mut Handle;
    fn TessBaseAPIDelete(handle: *mut Handle);
    fn TessBaseAPIInit4(
        handle: *mut Handle,
        data: *const c_char,
        language: *const c_char,
        engine: c_int,
        configs: *mut *mut c_char,
        n_configs: c_int,
        names: *mut *mut c_char,
        values: *mut *mut c_char,
        n_names: usize,
        only_non_debug: c_int,
    ) -> c_int;
    fn TessBaseAPISetVariable(handle: *mut Handle, name: *const c_char, value: *const c_char) -> c_int;
    fn TessBaseAPISetPageSegMode(handle: *mut Handle, mode: c_int);
    fn TessBaseAPISetImage(
        handle: *mut Handle,
        pixels: *const u8,
        width: c_int,
        height: c_int,
        bytes_per_pixel: c_int,
        bytes_per_line: c_int,
    );
    fn TessBaseAPISetSourceResolution(handle: *mut Handle, dpi: c_int);
    fn TessBaseAPIRecognize(handle: *mut Handle, monitor: *mut u8) -> c_int;
    fn TessBaseAPIGetIterator(handle: *mut Handle) -> *mut Results;
    fn TessBaseAPIClear(handle: *mut Handle);
    fn TessResultIteratorDelete(results: *mut Results);
    fn TessResultIteratorGetPageIteratorConst(results: *const Results) -> *const Boxes;
    fn TessResultIteratorNext(results: *mut Results, level: c_int) -> c_int;
    fn TessResultIteratorGetUTF8Text(results: *const Results, level: c_int) -> *mut c_char;
    fn TessResultIteratorConfidence(results: *const Results, level: c_int) -> c_float;
    fn TessPageIteratorIsAtBeginningOf(boxes: *const Boxes, level: c_int) -> c_int;
    fn TessPageIteratorBoundingBox(
        boxes: *const Boxes,
        level: c_int,
        left: *mut c_int,
        top: *mut c_int,
        right: *mut c_int,
        bottom: *mut c_int,
    ) -> c_int;
}

/// A word as Tesseract gives it, in pixels of the picture it was shown.
#[derive(Debug, Clone)]
pub(crate) struct RawWord {
    pub(crate) text: String,
    /// 0–100.
    pub(crate) confidence: f32,
    pub(crate) rect: [i32; 4],
    pub(crate) line: u32,
    pub(crate) block: u32,
}

/// How the picture is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    Page,
    Block,
    Line,
}

/// What kept the engine from working.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    #[error("text recognition could not start: no model for `{language}` (package tesseract-ocr-{language})")]
    NoModel { language: String },
    #[error("text recognition needs OMP_THREAD_LIMIT=1 in the environment of the process from its start")]
    ThreadsNotLimited,
    #[error("text recognition gave up on the page")]
    GaveUp,
    #[error("page of {width}×{height} pixels is too large for text recognition")]
    TooLarge { width: u32, height: u32 },
}

/// One engine with its model loaded. Made once a worker (0.3–0.7 s), used for page after page.
#[derive(Debug)]
pub struct Tesseract {
    handle: NonNull<Handle>,
}

// SAFETY: a handle has no thread affinity; it may not be used by two threads at once, which
// `&mut self` on every call rules out (the type is not `Sync`).
unsafe impl Send for Tesseract {}

impl Tesseract {
    /// Loads the model of `language` (`vie`) from the folder the library was built for, or from
    /// `TESSDATA_PREFIX`.
    pub fn new(language: &str) -> Result<Self, EngineError> {
        let no_model = || EngineError::NoModel { language: language.to_owned() };
        let c_language = CString::new(language).map_err(|_| no_model())?;
        // SAFETY: no arguments; the result is checked for null.
        let handle = NonNull::new(unsafe { TessBaseAPICreate() }).ok_or_else(no_model)?;
        let mut engine = Self { handle };
        // Quiet before loading: 5.x writes "Detected N diacritics" and the like to stderr.
        engine.set(c"debug_file", c"/dev/null");
        // SAFETY: `handle` is live, the strings outlive the call, and null with a count of zero is
        // what the interface asks for where there are no extra configurations.
        let failed = unsafe {
            TessBaseAPIInit4(
                engine.handle.as_ptr(),
                null(),
                c_language.as_ptr(),
                LSTM_ONLY,
                null_mut(),
                0,
                null_mut(),
                null_mut(),
                0,
                0,
            )
        };
        if failed != 0 {
            return Err(no_model());
        }
        engine.set(c"debug_file", c"/dev/null");
        // Ink is made dark on light before; looking for light on dark again costs time and misreads stamps.
        engine.set(c"tessedit_do_invert", c"0");
        Ok(engine)
    }

    /// The library's version, for `doctor` and the copy's metadata.
    pub fn version() -> String {
        // SAFETY: returns a static, NUL-terminated string.
        unsafe { CStr::from_ptr(TessVersion()) }.to_string_lossy().into_owned()
    }

    fn set(&mut self, name: &CStr, value: &CStr) {
        // SAFETY: live handle, NUL-terminated strings that outlive the call. An unknown name is
        // answered with 0 and changes nothing.
        unsafe { TessBaseAPISetVariable(self.handle.as_ptr(), name.as_ptr(), value.as_ptr()) };
    }

    /// Reads the words of `picture`, in the engine's reading order.
    pub(crate) fn read(
        &mut self,
        picture: &Grey,
        dpi: u32,
        layout: Layout,
    ) -> Result<Vec<RawWord>, EngineError> {
        let too_large = EngineError::TooLarge { width: picture.width, height: picture.height };
        // The engine stores coordinates in 16 bits.
        if picture.width > 32_000 || picture.height > 32_000 {
            return Err(too_large);
        }
        debug_assert_eq!(picture.pixels.len(), picture.width as usize * picture.height as usize);
        let handle = self.handle.as_ptr();
        let mode = match layout {
            Layout::Page => AUTOMATIC,
            Layout::Block => ONE_BLOCK,
            Layout::Line => ONE_LINE,
        };
        // SAFETY: live handle; the buffer holds width × height bytes of one byte a pixel and is
        // copied by `SetImage`; a null monitor means no time limit (the caller's process has one).
        let failed = unsafe {
            TessBaseAPISetPageSegMode(handle, mode);
            TessBaseAPISetImage(
                handle,
                picture.pixels.as_ptr(),
                picture.width as c_int,
                picture.height as c_int,
                1,
                picture.width as c_int,
            );
            TessBaseAPISetSourceResolution(handle, dpi as c_int);
            TessBaseAPIRecognize(handle, null_mut())
        };
        let words = if failed == 0 { Ok(self.words()) } else { Err(EngineError::GaveUp) };
        // SAFETY: live handle; frees the page's image and results, keeps the model.
        unsafe { TessBaseAPIClear(handle) };
        words
    }

    fn words(&mut self) -> Vec<RawWord> {
        let mut words = Vec::new();
        // SAFETY: live handle on which `Recognize` has just succeeded; null means an empty page.
        let results = unsafe { TessBaseAPIGetIterator(self.handle.as_ptr()) };
        if results.is_null() {
            return words;
        }
        let (mut line, mut block) = (0, 0);
        loop {
            // SAFETY: `results` is live until the delete below; the page iterator is a view of it
            // and is not freed on its own.
            let boxes = unsafe { TessResultIteratorGetPageIteratorConst(results) };
            // SAFETY: as above.
            unsafe {
                line += u32::from(TessPageIteratorIsAtBeginningOf(boxes, LEVEL_LINE) != 0);
                block += u32::from(TessPageIteratorIsAtBeginningOf(boxes, LEVEL_BLOCK) != 0);
            }
            if let Some((text, confidence, rect)) = word_at(results, boxes) {
                words.push(RawWord { text, confidence, rect, line, block });
            }
            // SAFETY: as above.
            if unsafe { TessResultIteratorNext(results, LEVEL_WORD) } == 0 {
                break;
            }
        }
        // SAFETY: made by `GetIterator` above and not used afterwards.
        unsafe { TessResultIteratorDelete(results) };
        words
    }
}

fn word_at(results: *const Results, boxes: *const Boxes) -> Option<(String, f32, [i32; 4])> {
    let [mut left, mut top, mut right, mut bottom] = [0; 4];
    // SAFETY: the caller's iterators are live; the four places are valid for writes; the text, if
    // any, is NUL-terminated and ours to free exactly once.
    unsafe {
        let raw = TessResultIteratorGetUTF8Text(results, LEVEL_WORD);
        if raw.is_null() {
            return None;
        }
        let text = CStr::from_ptr(raw).to_string_lossy().trim().to_owned();
        TessDeleteText(raw);
        let confidence = TessResultIteratorConfidence(results, LEVEL_WORD);
        let found = TessPageIteratorBoundingBox(
            boxes,
            LEVEL_WORD,
            &raw mut left,
            &raw mut top,
            &raw mut right,
            &raw mut bottom,
        );
        (found != 0 && !text.is_empty()).then_some((text, confidence, [left, top, right, bottom]))
    }
}

impl Drop for Tesseract {
    fn drop(&mut self) {
        // SAFETY: the handle is ours, live, and not used afterwards; `Delete` also ends the engine.
        unsafe { TessBaseAPIDelete(self.handle.as_ptr()) };
    }
}
