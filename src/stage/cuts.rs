//! Links that are cut: a mark and a word on the way that carries nothing.

use leptos::prelude::*;
use sim::system::place::Place;

use super::layout::Layout;
use crate::desk::Desk;

/// Every way that is cut at this moment.
pub fn view(desk: Desk, layout: Memo<Layout>) -> AnyView {
    let cuts = Memo::new(move |_| desk.stage.with(|stage| stage.cuts.clone()));
    let shown = move || {
        layout.with(|layout| {
            cuts.with(|cuts| cuts.iter().filter_map(|(from, to)| cut(layout, *from, *to)).collect_view())
        })
    };
    view! { <g class="cuts">{shown}</g> }.into_any()
}

fn cut(layout: &Layout, from: Place, to: Place) -> Option<AnyView> {
    let curve = layout.curve(from, to)?;
    // Each direction has its mark on its own side, so that a way which is cut both ways shows two.
    let at = curve.beside(0.5, 9.0);
    let place = format!("translate({:.1} {:.1})", at.x, at.y);
    Some(
        view! {
            <path class="line cut" d=curve.path()></path>
            <g transform=place>
                <rect class="cut-box" x="-19" y="-9" width="38" height="18" rx="9"></rect>
                <path class="cut-mark" d="M-14 -3.500l7 7M-7 -3.500l-7 7"></path>
                <text class="cut-word" x="5" y="4.200">"cut"</text>
            </g>
        }
        .into_any(),
    )
}
