//! CIFAR-10's binary version: the file of the test split, the names of the classes, and the record of
//! where the files came from, by the first byte.

#![cfg_attr(feature = "libfuzzer", no_main)]

use softness::dataset::Dataset;

thread_local! {
    static FOLDER: tempfile::TempDir = {
        let folder = softness_fuzz::folder();
        for number in 1..=5 {
            let file = folder.path().join(format!("data_batch_{number}.bin"));
            std::fs::write(file, [number; 3073]).expect("a file in memory");
        }
        folder
    };
}

softness_fuzz::target!(|bytes: &[u8]| {
    let Some((which, bytes)) = bytes.split_first() else { return };
    FOLDER.with(|folder| {
        let test = folder.path().join("test_batch.bin");
        std::fs::write(&test, [3; 3073]).expect("a file in memory");
        let name = ["test_batch.bin", "batches.meta.txt", "softness-source.json"][usize::from(*which) % 3];
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("a file in memory");
        drop(Dataset::cifar10(folder.path()));
        std::fs::remove_file(path).expect("the file is there");
    });
});
