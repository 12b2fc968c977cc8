//! The QR code of a printed paper: the fields the law lists, as one text, as a drawing.
//! Which fields, and in which order, is the form's own description.

use qrcode::{Color, EcLevel, QrCode};
use serde_json::Value;

use super::{Error, Form};

/// Modules of white around the code, as the standard asks.
const QUIET: usize = 4;

/// The text of the code: the values of the form's `qr` keys joined by `|`, as identity cards do.
///
/// A key may be empty in the data (a draft has no number yet) but not absent: a paper must not
/// leave the system without what the law wants in its code.
// law: TT01-2023-VPCP/26
pub(crate) fn text(form: &Form, data: &Value) -> Result<String, Error> {
    let mut fields = Vec::with_capacity(form.about.qr.len());
    for key in &form.about.qr {
        let field = match data.get(key) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => {
                return Err(Error::QrField { form: form.about.code.clone(), key: key.clone() });
            }
        };
        fields.push(field.replace(['|', '\n', '\r'], " "));
    }
    Ok(fields.join("|"))
}

/// The code as SVG, one unit a module, quiet zone included.
pub fn drawing(text: &str) -> Result<String, Error> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)
        .map_err(|_| Error::QrTooLong { bytes: text.len() })?;
    let (modules, width) = (code.to_colors(), code.width());

    // Runs of dark modules in a row become one bar: a few hundred bars instead of thousands.
    let mut bars = String::new();
    for (y, row) in modules.chunks(width).enumerate() {
        let mut x = 0;
        while x < width {
            let run = row[x..].iter().take_while(|module| **module == Color::Dark).count();
            if run > 0 {
                bars += &bar(x + QUIET, y + QUIET, run);
            }
            x += run.max(1);
        }
    }
    let side = width + 2 * QUIET;
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{side}\" height=\"{side}\" \
         viewBox=\"0 0 {side} {side}\"><path d=\"M0 0h{side}v{side}h-{side}z\" fill=\"#fff\"/>\
         <path d=\"{bars}\" fill=\"#000\"/></svg>"
    ))
}

fn bar(x: usize, y: usize, run: usize) -> String {
    format!("M{x} {y}h{run}v1h-{run}z")
}
