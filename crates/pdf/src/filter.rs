//! Undoes the stream filters that structure needs: Flate with a PNG predictor, under a byte limit.
//! Image filters stay with the renderer.

use crate::error::{Error, Result};
use crate::object::{Dict, Object};

/// Decodes `data` as its dictionary says; the result never exceeds `limit` bytes.
pub(crate) fn decode(dict: &Dict, data: &[u8], limit: usize) -> Result<Vec<u8>> {
    let filter = single(dict.get(b"Filter"))?;
    match filter.and_then(Object::as_name) {
        None if filter.is_none() => {
            if data.len() > limit {
                return Err(Error::Limit("a stream is too large"));
            }
            Ok(data.to_vec())
        }
        Some(b"FlateDecode" | b"Fl") => {
            let raw = miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(data, limit)
                .map_err(|_| Error::object("stream", "compressed data is broken or too large"))?;
            match single(dict.get(b"DecodeParms"))?.and_then(Object::as_dict) {
                Some(parms) => unpredict(parms, raw),
                None => Ok(raw),
            }
        }
        _ => Err(Error::object("stream", "a filter that structure must not use")),
    }
}

/// A value that is given bare or as an array of one.
fn single(value: Option<&Object>) -> Result<Option<&Object>> {
    match value {
        None | Some(Object::Null) => Ok(None),
        Some(Object::Array(items)) => match items.as_slice() {
            [] | [Object::Null] => Ok(None),
            [one] => Ok(Some(one)),
            _ => Err(Error::object("stream", "a chain of filters that structure must not use")),
        },
        other => Ok(other),
    }
}

fn unpredict(parms: &Dict, raw: Vec<u8>) -> Result<Vec<u8>> {
    let predictor = parms.int(b"Predictor").unwrap_or(1);
    if predictor <= 1 {
        return Ok(raw);
    }
    let colors = parms.int(b"Colors").unwrap_or(1);
    let bits = parms.int(b"BitsPerComponent").unwrap_or(8);
    let columns = parms.int(b"Columns").unwrap_or(1);
    let sane = predictor >= 10 && colors == 1 && bits == 8 && (1..=64).contains(&columns);
    if !sane {
        return Err(Error::object("stream", "predictor parameters that structure must not use"));
    }
    let width = columns as usize;
    let mut out: Vec<u8> = Vec::with_capacity(raw.len());
    let mut above = vec![0_u8; width];
    for row in raw.chunks_exact(width + 1) {
        let mut line = row[1..].to_vec();
        for i in 0..width {
            let left = if i > 0 { line[i - 1] } else { 0 };
            let corner = if i > 0 { above[i - 1] } else { 0 };
            let guess = match row[0] {
                0 => 0,
                1 => left,
                2 => above[i],
                3 => left.midpoint(above[i]),
                4 => paeth(left, above[i], corner),
                _ => return Err(Error::object("stream", "an unknown predictor")),
            };
            line[i] = line[i].wrapping_add(guess);
        }
        out.extend_from_slice(&line);
        above = line;
    }
    Ok(out)
}

fn paeth(left: u8, above: u8, corner: u8) -> u8 {
    let (a, b, c) = (i32::from(left), i32::from(above), i32::from(corner));
    let estimate = a + b - c;
    let (da, db, dc) = ((estimate - a).abs(), (estimate - b).abs(), (estimate - c).abs());
    if da <= db && da <= dc {
        left
    } else if db <= dc {
        above
    } else {
        corner
    }
}
