//! Builds again when a file is added to the data that the program carries: the compiler itself
//! notices only changes of files that were there.

fn main() {
    for folder in ["calendars", "forms", "procedures", "units"] {
        println!("cargo::rerun-if-changed=../../{folder}");
    }
}
