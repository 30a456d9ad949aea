//! SECURITY.md promises things and names the cases that prove them: each of the names must be one.

use crate::case::Case;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Promises at least: a page without any would prove everything.
const AT_LEAST: usize = 40;

/// `names` are those of all the other cases.
pub(crate) fn cases(names: Vec<String>) -> Vec<Case> {
    vec![Case::new(
        "attack::promises",
        "every_case_that_security_md_names_exists",
        move || every_name_exists(names),
    )]
}

async fn every_name_exists(names: Vec<String>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../SECURITY.md");
    let page = fs::read_to_string(path).expect("SECURITY.md");
    let modules: BTreeSet<_> = names
        .iter()
        .filter_map(|name| name.split_once("::"))
        .map(|(module, _)| module)
        .collect();
    let mentioned: BTreeSet<_> = page
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|code| {
            code.split_once("::")
                .is_some_and(|(module, _)| modules.contains(module))
        })
        .collect();
    assert!(mentioned.len() >= AT_LEAST, "{} cases are named", mentioned.len());
    let missing: Vec<_> = mentioned
        .into_iter()
        .filter(|mentioned| match mentioned.strip_suffix('*') {
            // A group.
            Some(start) => !names.iter().any(|name| name.starts_with(start)),
            None => !names.iter().any(|name| name == mentioned),
        })
        .collect();
    assert!(missing.is_empty(), "SECURITY.md names what is no case: {missing:#?}");
}
