//! The steps of cleaning, each on a picture made for it.

use image::{DynamicImage, Rgb, RgbImage};

use super::{Grey, frame, ink, light, prepare, skew};

/// Black bars like lines of text on white, leaning clockwise by some degrees.
fn bars(width: u32, height: u32, degrees: f64) -> Grey {
    let mut picture = Grey::filled(width, height, 240);
    let slope = degrees.to_radians().tan();
    for y in 0..height {
        for x in width / 8..width - width / 8 {
            let along = f64::from(y) - f64::from(x) * slope;
            // Words with gaps, so that columns of white cross the lines as on paper.
            if along.rem_euclid(40.0) < 14.0 && (x / 11) % 5 != 0 {
                picture.pixels[(y * width + x) as usize] = 20;
            }
        }
    }
    picture
}

#[test]
fn the_lean_of_lines_is_found_and_taken_out() {
    for degrees in [-7.0, -1.3, 0.0, 0.4, 5.0] {
        let picture = bars(900, 1_200, degrees);
        let lean = skew::lean_degrees(&picture);
        assert!((lean - degrees).abs() < 0.12, "{lean} for {degrees}");
        let straight = skew::straightened(&picture, lean.to_radians());
        assert!(skew::lean_degrees(&straight).abs() < 0.15);
    }
    assert!(skew::lean_degrees(&Grey::filled(500, 500, 255)).abs() < 1e-9);
}

#[test]
fn coloured_ink_goes_and_black_under_it_stays() {
    let mut picture = RgbImage::from_pixel(60, 20, Rgb([250; 3]));
    for x in 10..50 {
        picture.put_pixel(x, 10, Rgb([200, 40, 50]));
    }
    for x in 20..30 {
        picture.put_pixel(x, 10, Rgb([60, 10, 15]));
    }
    picture.put_pixel(5, 5, Rgb([30, 30, 32]));
    let grey = ink::without_colours(DynamicImage::from(picture));
    assert!(grey.row(10)[45] > 200, "stamp left: {}", grey.row(10)[45]);
    assert!(grey.row(10)[25] < 80, "print lost: {}", grey.row(10)[25]);
    assert!(grey.row(5)[5] < 40, "black lost: {}", grey.row(5)[5]);
}

#[test]
fn a_shadow_is_levelled() {
    let mut picture = bars(600, 600, 0.0);
    for y in 0..600 {
        for (x, value) in picture.row_mut(y).iter_mut().enumerate() {
            *value = (f32::from(*value) * (1.0 - x as f32 / 1_500.0)) as u8;
        }
    }
    light::level(&mut picture);
    for x in [20, 300, 580] {
        let value = picture.row(30)[x];
        assert!((225..=245).contains(&value), "paper at {x} is {value}");
    }
}

#[test]
fn the_frame_is_wiped_and_the_text_is_not() {
    let mut picture = Grey::filled(1_000, 1_000, 0);
    frame::wipe(&mut picture);
    assert_eq!((picture.row(500)[10], picture.row(500)[500], picture.row(5)[500]), (255, 0, 255));
}

#[test]
fn a_box_on_the_cleaned_page_maps_back_to_the_page_as_seen() {
    let leaning = bars(1_800, 2_400, 3.0);
    let picture = image::GrayImage::from_raw(1_800, 2_400, leaning.pixels).expect("the size fits");
    let prepared = prepare(DynamicImage::from(picture), 400);
    assert!((prepared.skew_degrees - 3.0).abs() < 0.1);
    // The middle of the canvas is the middle of the page, whatever was turned and shrunk.
    let (x, y) = (prepared.picture.width as i32 / 2, prepared.picture.height as i32 / 2);
    let [x0, y0, x1, y1] = prepared.mapping.rect([x - 10, y - 4, x + 10, y + 4]);
    assert!(
        x0.midpoint(x1).abs_diff(900) <= 2 && y0.midpoint(y1).abs_diff(1_200) <= 2,
        "{x0} {y0} {x1} {y1}"
    );
    assert_eq!((f64::from(x1 - x0) / 32.0).round() as u32, 1);
    // A box to the right lies lower on a page that leans clockwise.
    let right = prepared.mapping.rect([x + 400, y - 4, x + 420, y + 4]);
    assert!(right[1] > y0 + 20, "{right:?}");
}

#[test]
fn making_smaller_keeps_the_mean() {
    let mut picture = Grey::filled(101, 67, 0);
    for (n, value) in picture.pixels.iter_mut().enumerate() {
        *value = (n * 37 % 256) as u8;
    }
    let mean = |picture: &Grey| {
        picture.pixels.iter().map(|v| f64::from(*v)).sum::<f64>() / picture.pixels.len() as f64
    };
    let small = picture.shrink(0.37);
    assert_eq!((small.width, small.height), (37, 25));
    assert!((mean(&small) - mean(&picture)).abs() < 1.0);
}
