//! The page as HTML.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, PreEscaped, html};
use serde_json::json;

use super::{Labelling, TITLE};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The whole page. What is not shown of a map stands in its data alone.
pub(super) fn html(page: &Labelling) -> String {
    let map = |map: &super::Map| json!({ "session": map.session, "filter": map.filter, "png": STANDARD.encode(&map.png) });
    let maps: Vec<_> = page.shuffled().into_iter().map(map).collect();
    let data = json!({ "layer": page.layer, "image": page.image, "seed": page.seed, "maps": maps });
    // No text of a user can end the element.
    let data = data.to_string().replace('<', "\\u003c");
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (TITLE) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    h1 { (TITLE) }
                    p {
                        "Click the maps that look soft: smooth, blurred, without fine grain. Those that you do not click are not \
                         soft. With the keyboard: arrows move, the space bar labels, Page Down goes on."
                    }
                }
                noscript {
                    p class="still" {
                        "Scripts do not run here, so nothing can be labelled. Open this page in a browser with scripts; in JupyterLab, trust the \
                         notebook. It shows " (page.len()) " maps in a shuffled order, " strong { "24 at a time" } ", and saves the labels as \
                         a CSV file."
                    }
                }
                main hidden {
                    p class="row" {
                        label for="name" { "Your name" }
                        input id="name" autocomplete="off" spellcheck="false" placeholder="for the file of labels";
                    }
                    p id="state" class="row" role="status" aria-live="polite" {}
                    progress id="progress" aria-label="maps labelled" {}
                    div id="maps" role="group" aria-label="Maps of this page" {}
                    p class="row buttons" {
                        button id="back" type="button" { "Back" }
                        button id="next" type="button" { "Next" }
                        button id="save" type="button" { "Save" }
                        span id="hint" {}
                    }
                    p id="saved" role="status" aria-live="polite" {}
                }
                script id="data" type="application/json" { (PreEscaped(data)) }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    }
    .into_string()
}
