//! How large an element is, told when it changes.

use leptos::html::ElementType;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::Element;

/// Follows the size of an element, in pixels. Asking for it in the middle of a frame would have the page laid out then.
pub fn follow_size<E>(node: NodeRef<E>, size: RwSignal<(f64, f64)>)
where
    E: ElementType,
    E::Output: JsCast + Clone + 'static,
{
    Effect::new(move |_| {
        let Some(place) = node.get().and_then(|place| place.dyn_into::<Element>().ok()) else { return };
        let measured = place.clone();
        let measure = Closure::<dyn FnMut()>::new(move || {
            let now = (f64::from(measured.client_width()), f64::from(measured.client_height()));
            // A place that is not shown has no size; nobody sees the old one.
            if now.0 > 0.0 && now.1 > 0.0 && size.try_get_untracked().is_some_and(|was| was != now) {
                size.set(now);
            }
        });
        // Without an observer the picture keeps its first size, and still tells everything.
        let Ok(observer) = web_sys::ResizeObserver::new(measure.as_ref().unchecked_ref()) else { return };
        observer.observe(&place);
        let kept = StoredValue::new_local((observer, measure));
        on_cleanup(move || {
            // The closure goes with the value, so the observer has to go first.
            let _ = kept.try_with_value(|(observer, _)| observer.disconnect());
        });
    });
}
