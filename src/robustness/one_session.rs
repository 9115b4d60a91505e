//! One session's scores, each beside its nulls.

use crate::error::Result;
use crate::filters::FilterBank;
use crate::filters::nulls::{Null, initial_filters, random_filters, shuffled_filters};
use crate::responses::LayerInput;
use crate::robustness::layer_means::{LayerMean, of_filters, of_maps, of_network};
use crate::robustness::network_means::{Measured, averaged, whole_network};
use crate::robustness::scores::PictureScore;
use crate::robustness::scoring::banks;
use crate::robustness::{
    AnyMeasure, NullComparison, PictureSet, SessionScore, SessionScoreOptions, SessionScores,
};
use crate::session::Session;
use crate::softness::{FilterMeasure, Meter};

/// Means by layer and measure.
type LayerMeans = Vec<Vec<LayerMean>>;

/// A session and what it is held against.
pub(super) struct Subject<'a> {
    session: &'a Session,
    options: &'a SessionScoreOptions,
    banks: Vec<FilterBank>,
    start: Option<Start<'a>>,
    /// Banks in place of the trained ones: by draw and layer.
    replaced: Vec<(Null, Vec<Vec<FilterBank>>)>,
}

/// A session's initial filters, and what they are held against.
struct Start<'a> {
    banks: Vec<FilterBank>,
    /// The start itself and others like it, where [`Null::Initial`] is wanted.
    measured: Option<(Measured, &'a [Measured])>,
}

impl<'a> Subject<'a> {
    /// `others` are other starts of its architecture, where [`Null::Initial`] is wanted.
    pub fn new(
        session: &'a Session,
        sets: &[PictureSet],
        options: &'a SessionScoreOptions,
        others: Option<&'a [Measured]>,
    ) -> Result<Self> {
        let banks = banks(session)?;
        let mut start = None;
        if session.record().is_some() {
            let training = session.training();
            let banks = initial_filters(&training.architecture, training.seed)?;
            let input_scale = session.training().architecture.input_scale;
            let own =
                |others| -> Result<_> { Ok((whole_network(&banks, input_scale, sets, options)?, others)) };
            let measured = others.map(own).transpose()?;
            start = Some(Start { banks, measured });
        }
        let mut replaced = Vec::new();
        for &null in options.nulls.iter().filter(|&&null| null != Null::Initial) {
            let make = if null == Null::Shuffled { shuffled_filters } else { random_filters };
            let draw =
                |draw| banks.iter().map(|bank| make(bank, options.seed, draw)).collect::<Result<Vec<_>>>();
            replaced.push((null, (0..options.draws).map(draw).collect::<Result<_>>()?));
        }
        Ok(Self { session, options, banks, start, replaced })
    }

    /// Its scores on the pictures of every set, then those of its filters.
    pub fn scores(&self, sets: &[PictureSet]) -> Result<SessionScores> {
        let mut scores = SessionScores { rows: Vec::new(), pictures: Vec::new() };
        let mut meter = Meter::new(self.options.normalisation);
        for (place, set) in sets.iter().enumerate() {
            self.on_set(&mut meter, place, set, &mut scores)?;
        }
        self.of_its_filters(&mut scores);
        Ok(scores)
    }

