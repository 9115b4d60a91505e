//! Text files have Unix line ends in every clone: the shipped sessions carry checksums of their files.

use std::path::Path;
use std::process::Command;

#[test]
fn every_file_is_binary_or_has_unix_line_ends_on_every_platform() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = Command::new("git").current_dir(project).args(["ls-files", "--eol"]).output();
    let files = match files {
        Ok(output) if output.status.success() => String::from_utf8(output.stdout).unwrap(),
        _ => {
            println!("skipped: this is no clone of a repository, or git is missing");
            return;
        }
    };
    // "i/lf  w/lf  attr/text=auto eol=lf  <tab> path"
    let is_settled = |line: &&str| line.contains("attr/text=auto eol=lf") || line.contains("attr/-text");
    let unsettled: Vec<&str> = files.lines().filter(|line| !is_settled(line)).collect();
    assert!(unsettled.is_empty(), "git may change the line ends of: {unsettled:#?}");
    let other: Vec<&str> =
        files.lines().filter(|line| line.contains("crlf") || line.contains("mixed")).collect();
    assert!(other.is_empty(), "these have other line ends: {other:#?}");
    assert!(files.lines().count() > 100, "{files}");
}
