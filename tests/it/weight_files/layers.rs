//! Which arrays of a file are layers.

use std::path::Path;

use safetensors::tensor::{Dtype, TensorView};
use softness::prelude::*;

/// A file of safetensors with an array of ones of each shape.
pub fn write(path: &Path, arrays: &[(&str, Dtype, &[usize])]) {
    let ones = |kind: Dtype, count: usize| match kind {
        Dtype::F32 => 1f32.to_le_bytes().repeat(count),
        _ => vec![1; count * kind.bitsize() / 8],
    };
    let bytes: Vec<Vec<u8>> =
        arrays.iter().map(|(_, kind, shape)| ones(*kind, shape.iter().product())).collect();
    let views = arrays.iter().zip(&bytes);
    let views = views
        .map(|((name, kind, shape), bytes)| (*name, TensorView::new(*kind, shape.to_vec(), bytes).unwrap()));
    std::fs::write(path, safetensors::serialize(views, None).unwrap()).unwrap();
}

/// What is read from such a file.
fn read(arrays: &[(&str, Dtype, &[usize])], order: AxisOrder) -> Result<WeightFile, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("net.safetensors");
    write(&path, arrays);
    let file = WeightFile::open(&path, order);
    // The folder is gone afterwards, so that its name is left out.
    file.map_err(|error| error.to_string().replace(&*path.to_string_lossy(), "net.safetensors"))
}

const F32: Dtype = Dtype::F32;

#[test]
fn layers_are_in_the_natural_order_of_their_names_and_what_is_left_out_is_named() {
    let file = read(
        &[
            ("conv10.weight", F32, &[8, 8, 2, 2]),
            ("conv2.weight", F32, &[8, 4, 3, 3]),
            ("conv1.weight", F32, &[4, 1, 7, 7]),
            ("conv3.weight", F32, &[8, 8, 1, 1]),
            ("conv4.weight", F32, &[8, 8, 1, 7]),
            ("conv5.weight", F32, &[8, 1, 3, 3]),
            ("conv6.weight", Dtype::I8, &[8, 8, 3, 3]),
            ("conv7.mask", F32, &[1, 1, 65, 65]),
            ("conv8.weight", F32, &[8, 8, 0, 3]),
            ("head.weight", F32, &[10, 8]),
        ],
        AxisOrder::Oihw,
    )
    .unwrap();
    assert_eq!(file.layer_names(), ["conv1.weight", "conv2.weight", "conv10.weight"]);
    assert_eq!(
        file.left_out(),
        [
            "\"conv3.weight\" [8, 8, 1, 1] is left out: its kernels are 1 x 1, which leave an image as it is",
            "\"conv4.weight\" [8, 8, 1, 7] is left out: its kernels are 1 x 7, and only square ones are read",
            "\"conv5.weight\" [8, 1, 3, 3] is left out: it looks like a depthwise convolution, one channel per filter, or \
             like the first layer of a network of grey images; name the layer to read it nevertheless",
            "\"conv6.weight\" [8, 8, 3, 3] is left out: its values are of the type I8, not floats of 16, 32 or 64 bits",
            "\"conv7.mask\" [1, 1, 65, 65] is left out: its kernels would be 65 x 65, and those of filters have at most 64 rows",
            "\"conv8.weight\" [8, 8, 0, 3] is left out: it is empty",
        ]
    );
}

#[test]
fn depthwise_layers_of_keras_are_told_by_name_and_by_the_next_layer() {
    let file = read(
        &[
            ("1/kernel", F32, &[3, 3, 3, 8]),
            ("2/kernel", F32, &[3, 3, 8, 1]),
            ("3/kernel", F32, &[1, 1, 8, 4]),
            ("4/depthwise_kernel", F32, &[3, 3, 4, 2]),
            ("5/kernel", F32, &[3, 3, 4, 1]),
        ],
        AxisOrder::Hwio,
    )
    .unwrap();
    // The last one has one filter, and no layer after it says otherwise.
    assert_eq!(file.layer_names(), ["1/kernel", "5/kernel"]);
    assert_eq!(
        file.left_out().iter().filter(|sentence| sentence.contains("depthwise convolution")).count(),
        2
    );
}

