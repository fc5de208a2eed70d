//! From tweens that were written down to the order in which they stand.

use super::declaration::TweenDeclaration;
use super::directive::{AddedTween, IncludePath};
use super::fault::Fault;
use super::sorter::{self, Node};
use crate::app::application::{RegisteredTween, Tweens};
use crate::app::executor::Executor;
use crate::app::origin::Origin;
use crate::app::settings::Settings;
use crate::app::tween::{EXCVIEW, INGRESS, MAIN, TweenKind, TweenReference};

/// A tween before it has its place.
pub(super) struct PendingTween {
    name: String,
    kind: TweenKind,
    pool: Option<String>,
    under: Option<Vec<String>>,
    over: Option<Vec<String>>,
    origin: Origin,
    includes: IncludePath,
}

impl PendingTween {
    pub(super) fn declared(declaration: &TweenDeclaration, includes: IncludePath) -> Self {
        let names = |references: &[TweenReference]| {
            let names: Vec<_> = references.iter().map(|reference| reference.name().to_owned()).collect();
            (!names.is_empty()).then_some(names)
        };
        Self {
            name: format!("{}::{}", declaration.origin.module, declaration.name),
            kind: declaration.callable.kind(),
            pool: declaration.pool.map(str::to_owned),
            under: names(declaration.under),
            over: names(declaration.over),
            origin: declaration.origin,
            includes,
        }
    }

    pub(super) fn added(tween: AddedTween, origin: Origin, includes: IncludePath) -> Self {
        let AddedTween { name, kind, pool, under, over } = tween;
        Self { name, kind, pool, under, over, origin, includes }
    }

    /// The pool that it asks for by name.
    pub(super) fn pool(&self) -> Option<&str> {
        self.pool.as_deref()
    }
}

/// Finds what is wrong, and gives the rest its places.
pub(super) fn settle(
    tweens: Vec<PendingTween>,
    settings: &Settings,
    executor: &Executor,
    faults: &mut Vec<Fault>,
) -> Tweens {
    let mut tweens = without_conflicts(tweens, faults);
    let neighbours: Vec<_> = tweens
        .iter()
        .map(|tween| {
            (neighbours(tween, Side::Under, &tweens, faults), neighbours(tween, Side::Over, &tweens, faults))
        })
        .collect();
    for (tween, (under, over)) in tweens.iter_mut().zip(neighbours) {
        (tween.under, tween.over) = (under, over);
    }
    let implicit = implicit(&tweens);
    let explicit = explicit(&tweens, settings, faults);
    let (order, implicit) = match (&explicit, implicit) {
        (Some(explicit), implicit) => (explicit.clone(), implicit.ok()),
        (None, Ok(implicit)) => (implicit.clone(), Some(implicit)),
        (None, Err(contradictions)) => {
            faults.extend(contradictions);
            (Vec::new(), None)
        }
    };
    let name = |place: &Option<usize>| place.map_or(EXCVIEW, |place| &tweens[place].name).to_owned();
    let implicit = implicit.map(|order| order.iter().map(name).collect());
    let mut waiting: Vec<_> = tweens.into_iter().map(Some).collect();
    let used = order.into_iter().filter_map(|place| match place {
        None => Some(RegisteredTween { name: EXCVIEW.to_owned(), origin: None, tween: None }),
        Some(place) => registered(waiting[place].take()?, executor, faults),
    });
    Tweens { used: used.collect(), explicit: explicit.is_some(), implicit }
}

/// A tween as the router calls it.
fn registered(tween: PendingTween, executor: &Executor, faults: &mut Vec<Fault>) -> Option<RegisteredTween> {
    let PendingTween { name, kind, pool, origin, .. } = tween;
    if pool.is_some() && kind.is_coroutine() {
        let message = format!("the tween `{name}` is to run in a pool of threads, and is no plain function");
        faults.push(
            Fault::new(message, [origin])
                .with_help("make it a plain `fn(request: Request, next: BlockingNext)`"),
        );
        return None;
    }
    let wanted = pool.as_deref().map(|wanted| (wanted, executor.pool(wanted)));
    let found = match wanted {
        None => executor.default_pool(),
        Some((_, Some(found))) => found,
        Some((wanted, None)) => {
            let message = format!("the tween `{name}` runs in the pool `{wanted}`, which is not configured");
            let help = format!("add `config.executor(PoolConfig::new(\"{wanted}\"))`");
            faults.push(Fault::new(message, [origin]).with_help(help));
            return None;
        }
    };
    let tween = kind.tween(found);
    Some(RegisteredTween { name, origin: Some(origin), tween: Some(tween) })
}

