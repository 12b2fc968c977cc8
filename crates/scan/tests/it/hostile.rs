//! Files that are broken, lie, or mean harm: each gets the refusal that says what is wrong, and
//! the children answer the next file as if nothing had been.

use std::io::Cursor;
use std::process::Command;

use image::DynamicImage;
use scan::intake::{Ink, Limits, Origin, Rejected};
use scan::worker::{Bounds, Error, Pool};
use tiff::encoder::{TiffEncoder, colortype};

use crate::paper::{Paper, decision, jpeg, png};
use crate::{POOL, program};

fn refused(file: Vec<u8>) -> Rejected {
    let answer = POOL.open(file, &Limits::default());
    // Whatever happened, the next file is served.
    POOL.open(Paper::a4(72).jpeg(), &Limits::default()).expect("the children go on");
    match answer {
        Err(Error::Rejected(rejected)) => rejected,
        Err(other) => panic!("{other}"),
        Ok(pages) => panic!("taken with {} pages", pages.len()),
    }
}

pub(crate) fn tiff_pages(pages: &[DynamicImage]) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::new(&mut out).expect("memory takes the header");
    for page in pages {
        let grey = page.to_luma8();
        encoder
            .write_image::<colortype::Gray8>(grey.width(), grey.height(), grey.as_raw())
            .expect("memory takes the page");
    }
    out.into_inner()
}

#[test]
fn nothing_and_nonsense_are_named() {
    assert_eq!(refused(Vec::new()), Rejected::Empty);
    assert_eq!(
        refused(b"just a text that was called scan.jpg".to_vec()),
        Rejected::NotAPicture { looks_like: None }
    );
    let named = |file: &[u8]| match refused(file.to_vec()) {
        Rejected::NotAPicture { looks_like } => looks_like,
        other => panic!("{other}"),
    };
    assert_eq!(named(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic").as_deref(), Some("HEIC"));
    assert_eq!(named(b"RIFF\x10\0\0\0WEBPVP8 ").as_deref(), Some("WebP"));
    assert_eq!(named(b"PK\x03\x04\x14\0\x06\0").as_deref(), Some("ZIP/DOCX"));
}

#[test]
fn a_file_over_the_limit_is_refused_before_it_is_sent_anywhere() {
    let limits = Limits { file_bytes: 1000, ..Limits::default() };
    let answer = POOL.open(vec![0xFF; 1001], &limits);
    assert!(matches!(answer, Err(Error::Rejected(Rejected::TooLarge { bytes: 1001, most: 1000 }))));
}

#[test]
fn a_jpeg_that_breaks_off_is_refused() {
    let whole = decision(100).jpeg();
    let mut half = whole[..whole.len() / 2].to_vec();
    assert_eq!(refused(half.clone()), Rejected::Truncated { page: 1 });
    // An end marker set behind half a picture does not make it whole.
    half.extend([0xFF, 0xD9]);
    assert_eq!(refused(half), Rejected::Truncated { page: 1 });
    assert_eq!(refused(whole[..40].to_vec()), Rejected::Truncated { page: 1 });
}

#[test]
fn a_png_that_breaks_off_or_is_damaged_is_refused() {
    let whole = png(&decision(100).picture());
    assert_eq!(refused(whole[..whole.len() / 2].to_vec()), Rejected::Truncated { page: 1 });
    let mut damaged = whole;
    let middle = damaged.len() / 2;
    damaged[middle] ^= 0x55;
    assert!(matches!(refused(damaged), Rejected::Broken { .. }));
}

/// A PNG whose header claims a size, with as little data as the format allows.
fn png_claiming(width: u32, height: u32) -> Vec<u8> {
    let mut file = png(&DynamicImage::new_luma8(1, 1));
    let mut header = b"IHDR".to_vec();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([8, 2, 0, 0, 0]);
    let checksum = !header.iter().fold(!0_u32, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg()))
    });
    file.splice(12..33, header.into_iter().chain(checksum.to_be_bytes()));
    file
}

#[test]
fn a_picture_of_a_billion_pixels_is_refused_by_its_header() {
    assert_eq!(
        refused(png_claiming(30_000, 30_000)),
        Rejected::TooManyPixels { page: 1, width: 30_000, height: 30_000, most: 120_000_000 }
    );
    // Inside the limit by its header, but the data is not there.
    assert!(matches!(
        refused(png_claiming(5_000, 5_000)),
        Rejected::Broken { .. } | Rejected::Truncated { .. }
    ));
}

