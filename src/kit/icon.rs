//! Icons: a handful of strokes on a grid of 16.

use leptos::prelude::*;

/// A shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// A tick mark: holds.
    Check,
    /// A cross: broken, wrong.
    Cross,
    /// A broken ring: at risk, stale.
    Ring,
    /// A triangle: a fault.
    Triangle,
    /// Run.
    Play,
    /// Halt.
    Pause,
    /// To the beginning.
    First,
    /// One step back.
    Previous,
    /// One step on.
    Next,
    /// To the end.
    Last,
    /// Something opens below.
    Down,
    /// Something opens above.
    Up,
    /// Save as a file.
    Save,
    /// Take back.
    Undo,
    /// Do again.
    Redo,
    /// The theme.
    Contrast,
    /// Two side by side.
    Twin,
}

impl Icon {
    /// The path, and whether it is filled instead of stroked.
    const fn shape(self) -> (&'static str, bool) {
        match self {
            Self::Check => ("M3 8.5l3.2 3.2L13 4.8", false),
            Self::Cross => ("M4 4l8 8M12 4l-8 8", false),
            Self::Ring => (
                "M8 2.6a5.4 5.4 0 0 1 4.7 2.7M13.4 8a5.4 5.4 0 0 1-2.7 4.7M8 13.4a5.4 5.4 0 0 1-4.7-2.7M2.6 8a5.4 5.4 0 0 1 2.7-4.7",
                false,
            ),
            Self::Triangle => ("M8 2.2l6.2 11.2H1.8z", true),
            Self::Play => ("M4.5 2.6v10.8L13.2 8z", true),
            Self::Pause => ("M4 2.8h2.8v10.4H4zM9.2 2.8H12v10.4H9.2z", true),
            Self::First => ("M2.6 3h1.9v10H2.6zM13.4 3v10L5.4 8z", true),
            Self::Previous => ("M12 3L5.5 8l6.5 5", false),
            Self::Next => ("M4 3l6.5 5L4 13", false),
            Self::Last => ("M11.5 3h1.9v10h-1.9zM2.6 3v10l8-5z", true),
            Self::Down => ("M4 6l4 4 4-4", false),
            Self::Up => ("M4 10l4-4 4 4", false),
            Self::Save => ("M8 2.500v7.500M4.800 7l3.200 3.200L11.200 7M3 12.900h10", false),
            Self::Undo => ("M3 6.5h6.5a3.5 3.5 0 0 1 0 7H6M3 6.5L6 3.5M3 6.5l3 3", false),
            Self::Redo => ("M13 6.5H6.500a3.5 3.5 0 0 0 0 7H10M13 6.500l-3-3M13 6.500l-3 3", false),
            Self::Twin => ("M2.500 3h4.500v10H2.500zM9 3h4.500v10H9z", false),
            Self::Contrast => ("M8 1.800a6.2 6.2 0 1 0 0 12.400a6.2 6.2 0 1 0 0-12.400M8 1.800v12.4", false),
        }
    }

    /// The icon as a picture that screen readers skip: what it means is always said in words beside it.
    pub fn view(self) -> AnyView {
        let (path, solid) = self.shape();
        let class = if solid { "icon solid" } else { "icon" };
        view! {
            <svg class=class viewBox="0 0 16 16" aria-hidden="true">
                <path d=path></path>
            </svg>
        }
        .into_any()
    }
}