/// Of two tweens of one name the one that may override stays, in its own place; otherwise they are in conflict.
fn without_conflicts(tweens: Vec<PendingTween>, faults: &mut Vec<Fault>) -> Vec<PendingTween> {
    let mut settled: Vec<PendingTween> = Vec::with_capacity(tweens.len());
    for tween in tweens {
        if [INGRESS, MAIN, EXCVIEW].contains(&&*tween.name) {
            let message =
                format!("`{}` is no name for a tween: it is that of something built in", tween.name);
            faults.push(Fault::new(message, [tween.origin]).with_help("give it another: `.name(\"...\")`"));
            continue;
        }
        match settled.iter().position(|known| known.name == tween.name) {
            None => settled.push(tween),
            Some(known) if tween.includes.overrides(&settled[known].includes) => {
                settled.remove(known);
                settled.push(tween);
            }
            Some(known) if settled[known].includes.overrides(&tween.includes) => {}
            Some(known) => {
                let message = format!("two tweens are named `{}`", tween.name);
                let places = [settled[known].origin, tween.origin];
                faults.push(
                    Fault::new(message, places).with_help("give one of them another: `.name(\"...\")`"),
                );
            }
        }
    }
    settled
}

#[derive(Debug, Clone, Copy)]
enum Side {
    Under,
    Over,
}

impl Side {
    fn word(self) -> &'static str {
        match self {
            Self::Under => "under",
            Self::Over => "over",
        }
    }
}

/// The neighbours of a tween by their whole names, without what cannot be meant.
fn neighbours(
    tween: &PendingTween,
    side: Side,
    tweens: &[PendingTween],
    faults: &mut Vec<Fault>,
) -> Option<Vec<String>> {
    let (written, edge, beyond) = match side {
        Side::Under => (tween.under.as_ref()?, MAIN, "inside of everything"),
        Side::Over => (tween.over.as_ref()?, INGRESS, "outside of everything"),
    };
    let mut names = Vec::with_capacity(written.len());
    for text in written {
        if text == edge {
            let message =
                format!("the tween `{}` is to stand {} {edge}, which is {beyond}", tween.name, side.word());
            let (word, other) = match side {
                Side::Under => ("over", MAIN),
                Side::Over => ("under", INGRESS),
            };
            let help = format!("to stand next to it, say `{word} = {other}`");
            faults.push(Fault::new(message, [tween.origin]).with_help(help));
            return None;
        }
        match find(text, tweens) {
            Found::None => names.push(text.clone()),
            Found::One(place) => names.push(tweens[place].name.clone()),
            Found::Several(places) => {
                let message = format!(
                    "the tween `{}` is to stand {} `{text}`, and there are several of that name",
                    tween.name,
                    side.word()
                );
                let origins =
                    std::iter::once(tween.origin).chain(places.iter().map(|place| tweens[*place].origin));
                let help = format!("write the whole name: `\"{}\"`", tweens[places[0]].name);
                faults.push(Fault::new(message, origins).with_help(help));
                return None;
            }
        }
    }
    Some(names)
}

enum Found {
    None,
    One(usize),
    Several(Vec<usize>),
}

/// The tween of that name; the last word of it will do where there is only one.
fn find(text: &str, tweens: &[PendingTween]) -> Found {
    if let Some(place) = tweens.iter().position(|tween| tween.name == text) {
        return Found::One(place);
    }
    let is_short = |tween: &PendingTween| tween.name.rsplit("::").next() == Some(text);
    let places: Vec<_> = (0..tweens.len()).filter(|place| is_short(&tweens[*place])).collect();
    match places[..] {
        [] => Found::None,
        [place] => Found::One(place),
        _ => Found::Several(places),
    }
}

/// The places of tweens in their order; `None` is the built-in one.
type Order = Vec<Option<usize>>;

