//! The geometry of the picture: where a moment and a lag stand on it, and the outlines of what is stacked there.

use core::fmt::Write as _;

use sim::kernel::time::Micros;
use sim::oracle::lags::{Cause, LagSample, LateAnswer};
use sim::shop::money::grouped;
use sim::view::staleness::{Bound, Limit, Staleness};

/// What is stacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// For how long the oldest event has waited, and what for.
    Seconds,
    /// How many events wait, and where.
    Events,
}

impl Unit {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Seconds, Self::Events];

    /// What one cause has of a sample.
    pub fn of(self, sample: &LagSample, cause: Cause) -> f64 {
        match self {
            Self::Seconds => sample.waited[cause.index()].as_secs(),
            Self::Events => f64::from(sample.events[cause.index()]),
        }
    }

    /// The same in words.
    pub fn told(self, sample: &LagSample, cause: Cause) -> String {
        match self {
            Self::Seconds => span(sample.waited[cause.index()]),
            Self::Events => grouped(u64::from(sample.events[cause.index()])),
        }
    }

    /// A figure of the scale.
    fn figure(self, value: f64) -> String {
        match self {
            // What stands on a scale is far below what a whole number holds.
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            Self::Seconds => span(Micros((value * 1e6).round() as u64)),
            Self::Events => value.to_string(),
        }
    }

    /// Where a bound stands on this scale, if it is one of the kind.
    fn bound(self, bound: Bound) -> Option<f64> {
        match (self, bound) {
            (Self::Seconds, Bound::Lag(lag)) => Some(lag.as_secs()),
            (Self::Events, Bound::Events(events)) => Some(f64::from(events)),
            _ => None,
        }
    }
}

/// A span in figures that keep their width: milliseconds below a tenth of a second, seconds with hundredths above.
pub fn span(span: Micros) -> String {
    match span.0 {
        0 => "0 s".to_owned(),
        n if n < 100_000 => format!("{} ms", (n + 500) / 1_000),
        n if n % 1_000_000 == 0 => format!("{} s", grouped(n / 1_000_000)),
        n => format!("{}.{:02} s", grouped(n / 1_000_000), n / 10_000 % 100),
    }
}

/// The picture's frame: its size, and what its scales reach to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chart {
    /// Its width, in pixels of the page.
    pub width: f64,
    /// Its height.
    pub height: f64,
    /// What is stacked.
    pub unit: Unit,
    until: Micros,
    /// The largest value on the scale.
    top: f64,
    /// The distance between two figures of the scale.
    step: f64,
    has_answers: bool,
}

/// Room for the figures beside the picture, and around it.
const LEFT: f64 = 52.0;
const RIGHT: f64 = 14.0;
const ABOVE: f64 = 12.0;
/// Room for the moments below.
const BELOW: f64 = 18.0;
/// Room for the answers between the picture and the moments.
const ANSWERS: f64 = 14.0;
/// A limit that is so many times higher than all that is to be seen is named and not drawn: it would flatten the rest.
const LIMIT_IN_SIGHT: f64 = 2.5;

impl Chart {
    /// The frame for what is to be shown.
    pub fn new((width, height): (f64, f64), unit: Unit, seen: &Staleness) -> Self {
        let all = |sample: &LagSample| Cause::ALL.iter().map(|cause| unit.of(sample, *cause)).sum::<f64>();
        let most = seen.samples.iter().map(all).fold(0.0, f64::max);
        let limits = seen.limits.iter().filter_map(|limit| unit.bound(limit.bound));
        let in_sight = limits.filter(|limit| *limit <= most * LIMIT_IN_SIGHT).fold(most, f64::max);
        let least = if unit == Unit::Seconds { 0.01 } else { 3.0 };
        let wanted = (in_sight * 1.08).max(least);
        let step = round_step(wanted / ((height - ABOVE - BELOW - ANSWERS) / 34.0).clamp(1.0, 5.0));
        let step = if unit == Unit::Events { step.max(1.0) } else { step };
        let has_answers = seen.late != (0, 0);
        Self { width, height, unit, until: seen.until, top: wanted.max(step), step, has_answers }
    }

