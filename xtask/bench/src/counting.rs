//! An allocator that counts, so that a run's size can be told to the byte.
#![expect(
    unsafe_code,
    reason = "the trait of allocators is unsafe to implement; every call is handed on to the system's allocator unchanged"
)]

use core::alloc::{GlobalAlloc, Layout};
use core::sync::atomic::{AtomicUsize, Ordering};
use std::alloc::System;

/// The system's allocator, with a count of the bytes that are in use.
#[derive(Debug)]
pub struct Counting;

static IN_USE: AtomicUsize = AtomicUsize::new(0);

/// How many bytes are allocated now.
pub fn bytes_in_use() -> usize {
    IN_USE.load(Ordering::Relaxed)
}

/// Adds to the count. A load and a store cost less than an atomic addition, and one thread is all there is.
fn count(change: impl FnOnce(usize) -> usize) {
    IN_USE.store(change(IN_USE.load(Ordering::Relaxed)), Ordering::Relaxed);
}

// SAFETY: all memory comes from `System` and goes back to it with the layout that it came with.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(|bytes| bytes.wrapping_add(layout.size()));
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        count(|bytes| bytes.wrapping_sub(layout.size()));
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(|bytes| bytes.wrapping_add(size).wrapping_sub(layout.size()));
        unsafe { System.realloc(at, layout, size) }
    }
}
