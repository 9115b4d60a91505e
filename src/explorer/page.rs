//! The parts of the page put together: the style sheet, the modules and the data stand in the document itself.

use crate::explorer::packed::Packed;
use crate::explorer::study::Study;
use crate::session::record::SOFTWARE;
use crate::text::numbers::sessions;

/// The most bytes of a page, if rounding the kept filters can reach that.
const MOST_BYTES: usize = 3_000_000;

/// Bytes for what is written once the filters are packed.
const ROOM_FOR_THE_REST: usize = 1_000;

const DOCUMENT: &str = include_str!("page/index.html");
const STYLE: &str = include_str!("page/style.css");

/// The modules, each after those that it imports.
const MODULES: [&str; 16] = [
    include_str!("page/maths.js"),
    include_str!("page/readings.js"),
    include_str!("page/study.js"),
    include_str!("page/untrained.js"),
    include_str!("page/format.js"),
    include_str!("page/colours.js"),
    include_str!("page/canvas.js"),
    include_str!("page/charts.js"),
    include_str!("page/own.js"),
    include_str!("page/grid.js"),
    include_str!("page/detail.js"),
    include_str!("page/model.js"),
    include_str!("page/controls.js"),
    include_str!("page/pad.js"),
    include_str!("page/explorer.js"),
    "start();\n",
];

/// The whole page.
pub(super) fn html(study: &Study) -> String {
    let Study { header, kept } = study;
    let document = DOCUMENT.replace("/*STYLE*/", STYLE).replace("/*SCRIPT*/", &script());
    let exponents = header.exponents();
    let mut header = serde_json::to_value(header).expect("numbers and texts have a JSON form");
    let other_bytes = document.len() + header.to_string().len() + ROOM_FOR_THE_REST;
    let packed = Packed::new(kept, exponents, MOST_BYTES.saturating_sub(other_bytes));
    header["step"] = f64::from(packed.power).exp2().into();
    header["made"] = made(study, packed.power).into();
    // A session may be named "</script>".
    let json = header.to_string().replace('<', "\\u003c");
    document.replace("/*STUDY*/", &json).replace("/*FILTERS*/", &packed.text)
}

/// The last line of the page.
fn made(study: &Study, power: i32) -> String {
    let sessions = sessions(study.len());
    let rounded = if study.kept.iter().all(|kept| kept.len() == 1) {
        String::new()
    } else {
        let other = if study.header.exponents().flatten().any(|&exponent| exponent != 0) {
            ", of layers of small or large weights to others"
        } else {
            ""
        };
        let step = 1_u64 << -power;
        format!(" Weights before the last iteration are rounded to multiples of 1/{step}{other}.")
    };
    format!("{sessions}, by {SOFTWARE}.{rounded}")
}

/// All modules as one script: what they import is above, so neither imports nor exports are needed.
pub(super) fn script() -> String {
    let mut script = String::from("\"use strict\";\n");
    for module in MODULES {
        let mut importing = false;
        for line in module.lines() {
            importing |= line.starts_with("import ");
            if importing {
                importing = !line.ends_with(';');
                continue;
            }
            script.push_str(line.strip_prefix("export ").unwrap_or(line));
            script.push('\n');
        }
    }
    script
}