#[test]
fn a_small_file_that_unpacks_to_much_is_stopped() {
    // 200 million black pixels pack into a few hundred kilobytes.
    let bomb = png(&DynamicImage::new_luma8(20_000, 10_000));
    assert!(bomb.len() < 1 << 20, "{} bytes", bomb.len());
    assert!(matches!(refused(bomb), Rejected::TooManyPixels { .. }));
    // One that keeps to the limit on pixels, in a child with little memory.
    let pool = Pool::new(program(), 1, Bounds { memory_bytes: 200 << 20, ..Bounds::default() });
    let within = png(&DynamicImage::new_rgb8(10_000, 10_000));
    let answer = pool.open(within, &Limits::default());
    assert!(
        matches!(answer, Err(Error::Rejected(Rejected::TooHard { .. }))),
        "{:?}",
        answer.map(|pages| pages.len())
    );
    pool.open(Paper::a4(72).jpeg(), &Limits::default()).expect("the pool goes on");
}

#[test]
fn a_tiff_of_too_many_pages_or_in_a_ring_is_refused() {
    let small = DynamicImage::new_luma8(8, 8);
    assert_eq!(refused(tiff_pages(&vec![small; 2_000])), Rejected::TooManyPages { found: 2_000, most: 200 });
    // One directory without entries, whose next one is itself.
    assert!(matches!(refused(b"II*\0\x08\0\0\0\0\0\x08\0\0\0".to_vec()), Rejected::Broken { .. }));
}

#[test]
fn a_tiff_of_some_pages_gives_them_all_in_order() {
    let pages: Vec<DynamicImage> = (1..=3)
        .map(|n| DynamicImage::from(image::GrayImage::from_pixel(100 * n, 80, image::Luma([90]))))
        .collect();
    let opened = POOL.open(tiff_pages(&pages), &Limits::default()).expect("the file opens");
    let widths: Vec<u32> = opened.iter().map(|opened| opened.page.width).collect();
    assert_eq!(widths, [100, 200, 300]);
    assert!(opened.iter().all(|opened| opened.page.image.ink == Ink::Grey));
}