#[test]
fn a_named_layer_is_read_although_it_looks_depthwise_and_others_are_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("net.safetensors");
    write(
        &path,
        &[
            ("a.weight", F32, &[4, 3, 3, 3]),
            ("b.weight", F32, &[4, 1, 3, 3]),
            ("c.weight", F32, &[4, 4, 3, 5]),
        ],
    );
    let file = WeightFile::open(&path, AxisOrder::Oihw).unwrap();
    assert_eq!(file.layer_names(), ["a.weight"]);
    let named = file.only(&["b.weight", "a.weight"]).unwrap();
    assert_eq!(named.layer_names(), ["b.weight", "a.weight"]);
    assert_eq!(named.filters()[0].weights().dim(), (4, 1, 3, 3));
    let error = |layers: &[&str]| {
        file.only(layers).unwrap_err().to_string().replace(&*path.to_string_lossy(), "net.safetensors")
    };
    assert_eq!(
        error(&["d.weight"]),
        "net.safetensors has no layer \"d.weight\": its arrays with four axes are \"a.weight\" [4, 3, 3, 3], \"b.weight\" \
         [4, 1, 3, 3], \"c.weight\" [4, 4, 3, 5]"
    );
    assert_eq!(
        error(&["c.weight"]),
        "net.safetensors: layer \"c.weight\" cannot be read: its kernels are 3 x 5, and only square ones are read"
    );
    assert_eq!(error(&["a.weight", "a.weight"]), "layer is \"a.weight\" twice, but each is read once");
    assert_eq!(error(&[]), "layers is empty, but name at least one");
}

#[test]
fn shapes_that_contradict_the_order_of_the_axes_are_refused() {
    let keras: &[(&str, Dtype, &[usize])] =
        &[("conv1/kernel", F32, &[5, 5, 3, 16]), ("conv2/kernel", F32, &[3, 3, 16, 16])];
    let sentence = "net.safetensors: the shape [5, 5, 3, 16] of \"conv1/kernel\" contradicts the axis order oihw: its kernels would be \
                    3 x 16; in the order hwio they are 5 x 5: read the file with `--order hwio` (in Rust: `AxisOrder::Hwio`)";
    assert_eq!(read(&keras[..1], AxisOrder::Oihw).unwrap_err(), sentence);
    // Naming a layer helps only if its kernels are square.
    let or = "; if oihw is right, name the layers with square kernels, such as \"conv2/kernel\"";
    assert_eq!(read(keras, AxisOrder::Oihw).unwrap_err(), format!("{sentence}{or}"));
    assert_eq!(read(keras, AxisOrder::Hwio).unwrap().filters().len(), 2);
    let pytorch: &[(&str, Dtype, &[usize])] =
        &[("conv1.weight", F32, &[64, 3, 7, 7]), ("conv2.weight", F32, &[64, 64, 3, 3])];
    let message = read(pytorch, AxisOrder::Hwio).unwrap_err();
    assert!(
        message.contains("[64, 3, 7, 7] of \"conv1.weight\" contradicts the axis order hwio"),
        "{message}"
    );
}

#[test]
fn a_file_without_layers_says_what_it_has() {
    assert_eq!(
        read(&[("a", F32, &[3]), ("b", F32, &[2, 2])], AxisOrder::Oihw).unwrap_err(),
        "net.safetensors: it has no array with four axes, as filters are; it has \"a\" [3], \"b\" [2, 2]"
    );
    assert_eq!(
        read(&[("a", F32, &[4, 4, 1, 1])], AxisOrder::Oihw).unwrap_err(),
        "net.safetensors: it has no layer that can be read: \"a\" [4, 4, 1, 1] is left out: its kernels are 1 x 1, which leave \
         an image as it is"
    );
}

#[test]
fn biases_belong_to_layers_by_name_and_must_fit() {
    let file = read(
        &[
            ("a.weight", F32, &[2, 3, 3, 3]),
            ("a.bias", F32, &[2]),
            ("b.weight", F32, &[2, 2, 3, 3]),
            ("bias", F32, &[2]),
        ],
        AxisOrder::Oihw,
    )
    .unwrap();
    assert_eq!(file.filters()[0].bias().to_vec(), [1.0, 1.0]);
    assert_eq!(file.filters()[1].bias().to_vec(), [0.0, 0.0]);
    let message =
        read(&[("a.weight", F32, &[2, 3, 3, 3]), ("a.bias", F32, &[3])], AxisOrder::Oihw).unwrap_err();
    assert_eq!(
        message,
        "net.safetensors: it has no layer that can be read: \"a.weight\" [2, 3, 3, 3] is left out: its bias has 3 values for 2 \
         filters, as in a transposed convolution; name the layer to read it without its bias"
    );
}

