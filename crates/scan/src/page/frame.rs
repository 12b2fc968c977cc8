//! Wipes the dark frame a scanner lid or a book's edge leaves around the page.

use super::Grey;

/// How deep the frame may reach in from the left and right, as a share of the width.
const SIDES: f64 = 0.03;
/// The same from top and bottom, as a share of the height.
const TOP_AND_BOTTOM: f64 = 0.01;

/// Clears the margins in which official paper carries no text
/// (the left margin of a document is at least 30 mm, the right one 15 mm).
// law: ND30-2020/PL1
pub(super) fn wipe(picture: &mut Grey) {
    let side = (f64::from(picture.width) * SIDES) as usize;
    let edge = (f64::from(picture.height) * TOP_AND_BOTTOM) as u32;
    let (width, height) = (picture.width as usize, picture.height);
    for y in 0..height {
        let row = picture.row_mut(y);
        if y < edge || y >= height - edge {
            row.fill(255);
        } else {
            row[..side].fill(255);
            row[width - side..].fill(255);
        }
    }
}
