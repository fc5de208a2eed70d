//! Puts named things into an order of which each says only what it has to be before or after.
//!
//! Pyramid's topological sorter, with its choices where the constraints leave one: tweens, derivers and media types come out
//! as they do there.

use std::collections::HashMap;

/// Something that is to have a place. Where it says nothing at all it comes after the first.
#[derive(Debug, Clone, Default)]
pub(super) struct Node<'a> {
    pub(super) name: &'a str,
    /// What it comes after. Of several, one at least must be there, and all that are there count.
    pub(super) after: Option<Vec<&'a str>>,
    /// What it comes before, in the same way.
    pub(super) before: Option<Vec<&'a str>>,
}

/// Why there is no order. Nodes are given by their places.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unsortable {
    /// None of what it is to come before is there.
    pub(super) before_nothing: Vec<usize>,
    /// None of what it is to come after is there.
    pub(super) after_nothing: Vec<usize>,
    /// Each of these is to come before the next one, and the last before the first.
    pub(super) circle: Vec<usize>,
}

/// The places of the nodes in their order, between two ends that are always there. Names are different from each other.
pub(super) fn sort(first: &str, last: &str, nodes: &[Node<'_>]) -> Result<Vec<usize>, Unsortable> {
    // The two ends are the first two of the graph.
    let names = [first, last].into_iter().chain(nodes.iter().map(|node| node.name));
    let place: HashMap<&str, usize> = names.enumerate().map(|(place, name)| (name, place)).collect();
    let mut graph = Graph::new(nodes.len() + 2);
    graph.arc(0, 1);
    let mut wrong = Unsortable { before_nothing: Vec::new(), after_nothing: Vec::new(), circle: Vec::new() };
    for (number, node) in nodes.iter().enumerate() {
        let own = number + 2;
        let after = match (&node.after, &node.before) {
            (None, None) => &[first][..],
            (after, _) => after.as_deref().unwrap_or_default(),
        };
        let known: Vec<usize> = after.iter().filter_map(|name| place.get(name).copied()).collect();
        if known.is_empty() && node.after.is_some() {
            wrong.after_nothing.push(number);
        }
        for other in known {
            graph.arc(other, own);
        }
        let before = node.before.as_deref().unwrap_or_default();
        let known: Vec<usize> = before.iter().filter_map(|name| place.get(name).copied()).collect();
        if known.is_empty() && node.before.is_some() {
            wrong.before_nothing.push(number);
        }
        for other in known {
            graph.arc(own, other);
        }
    }
    let order = graph.order();
    if order.len() < nodes.len() + 2 {
        wrong.circle = graph.circle(&order).into_iter().filter_map(|place| place.checked_sub(2)).collect();
        return Err(wrong);
    }
    if !wrong.before_nothing.is_empty() || !wrong.after_nothing.is_empty() {
        return Err(wrong);
    }
    Ok(order.into_iter().filter_map(|place| place.checked_sub(2)).collect())
}

struct Graph {
    children: Vec<Vec<usize>>,
    /// How many arcs lead to each.
    arcs: Vec<usize>,
    /// Those to which none leads, in the order in which Pyramid has them: a root that gets an arc is none any more.
    roots: Vec<usize>,
}

impl Graph {
    fn new(size: usize) -> Self {
        Self { children: vec![Vec::new(); size], arcs: vec![0; size], roots: (0..size).collect() }
    }

    fn arc(&mut self, from: usize, to: usize) {
        self.children[from].push(to);
        self.arcs[to] += 1;
        self.roots.retain(|root| *root != to);
    }

    /// Takes the first root; a child whose last arc it was becomes the first one. What is in a circle, or behind one, is
    /// left out.
    fn order(&self) -> Vec<usize> {
        let mut arcs = self.arcs.clone();
        let mut roots: std::collections::VecDeque<usize> = self.roots.iter().copied().collect();
        let mut order = Vec::with_capacity(arcs.len());
        while let Some(root) = roots.pop_front() {
            order.push(root);
            for child in &self.children[root] {
                arcs[*child] -= 1;
                if arcs[*child] == 0 {
                    roots.push_front(*child);
                }
            }
        }
        order
    }

    /// A circle among those that found no place.
    fn circle(&self, placed: &[usize]) -> Vec<usize> {
        let waits = |place: &usize| !placed.contains(place);
        let Some(start) = (0..self.arcs.len()).find(waits) else { return Vec::new() };
        // Whatever has no place waits for another that has none, so going back comes round.
        let mut way = vec![start];
        loop {
            let here = way[way.len() - 1];
            let back = (0..self.arcs.len()).filter(waits).find(|place| self.children[*place].contains(&here));
            let Some(back) = back else { return Vec::new() };
            if let Some(begins) = way.iter().position(|place| *place == back) {
                let mut circle = way.split_off(begins);
                circle.reverse();
                return circle;
            }
            way.push(back);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node<'a>(name: &'a str, after: &[&'a str], before: &[&'a str]) -> Node<'a> {
        let given = |names: &[&'a str]| (!names.is_empty()).then(|| names.to_vec());
        Node { name, after: given(after), before: given(before) }
    }

    fn sorted<'a>(nodes: &[Node<'a>]) -> Vec<&'a str> {
        let order = sort("first", "last", nodes).unwrap();
        order.into_iter().map(|place| nodes[place].name).collect()
    }

    #[test]
    fn of_several_that_say_nothing_the_last_comes_first() {
        assert_eq!(sorted(&[node("a", &[], &[]), node("b", &[], &[]), node("c", &[], &[])]), ["c", "b", "a"]);
    }

    #[test]
    fn what_is_said_is_kept_and_what_is_missing_is_passed_over() {
        let nodes = [
            node("a", &["b", "missing"], &[]),
            node("b", &["first"], &["last"]),
            node("c", &["b"], &["missing", "a"]),
        ];
        assert_eq!(sorted(&nodes), ["b", "c", "a"]);
    }

    #[test]
    fn a_circle_is_named_without_what_only_waits_for_it() {
        let nodes = [
            node("behind", &["b"], &[]),
            node("a", &["c"], &[]),
            node("b", &["a"], &[]),
            node("c", &["b"], &[]),
        ];
        let mut wrong = sort("first", "last", &nodes).unwrap_err();
        // From a to b to c and round again, wherever it is begun.
        let begin = wrong.circle.iter().position(|place| *place == 1).unwrap();
        wrong.circle.rotate_left(begin);
        assert_eq!(wrong.circle, [1, 2, 3]);
    }

    #[test]
    fn every_node_whose_neighbours_are_all_missing_is_named() {
        let nodes = [node("a", &["x"], &["y"]), node("b", &[], &["x", "y"]), node("c", &["x", "a"], &[])];
        let wrong = sort("first", "last", &nodes).unwrap_err();
        assert_eq!((wrong.before_nothing, wrong.after_nothing, wrong.circle), (vec![0, 1], vec![0], vec![]));
    }
}