/// A PDF of the given objects (numbered from 1; the first is the catalogue).
fn pdf(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    for (number, object) in (1..).zip(objects) {
        places.push(file.len());
        file.extend(format!("{number} 0 obj\n").bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let table = file.len();
    file.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for place in places {
        file.extend(format!("{place:010} 00000 n \n").bytes());
    }
    file.extend(
        format!("trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1).bytes(),
    );
    file
}

fn stream(dictionary: &str, data: &[u8]) -> Vec<u8> {
    let mut object = format!("<<{dictionary}/Length {}>>\nstream\n", data.len()).into_bytes();
    object.extend(data);
    object.extend(b"\nendstream");
    object
}

/// One page of the given box, content and resources.
fn one_page(media_box: &str, more: &str, content: &[u8], rest: &[Vec<u8>]) -> Vec<u8> {
    let mut objects = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        format!("<</Type/Page/Parent 2 0 R/MediaBox[{media_box}]/Contents 4 0 R{more}>>").into_bytes(),
        stream("", content),
    ];
    objects.extend_from_slice(rest);
    pdf(&objects)
}

fn scan_pdf(picture: &[u8], width: u32, height: u32, more: &str, content: &[u8]) -> Vec<u8> {
    let dictionary = format!(
        "/Type/XObject/Subtype/Image/Width {width}/Height {height}/BitsPerComponent 8/ColorSpace/DeviceRGB/Filter/DCTDecode"
    );
    let more = format!("/Resources<</XObject<</Im0 5 0 R>>/Font<</F1 6 0 R>>>>{more}");
    let font = b"<</Type/Font/Subtype/Type1/BaseFont/Times-Roman>>".to_vec();
    one_page("0 0 595 842", &more, content, &[stream(&dictionary, picture), font])
}

#[test]
fn a_scanned_pdf_gives_its_jpeg_back_untouched() {
    let paper = decision(200);
    let (width, height) = paper.picture.dimensions();
    let picture = paper.jpeg();
    let content = b"q 595 0 0 842 0 0 cm /Im0 Do Q BT 3 Tr /F1 12 Tf 50 50 Td (hidden) Tj ET";
    let opened = POOL.open(scan_pdf(&picture, width, height, "/Rotate 90", content), &Limits::default());
    let opened = opened.expect("the file opens");
    let page = &opened[0].page;
    assert_eq!(page.image.bytes, picture);
    assert_eq!(page.origin, Origin::Untouched);
    assert_eq!(page.turn, scan::geometry::Turn::Right);
    assert_eq!(page.dpi, 200);

    // Words that show beside the picture make it a drawing.
    let content = b"q 595 0 0 842 0 0 cm /Im0 Do Q BT /F1 12 Tf 50 50 Td (seen) Tj ET";
    let opened = POOL.open(scan_pdf(&picture, width, height, "", content), &Limits::default());
    let page = &opened.expect("the file opens")[0].page;
    assert_eq!(page.origin, Origin::Rendered);
    assert!(
        page.width.abs_diff(1_653) <= 1 && page.height.abs_diff(2_339) <= 1,
        "{}×{}",
        page.width,
        page.height
    );
}

#[test]
fn a_scan_inside_a_pdf_is_held_to_the_same_rules() {
    let paper = decision(100);
    let (width, height) = paper.picture.dimensions();
    let picture = paper.jpeg();
    let content = b"q 595 0 0 842 0 0 cm /Im0 Do Q";
    let cut = scan_pdf(&picture[..picture.len() / 2], width, height, "", content);
    assert_eq!(refused(cut), Rejected::Truncated { page: 1 });
    let lies = scan_pdf(&picture, 40_000, 40_000, "", content);
    assert!(matches!(refused(lies), Rejected::TooManyPixels { .. }));
}

#[test]
fn a_pdf_with_a_password_is_named_as_such() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let (open, locked) = (folder.path().join("open.pdf"), folder.path().join("locked.pdf"));
    std::fs::write(&open, one_page("0 0 595 842", "", b"0 0 100 100 re f", &[]))
        .expect("the folder takes files");
    let done = Command::new("qpdf")
        .args(["--encrypt", "secret", "owner", "256", "--"])
        .args([&open, &locked])
        .status();
    assert!(done.expect("qpdf is installed").success());
    let locked = std::fs::read(&locked).expect("qpdf wrote it");
    assert_eq!(refused(locked), Rejected::PasswordPdf);
}

#[test]
fn a_pdf_of_monstrous_size_is_drawn_small_or_refused() {
    let monster = one_page("0 0 200000 200000", "", b"0 0 100 100 re f", &[]);
    let opened = POOL.open(monster, &Limits::default()).expect("the page is drawn small");
    assert!(opened[0].page.width <= 8_001 && opened[0].page.height <= 8_001);
    let kids = (3..204).map(|number| format!("{number} 0 R")).collect::<Vec<_>>().join(" ");
    let mut objects = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        format!("<</Type/Pages/Kids[{kids}]/Count 201>>").into_bytes(),
    ];
    objects.extend(vec![b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 10 10]>>".to_vec(); 201]);
    assert_eq!(refused(pdf(&objects)), Rejected::TooManyPages { found: 201, most: 200 });
    assert!(matches!(refused(b"%PDF-1.7\nnothing more".to_vec()), Rejected::Broken { .. }));
}

#[test]
fn a_pdf_bomb_costs_a_child_and_no_more() {
    // Ten forms, each showing the next one ten times: ten thousand million drawings.
    let form = |next: usize| {
        let dictionary =
            format!("/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</F {next} 0 R>>>>");
        stream(&dictionary, "q 0.99 0 0 0.99 0 0 cm /F Do Q ".repeat(10).as_bytes())
    };
    let mut forms: Vec<Vec<u8>> = (6..15).map(form).collect();
    forms.push(stream("/Type/XObject/Subtype/Form/BBox[0 0 595 842]", b"0 0 500 800 re f"));
    let bomb = one_page("0 0 595 842", "/Resources<</XObject<</F 5 0 R>>>>", b"/F Do", &forms);
    let bounds = Bounds { open_deadline: std::time::Duration::from_secs(6), ..Bounds::default() };
    let pool = Pool::new(program(), 1, bounds);
    let answer = pool.open(bomb, &Limits::default());
    assert!(
        matches!(answer, Err(Error::Rejected(Rejected::TooHard { .. } | Rejected::Broken { .. }))),
        "{:?}",
        answer.map(|pages| pages.len())
    );
    pool.open(jpeg(&DynamicImage::new_rgb8(50, 50), 100), &Limits::default()).expect("the pool goes on");
}
