//! What is printed is read, where it lies, whatever the scanner did to it.

use image::DynamicImage;
use scan::geometry::Turn;
use scan::intake::{Encoding, Limits, Origin, sniff};
use scan::measure::words_found;
use scan::recognise::{PageText, Warning};

use crate::POOL;
use crate::paper::{Paper, Weight, decision, jpeg, png, scanned};

fn read(file: Vec<u8>) -> PageText {
    let opened = POOL.open(file, &Limits::default()).expect("the file opens");
    let page = &opened.first().expect("there is a page").page;
    POOL.read(&page.image, page.turn, page.dpi).expect("the page is read")
}

#[test]
fn a_clean_page_is_read_nearly_whole() {
    let paper = decision(200);
    let text = read(paper.jpeg());
    let found = words_found(&paper.text(), &text.text());
    assert!(found >= 0.98, "only {found} found in\n{}", text.text());
    assert_eq!((text.width, text.height), paper.picture.dimensions());
    assert!(text.quality.warnings.is_empty(), "{:?}", text.quality);
    assert!(text.quality.text_confidence > 0.85, "{:?}", text.quality);
    assert!(text.quality.non_syllable_share < 0.03, "{:?}", text.quality);
    assert!(text.skew_degrees.abs() < 0.1, "{}", text.skew_degrees);
}

