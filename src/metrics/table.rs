//! The table of metrics: what each is now, and how it went.

use leptos::prelude::*;
use sim::kernel::time::Micros;
use sim::view::gauges::{Readings, Series};

use super::line::{HEIGHT, WIDTH, line};
use crate::desk::Desk;

/// The table.
pub fn table(desk: Desk) -> AnyView {
    // The point at the moment: figures change with it, and lines with the readings, neither of them in each frame.
    let point = Memo::new(move |_| desk.readings.with(|readings| readings.point(desk.clock.get())));
    let names = Memo::new(move |_| {
        desk.readings.with(|readings| readings.series.iter().map(|one| one.name).collect::<Vec<_>>())
    });
    let row = move |name: &'static str| {
        let of = move |say: fn(&Readings, &Series, Option<usize>) -> String| {
            desk.readings.with(|readings| {
                let one = readings.series.iter().find(|one| one.name == name);
                one.map(|one| say(readings, one, point.get()))
            })
        };
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td class="number">{move || of(now)}</td>
                <td class="metric-line" title=move || of(most)>
                    <span class="heard">{move || of(most)}</span>
                    <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none" aria-hidden="true">
                        <path d=move || of(|_, one, _| line(&one.values))></path>
                    </svg>
                </td>
            </tr>
        }
    };
    let share = move || desk.readings.with(|readings| share(readings, desk.clock.get()));
    let caption = move || desk.readings.with(|readings| caption(readings));
    view! {
        <div class="metric-table" role="region" aria-label="Figures" tabindex="0">
            <table style:--at=move || format!("{:.4}", share())>
                <caption class="quiet">{caption}</caption>
                <thead>
                    <tr>
                        <th scope="col">"metric"</th>
                        <th scope="col" class="number">"now"</th>
                        <th scope="col">"over the run"</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || names.get() key=|name| *name children=row />
                </tbody>
            </table>
        </div>
    }
    .into_any()
}

fn now(readings: &Readings, one: &Series, point: Option<usize>) -> String {
    let value = point.and_then(|point| one.values.get(point));
    value.map_or_else(|| "not measured yet".to_owned(), |value| one.unit.told(*value, readings.every))
}

fn most(readings: &Readings, one: &Series, _: Option<usize>) -> String {
    let most = one.values.iter().max().copied().unwrap_or(0);
    format!("at most {}", one.unit.told(most, readings.every))
}

/// Where in the lines a moment lies.
fn share(readings: &Readings, moment: Micros) -> f64 {
    let until = readings.moments.last().map_or(1, |last| last.0.max(1));
    (moment.0 as f64 / until as f64).min(1.0)
}

fn caption(readings: &Readings) -> String {
    if readings.every == Micros::ZERO {
        return "reading".to_owned();
    }
    let more = if readings.more { ", reading on" } else { "" };
    format!("measured every {}{more}", readings.every)
}