    fn on_set(
        &self,
        meter: &mut Meter,
        set_place: usize,
        set: &PictureSet,
        scores: &mut SessionScores,
    ) -> Result<()> {
        let input_scale = self.session.training().architecture.input_scale;
        let mut own = Vec::new();
        // By null and draw, then picture.
        let mut drawn: Vec<Vec<Vec<LayerMeans>>> =
            self.replaced.iter().map(|(_, draws)| vec![Vec::new(); draws.len()]).collect();
        for picture in set.pictures() {
            let first = LayerInput::new(picture, input_scale, self.options.response);
            let (inputs, means) = of_network(meter, self.options, &first, &self.banks)?;
            for ((_, draws), drawn) in self.replaced.iter().zip(&mut drawn) {
                for (banks, drawn) in draws.iter().zip(drawn) {
                    let layers = inputs.iter().zip(banks);
                    let mut of_layer = |(input, bank): (&LayerInput, &FilterBank)| {
                        of_maps(meter, self.options, &input.responses(bank))
                    };
                    drawn.push(layers.map(&mut of_layer).collect::<Result<Vec<_>>>()?);
                }
            }
            for (layer, means) in means.iter().enumerate() {
                for (measure, mean) in self.options.measures.iter().zip(means) {
                    scores.pictures.push(PictureScore {
                        session: self.session.name().into(),
                        iterations: self.session.iterations(),
                        layer: layer + 1,
                        images: set.name().into(),
                        picture: picture.name().into(),
                        measure: *measure,
                        score: mean.value,
                    });
                }
            }
            own.push(means);
        }
        let drawn: Vec<Vec<LayerMeans>> =
            drawn.iter().map(|draws| draws.iter().map(|pictures| averaged(pictures)).collect()).collect();
        for (layer, means) in averaged(&own).iter().enumerate() {
            for (place, (measure, mean)) in self.options.measures.iter().zip(means).enumerate() {
                let of_start = |start: &Measured| start.maps[set_place][layer][place].value;
                let of_draw = |null: usize, draw: usize| drawn[null][draw][layer][place].value;
                let nulls = self.against(mean.value, of_start, of_draw);
                let row = self.row(Some(set.name()), layer, *measure);
                scores.rows.push(SessionScore { score: mean.value, constant: mean.constant, nulls, ..row });
            }
        }
        Ok(())
    }

    fn of_its_filters(&self, scores: &mut SessionScores) {
        for (layer, bank) in self.banks.iter().enumerate() {
            let start = self.start.as_ref().map(|start| &start.banks[layer]);
            let of = |banks: &Vec<FilterBank>| of_filters(self.options, &banks[layer], None);
            let drawn: Vec<Vec<Vec<f64>>> =
                self.replaced.iter().map(|(_, draws)| draws.iter().map(of).collect()).collect();
            for (place, score) in of_filters(self.options, bank, start).into_iter().enumerate() {
                let measure = self.options.filter_measures[place];
                let of_start = |start: &Measured| start.filters[layer][place];
                let of_draw = |null: usize, draw: usize| drawn[null][draw][place];
                // How far a filter has come from its start is no property of other filters.
                let nulls = match measure {
                    FilterMeasure::DistanceTravelled => Vec::new(),
                    _ => self.against(score, of_start, of_draw),
                };
                scores.rows.push(SessionScore { score, nulls, ..self.row(None, layer, measure) });
            }
        }
    }

    /// A score beside its nulls. `of_start` takes it of a start, `of_draw` of a draw of a null in `replaced`.
    fn against(
        &self,
        score: f64,
        of_start: impl Fn(&Measured) -> f64,
        of_draw: impl Fn(usize, usize) -> f64,
    ) -> Vec<NullComparison> {
        let mut nulls = Vec::new();
        if let Some((own, others)) = self.start.as_ref().and_then(|start| start.measured.as_ref()) {
            let others: Vec<f64> = others.iter().map(&of_start).collect();
            nulls.push(NullComparison::new(Null::Initial, score, &others, Some(of_start(own))));
        }
        for (place, (null, draws)) in self.replaced.iter().enumerate() {
            let draws: Vec<f64> = (0..draws.len()).map(|draw| of_draw(place, draw)).collect();
            nulls.push(NullComparison::new(*null, score, &draws, None));
        }
        nulls
    }

    /// A row without a score.
    fn row(&self, images: Option<&str>, layer: usize, measure: impl Into<AnyMeasure>) -> SessionScore {
        SessionScore {
            session: self.session.name().into(),
            iterations: self.session.iterations(),
            layer: layer + 1,
            images: images.map(String::from),
            measure: measure.into(),
            score: f64::NAN,
            constant: 0,
            nulls: Vec::new(),
        }
    }
}
