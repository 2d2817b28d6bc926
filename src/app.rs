//! The page as a whole: its rooms, its keys, and what is dropped on it.

use leptos::ev;
use leptos::html::Dialog;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::bench::BenchRoom;
use crate::boot;
use crate::desk::Desk;
use crate::drawer::DrawerRoom;
use crate::files::{RefusalDialog, listen_to_drops};
use crate::hands::HandPanel;
use crate::hands::ask::AskDialog;
use crate::hands::send::SendDialog;
use crate::header::{HeaderRoom, HelpDialog};
use crate::intent::Intent;
use crate::ledger::LedgerRoom;
use crate::opening::Opening;
use crate::session::Session;
use crate::stage::StageRoom;
use crate::stage::camera::Camera;
use crate::story::StoryRoom;
use crate::story::guide::guide;
use crate::story::script::{Scene, scene};
use crate::transport::TransportRoom;
use crate::transport::keys::{Focus, KeyAct, act};
use crate::twin::panes::TwinStages;
use crate::twin::verdicts::TwinVerdicts;
use crate::verdicts::{VerdictRow, VerdictVoice};

/// A room that is a sheet on a phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sheet {
    Bench,
    Ledger,
    Log,
}

/// The page.
#[component]
pub fn App(
    /// The run to start with.
    session: Session,
) -> impl IntoView {
    let desk = Desk::new(session);
    provide_context(desk);
    start_frames(desk);
    listen_to_drops(desk);
    listen_to_address(desk);
    let help: NodeRef<Dialog> = NodeRef::new();
    let sheet = RwSignal::new(None::<Sheet>);
    listen_to_keys(desk, help);
    listen_to_size(desk);
    // The first minute offers one control; the bench comes when it is over, or when it is asked for.
    let bench_opened = RwSignal::new(false);
    let calm = Memo::new(move |_| {
        let in_story = desk.situation.with(|situation| situation.as_ref().map(scene));
        !bench_opened.get() && !desk.twin.on.get() && in_story.is_some_and(|scene| !matches!(scene, Scene::Cured(_)))
    });
    Effect::new(move |_| {
        // Once the story has led to its end the bench stays, whatever one tries next.
        if !calm.get() {
            bench_opened.set(true);
        }
    });
    // A bench that nobody has seen yet need not be there.
    let bench_needed =
        Memo::new(move |was: Option<&bool>| was == Some(&true) || !calm.get() || sheet.get() == Some(Sheet::Bench));
    let pictures = move || {
        if desk.twin.on.get() {
            view! { <TwinVerdicts /><TwinStages /> }.into_any()
        } else {
            view! { <VerdictRow /><StageRoom /> }.into_any()
        }
    };
    let opening = Opening::new(desk);
    let class = move |of: Sheet, base: &'static str| {
        move || if sheet.get() == Some(of) { format!("{base} sheet open") } else { format!("{base} sheet") }
    };
    view! {
        <div id="page" class:twinned=move || desk.twin.on.get()>
            <HeaderRoom help=help />
            <aside class=move || if calm.get() { "left calm" } else { "left" } aria-label="Story and bench">
                <StoryRoom />
                {guide(move || bench_opened.set(true))}
                <div class=class(Sheet::Bench, "bench")>
                    {move || bench_needed.get().then(|| view! { <BenchRoom /> })}
                </div>
            </aside>
            <main>
                {pictures}
                <section class=class(Sheet::Log, "drawer") aria-label="Drawer">
                    {opening.room(1, || view! { <DrawerRoom /> }.into_any())}
                </section>
            </main>
            <aside class=class(Sheet::Ledger, "right") aria-label="Ledger and messages">
                {opening.room(0, || view! { <LedgerRoom /> }.into_any())}
            </aside>
            <nav class="rooms" aria-label="Rooms">
                {tab(sheet, Sheet::Bench, "Bench")}
                {tab(sheet, Sheet::Ledger, "Ledger")}
                {tab(sheet, Sheet::Log, "Log")}
            </nav>
            <TransportRoom />
            <VerdictVoice />
        </div>
        {opening.room(2, move || view! { <HandPanel /><SendDialog /><AskDialog /><HelpDialog node=help /><RefusalDialog /> }.into_any())}
    }
}

