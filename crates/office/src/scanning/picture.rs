//! Pictures of our own making, for the screen.

use crate::Error;

/// Pixels; wide enough to read small print when it is enlarged.
const VIEW_WIDTH: u32 = 1_300;
/// With this a dense page stays under 250 KB on the wire.
const VIEW_QUALITY: u8 = 66;

/// A picture of our own making, scaled down for the screen.
pub(super) fn smaller(jpeg: &[u8]) -> Result<Vec<u8>, Error> {
    let picture =
        image::load_from_memory_with_format(jpeg, image::ImageFormat::Jpeg).map_err(Error::broken)?;
    if picture.width() <= VIEW_WIDTH {
        return Ok(jpeg.to_vec());
    }
    let height = picture.height() * VIEW_WIDTH / picture.width();
    let scaled = picture.thumbnail_exact(VIEW_WIDTH, height.max(1)).into_rgb8();
    let mut bytes = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, VIEW_QUALITY)
        .encode_image(&scaled)
        .map_err(Error::broken)?;
    Ok(bytes)
}