#[test]
fn a_layer_whose_bias_does_not_fit_is_left_out_and_read_without_it_if_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("net.safetensors");
    // PyTorch's ConvTranspose2d(12, 7, 3): weights (in, out, k, k).
    let arrays: [(&str, Dtype, &[usize]); 3] = [
        ("conv.weight", Dtype::F32, &[12, 3, 3, 3]),
        ("up.bias", Dtype::F32, &[7]),
        ("up.weight", Dtype::F32, &[12, 7, 3, 3]),
    ];
    write(&path, &arrays);
    let file = WeightFile::open(&path, AxisOrder::Oihw).unwrap();
    assert_eq!(file.layer_names(), ["conv.weight"]);
    assert_eq!(
        file.left_out(),
        [
            "\"up.weight\" [12, 7, 3, 3] is left out: its bias has 7 values for 12 filters, as in a transposed convolution; name \
          the layer to read it without its bias"
        ]
    );
    let named = file.only(&["up.weight"]).unwrap();
    assert_eq!((named.filters()[0].len(), named.filters()[0].bias()[0]), (12, 0.0));
}

#[test]
fn a_value_that_is_no_number_has_its_place_in_the_order_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("net.npy");
    let mut weights = ndarray::Array4::<f32>::ones((3, 3, 2, 4));
    weights[[2, 1, 0, 3]] = f32::NEG_INFINITY;
    ndarray_npy::write_npy(&path, &weights).unwrap();
    let message = WeightFile::open(&path, AxisOrder::Hwio).unwrap_err().to_string();
    assert!(
        message
            .ends_with("\"net\" [3, 3, 2, 4] is left out: its weight [2, 1, 0, 3] (axis order hwio) is -inf, or too large for a float of 32 bits"),
        "{message}"
    );
}

#[test]
fn state_of_the_optimiser_is_left_out_and_read_if_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("net.safetensors");
    let shape: &[usize] = &[4, 3, 5, 5];
    let names = ["conv1/kernel", "conv1/kernel/Adam", "conv1/kernel/ExponentialMovingAverage"];
    write(&path, &names.map(|name| (name, F32, shape)));
    let file = WeightFile::open(&path, AxisOrder::Oihw).unwrap();
    assert_eq!(file.layer_names(), &names[..1]);
    assert_eq!(
        file.left_out(),
        [
            "\"conv1/kernel/Adam\" [4, 3, 5, 5] is left out: it is state of the optimiser, not weights; name the layer to read it \
             nevertheless",
            "\"conv1/kernel/ExponentialMovingAverage\" [4, 3, 5, 5] is left out: it is an average of \"conv1/kernel\" over \
             training; name the layer to read it nevertheless",
        ]
    );
    assert_eq!(file.only(&names[1..]).unwrap().layer_names(), &names[1..]);
}

#[test]
fn a_layer_whose_values_all_vanish_is_refused_and_single_tiny_ones_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("net.npy");
    let mut weights = ndarray::Array4::<f64>::from_elem((2, 3, 3, 3), -1e-60);
    let sentence = "its weights are all 0 or too small for floats of 32 bits, below 1.2e-38: multiply them by a constant before you \
                    save them";
    for tiny in [-1e-60, 1e-42] {
        weights.fill(tiny);
        ndarray_npy::write_npy(&path, &weights).unwrap();
        let message = WeightFile::open(&path, AxisOrder::Oihw).unwrap_err().to_string();
        assert!(message.ends_with(sentence), "{message}");
    }
    weights[[1, 0, 0, 0]] = 0.5;
    ndarray_npy::write_npy(&path, &weights).unwrap();
    assert!(WeightFile::open(&path, AxisOrder::Oihw).is_ok());
    // Zeros are zeros.
    weights.fill(0.0);
    ndarray_npy::write_npy(&path, &weights).unwrap();
    assert!(WeightFile::open(&path, AxisOrder::Oihw).is_ok());
}
