//! Small ICC version 2 profiles, computed here from the published primaries and curves so that no
//! profile of another's licence is carried: sRGB, grey with the sRGB curve, and a plain CMYK for
//! the rare scanner that makes CMYK JPEG.

/// White of the profile connection space (D50), as the ICC fixes it.
const D50: [f64; 3] = [0.9642, 1.0, 0.8249];
/// White of sRGB (D65) and its primaries, as chromaticities (IEC 61966-2-1).
const D65_XY: [f64; 2] = [0.3127, 0.3290];
const PRIMARIES: [[f64; 2]; 3] = [[0.64, 0.33], [0.30, 0.60], [0.15, 0.06]];
const BRADFORD: Matrix = [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]];

type Matrix = [[f64; 3]; 3];

/// sRGB as a matrix profile.
pub(crate) fn srgb() -> Vec<u8> {
    let colorants = srgb_to_d50();
    let column = |i: usize| xyz([colorants[0][i], colorants[1][i], colorants[2][i]]);
    let curve = srgb_curve();
    profile(
        *b"mntr",
        *b"RGB ",
        *b"XYZ ",
        &[
            (*b"desc", description("sRGB")),
            (*b"cprt", copyright()),
            (*b"wtpt", xyz(D50)),
            (*b"rXYZ", column(0)),
            (*b"gXYZ", column(1)),
            (*b"bXYZ", column(2)),
            (*b"rTRC", curve.clone()),
            (*b"gTRC", curve.clone()),
            (*b"bTRC", curve),
        ],
    )
}

/// Grey with the tone curve of sRGB.
pub(crate) fn grey() -> Vec<u8> {
    profile(
        *b"mntr",
        *b"GRAY",
        *b"XYZ ",
        &[
            (*b"desc", description("Grey, sRGB curve")),
            (*b"cprt", copyright()),
            (*b"wtpt", xyz(D50)),
            (*b"kTRC", srgb_curve()),
        ],
    )
}

/// CMYK by the plain rule `(1 - ink)(1 - black)`, as a table with one step for every ink.
pub(crate) fn cmyk() -> Vec<u8> {
    profile(
        *b"prtr",
        *b"CMYK",
        *b"Lab ",
        &[
            (*b"desc", description("Plain CMYK")),
            (*b"cprt", copyright()),
            (*b"wtpt", xyz(D50)),
            (*b"A2B0", cmyk_table()),
        ],
    )
}

