//! Which media type a server would rather send where a client wants several equally.

use super::fault::Fault;
use super::sorter::{self, Node};
use crate::app::origin::Origin;
use crate::protocol::accept::MediaType;

/// Pyramid's order, before anything is added.
const DEFAULT: [&str; 6] =
    ["text/html", "application/xhtml+xml", "application/xml", "text/xml", "text/plain", "application/json"];

const FIRST: &str = "the first";
const LAST: &str = "the last";

/// `add_accept_view_order`
pub(super) struct AddedAccept {
    pub(super) value: String,
    pub(super) more_than: Option<Vec<String>>,
    pub(super) less_than: Option<Vec<String>>,
    pub(super) origin: Origin,
}

/// The types in their order, the most preferred first.
pub(super) fn settle(added: &[AddedAccept], faults: &mut Vec<Fault>) -> Vec<String> {
    let added: Vec<Placed> = added.iter().filter_map(|added| read(added, faults)).collect();
    // A type that is placed anew loses its old place.
    let known = DEFAULT.into_iter().filter(|known| !added.iter().any(|added| added.value == *known));
    let nodes: Vec<Node<'_>> = known
        .map(|name| Node { name, after: None, before: Some(vec![LAST]) })
        .chain(added.iter().map(Placed::node))
        .collect();
    match sorter::sort(FIRST, LAST, &nodes) {
        Ok(order) => order.into_iter().map(|place| nodes[place].name.to_owned()).collect(),
        Err(wrong) => {
            let origin =
                |name: &str| added.iter().find(|added| added.value == name).map(|added| added.origin);
            for place in wrong.before_nothing.into_iter().chain(wrong.after_nothing) {
                let name = nodes[place].name;
                let message =
                    format!("`{name}` is to be preferred to, or less than, a type that has no place");
                faults.push(Fault::new(message, origin(name)));
            }
            if !wrong.circle.is_empty() {
                let names: Vec<_> = wrong.circle.iter().map(|place| nodes[*place].name).collect();
                let message = format!("each of `{}` is to be preferred to the next", names.join("`, `"));
                faults.push(Fault::new(message, names.iter().filter_map(|name| origin(name))));
            }
            Vec::new()
        }
    }
}

struct Placed {
    value: String,
    more_than: Option<Vec<String>>,
    less_than: Option<Vec<String>>,
    origin: Origin,
}

impl Placed {
    fn node(&self) -> Node<'_> {
        let before = self.more_than.as_deref().map(borrowed);
        let after = self.less_than.as_deref().map(borrowed);
        let before = before.or_else(|| after.is_none().then(|| vec![LAST]));
        Node { name: &self.value, after, before }
    }
}

fn borrowed(types: &[String]) -> Vec<&str> {
    types.iter().map(String::as_str).collect()
}

fn read(added: &AddedAccept, faults: &mut Vec<Fault>) -> Option<Placed> {
    let mut sound = true;
    let mut refuse = |message: String| {
        faults.push(Fault::new(message, [added.origin]));
        sound = false;
    };
    let own = MediaType::parse(&added.value);
    if own.is_none() {
        refuse(format!("`{}` is no media type", added.value));
    }
    let mut than = |types: &Option<Vec<String>>| {
        let types = types.as_ref()?;
        let read = types.iter().filter_map(|text| {
            let Some(than) = MediaType::parse(text) else {
                refuse(format!("`{text}` is no media type"));
                return None;
            };
            if let Some(own) = &own {
                if own.has_parameters() != than.has_parameters() {
                    refuse(format!(
                        "`{own}` and `{than}`: one with parameters has no place among those without"
                    ));
                } else if own.has_parameters() && own.essence() != than.essence() {
                    refuse(format!("`{own}` and `{than}`: parameters tell types apart only within one type"));
                }
            }
            Some(than.to_string())
        });
        Some(read.collect::<Vec<_>>())
    };
    let (more_than, less_than) = (than(&added.more_than), than(&added.less_than));
    let value = own?.to_string();
    sound.then_some(Placed { value, more_than, less_than, origin: added.origin })
}
