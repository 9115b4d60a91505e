//! Writes a corpus of valid files for every target: `cargo run --bin seeds FOLDER`.

use std::path::{Path, PathBuf};

use softness::dataset::Picture;
use softness::session::Architecture;
use softness::session::{Observer, Progress, Training};
use softness::store::Store;
use softness_fuzz::{SESSION_FILES, write_session};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = PathBuf::from(std::env::args().nth(1).ok_or("which folder?")?);
    let write = |target: &str, name: &str, bytes: &[u8]| -> std::io::Result<()> {
        std::fs::create_dir_all(root.join(target))?;
        std::fs::write(root.join(target).join(name), bytes)
    };
    let work = tempfile::tempdir()?;

    write_session(&work.path().join("session"));
    for (name, which) in SESSION_FILES.iter().zip(0_u8..) {
        let bytes = std::fs::read(work.path().join("session").join(name))?;
        write("session", name, &[&[which][..], &bytes].concat())?;
        if name.ends_with(".npy") {
            write("npy", name, &bytes)?;
        }
    }
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/golden/checkpoints");
    for name in [
        "epoch-10.safetensors",
        "last_bf16.safetensors",
        "last.npz",
        "last_deflated.npz",
        "list.npy",
        "last.pt",
    ] {
        write("weights", name, &std::fs::read(golden.join(name))?)?;
    }
    let history = std::fs::read(work.path().join("session/history.csv"))?;
    write("csv", "history.csv", &history)?;
    let scores = "session,iterations,layer,image,filter,score,constant,soft,soft_threshold\n\
                  2000-1,2000,1,bird,0,0.125,false,true,0.2\n\"a, b\",1,2,static,1,0,true,false,\n";
    write("csv", "scores.csv", scores.as_bytes())?;
    let of_sessions = "session,iterations,layer,images,measure,score,constant,null,draws,null_mean,null_std_dev,z,z_low,\
                       z_high\n2000-1,2000,1,bird,local-deviation,0.125,0,initial,8,0.25,0.5,-0.25,-1.5,1\n";
    write("csv", "session_scores.csv", of_sessions.as_bytes())?;
    write("csv", "labels.csv", b"session,layer,image,filter,soft\n2000-1,1,bird,0,true\n")?;

    let record = [7_u8; 3073];
    write("cifar", "test", &[&[0][..], &record, &record].concat())?;
    write("cifar", "names", b"\x01airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n")?;
    write("cifar", "source", b"\x02{\"archive_sha256\": \"00\", \"fingerprint\": \"00\"}")?;

    let plan = "name = \"n\"\nseed = 3\npreset = \"paper\"\nbatch = 7\nlearning_rate = 1e-3\n\
                optimiser = \"sgd\"\nevaluate_every = 0\n[network]\nfilters = [2, 3]\nkernels = [3, 5]\ndense = 4\ndropout = 0.25\nweight_sd = 0.5\n\
                [[level]]\niterations = 1\nsessions = 2\n[[level]]\niterations = 30\nsessions = 1\n";
    write("plan", "plan.toml", plan.as_bytes())?;

    let picture = work.path().join("noise.png");
    Picture::static_noise(1).save_png(&picture)?;
    write("picture", "noise.png", &std::fs::read(picture)?)?;

    // The record of the shipped study, with two rows of everything.
    let record = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/paper/replication.json");
    let mut record: serde_json::Value = serde_json::from_slice(&std::fs::read(record)?)?;
    for (_, value) in record.as_object_mut().into_iter().flatten() {
        if let Some(rows) = value.as_array_mut() {
            rows.truncate(2);
        }
    }
    record["verdicts"] = serde_json::Value::Null;
    write("record", "two-rows.json", &serde_json::to_vec(&record)?)?;

    write("checkpoint", "first", &checkpoint(work.path())?).map_err(Into::into)
}

/// The checkpoint of a session that was stopped, without the digest at its end.
fn checkpoint(folder: &Path) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    struct Stop;
    impl Observer for Stop {
        fn progress(&self, _: &Progress) {}
        fn should_stop(&self) -> bool {
            true
        }
    }
    let architecture = Architecture { filters: [1, 1], kernels: [1, 1], dense: 1, ..Architecture::paper() };
    let training = Training::paper().architecture(architecture).iterations(9).batch(5).evaluate_every(1);
    let dataset = softness::dataset::Dataset::tiny();
    let store = Store::new(folder.join("store"));
    if store.train(&dataset, &training, "stopped", &Stop).is_ok() {
        return Err("it was to be stopped".into());
    }
    for entry in std::fs::read_dir(folder.join("store/unfinished"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "checkpoint") {
            let bytes = std::fs::read(path)?;
            return Ok(bytes[..bytes.len() - 32].to_vec());
        }
    }
    Err("no checkpoint was left".into())
}
