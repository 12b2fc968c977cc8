//! Draws papers as a printer would, and spoils them as a scanner does.

use std::io::Cursor;

use ab_glyph::{Font, FontRef, PxScale, ScaleFont};
use image::{DynamicImage, GrayImage, ImageFormat, Luma, Rgb, RgbImage};
use scan::geometry::Rect;

const REGULAR: &[u8] = include_bytes!("../../../../assets/fonts/LiberationSerif-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../../../../assets/fonts/LiberationSerif-Bold.ttf");

#[derive(Clone, Copy)]
pub(crate) enum Weight {
    Regular,
    Bold,
}

/// A sheet of A4 with what was printed on it.
pub(crate) struct Paper {
    pub(crate) picture: RgbImage,
    pub(crate) dpi: u32,
    /// Each line as it was printed.
    pub(crate) lines: Vec<String>,
    /// Each word and where it lies.
    pub(crate) words: Vec<(String, Rect)>,
}

impl Paper {
    pub(crate) fn a4(dpi: u32) -> Self {
        let px = |mm: u32| (f64::from(mm) / 25.4 * f64::from(dpi)).round() as u32;
        let picture = RgbImage::from_pixel(px(210), px(297), Rgb([255; 3]));
        Self { picture, dpi, lines: Vec::new(), words: Vec::new() }
    }

    fn px(&self, mm: f32) -> f32 {
        mm / 25.4 * self.dpi as f32
    }

    /// Prints a QR code of that many mm a side.
    pub(crate) fn code(&mut self, left: f32, top: f32, side: f32, said: &str) {
        let code = qrcode::QrCode::new(said).expect("the text fits a code");
        let (width, colours) = (code.width() as u32, code.to_colors());
        let (left, top, px) = (self.px(left) as u32, self.px(top) as u32, self.px(side) as u32);
        for y in 0..px {
            for x in 0..px {
                let at = (y * width / px) * width + x * width / px;
                if colours[at as usize] == qrcode::Color::Dark {
                    self.picture.put_pixel(left + x, top + y, Rgb([20; 3]));
                }
            }
        }
    }

    /// Prints a line whose left end lies `left` mm from the left edge and whose top `top` mm from the upper.
    pub(crate) fn print(&mut self, left: f32, top: f32, points: f32, weight: Weight, text: &str) {
        let font = FontRef::try_from_slice(match weight {
            Weight::Regular => REGULAR,
            Weight::Bold => BOLD,
        })
        .expect("the font is whole");
        // The height from ascender to descender, which this scale means, is 1.149 em in this font.
        let scale = PxScale::from(points / 72.0 * self.dpi as f32 * 1.149);
        let scaled = font.as_scaled(scale);
        let (mut x, baseline) = (self.px(left), self.px(top) + scaled.ascent());
        let mut word: Option<(String, f32)> = None;
        for letter in text.chars().chain([' ']) {
            if letter == ' ' {
                if let Some((text, start)) = word.take() {
                    let top = (baseline - scaled.ascent()) as u32;
                    let rect = [start as u32, top, x.ceil() as u32, (baseline - scaled.descent()) as u32];
                    self.words.push((text, rect));
                }
            } else {
                word.get_or_insert_with(|| (String::new(), x)).0.push(letter);
            }
            let id = scaled.glyph_id(letter);
            assert!(letter == ' ' || id.0 != 0, "the font has no {letter}");
            let glyph = id.with_scale_and_position(scale, ab_glyph::point(x, baseline));
            if let Some(outline) = font.outline_glyph(glyph) {
                let bounds = outline.px_bounds();
                outline.draw(|dx, dy, cover| {
                    let (x, y) = (bounds.min.x as i32 + dx as i32, bounds.min.y as i32 + dy as i32);
                    if let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y))
                        && let Some(pixel) = self.picture.get_pixel_mut_checked(x, y)
                    {
                        let ink = (255.0 - cover.min(1.0) * 235.0) as u8;
                        *pixel = Rgb(pixel.0.map(|value| value.min(ink)));
                    }
                });
            }
            x += scaled.h_advance(id);
        }
        self.lines.push(text.to_owned());
    }

    /// Prints a line around `middle` mm from the left edge.
    pub(crate) fn centre(&mut self, middle: f32, top: f32, points: f32, weight: Weight, text: &str) {
        let font = FontRef::try_from_slice(match weight {
            Weight::Regular => REGULAR,
            Weight::Bold => BOLD,
        })
        .expect("the font is whole");
        let scaled = font.as_scaled(PxScale::from(points / 72.0 * 25.4 * 1.149));
        let width: f32 = text.chars().map(|letter| scaled.h_advance(scaled.glyph_id(letter))).sum();
        self.print(middle - width / 2.0, top, points, weight, text);
    }

    /// Sets a round red stamp with two rings around a point.
    pub(crate) fn stamp(&mut self, middle_x: f32, middle_y: f32, radius: f32) {
        let (cx, cy, radius, line) = (self.px(middle_x), self.px(middle_y), self.px(radius), self.px(0.6));
        for (x, y, pixel) in self.picture.enumerate_pixels_mut() {
            let distance = (x as f32 - cx).hypot(y as f32 - cy);
            let is_ring = (distance - radius).abs() < line || (distance - radius * 0.75).abs() < line / 2.0;
            let is_star = distance < radius * 0.3 && (x + y) % 7 < 4;
            if is_ring || is_star {
                // Ink over print: dark stays dark.
                let [r, g, b] = pixel.0;
                *pixel = Rgb([r.min(205), g.min(45), b.min(60)]);
            }
        }
    }

    pub(crate) fn text(&self) -> String {
        self.lines.join("\n")
    }

    pub(crate) fn picture(&self) -> DynamicImage {
        self.picture.clone().into()
    }

    /// The sheet as a JPEG that states its resolution.
    pub(crate) fn jpeg(&self) -> Vec<u8> {
        jpeg(&self.picture(), self.dpi)
    }
}