fn profile(class: [u8; 4], space: [u8; 4], connection: [u8; 4], tags: &[([u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut directory = (tags.len() as u32).to_be_bytes().to_vec();
    let mut data: Vec<u8> = Vec::new();
    let first = 128 + 4 + 12 * tags.len();
    let mut placed: Vec<(usize, usize)> = Vec::new();
    for (i, (name, content)) in tags.iter().enumerate() {
        // Equal content is stored once.
        let twin = tags[..i].iter().position(|(_, earlier)| earlier == content);
        let place = twin.map_or_else(
            || {
                let offset = first + data.len();
                data.extend_from_slice(content);
                data.resize(data.len().next_multiple_of(4), 0);
                (offset, content.len())
            },
            |twin| placed[twin],
        );
        placed.push(place);
        directory.extend_from_slice(name);
        directory.extend_from_slice(&(place.0 as u32).to_be_bytes());
        directory.extend_from_slice(&(place.1 as u32).to_be_bytes());
    }
    let mut out = vec![0; 128];
    out[0..4].copy_from_slice(&((first + data.len()) as u32).to_be_bytes());
    out[8..12].copy_from_slice(&[2, 0x10, 0, 0]);
    out[12..16].copy_from_slice(&class);
    out[16..20].copy_from_slice(&space);
    out[20..24].copy_from_slice(&connection);
    // 2026-01-01, fixed: equal input must give equal files.
    out[24..28].copy_from_slice(&[0x07, 0xEA, 0, 1]);
    out[28..30].copy_from_slice(&[0, 1]);
    out[36..40].copy_from_slice(b"acsp");
    out[68..80].copy_from_slice(&xyz(D50)[8..20]);
    out.extend(directory);
    out.extend(data);
    out
}

fn fixed(value: f64) -> [u8; 4] {
    ((value * 65_536.0).round() as i32).to_be_bytes()
}

fn xyz(value: [f64; 3]) -> Vec<u8> {
    let mut out = b"XYZ \0\0\0\0".to_vec();
    for v in value {
        out.extend_from_slice(&fixed(v));
    }
    out
}

fn description(text: &str) -> Vec<u8> {
    let mut out = b"desc\0\0\0\0".to_vec();
    out.extend_from_slice(&(text.len() as u32 + 1).to_be_bytes());
    out.extend_from_slice(text.as_bytes());
    // Terminator, then the empty Unicode and Macintosh descriptions.
    out.resize(out.len() + 1 + 8 + 3 + 67, 0);
    out
}

fn copyright() -> Vec<u8> {
    b"text\0\0\0\0No copyright, use freely\0".to_vec()
}

fn srgb_curve() -> Vec<u8> {
    const STEPS: u32 = 256;
    let mut out = b"curv\0\0\0\0".to_vec();
    out.extend_from_slice(&STEPS.to_be_bytes());
    for i in 0..STEPS {
        let linear = to_linear(f64::from(i) / f64::from(STEPS - 1));
        out.extend_from_slice(&((linear * 65_535.0).round() as u16).to_be_bytes());
    }
    out
}

fn to_linear(value: f64) -> f64 {
    if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
}

/// Linear sRGB to XYZ under D50: primaries scaled to the white, then adapted after Bradford.
fn srgb_to_d50() -> Matrix {
    let white = from_xy(D65_XY);
    let columns = PRIMARIES.map(from_xy);
    let primaries = transpose(columns);
    let scale = apply(&inverse(&primaries), white);
    let to_d65 = transpose([0, 1, 2].map(|i| columns[i].map(|v| v * scale[i])));
    let (from, to) = (apply(&BRADFORD, white), apply(&BRADFORD, D50));
    let ratio = [0, 1, 2].map(|i| {
        let mut row = [0.0; 3];
        row[i] = to[i] / from[i];
        row
    });
    multiply(&multiply(&inverse(&BRADFORD), &multiply(&ratio, &BRADFORD)), &to_d65)
}

fn from_xy([x, y]: [f64; 2]) -> [f64; 3] {
    [x / y, 1.0, (1.0 - x - y) / y]
}

fn transpose(m: Matrix) -> Matrix {
    [0, 1, 2].map(|i| [m[0][i], m[1][i], m[2][i]])
}

fn apply(m: &Matrix, v: [f64; 3]) -> [f64; 3] {
    [0, 1, 2].map(|i| m[i][0] * v[0] + m[i][1] * v[1] + m[i][2] * v[2])
}

fn multiply(a: &Matrix, b: &Matrix) -> Matrix {
    let columns = transpose(*b).map(|column| apply(a, column));
    transpose(columns)
}

fn inverse(m: &Matrix) -> Matrix {
    let minor = |r: usize, c: usize| {
        let (r1, r2, c1, c2) = ((r + 1) % 3, (r + 2) % 3, (c + 1) % 3, (c + 2) % 3);
        m[r1][c1] * m[r2][c2] - m[r1][c2] * m[r2][c1]
    };
    let determinant: f64 = (0..3).map(|c| m[0][c] * minor(0, c)).sum();
    [0, 1, 2].map(|i| [0, 1, 2].map(|j| minor(j, i) / determinant))
}

/// An 8-bit table: identity curves around sixteen corners in Lab.
fn cmyk_table() -> Vec<u8> {
    let mut out = b"mft1\0\0\0\0".to_vec();
    out.extend_from_slice(&[4, 3, 2, 0]);
    for i in 0..9 {
        out.extend_from_slice(&fixed(if i % 4 == 0 { 1.0 } else { 0.0 }));
    }
    let identity: Vec<u8> = (0..=255).collect();
    out.extend(identity.repeat(4));
    let matrix = srgb_to_d50();
    for corner in 0..16_u8 {
        // The first ink changes slowest.
        let ink = [8, 4, 2, 1].map(|bit| f64::from(u8::from(corner & bit != 0)));
        let light = [0, 1, 2].map(|i| (1.0 - ink[i]) * (1.0 - ink[3]));
        out.extend_from_slice(&lab(apply(&matrix, light)));
    }
    out.extend(identity.repeat(3));
    out
}

fn lab(xyz: [f64; 3]) -> [u8; 3] {
    let f = |t: f64| if t > 216.0 / 24_389.0 { t.cbrt() } else { (24_389.0 / 27.0 * t + 16.0) / 116.0 };
    let [x, y, z] = [0, 1, 2].map(|i| f(xyz[i] / D50[i]));
    let byte = |v: f64| v.round().clamp(0.0, 255.0) as u8;
    [byte((116.0 * y - 16.0) * 2.55), byte(500.0 * (x - y) + 128.0), byte(200.0 * (y - z) + 128.0)]
}

#[cfg(test)]
mod tests {
    use super::{cmyk, grey, srgb, srgb_to_d50};

    #[test]
    fn colorants_are_those_of_srgb_under_d50() {
        let expected = [[0.4361, 0.3851, 0.1431], [0.2225, 0.7169, 0.0606], [0.0139, 0.0971, 0.7141]];
        for (row, wanted) in srgb_to_d50().iter().zip(expected) {
            for (value, wanted) in row.iter().zip(wanted) {
                assert!((value - wanted).abs() < 0.0006, "{value} is not {wanted}");
            }
        }
    }

    #[test]
    fn profiles_state_their_own_length() {
        for profile in [srgb(), grey(), cmyk()] {
            let stated = u32::from_be_bytes(profile[..4].try_into().expect("four bytes"));
            assert_eq!(stated as usize, profile.len());
            assert!(profile.len() < 4_096);
        }
    }
}
