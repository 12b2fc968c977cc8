//! Scans become PDF/A: structure, text and picture as independent programs see them.

use crate::samples::{LINES, jpeg, judge, keep, metadata, page, pixels, scan};
use pdf::archive::{self, Colour, PageImage, ScanPage, Turn};

fn path(name: &str, bytes: &[u8]) -> String {
    keep(name, bytes).to_string_lossy().into_owned()
}

#[test]
fn a_scan_reads_back_with_its_pages_sizes_and_claim() {
    let bytes = scan();
    let document = pdf::read::open(&bytes).expect("a readable file");
    assert_eq!(document.page_count().expect("pages"), 2);
    let sizes = document.page_sizes().expect("sizes");
    assert!((sizes[0].width - 827.0 * 0.72).abs() < 0.001);
    assert!((sizes[0].height - 1169.0 * 0.72).abs() < 0.001);
    assert_eq!(document.pdfa_claim().as_deref(), Some("2B"));
    assert!(!document.is_encrypted());
    assert!(!document.has_signatures().expect("a form"));
}

#[test]
fn equal_scans_are_equal_files() {
    assert_eq!(scan(), scan());
}

#[test]
fn jpeg_bytes_are_copied_untouched() {
    let image = jpeg(Colour::Rgb, 400, 500);
    let PageImage::Jpeg { bytes: original, .. } = &image else { panic!("a jpeg was expected") };
    let original = original.clone();
    let file = archive::write(&[page(image, 400)], &metadata()).expect("a file");
    assert!(file.windows(original.len()).any(|window| window == original));
}

#[test]
fn qpdf_finds_no_fault() {
    let (passed, said) = judge("qpdf", &["--check", &path("scan.pdf", &scan())]);
    assert!(passed, "{said}");
}

#[test]
fn the_text_comes_back_word_for_word() {
    let (_, said) = judge("pdftotext", &["-layout", &path("text.pdf", &scan()), "-"]);
    for line in LINES {
        let found = said.lines().any(|got| got.split_whitespace().eq(line.split_whitespace()));
        assert!(found, "`{line}` is missing in:\n{said}");
    }
}

#[test]
fn skewed_words_stay_in_one_line() {
    let mut page = page(jpeg(Colour::Grey, 827, 1169), 827);
    let slope = 0.7_f32;
    for word in &mut page.words {
        let rise = word.rect[0] * slope.to_radians().tan();
        word.rect[1] -= rise + (word.rect[2] - word.rect[0]) * slope.to_radians().tan();
        word.rect[3] -= rise;
        word.baseline[1] -= rise;
        word.angle_degrees = slope;
    }
    let file = archive::write(&[page], &metadata()).expect("a file");
    let (_, said) = judge("pdftotext", &["-layout", &path("skew.pdf", &file), "-"]);
    let words: Vec<&str> = LINES.iter().flat_map(|line| line.split_whitespace()).collect();
    assert!(said.split_whitespace().eq(words.iter().copied()), "{said}");
}

/// A dark corner tells where the top left of the image went.
fn cornered(turn: Turn) -> [bool; 4] {
    let (width, height) = (120_u32, 80_u32);
    let mut grey = vec![255_u8; (width * height) as usize];
    for y in 0..20 {
        for x in 0..20 {
            grey[(y * width + x) as usize] = 0;
        }
    }
    let image = PageImage::Grey8 { pixels: grey, width, height };
    let page = ScanPage { image, dpi: (72.0, 72.0), turn, words: Vec::new() };
    let file = archive::write(&[page], &metadata()).expect("a file");
    let name = format!("turn-{turn:?}.pdf");
    let pdf = path(&name, &file);
    let target = pdf.trim_end_matches(".pdf").to_owned();
    let (passed, said) = judge("pdftoppm", &["-r", "72", "-png", "-gray", "-singlefile", &pdf, &target]);
    assert!(passed, "{said}");
    let picture = image::open(format!("{target}.png")).expect("a picture").into_luma8();
    let (w, h) = picture.dimensions();
    [(8, 8), (w - 8, 8), (w - 8, h - 8), (8, h - 8)].map(|(x, y)| picture.get_pixel(x, y).0[0] < 128)
}

#[test]
fn turning_is_clockwise() {
    assert_eq!(cornered(Turn::None), [true, false, false, false]);
    assert_eq!(cornered(Turn::Quarter), [false, true, false, false]);
    assert_eq!(cornered(Turn::Half), [false, false, true, false]);
    assert_eq!(cornered(Turn::ThreeQuarter), [false, false, false, true]);
}