    /// The lower edge of the picture.
    pub fn floor(&self) -> f64 {
        self.height - BELOW - if self.has_answers { ANSWERS } else { 0.0 }
    }

    /// Where the answers stand.
    pub fn answers(&self) -> f64 {
        self.height - BELOW - ANSWERS / 2.0
    }

    /// The left edge and the right one.
    pub fn sides(&self) -> (f64, f64) {
        (LEFT, self.width - RIGHT)
    }

    /// The upper edge.
    pub const fn ceiling(&self) -> f64 {
        ABOVE
    }

    /// Where a moment stands.
    pub fn x(&self, at: Micros) -> f64 {
        let (left, right) = self.sides();
        let share = at.0 as f64 / (self.until.0 as f64).max(1.0);
        left + share.min(1.0) * (right - left)
    }

    /// Where a value stands.
    pub fn y(&self, value: f64) -> f64 {
        let floor = self.floor();
        floor - value / self.top * (floor - ABOVE)
    }

    /// The moment at a place.
    pub fn moment(&self, x: f64) -> Micros {
        let (left, right) = self.sides();
        let share = ((x - left) / (right - left).max(1.0)).clamp(0.0, 1.0);
        // Rounding to a whole microsecond is far below one pixel.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        Micros((share * self.until.0 as f64) as u64)
    }

    /// The outline of each cause that is there at all, stacked in the order in which an event meets them.
    pub fn areas(&self, samples: &[LagSample]) -> Vec<(Cause, String)> {
        let mut floor = vec![0.0; samples.len()];
        let mut areas = Vec::new();
        for cause in Cause::ALL {
            let below = floor.clone();
            let mut any = false;
            for (sum, sample) in floor.iter_mut().zip(samples) {
                let value = self.unit.of(sample, cause);
                any |= value > 0.0;
                *sum += value;
            }
            if any {
                areas.push((cause, self.outline(samples, &below, &floor)));
            }
        }
        areas
    }

    /// Along the upper edge and back along the lower one. A count keeps until the next sample; a time grows until then.
    fn outline(&self, samples: &[LagSample], below: &[f64], above: &[f64]) -> String {
        let mut path = String::new();
        let point = |path: &mut String, x: f64, value: f64| {
            let letter = if path.is_empty() { 'M' } else { 'L' };
            // Writing to a text does not fail.
            let _ = write!(path, "{letter}{x:.1} {:.1}", self.y(value));
        };
        for number in needed(below, above) {
            let x = self.x(samples[number].at);
            if let Some(before) = number.checked_sub(1).filter(|_| self.unit == Unit::Events) {
                point(&mut path, x, above[before]);
            }
            point(&mut path, x, above[number]);
        }
        for number in needed(below, above).into_iter().rev() {
            let x = self.x(samples[number].at);
            point(&mut path, x, below[number]);
            if let Some(before) = number.checked_sub(1).filter(|_| self.unit == Unit::Events) {
                point(&mut path, x, below[before]);
            }
        }
        path.push('Z');
        path
    }

    /// The figures of the scale and where they stand.
    pub fn figures(&self) -> Vec<(f64, String)> {
        let values = (0..).map(|n| f64::from(n) * self.step).take_while(|value| *value <= self.top * 1.001);
        values.map(|value| (self.y(value), self.unit.figure(value))).collect()
    }

    /// Round moments below the picture and where they stand.
    pub fn moments(&self) -> Vec<(f64, String)> {
        let (left, right) = self.sides();
        let count = ((right - left) / 72.0).clamp(2.0, 10.0);
        let step = round_step((self.until.as_secs() / count).max(0.001));
        // As far as the scale reaches, which is far below what a whole number holds.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let step = Micros((step * 1e6) as u64);
        let all = (0..=self.until.0 / step.0.max(1)).map(|n| Micros(n * step.0));
        let told = |at: Micros| if at == Micros::ZERO { "0 s".to_owned() } else { at.to_string() };
        all.map(|at| (self.x(at), told(at))).collect()
    }

