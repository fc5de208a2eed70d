//! The declarations of the whole program in an order that does not depend on the linker.

use super::declaration::Declaration;

/// Every declaration that was linked in, by package, file and line. The linker's own order changes with optimisation.
pub(super) fn declarations() -> Vec<Declaration> {
    let mut found: Vec<_> = inventory::iter::<Declaration>.into_iter().copied().collect();
    found.sort_by_key(super::declaration::Declaration::origin);
    found
}