/// Asks the browser for one frame after the other. A failure ends the chain, because the next frame is asked for last.
fn start_frames(desk: Desk) {
    fn next(desk: Desk) {
        request_animation_frame(move || {
            let now_ms = window().performance().map_or(0.0, |performance| performance.now());
            desk.frame(now_ms);
            next(desk);
        });
    }
    next(desk);
}

fn tab(sheet: RwSignal<Option<Sheet>>, of: Sheet, name: &'static str) -> AnyView {
    let open = move || sheet.get() == Some(of);
    let press = move |_| sheet.set((!open()).then_some(of));
    view! { <button type="button" aria-expanded=move || open().to_string() on:click=press>{name}</button> }.into_any()
}

/// What has the focus, as far as keys are concerned.
fn focus_of(event: &ev::KeyboardEvent) -> Focus {
    let element = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let Some(element) = element else { return Focus::Elsewhere };
    let is = |selector| element.matches(selector).unwrap_or(false);
    if is("input[type=text], input[type=search], input[type=number], textarea") {
        Focus::Text
    } else if is("input[type=range], input[type=radio], select") {
        Focus::Arrows
    } else if is("button, a, input, summary, [role=button]") {
        Focus::Pressable
    } else {
        Focus::Elsewhere
    }
}

fn listen_to_keys(desk: Desk, help: NodeRef<Dialog>) {
    // The page lives as long as the window, so nothing ever removes the listener.
    let _ = window_event_listener(ev::keydown, move |event| {
        // A dialog has the keys to itself.
        let dialog_open = document().query_selector("dialog[open]").is_ok_and(|dialog| dialog.is_some());
        let command = event.ctrl_key() || event.meta_key();
        if dialog_open || event.alt_key() {
            return;
        }
        match act(&event.key(), event.shift_key(), command, focus_of(&event)) {
            Some(KeyAct::Run(intent)) => desk.send(intent),
            Some(KeyAct::Zoom(factor)) => desk.camera.update(|camera| *camera = camera.stepped(factor)),
            Some(KeyAct::WholeStage) => desk.camera.set(Camera::ALL),
            Some(KeyAct::Help) => {
                if let Some(dialog) = help.get_untracked() {
                    let _ = dialog.show_modal();
                }
            }
            None => return,
        }
        event.prevent_default();
    });
}

/// The address names the scenario; one that names another scenario opens it, also while the page is open. One that
/// names none is refused, and names the scenario that is open.
fn listen_to_address(desk: Desk) {
    desk.refusal.set(boot::refused_link());
    Effect::new(move |_| boot::show_in_address(desk.slug.get()));
    let _ = window_event_listener(ev::hashchange, move |_| {
        if let Some(slug) = boot::named_preset() {
            desk.send(Intent::OpenPreset(slug));
        } else {
            desk.refusal.set(boot::refused_link());
            boot::show_in_address(desk.slug.get_untracked());
        }
    });
}

fn listen_to_size(desk: Desk) {
    const PHONE_MAX: f64 = 699.0;
    let still = window().match_media("(prefers-reduced-motion: reduce)").ok().flatten();
    desk.still.set(still.is_some_and(|query| query.matches()));
    let measure = move || {
        let width = web_sys::window().and_then(|window| window.inner_width().ok()?.as_f64());
        let narrow = width.is_some_and(|width| width <= PHONE_MAX);
        if desk.narrow.get_untracked() != narrow {
            desk.narrow.set(narrow);
        }
    };
    measure();
    let _ = window_event_listener(ev::resize, move |_| measure());
}
