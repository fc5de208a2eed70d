//! Access control lists read as Python's Pyramid does it.
//!
//! The cases were made by running Pyramid 2.1. Another set of the same kind is tried by naming its directory in
//! `AIOPYRAMID_ORACLE`.

#[path = "support/oracle.rs"]
mod oracle;

use std::sync::Arc;

use aiopyramid::security::{Ace, Acl, Action, PermissionSet, ResourceAcl};
use aiopyramid::traversal::{Getitem, Resource, TraversalPath, traverse};
use oracle::{Departure, compare, list, text};
use serde_json::{Value, json};

/// A resource with a list or without, and with one child or none.
struct Node {
    acl: Option<Acl>,
    child: Option<Arc<dyn Resource>>,
    /// Whether the list has to be waited for.
    slow: bool,
}

impl Resource for Node {
    fn getitem<'a>(&'a self, _: &'a str) -> Getitem<'a> {
        Getitem::Ready(Ok(self.child.clone()))
    }

    fn acl(&self) -> ResourceAcl<'_> {
        let acl = self.acl.clone();
        if self.slow {
            return ResourceAcl::Waiting(Box::pin(async move {
                tokio::task::yield_now().await;
                Ok(acl)
            }));
        }
        acl.map_or(ResourceAcl::None, ResourceAcl::Ready)
    }
}

fn acl(spec: &Value) -> Option<Acl> {
    let entries = spec.as_array()?.iter().map(|entry| Ace {
        // Pyramid refuses by any word but this one.
        action: if entry[0] == "Allow" { Action::Allow } else { Action::Deny },
        principal: text(&entry[1]).to_owned(),
        permissions: match &entry[2] {
            Value::Null => PermissionSet::All,
            Value::String(one) => one.as_str().into(),
            several => list(several).iter().map(|one| text(one).to_owned()).collect::<Vec<_>>().into(),
        },
    });
    Some(Acl(entries.collect()))
}

/// Which entry decides: that of the first list in which one does.
fn decided(lists: &[Option<Acl>], principals: &[String], permission: &str) -> Value {
    let levels = lists.iter().enumerate().filter_map(|(level, acl)| Some((level, acl.as_ref()?)));
    let mut found = levels.filter_map(|(level, acl)| {
        let decides = acl.decides(principals, permission)?;
        Some(json!({"level": level, "ace": acl.0.iter().position(|ace| std::ptr::eq(ace, decides))}))
    });
    found.next().unwrap_or_default()
}

fn answer(question: &Value, slow: bool) -> Value {
    let lists: Vec<Option<Acl>> = list(&question["lineage"]).iter().map(acl).collect();
    let root = lists
        .iter()
        .fold(None, |child, acl| Some(Arc::new(Node { acl: acl.clone(), child, slow }) as Arc<dyn Resource>));
    let principals: Vec<String> =
        list(&question["principals"]).iter().map(|principal| text(principal).to_owned()).collect();
    let permission = text(&question["permission"]);
    let path = TraversalPath::of_names(vec!["x"; lists.len() - 1]);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let found = traverse(root.unwrap(), path).await.unwrap();
        let permits = Acl::permits(found.context(), &principals, permission).await.unwrap();
        let by = decided(&lists, &principals, permission);
        // The same list, above nothing.
        if let [Some(acl)] = &lists[..] {
            let last = acl.permits_last(None, &principals, permission).await.unwrap();
            assert_eq!(last.is_allowed(), permits.is_allowed(), "{question}");
        }
        json!({
            "allowed": permits.is_allowed(),
            "by": by,
            "principals_allowed": Acl::principals_allowed(found.context(), permission).await.unwrap(),
        })
    })
}

const DEPARTURES: &[Departure] = &[Departure {
    cases: "quirk:unknown-action",
    reason: "an entry allows or denies, in both functions",
    ours: |_, pyramid, ours| ours["allowed"] == pyramid["allowed"] && ours["by"] == pyramid["by"],
}];

#[test]
fn lists_decide_as_in_pyramid() {
    compare("acl", DEPARTURES, |question| answer(question, false));
}

#[test]
fn lists_decide_the_same_where_every_one_is_waited_for() {
    compare("acl", DEPARTURES, |question| answer(question, true));
}