    /// The limits that are in sight, and the names of those that are not.
    pub fn limits<'a>(&self, limits: &'a [Limit]) -> (Vec<Line<'a>>, Vec<&'a str>) {
        /// Names that stand closer to each other, one above the other, could not be read.
        const APART: f64 = 13.0;
        let mine = || limits.iter().filter_map(|limit| Some((self.unit.bound(limit.bound)?, limit.name.as_str())));
        let mut lines: Vec<Line<'a>> = Vec::new();
        for (value, name) in mine().filter(|(value, _)| *value <= self.top) {
            let y = self.y(value);
            let beside = lines.iter().filter(|line| (line.y - y).abs() < APART).count();
            lines.push(Line { y, name, name_y: y, beside });
        }
        // A name under another line would be struck through by it, so those of lines that are close stand over them all.
        let heights: Vec<f64> = lines.iter().map(|line| line.y).collect();
        for line in &mut lines {
            line.name_y = heights.iter().copied().filter(|y| (y - line.y).abs() < APART).fold(line.y, f64::min);
        }
        (lines, mine().filter(|(value, _)| *value > self.top).map(|(_, name)| name).collect())
    }

    /// The answers of one kind that can be told apart, by their places.
    pub fn answers_apart(&self, answers: &[LateAnswer], wrong: bool) -> Vec<f64> {
        /// The width of a mark, and a little air.
        const APART: f64 = 8.0;
        let mut places: Vec<f64> = Vec::new();
        for x in answers.iter().filter(|answer| answer.wrong == wrong).map(|answer| self.x(answer.at)) {
            if places.last().is_none_or(|last| x - last >= APART) {
                places.push(x);
            }
        }
        places
    }
}

/// A limit in sight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line<'a> {
    /// Where it stands.
    pub y: f64,
    /// Its name.
    pub name: &'a str,
    /// The height over which its name stands.
    pub name_y: f64,
    /// How many names stand at this height already: this one has its place beside them.
    pub beside: usize,
}

/// The points that an outline can not do without: where nothing changes, one at each end is enough.
fn needed(below: &[f64], above: &[f64]) -> Vec<usize> {
    let at = |number: usize| Some((*below.get(number)?, *above.get(number)?));
    (0..above.len())
        .filter(|number| {
            let before = number.checked_sub(1).and_then(at);
            before != at(*number) || at(*number) != at(number + 1)
        })
        .collect()
}

/// The smallest of 1, 2 and 5 times a power of ten that is not below `least`.
fn round_step(least: f64) -> f64 {
    let mut step = 1e-6;
    for factor in [2.0, 2.5, 2.0].into_iter().cycle() {
        if step >= least || !least.is_finite() {
            break;
        }
        step *= factor;
    }
    step
}

#[cfg(test)]
mod tests {
    use sim::system::place::Model;
    use sim::system::queries::keeper::Keeper;
    use sim::view::staleness::Staleness;

    use super::{Bound, Cause, Chart, LagSample, LateAnswer, Limit, Micros, Unit, needed, round_step, span};

    fn sample(ms: u64, queueing: u64, lost: u64) -> LagSample {
        let mut sample = LagSample { at: Micros::from_millis(ms), ..LagSample::default() };
        sample.waited[Cause::Queueing.index()] = Micros::from_millis(queueing);
        sample.waited[Cause::Lost.index()] = Micros::from_millis(lost);
        sample.events[Cause::Queueing.index()] = 2;
        sample
    }

    fn seen(limits: &[u64]) -> Staleness {
        let limits =
            limits.iter().map(|ms| Limit { name: format!("{ms}"), bound: Bound::Lag(Micros::from_millis(*ms)) });
        Staleness {
            until: Micros::from_secs(2),
            samples: vec![sample(0, 0, 0), sample(1_000, 500, 500), sample(2_000, 500, 0)],
            limits: limits.collect(),
            ..Staleness::default()
        }
    }

