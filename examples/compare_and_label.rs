//! Which filters of two sessions agree, and how people's labels of soft maps are compared: every figure and page of the two,
//! from the sessions that are part of the crate.
//!
//!     cargo run --release --example compare_and_label OUT
//!
//! The labels are invented: each of three labellers calls a map soft if its score, and some noise of their own, is low.

use std::path::{Path, PathBuf};

use softness::polars::prelude::ChunkCompareEq;
use softness::prelude::*;

/// The labels of somebody whose eye sees the score with this much noise, as the page saves them.
fn invented(
    folder: &Path,
    name: &str,
    table: &ScoreTable,
    noise: f64,
    salt: u64,
) -> softness::Result<SoftLabels> {
    let mut text = String::from("labeller,session,layer,image,filter,soft\n");
    for (row, number) in table.rows().iter().zip(1u64..) {
        // A multiplicative hash: the same labels on every machine.
        let mixed = (number + 1000 * salt).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
        let seen = row.score + noise * (mixed as f64 / f64::from(1u32 << 24) - 0.5);
        let (session, layer, image, filter) = (&row.session, row.layer, &row.image, row.filter);
        text += &format!("{name},session {session},{layer},{image},{filter},{}\n", seen < 0.085);
    }
    let path = folder.join(format!("labels-{name}.csv"));
    std::fs::write(&path, text).expect("the folder is there");
    SoftLabels::read_csv(path)
}

fn main() -> softness::Result<()> {
    let out = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "compare-and-label".into()));
    std::fs::create_dir_all(&out).expect("the folder can be made");
    let sessions = shipped_sessions()?;
    // Figures 4 and 5 of the paper: 30,000 and 50,000 iterations.
    let [one, other] = [&sessions[8], &sessions[10]];
    let bird = Dataset::auto()?.bird();

    for layer in [1, 2] {
        let by_weights = match_filters(one, other, layer)?;
        by_weights.figure()?.save(out.join(format!("matching-layer-{layer}.png")))?;
        by_weights.write_csv(out.join(format!("matching-layer-{layer}.csv")))?;
        let by_maps = ResponseOptions::default().match_filters(one, other, layer, &bird)?;
        by_maps.figure()?.save(out.join(format!("matching-maps-layer-{layer}.png")))?;
        println!("{by_weights:?}\n{by_maps:?}");
    }
    println!("{:?}", match_filters(&sessions[3], &sessions[4], 1)?);

    let page = label_maps(&sessions, 2, &bird)?;
    page.save(out.join("label.html"))?;
    println!("{page}");

    let table = softness_table(&sessions, std::slice::from_ref(&bird))?;
    let layer_2 = table.dataframe().column("layer").and_then(|layer| Ok(layer.i64()?.equal(2)));
    let layer_2 = layer_2.and_then(|mask| table.dataframe().filter(&mask)).expect("the table has layers");
    let table = ScoreTable::from_dataframe(&layer_2)?;
    let people = [("Ann", 0.04, 1), ("Ben", 0.08, 2), ("Cai", 0.16, 3)];
    let people = people.map(|(name, noise, salt)| invented(&out, name, &table, noise, salt));
    let [ann, ben, cai] = people;
    let (ann, ben, cai) = (ann?, ben?, cai?);
    let roc = ann.roc(&table)?;
    roc.figure()?.save(out.join("roc.png"))?;
    let two = SoftLabels::compare(&[ann.clone(), ben.clone()])?;
    two.figure()?.save(out.join("agreement-of-two.png"))?;
    let four = SoftLabels::compare(&[ann, ben, cai, SoftLabels::from_table(&table)])?;
    four.figure()?.save(out.join("agreement.png"))?;
    println!("{roc}\n\n{four}");
    Ok(())
}
