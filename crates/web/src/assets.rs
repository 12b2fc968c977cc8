//! Style, script, fonts and icons, carried in the binary.

use crate::error::Failure;
use axum::extract::RawPathParams;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use include_dir::{Dir, include_dir};
use sha2::{Digest, Sha256};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/static");

/// One file of the folder. Browsers keep it and ask whether it changed.
pub(crate) async fn serve(params: RawPathParams, headers: HeaderMap) -> Result<Response, Failure> {
    let path = params.iter().next().map(|(_, path)| path).unwrap_or_default();
    let file = FILES.get_file(path).ok_or_else(Failure::not_found)?;
    let tag = format!("\"{}\"", hex::encode(&Sha256::digest(file.contents())[..12]));
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let caching = [
        (header::ETAG, tag.clone()),
        (header::CACHE_CONTROL, "public, max-age=300, must-revalidate".to_owned()),
    ];
    if known == Some(tag.as_str()) {
        return Ok((StatusCode::NOT_MODIFIED, caching).into_response());
    }
    let media_type = media_type(path);
    Ok((caching, [(header::CONTENT_TYPE, media_type)], file.contents()).into_response())
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        _ => "text/plain; charset=utf-8",
    }
}