    #[test]
    fn a_place_and_its_moment_are_the_same() {
        let chart = Chart::new((600.0, 200.0), Unit::Seconds, &seen(&[]));
        let x = chart.x(Micros::from_millis(750));
        assert_eq!(chart.moment(x).as_millis(), 750);
        assert_eq!((chart.moment(-9.0), chart.moment(9e9)), (Micros::ZERO, Micros::from_secs(2)));
    }

    #[test]
    fn causes_are_stacked_and_the_absent_ones_are_left_out() {
        let seen = seen(&[]);
        let chart = Chart::new((600.0, 200.0), Unit::Seconds, &seen);
        let areas = chart.areas(&seen.samples);
        assert_eq!(areas.iter().map(|(cause, _)| *cause).collect::<Vec<_>>(), [Cause::Queueing, Cause::Lost]);
        let (half, whole) = (chart.y(0.5), chart.y(1.0));
        assert!(areas[0].1.contains(&format!("{half:.1}")) && !areas[0].1.contains(&format!(" {whole:.1}")));
        assert!(areas[1].1.contains(&format!("{whole:.1}")));
        let events = Chart::new((600.0, 200.0), Unit::Events, &seen);
        assert_eq!(events.areas(&seen.samples).len(), 1);
    }

    #[test]
    fn a_limit_far_above_everything_is_named_and_does_not_flatten_the_picture() {
        let seen = seen(&[2_000, 60_000]);
        let chart = Chart::new((600.0, 200.0), Unit::Seconds, &seen);
        let (lines, beyond) = chart.limits(&seen.limits);
        assert_eq!((lines.len(), lines[0].name, beyond), (1, "2000", vec!["60000"]));
        assert!(lines[0].y > chart.ceiling());
        assert!(Chart::new((600.0, 200.0), Unit::Events, &seen).limits(&seen.limits).1.is_empty());
    }

    #[test]
    fn names_and_marks_do_not_lie_on_each_other() {
        let seen = seen(&[1_000, 1_010, 300]);
        let chart = Chart::new((600.0, 200.0), Unit::Seconds, &seen);
        let beside: Vec<usize> = chart.limits(&seen.limits).0.iter().map(|line| line.beside).collect();
        assert_eq!(beside, [0, 1, 0]);
        let lines = chart.limits(&seen.limits).0;
        assert!(lines[0].name_y <= lines[1].y && lines[0].name_y == lines[1].name_y);
        assert_eq!(lines[2].name_y, lines[2].y);
        let (model, keeper) = (Model::OrderView, Keeper::Primary);
        let answer = |ms| LateAnswer { at: Micros::from_millis(ms), model, keeper, wrong: false };
        let answers: Vec<LateAnswer> = (0..2_000).map(answer).collect();
        let places = chart.answers_apart(&answers, false);
        assert!(places.len() > 30 && places.windows(2).all(|pair| pair[1] - pair[0] >= 8.0));
        assert!(chart.answers_apart(&answers, true).is_empty());
    }

    #[test]
    fn the_scale_has_few_round_figures() {
        let chart = Chart::new((600.0, 200.0), Unit::Seconds, &seen(&[]));
        let figures: Vec<String> = chart.figures().into_iter().map(|(_, figure)| figure).collect();
        assert_eq!(figures, ["0 s", "0.50 s", "1 s"]);
        let moments: Vec<String> = chart.moments().into_iter().map(|(_, moment)| moment).collect();
        assert_eq!(moments.first().map(String::as_str), Some("0 s"));
        assert!(moments.len() >= 3 && moments.len() < 12, "{moments:?}");
    }

    #[test]
    fn what_does_not_change_needs_two_points() {
        assert_eq!(needed(&[0.0; 5], &[1.0, 1.0, 1.0, 1.0, 2.0]), [0, 3, 4]);
        assert!((round_step(0.3) - 0.5).abs() < 1e-9 && (round_step(20.0) - 20.0).abs() < 1e-6);
        assert_eq!([span(Micros(0)), span(Micros(1_400)), span(Micros(2_345_678))], ["0 s", "1 ms", "2.34 s"]);
    }
}
