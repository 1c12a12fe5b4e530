//! Takes the two servers out of the README.

use std::env::var_os;
use std::error::Error;
use std::fs;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = var_os("CARGO_MANIFEST_DIR").ok_or("no folder of the package")?;
    let readme = Path::new(&folder).join("../../README.md");
    println!("cargo::rerun-if-changed={}", readme.display());
    let readme = fs::read_to_string(readme)?;
    let out = var_os("OUT_DIR").ok_or("no folder to write to")?;
    for framework in ["axum", "actix"] {
        let mark = format!("<!-- server: {framework} -->\n```rust,ignore\n");
        let (_, rest) = readme.split_once(&mark).ok_or_else(|| format!("no {framework} server"))?;
        let (server, _) = rest.split_once("\n```\n").ok_or("a server without an end")?;
        // The one thing that is another one here: a free port.
        let port = "\"127.0.0.1:8080\"";
        if server.matches(port).count() != 1 {
            return Err(format!("the {framework} server does not listen on {port}").into());
        }
        let server = server.replace(port, "std::env::var(\"LISTEN\")?");
        fs::write(Path::new(&out).join(format!("{framework}.rs")), server)?;
    }
    Ok(())
}
