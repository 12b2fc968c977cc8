//! Files that must be refused with a clear word, and cost little doing it.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::encode::{self, TextLayer, pdf_file, png_chunk, png_start, stream};
use super::files::File;
use super::wear::{Scan, Tone};

/// Pages of the long TIFF and the long PDF.
const N_PAGES: usize = 2_000;

/// `photo` is a good JPEG, to be cut short.
pub(crate) fn make(photo: &[u8]) -> Result<Vec<File>> {
    let tiny =
        Scan { w: 8, h: 8, rgb: vec![255; 192], lines: Vec::new(), dpi: 300, tone: Tone::Fax, quality: 75 };
    let mut cut = photo.to_vec();
    cut.truncate(cut.len() / 3);

    let file = |path: &str, bytes: Vec<u8>| File { path: path.to_owned(), bytes };
    Ok(vec![
        file("rong.jpg", Vec::new()),
        file("van-ban.jpg", "Đây là một tệp văn bản được đổi tên thành .jpg\n".repeat(20).into_bytes()),
        file("dut-giua-chung.jpg", cut),
        file("png-30000x30000.png", huge_header()),
        file("bom-nen.png", bomb()),
        file("png-sai-crc.png", wrong_check_sum(&tiny)),
        file("tiff-2000-trang.tiff", encode::tiff(&vec![tiny.clone(); N_PAGES])?),
        file("tiff-vong-lap.tiff", looping_tiff(&tiny)?),
        file("pdf-2000-trang.pdf", long_pdf(&tiny)?),
        file("pdf-khong-trang.pdf", pdf_file(&[b"<< /Type /Catalog >>".to_vec()])),
        file("pdf-cut.pdf", encode::pdf(std::slice::from_ref(&tiny), TextLayer::None)?[..300].to_vec()),
        file("anh-heic.heic", heic()),
        file("chuong-trinh.pdf", b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0".repeat(64)),
    ])
}

/// Claims 30,000 × 30,000 pixels of RGB and holds a hundred bytes.
fn huge_header() -> Vec<u8> {
    let mut out = png_start(30_000, 30_000, 8, 2);
    png_chunk(&mut out, *b"IDAT", &miniz_oxide::deflate::compress_to_vec_zlib(&[0; 4096], 6));
    png_chunk(&mut out, *b"IEND", &[]);
    out
}

/// A true picture of 20,000 × 20,000 grey pixels, all alike: 400 MB in some hundred kilobytes.
fn bomb() -> Vec<u8> {
    let side = 20_000_u32;
    let raw = vec![0_u8; (side as usize + 1) * side as usize];
    let mut out = png_start(side, side, 8, 0);
    png_chunk(&mut out, *b"IDAT", &miniz_oxide::deflate::compress_to_vec_zlib(&raw, 6));
    png_chunk(&mut out, *b"IEND", &[]);
    out
}

fn wrong_check_sum(tiny: &Scan) -> Vec<u8> {
    let mut out = encode::png(tiny);
    // The last byte of the header's check sum: 8 signature, 8 chunk head, 13 data, 4 sum.
    out[32] ^= 0xff;
    out
}

/// A TIFF whose only directory names itself as the next one.
fn looping_tiff(tiny: &Scan) -> Result<Vec<u8>> {
    let mut out = encode::tiff(std::slice::from_ref(tiny))?;
    let first = out[4..8].to_vec();
    let end = out.len();
    out[end - 4..].copy_from_slice(&first);
    Ok(out)
}

/// Many pages that share one small picture.
fn long_pdf(tiny: &Scan) -> Result<Vec<u8>> {
    let grey = Scan { tone: Tone::Grey, ..tiny.clone() };
    let head = "/Type /XObject /Subtype /Image /Width 8 /Height 8 /BitsPerComponent 8 /ColorSpace /DeviceGray \
                /Filter /DCTDecode ";
    let kids: Vec<String> = (0..N_PAGES).map(|n| format!("{} 0 R", n + 5)).collect();
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        format!("<< /Type /Pages /Kids [{}] /Count {N_PAGES} >>", kids.join(" ")).into_bytes(),
        stream("", b"q 595 0 0 842 0 0 cm /Im0 Do Q\n"),
        stream(head, &encode::jpeg(&grey)?),
    ];
    for _ in 0..N_PAGES {
        objects.push(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 3 0 R /Resources << /XObject << /Im0 4 0 R \
              >> >> >>"
                .to_vec(),
        );
    }
    Ok(pdf_file(&objects))
}

/// The first box of an iPhone's picture, and nothing after it.
fn heic() -> Vec<u8> {
    let mut out = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec();
    out.extend([0; 400]);
    out
}

/// Locks a PDF with a password by `qpdf`; false where `qpdf` is not installed. Its bytes differ
/// from run to run, so it stands in no manifest.
pub(crate) fn lock_pdf(pdf: &[u8], dir: &Path) -> Result<bool> {
    let open = dir.join("mo.pdf.tmp");
    std::fs::write(&open, pdf).with_context(|| format!("writing `{}`", open.display()))?;
    let status = Command::new("qpdf")
        .args(["--encrypt", "matkhau", "chuso", "256", "--"])
        .arg(&open)
        .arg(dir.join("pdf-mat-khau.pdf"))
        .status();
    std::fs::remove_file(&open).with_context(|| format!("removing `{}`", open.display()))?;
    Ok(matches!(status, Ok(status) if status.success()))
}
