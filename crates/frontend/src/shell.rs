//! What is around every page: the frame with its navigation, the palette and other overlays, and what keys and pointers do.

pub mod account_menu;
pub mod area;
pub mod drag;
pub mod frame;
pub mod keys;
pub mod overlays;
pub mod palette;
pub mod shortcuts;
pub mod sidebar;
pub mod sign_out;
pub mod task_keys;
pub mod unreachable;
