//! The valid files that are then damaged.
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use softness::prelude::*;
use softness::store::Store;

use crate::support::small::{Listener, PLAN, dataset, files, pack, small, train, write_cifar};

/// Files of CIFAR-10 that may be damaged: of both splits, the names of the classes, and where they came from.
pub const CIFAR_FILES: [&str; 4] =
    ["data_batch_3.bin", "test_batch.bin", "batches.meta.txt", "softness-source.json"];

/// The files of CIFAR-10's Python version.
pub const PICKLES: [&str; 6] =
    ["data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch"];

/// The endings of the pictures.
pub const PICTURES: [&str; 4] = ["png", "jpg", "webp", "bmp"];

/// The valid files, made once.
pub struct Valid {
    pub folder: tempfile::TempDir,
}

impl Valid {
    pub fn get() -> &'static Self {
        static VALID: OnceLock<Valid> = OnceLock::new();
        VALID.get_or_init(|| {
            let folder = tempfile::tempdir().unwrap();
            let at = |name: &str| folder.path().join(name);
            let session = train(small());
            session.save(&at("session")).unwrap();
            pack(&at("session"), &at("archive.session"));
            let store = Store::new(at("store"));
            let stops = Listener { stop_after: Some(10), ..Listener::default() };
            store.train(&dataset(), &small(), "s", &stops).unwrap_err();
            let checkpoint = files(&at("store/unfinished"), ".checkpoint").remove(0);
            std::fs::rename(checkpoint, at("checkpoint")).unwrap();
            write_cifar(&at("cifar"));
            std::fs::write(
                at("cifar/batches.meta.txt"),
                "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n",
            )
            .unwrap();
            std::fs::write(
                at("cifar/softness-source.json"),
                "{\"archive_sha256\":\"0\",\"fingerprint\":\"0\"}",
            )
            .unwrap();
            std::fs::write(at("plan.toml"), PLAN).unwrap();
            std::fs::write(
                at("scores.csv"),
                "session,iterations,layer,image,filter,score,constant,soft,soft_threshold\n\
                 2000-1,2000,1,bird,0,0.125,false,true,0.2\n\"a, \"\"b\"\"\",1,2,static,1,0,true,false,\n",
            )
            .unwrap();
            std::fs::write(
                at("session_scores.csv"),
                "session,iterations,layer,images,measure,score,constant,null,draws,null_mean,null_std_dev,z,z_low,z_high\n\
                 2000-1,2000,1,bird,local-deviation,0.125,0,initial,8,0.25,0.5,-0.25,-1.5,1\n\
                 \"a, \"\"b\"\"\",1,2,static,blur-effect,,1,,,,,,,\n",
            )
            .unwrap();
            let root = Path::new(env!("CARGO_MANIFEST_DIR"));
            let record = std::fs::read(root.join("data/paper/replication.json")).unwrap();
            let mut record: serde_json::Value = serde_json::from_slice(&record).unwrap();
            for (_, value) in record.as_object_mut().unwrap() {
                if let Some(rows) = value.as_array_mut() {
                    rows.truncate(2); // so that damage falls on every field now and then
                }
            }
            record["verdicts"] = serde_json::Value::Null;
            std::fs::write(at("replication.json"), serde_json::to_vec(&record).unwrap()).unwrap();
            for name in ["epoch-10.safetensors", "last_bf16.safetensors", "last.npz", "last_deflated.npz", "last_f16.npz"] {
                std::fs::copy(root.join("tests/golden/checkpoints").join(name), at(name)).unwrap();
            }
            for name in ["half.npy", "python_2.npy", "objects.npy"] {
                std::fs::copy(root.join("tests/golden/npy").join(name), at(name)).unwrap();
            }
            Picture::static_noise(1).save_png(at("noise.png")).unwrap();
            std::fs::copy(root.join("tests/golden/command_line/deep.png"), at("deep.png")).unwrap();
            image::open(at("noise.png")).unwrap().into_rgb8().save(at("noise.jpg")).unwrap();
            let golden = root.join("tests/golden/pictures");
            for picture in std::fs::read_dir(golden).unwrap().map(|entry| entry.unwrap().path()) {
                std::fs::copy(&picture, at(&picture.file_name().unwrap().to_string_lossy())).unwrap();
            }
            std::fs::create_dir(at("python")).unwrap();
            let mut archive = tar::Builder::new(flate2::write::GzEncoder::new(
                std::fs::File::create(at("cifar.tar.gz")).unwrap(),
                flate2::Compression::fast(),
            ));
            let mut plain = tar::Builder::new(std::fs::File::create(at("cifar.tar")).unwrap());
            for (number, name) in PICKLES.into_iter().enumerate() {
                // Each in another protocol.
                let kinds = ["python2", "protocol2-bytes", "protocol3-texts", "protocol4-bytes", "protocol5-texts", "scalar-labels"];
                let pickle = root.join("tests/golden/pickles").join(kinds[number]);
                std::fs::copy(&pickle, at("python").join(name)).unwrap();
                archive.append_path_with_name(&pickle, format!("cifar-10-batches-py/{name}")).unwrap();
                plain.append_path_with_name(&pickle, format!("cifar-10-batches-py/{name}")).unwrap();
            }
            archive.into_inner().unwrap().finish().unwrap();
            plain.finish().unwrap();
            Self { folder }
        })
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}