#[test]
fn the_columns_of_the_head_are_not_mixed() {
    let text = read(decision(200).jpeg()).text();
    let lines: Vec<&str> = text.lines().take(5).collect();
    assert_eq!(lines[..2], ["ỦY BAN NHÂN DÂN", "XÃ HỒNG THÁI"], "{text}");
    assert_eq!(lines[2], "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "{text}");
    assert!(lines[4].starts_with("Số: 125"), "{text}");
}

#[test]
fn a_leaning_grainy_page_is_read_and_its_boxes_lie_on_the_page_as_seen() {
    let paper = decision(200);
    let leaning = DynamicImage::from(scanned(&paper, 2.0));
    let text = read(jpeg(&leaning, 200));
    let found = words_found(&paper.text(), &text.text());
    assert!(found >= 0.96, "only {found} found in\n{}", text.text());
    assert!((text.skew_degrees - 2.0).abs() < 0.15, "{}", text.skew_degrees);

    // Every word that is printed once must be found where the lean has brought it.
    let (width, height) = paper.picture.dimensions();
    let (sine, cosine) = 2_f32.to_radians().sin_cos();
    let (cx, cy) = (width as f32 / 2.0, height as f32 / 2.0);
    let mut n_checked = 0;
    for (word, rect) in &paper.words {
        let mut same = text.words.iter().filter(|read| read.text == *word);
        let is_single = paper.words.iter().filter(|(other, _)| other == word).count() == 1;
        let (Some(read), None, true) = (same.next(), same.next(), is_single) else { continue };
        let middle = |rect: [u32; 4]| (rect[0].midpoint(rect[2]) as f32, rect[1].midpoint(rect[3]) as f32);
        let (x, y) = middle(*rect);
        let (dx, dy) = (x - cx, y - cy);
        let (x, y) = (dx * cosine - dy * sine + cx, dx * sine + dy * cosine + cy);
        let (read_x, read_y) = middle(read.rect);
        assert!(
            (read_x - x).abs() < 14.0 && (read_y - y).abs() < 14.0,
            "{word}: {read_x},{read_y} not {x},{y}"
        );
        n_checked += 1;
    }
    assert!(n_checked > 40, "only {n_checked} words could be checked");
}

#[test]
fn print_under_a_stamp_is_read() {
    let mut paper = decision(200);
    paper.stamp(140.0, 196.0, 19.0);
    paper.stamp(90.0, 110.0, 19.0);
    let text = read(paper.jpeg());
    let found = words_found(&paper.text(), &text.text());
    assert!(found >= 0.96, "only {found} found in\n{}", text.text());
    assert!(text.text().contains("Nguyễn Thị Hồng Vân"), "{}", text.text());
}

#[test]
fn a_fax_is_read_and_kept_in_one_bit() {
    let paper = decision(200);
    let mut grey = paper.picture().to_luma8();
    for pixel in grey.pixels_mut() {
        pixel.0[0] = if pixel.0[0] > 140 { 255 } else { 0 };
    }
    let tiff = crate::hostile::tiff_pages(&[grey.into()]);
    let opened = POOL.open(tiff, &Limits::default()).expect("the fax opens");
    let page = &opened[0].page;
    assert_eq!(page.image.ink, scan::intake::Ink::Bilevel);
    assert!(page.image.bytes.len() < 60_000, "{} bytes", page.image.bytes.len());
    let text = POOL.read(&page.image, page.turn, 200).expect("the page is read");
    let found = words_found(&paper.text(), &text.text());
    assert!(found >= 0.96, "only {found} found in\n{}", text.text());
}

#[test]
fn a_page_on_its_head_or_side_is_noticed_and_reads_when_turned() {
    let paper = decision(200);
    for (picture, turn) in
        [(paper.picture().rotate180(), Turn::Half), (paper.picture().rotate90(), Turn::Left)]
    {
        let opened = POOL.open(jpeg(&picture, 200), &Limits::default()).expect("the file opens");
        let page = &opened[0].page;
        let text = POOL.read(&page.image, Turn::None, 200).expect("the page is read");
        assert_eq!(text.turn_proposed, Some(turn));
        assert!(text.quality.warnings.contains(&Warning::PerhapsTurned));
        let text = POOL.read(&page.image, turn, 200).expect("the page is read");
        assert_eq!((text.width, text.height), paper.picture.dimensions());
        assert!(words_found(&paper.text(), &text.text()) >= 0.98, "{}", text.text());
    }
}

#[test]
fn an_empty_page_is_flagged_and_not_dropped() {
    let blank = Paper::a4(200);
    let text = read(jpeg(&DynamicImage::from(scanned(&blank, 0.0)), 200));
    assert!(text.quality.is_blank);
    assert_eq!(text.quality.warnings, [Warning::Blank]);
    assert!(text.turn_proposed.is_none());

    let mut nearly = Paper::a4(200);
    nearly.print(90.0, 140.0, 13.0, Weight::Regular, "Trang này chỉ có một dòng chữ");
    assert!(!read(nearly.jpeg()).quality.is_blank);
}

#[test]
fn a_blurred_page_is_flagged() {
    let paper = decision(200);
    assert!(read(paper.jpeg()).quality.blur < 0.5);
    let blurred = paper.picture().blur(4.0);
    let text = read(jpeg(&blurred, 200));
    assert!(text.quality.warnings.contains(&Warning::Blurred), "{:?}", text.quality);
}

#[test]
fn a_jpeg_passes_through_byte_for_byte() {
    let file = decision(150).jpeg();
    let opened = POOL.open(file.clone(), &Limits::default()).expect("the file opens");
    let page = &opened[0].page;
    assert_eq!(page.image.bytes, file);
    assert_eq!(page.origin, Origin::Untouched);
    assert_eq!(page.dpi, 150);
    assert_eq!(page.sha256.len(), 64);
    let thumbnail = image::load_from_memory(&opened[0].thumbnail).expect("the thumbnail is a picture");
    assert_eq!(thumbnail.height(), 200);
    let png = png(&decision(100).picture());
    let opened = POOL.open(png.clone(), &Limits::default()).expect("the file opens");
    assert_eq!(opened[0].page.image.bytes, png);
    assert_eq!(opened[0].page.image.encoding, Encoding::Png);
    assert!(sniff(&png).is_ok());
}

#[test]
fn a_crop_shows_what_lies_in_the_box() {
    let paper = decision(200);
    let opened = POOL.open(paper.jpeg(), &Limits::default()).expect("the file opens");
    let crops =
        POOL.crop(&opened[0].page.image, Turn::None, &[[300, 100, 700, 160], [1600, 2300, 9999, 9999]]);
    let crops = crops.expect("the boxes hold pixels");
    let sizes: Vec<_> = crops
        .iter()
        .map(|crop| {
            image::load_from_memory(crop).map(|crop| (crop.width(), crop.height())).expect("a picture")
        })
        .collect();
    assert_eq!(sizes, [(400, 60), (paper.picture.width() - 1600, paper.picture.height() - 2300)]);
    assert!(POOL.crop(&opened[0].page.image, Turn::None, &[[5000, 0, 6000, 10]]).is_err());
}

#[test]
fn the_code_of_a_citizens_card_is_read() {
    let said = "034185001234|123456789|Nguyễn Thị Vân|01021985|Nữ|Thôn Đông, Xã Hồng Thái|12032021";
    let mut paper = Paper::a4(300);
    paper.code(127.0, 34.0, 22.5, said);
    let opened = POOL.open(paper.jpeg(), &Limits::default()).expect("the file opens");
    let codes = POOL.codes(&opened[0].page.image, Turn::None).expect("the page is searched");
    let texts: Vec<&str> = codes.iter().map(|code| code.text.as_str()).collect();
    assert_eq!(texts, [said]);
    assert!(codes[0].rect[0] > 1400 && codes[0].rect[1] > 350, "{:?}", codes[0].rect);
}

#[test]
fn a_separator_sheet_is_told_from_a_paper_that_carries_a_code() {
    let said = "TACH|1.004873|to-khai|6ea15aaf";
    let sheet = |dpi, said| {
        let mut paper = Paper::a4(dpi);
        paper.code(75.0, 40.0, 60.0, said);
        paper.print(40.0, 120.0, 28.0, Weight::Bold, "Tờ khai cấp Giấy xác nhận");
        paper.print(40.0, 280.0, 11.0, Weight::Regular, "Đặt tờ này trước giấy, quét cả xấp một lần.");
        paper
    };
    let separator = |file: Vec<u8>| {
        let opened = POOL.open_stack(file, &Limits::default(), "TACH|").expect("the file opens");
        opened.into_iter().next().and_then(|page| page.separator)
    };
    for dpi in [100, 150, 300] {
        assert_eq!(separator(sheet(dpi, said).jpeg()).as_deref(), Some(said), "{dpi} dpi");
    }
    let picture = sheet(200, said).picture();
    for turned in
        [picture.rotate90(), picture.rotate180(), DynamicImage::from(scanned(&sheet(200, said), 3.0))]
    {
        assert_eq!(separator(jpeg(&turned, 200)).as_deref(), Some(said));
    }
    assert_eq!(separator(sheet(200, "034185001234|123456789").jpeg()), None, "another code");
    assert_eq!(separator(Paper::a4(200).jpeg()), None, "an empty page");
    let mut paper = decision(200);
    paper.code(140.0, 235.0, 60.0, said);
    assert_eq!(separator(paper.jpeg()), None, "a paper on which somebody put the code");
    let opened = POOL.open(sheet(200, said).jpeg(), &Limits::default()).expect("the file opens");
    assert_eq!(opened[0].separator, None, "nobody asked");
}