/// A JPEG with its resolution in the JFIF header.
pub(crate) fn jpeg(picture: &DynamicImage, dpi: u32) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut out, 85);
    let density = u16::try_from(dpi).expect("a resolution fits");
    encoder.set_pixel_density(image::codecs::jpeg::PixelDensity::dpi(density));
    encoder.encode_image(picture).expect("memory takes the picture");
    out
}

pub(crate) fn png(picture: &DynamicImage) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    picture.write_to(&mut out, ImageFormat::Png).expect("memory takes the picture");
    out.into_inner()
}

/// Leans the sheet clockwise, and gives the light of a cheap scanner: uneven, with grain.
pub(crate) fn scanned(paper: &Paper, degrees: f32) -> GrayImage {
    let from = paper.picture().to_luma8();
    let (width, height) = from.dimensions();
    let (sine, cosine) = degrees.to_radians().sin_cos();
    let (cx, cy) = (width as f32 / 2.0, height as f32 / 2.0);
    let mut grain = 12_345_u32;
    GrayImage::from_fn(width, height, |x, y| {
        let (dx, dy) = (x as f32 - cx, y as f32 - cy);
        let (from_x, from_y) = (dx * cosine + dy * sine + cx, -dx * sine + dy * cosine + cy);
        let value = if from_x < 0.0
            || from_y < 0.0
            || from_x >= (width - 1) as f32
            || from_y >= (height - 1) as f32
        {
            255.0
        } else {
            let at = |x: u32, y: u32| f32::from(from.get_pixel(x, y).0[0]);
            let (left, top) = (from_x as u32, from_y as u32);
            let (px, py) = (from_x.fract(), from_y.fract());
            let upper = at(left, top) * (1.0 - px) + at(left + 1, top) * px;
            let lower = at(left, top + 1) * (1.0 - px) + at(left + 1, top + 1) * px;
            upper * (1.0 - py) + lower * py
        };
        grain = grain.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let noise = (grain >> 24) as f32 / 255.0 * 24.0 - 12.0;
        let light = 0.92 - 0.22 * (x as f32 / width as f32);
        Luma([(value * light + noise).clamp(0.0, 255.0) as u8])
    })
}

/// A decision of a commune, one page, after the layout the decree prescribes.
pub(crate) fn decision(dpi: u32) -> Paper {
    use Weight::{Bold, Regular};
    let mut paper = Paper::a4(dpi);
    paper.centre(62.0, 20.0, 13.0, Bold, "ỦY BAN NHÂN DÂN");
    paper.centre(62.0, 26.0, 13.0, Bold, "XÃ HỒNG THÁI");
    paper.centre(145.0, 20.0, 13.0, Bold, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM");
    paper.centre(145.0, 26.0, 13.5, Bold, "Độc lập - Tự do - Hạnh phúc");
    paper.centre(62.0, 36.0, 13.0, Regular, "Số: 125/QĐ-UBND");
    paper.centre(145.0, 36.0, 13.0, Regular, "Hồng Thái, ngày 12 tháng 3 năm 2024");
    paper.centre(112.0, 50.0, 14.0, Bold, "QUYẾT ĐỊNH");
    paper.centre(112.0, 57.0, 14.0, Bold, "Về việc công nhận hộ gia đình văn hóa năm 2023");
    paper.centre(112.0, 70.0, 14.0, Bold, "CHỦ TỊCH ỦY BAN NHÂN DÂN XÃ");
    let body = [
        "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;",
        "Căn cứ Nghị định số 122/2018/NĐ-CP quy định về xét tặng danh hiệu gia đình",
        "văn hóa và các văn bản hướng dẫn thi hành;",
        "Theo đề nghị của công chức Văn hóa - Xã hội tại tờ trình ngày 05 tháng 3.",
        "Điều 1. Công nhận 45 hộ gia đình đạt danh hiệu gia đình văn hóa năm 2023 trên",
        "địa bàn xã, có danh sách kèm theo quyết định này.",
        "Điều 2. Các hộ gia đình có tên tại Điều 1 được cấp giấy chứng nhận và hưởng",
        "quyền lợi theo quy định của pháp luật hiện hành.",
        "Điều 3. Quyết định này có hiệu lực kể từ ngày ký. Văn phòng, các ban, ngành",
        "liên quan và các hộ gia đình chịu trách nhiệm thi hành quyết định này.",
    ];
    for (n, line) in (0..).zip(body) {
        paper.print(30.0, 84.0 + 8.0 * n as f32, 14.0, Regular, line);
    }
    paper.print(30.0, 176.0, 12.0, Bold, "Nơi nhận:");
    paper.print(30.0, 182.0, 11.0, Regular, "- Như Điều 3;");
    paper.print(30.0, 187.0, 11.0, Regular, "- Lưu: VT.");
    paper.centre(155.0, 176.0, 14.0, Bold, "CHỦ TỊCH");
    paper.centre(155.0, 208.0, 14.0, Bold, "Nguyễn Thị Hồng Vân");
    paper
}
