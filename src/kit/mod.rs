//! The small parts that every room is made of.

pub mod button;
pub mod icon;
pub mod menu;
pub mod segments;
pub mod size;
pub mod slider;
pub mod tabs;
