//! Prints where the system's libtesseract lies; everything else about it is in
//! `src/recognise/tesseract.rs`.

use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=PKG_CONFIG_PATH");
    // pkg-config only adds a search folder where the library is not in the linker's default ones.
    if let Ok(found) = Command::new("pkg-config").args(["--libs-only-L", "tesseract"]).output() {
        for folder in String::from_utf8_lossy(&found.stdout).split_whitespace() {
            if let Some(folder) = folder.strip_prefix("-L") {
                println!("cargo:rustc-link-search=native={folder}");
            }
        }
    }
    println!("cargo:rustc-link-lib=tesseract");
}
