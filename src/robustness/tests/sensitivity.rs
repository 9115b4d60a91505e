//! The fits under every reading, border and normalisation.

use ndarray::Array1;

use crate::dataset::Dataset;
use crate::filters::FilterBank;
use crate::golden::assert_close;
use crate::models::{Form, fit_models};
use crate::network::{Architecture, Weights};
use crate::responses::Reading;
use crate::robustness::tests::sessions;
use crate::robustness::*;
use crate::session::Session;
use crate::softness::Measure;
use crate::table::softness_table;
use crate::tolerances::REORDERED_SUMS;

#[test]
fn the_sensitivity_table_has_every_setting_and_the_default_is_the_study() {
    let (sessions, bird) = (sessions(), Dataset::tiny().bird());
    let found = Sensitivity::new(&sessions, &[PictureSet::from_picture(bird.clone())]).unwrap();
    assert_eq!(found.settings.len(), 32 * 2);
    let fits = fit_models(&softness_table(&sessions, &[bird]).unwrap()).unwrap();
    for layer in [1, 2] {
        let own = found.settings.iter().find(|setting| setting.layer == layer).unwrap();
        assert_eq!(
            (own.reading.name(), own.border.name(), own.normalisation.name()),
            ("forward-pass", "same", "min-max")
        );
        for (form, r_squared) in Form::ALL.into_iter().zip(own.r_squared) {
            assert_close(
                r_squared,
                fits.get(layer, "bird", form).unwrap().r_squared(),
                REORDERED_SUMS,
                1.0,
                form.name(),
            );
        }
    }
    assert!(Measure::ALL.len() == 7 && found.to_string().contains("each-kernel"));
}

#[test]
fn networks_of_another_kind_have_every_setting_but_those_of_the_forward_pass() {
    let bank = |salt: u64| {
        let weights = Weights::initial_kernels(&Architecture::paper(), salt, 5, 4, 3);
        FilterBank::new(1, weights, Array1::zeros(5)).unwrap()
    };
    let sessions: Vec<Session> = [1, 10, 100, 1_000]
        .into_iter()
        .map(|end| Session::from_filters(format!("net-{end}"), end, vec![bank(end)]).unwrap())
        .collect();
    let found = Sensitivity::new(&sessions, &[PictureSet::from_picture(Dataset::tiny().bird())]).unwrap();
    assert_eq!(found.settings.len(), 24);
    assert!(found.settings.iter().all(|setting| setting.reading != Reading::ForwardPass));
}