/// The order that follows from what stands under and over what.
fn implicit(tweens: &[PendingTween]) -> Result<Order, Vec<Fault>> {
    let built_in = Node { name: EXCVIEW, ..Node::default() };
    let nodes = tweens.iter().map(|tween| Node {
        name: &tween.name,
        after: tween.under.as_ref().map(|names| names.iter().map(String::as_str).collect()),
        before: tween.over.as_ref().map(|names| names.iter().map(String::as_str).collect()),
    });
    let nodes: Vec<_> = std::iter::once(built_in).chain(nodes).collect();
    let wrong = match sorter::sort(INGRESS, MAIN, &nodes) {
        Ok(order) => return Ok(order.into_iter().map(|place| place.checked_sub(1)).collect()),
        Err(wrong) => wrong,
    };
    let mut faults = Vec::new();
    for (places, side) in [(wrong.before_nothing, Side::Over), (wrong.after_nothing, Side::Under)] {
        for place in places.into_iter().filter_map(|place| place.checked_sub(1)) {
            faults.push(nowhere(&tweens[place], side, tweens));
        }
    }
    if !wrong.circle.is_empty() {
        let names: Vec<_> = wrong.circle.iter().map(|place| format!("`{}`", nodes[*place].name)).collect();
        let message = if let [only] = &names[..] {
            format!("the tween {only} is to stand under or over itself")
        } else {
            format!(
                "the tweens {} stand in a circle: each is to be over the next, and the last over the first",
                names.join(", ")
            )
        };
        let places = wrong.circle.iter().filter_map(|place| place.checked_sub(1));
        let places = places.map(|place| tweens[place].origin);
        faults.push(Fault::new(message, places).with_help("take back one of their `under` and `over`"));
    }
    Err(faults)
}

/// None of a tween's neighbours is there.
fn nowhere(tween: &PendingTween, side: Side, tweens: &[PendingTween]) -> Fault {
    let written = match side {
        Side::Under => tween.under.as_deref(),
        Side::Over => tween.over.as_deref(),
    };
    let written = written.unwrap_or_default();
    let listed: Vec<_> = written.iter().map(|name| format!("`{name}`")).collect();
    let which = if listed.len() == 1 { "which is no tween" } else { "of which none is a tween" };
    let message =
        format!("the tween `{}` is to stand {} {}, {which}", tween.name, side.word(), listed.join(" or "));
    let help = match written.iter().find_map(|name| nearest(name, tweens)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!(
            "where it may be missing, name something that is always there as well: `{} = (..., {})`",
            side.word(),
            match side {
                Side::Under => INGRESS,
                Side::Over => MAIN,
            }
        ),
    };
    Fault::new(message, [tween.origin]).with_help(help)
}

fn nearest<'a>(written: &str, tweens: &'a [PendingTween]) -> Option<&'a str> {
    let names = tweens.iter().map(|tween| tween.name.as_str()).chain([EXCVIEW]);
    names
        .flat_map(|name| [Some(name), name.rsplit("::").next().filter(|short| *short != name)])
        .flatten()
        .map(|name| (strsim::damerau_levenshtein(written, name), name))
        .filter(|(distance, name)| *distance > 0 && *distance <= name.len() / 3)
        .min()
        .map(|(_, name)| name)
}

/// The order that the setting `tweens` says, where it says one.
fn explicit(tweens: &[PendingTween], settings: &Settings, faults: &mut Vec<Fault>) -> Option<Order> {
    const SETTING: &str = "tweens";
    let text = settings.get(SETTING)?;
    let names: Vec<_> =
        text.split(|c: char| c == ',' || c.is_whitespace()).filter(|name| !name.is_empty()).collect();
    if names.is_empty() {
        return None;
    }
    let setting = format!("setting `{SETTING}` (from {})", settings.source(SETTING).unwrap_or_default());
    let mut order: Order = Vec::with_capacity(names.len());
    for name in names {
        let place = match find(name, tweens) {
            _ if name == EXCVIEW => None,
            Found::One(place) => Some(place),
            _ if [INGRESS, MAIN].contains(&name) => {
                let message = format!(
                    "{setting} lists `{name}`, which is no name for a tween: it is there in any case"
                );
                faults.push(Fault::new(message, []).with_help("list the tweens alone, the outermost first"));
                continue;
            }
            Found::None => {
                let fault = Fault::new(format!("{setting} lists `{name}`, which is no tween"), []);
                faults.push(match nearest(name, tweens) {
                    Some(near) => fault.with_help(format!("did you mean `{near}`?")),
                    None => fault.with_help("the command `tweens` prints their names"),
                });
                continue;
            }
            Found::Several(places) => {
                let message = format!("{setting} lists `{name}`, and there are several of that name");
                let origins: Vec<_> = places.iter().map(|place| tweens[*place].origin).collect();
                let help = format!("write the whole name: `{}`", tweens[places[0]].name);
                faults.push(Fault::new(message, origins).with_help(help));
                continue;
            }
        };
        if order.contains(&place) {
            let message = format!("{setting} lists `{name}` twice, and two tweens cannot have one name");
            faults.push(
                Fault::new(message, place.map(|place| tweens[place].origin)).with_help("remove one of them"),
            );
        } else {
            order.push(place);
        }
    }
    Some(order)
}