#[test]
fn every_kind_of_image_shows_what_went_in() {
    let (width, height) = (320_u32, 400_u32);
    let rgb = pixels(width, height);
    let grey: Vec<u8> = rgb.chunks_exact(3).map(|pixel| pixel[0]).collect();
    let row = width.div_ceil(8) as usize;
    let mut bits = vec![0_u8; row * height as usize];
    for (i, _) in grey.iter().enumerate().filter(|(_, value)| **value < 128) {
        let (x, y) = (i % width as usize, i / width as usize);
        bits[y * row + x / 8] |= 0x80 >> (x % 8);
    }
    let images = [
        PageImage::Rgb8 { pixels: rgb, width, height },
        PageImage::Grey8 { pixels: grey.clone(), width, height },
        PageImage::Bitonal { bits, width, height },
    ];
    for (index, image) in images.into_iter().enumerate() {
        let page = ScanPage { image, dpi: (72.0, 72.0), turn: Turn::None, words: Vec::new() };
        let file = archive::write(&[page], &metadata()).expect("a file");
        let pdf = path(&format!("kind-{index}.pdf"), &file);
        let (passed, said) = judge("qpdf", &["--check", &pdf]);
        assert!(passed, "{said}");
        let target = pdf.trim_end_matches(".pdf").to_owned();
        let (passed, said) = judge("pdfimages", &["-png", &pdf, &target]);
        assert!(passed, "{said}");
        let picture = image::open(format!("{target}-000.png")).expect("a picture").into_luma8();
        assert_eq!(picture.dimensions(), (width, height));
        let dark = picture.pixels().zip(&grey).filter(|(shown, meant)| (shown.0[0] < 128) == (**meant < 128));
        assert_eq!(dark.count(), grey.len());
    }
}

#[test]
fn a_cmyk_page_is_written_with_its_own_profile() {
    // The header of a CMYK JPEG is all the writer reads; no renderer is asked here.
    let jpeg = [
        &[0xFF, 0xD8, 0xFF, 0xEE, 0, 14][..],
        b"Adobe",
        &[0, 100, 0, 0, 0, 0, 2],
        &[0xFF, 0xC0, 0, 20, 8, 0, 60, 0, 50, 4, 1, 17, 0, 2, 17, 0, 3, 17, 0, 4, 17, 0],
    ]
    .concat();
    let image = PageImage::Jpeg { bytes: jpeg, width: 50, height: 60, colour: Colour::Cmyk };
    let page = ScanPage { image, dpi: (72.0, 72.0), turn: Turn::None, words: Vec::new() };
    let file = archive::write(&[page], &metadata()).expect("a file");
    let text = String::from_utf8_lossy(&file);
    assert!(text.contains("/N 4") && text.contains("/Decode[1 0 1 0 1 0 1 0]"));
}

#[test]
fn wrong_input_is_named_by_page() {
    let good = || page(jpeg(Colour::Rgb, 100, 100), 100);
    let mut stated = good();
    stated.image = PageImage::Jpeg { bytes: vec![1, 2, 3], width: 100, height: 100, colour: Colour::Rgb };
    let mut resolution = good();
    resolution.dpi = (0.0, 100.0);
    let mut short = good();
    short.image = PageImage::Grey8 { pixels: vec![0; 10], width: 100, height: 100 };
    let mut colour = good();
    let PageImage::Jpeg { colour: stated_colour, .. } = &mut colour.image else { panic!("a jpeg") };
    *stated_colour = Colour::Grey;
    for bad in [stated, resolution, short, colour] {
        let error = archive::write(&[good(), bad], &metadata()).expect_err("an error");
        assert!(error.to_string().starts_with("page 2: "), "{error}");
    }
    assert!(archive::write(&[], &metadata()).is_err());
}

#[test]
fn words_lie_on_their_boxes() {
    let (_, said) = judge("pdftotext", &["-bbox", "-l", "1", &path("boxes.pdf", &scan()), "-"]);
    let number = |line: &str, name: &str| -> f64 {
        let at = line.find(name).expect("a coordinate") + name.len() + 2;
        line[at..].chars().take_while(|c| *c != '"').collect::<String>().parse().expect("a number")
    };
    let found: Vec<&str> = said.lines().filter(|line| line.contains("<word")).collect();
    let words = crate::samples::words(827);
    assert_eq!(found.len(), words.len());
    for (line, word) in found.iter().zip(&words) {
        assert!(line.contains(&format!(">{}<", word.text)), "{line}");
        for (name, meant) in [("xMin", 0), ("yMin", 1), ("xMax", 2), ("yMax", 3)] {
            let (got, meant) = (number(line, name), f64::from(word.rect[meant]) * 0.72);
            assert!((got - meant).abs() < 1.0, "{name} of `{}` is {got}, not {meant}", word.text);
        }
    }
}
