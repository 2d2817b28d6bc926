//! A button that counts how often it was pressed, and nothing else: the least that a page of this framework can be.

use leptos::mount::mount_to_body;
use leptos::prelude::*;

fn main() {
    mount_to_body(|| {
        let count = RwSignal::new(0_u32);
        view! { <button on:click=move |_| count.update(|count| *count += 1)>"Pressed " {count} " times"</button> }
    });
}
