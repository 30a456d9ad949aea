//! What happens to tasks and lists: the flows, each of one transaction at most.

pub mod bulk;
pub mod changes;
pub mod import;
pub mod trash;
