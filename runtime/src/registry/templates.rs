//! Templates when an application starts: all that it has, and whether the URLs that they make can be made.

use std::collections::{BTreeMap, HashSet};

use super::declaration::Declaration;
use super::discovery;
use super::fault::Fault;
use super::mapping::Pending;
use super::sessions;
#[cfg(feature = "static")]
use crate::app::asset::urls::StaticUrls;
use crate::app::origin::Origin;
use crate::app::route::Reverse;
use crate::app::view::template::TemplateDeclaration;
use crate::suggestion::{list, nearest};

/// The templates of the views, and those that views render themselves.
pub(super) fn collected(
    views: &[Pending],
    rendered: &[&'static TemplateDeclaration],
) -> Vec<&'static TemplateDeclaration> {
    views.iter().flat_map(|view| view.templates).chain(rendered).copied().collect()
}

/// With those that were not scanned: a view that was added by a call renders them, too.
pub(super) fn with_all_that_views_render(
    mut templates: Vec<&'static TemplateDeclaration>,
) -> Vec<&'static TemplateDeclaration> {
    templates.extend(discovery::declarations().iter().filter_map(|declaration| match declaration {
        Declaration::Template(template, _) => Some(*template),
        _ => None,
    }));
    templates
}

/// What gives the token that a form brings back.
const TOKEN: &str = "get_csrf_token";

/// What a URL can be made of.
pub(super) struct Targets<'a> {
    /// The routes by name; without the other direction where their patterns are malformed.
    pub(super) routes: BTreeMap<&'a str, Option<&'a Reverse>>,
    #[cfg(feature = "static")]
    pub(super) statics: &'a StaticUrls,
}

/// The placeholders that a URL has besides: see [`UrlOptions`](crate::route::UrlOptions).
const OPTIONS: &[&str] = &["_query", "_anchor", "_scheme", "_host", "_port", "_app_url", "_route_name"];

/// Notes every URL in a template that could never be made, with the line that it is in.
pub(super) fn refuse_broken_links(
    templates: &[&'static TemplateDeclaration],
    targets: &Targets<'_>,
    faults: &mut Vec<Fault>,
) {
    // A layout is part of many templates.
    let mut seen = HashSet::new();
    for template in templates {
        for line in template.links.lines().filter(|line| seen.insert(*line)) {
            if let Some(link) = Link::read(line, template)
                && let Some(fault) = link.fault(targets)
            {
                faults.push(fault);
            }
        }
    }
}

/// Whether something that the template makes asks for the token of the client.
pub(super) fn asks_for_token(template: &TemplateDeclaration) -> bool {
    template.links.lines().any(|line| line.split('\t').nth(2) == Some(TOKEN))
}

/// Notes every template that asks for a token where there is nothing to keep one in, with the line.
pub(super) fn refuse_tokens(templates: &[&'static TemplateDeclaration], faults: &mut Vec<Fault>) {
    let mut seen = HashSet::new();
    for template in templates {
        for line in template.links.lines().filter(|line| seen.insert(*line)) {
            if let Some(Link { function: TOKEN, template, origin, .. }) = Link::read(line, template) {
                faults.push(sessions::nothing_kept(&format!("`{template}` asks for a CSRF token"), origin));
            }
        }
    }
}

/// A URL in a template.
struct Link {
    function: &'static str,
    target: &'static str,
    keywords: Vec<&'static str>,
    /// Whether more keywords come from elsewhere.
    open: bool,
    /// How the template is called in messages.
    template: &'static str,
    origin: Origin,
}

impl Link {
    fn read(line: &'static str, template: &TemplateDeclaration) -> Option<Self> {
        let mut columns = line.split('\t');
        let (name, line) = (columns.next()?, columns.next()?.parse().ok()?);
        let (function, target) = (columns.next()?, columns.next()?);
        let (open, keywords) = columns
            .next()?
            .split(',')
            .filter(|word| !word.is_empty())
            .partition::<Vec<_>, _>(|word| *word == "**");
        let file = template.files.iter().find(|file| file.name == name)?.file;
        Some(Self {
            function,
            target,
            keywords,
            open: !open.is_empty(),
            template: name.split_once(':').map_or(name, |(_, path)| path),
            origin: Origin { package: "", module: "", file, line },
        })
    }

    /// What is wrong with it.
    fn fault(&self, targets: &Targets<'_>) -> Option<Fault> {
        if self.function == TOKEN {
            return None;
        }
        if matches!(self.function, "static_url" | "static_path") {
            return self.fault_of_file(targets);
        }
        let Some(route) = targets.routes.get(self.target) else {
            let message =
                format!("`{}` makes a URL of the route `{}`, which there is not", self.template, self.target);
            let help = match nearest(self.target, targets.routes.keys().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => match targets.routes.len() {
                    0 => "there are no routes; declare one: `#[route(\"/path\")]`".to_owned(),
                    _ => format!("the routes are {}", list(targets.routes.keys().copied().take(20))),
                },
            };
            return Some(Fault::new(message, [self.origin]).with_help(help));
        };
        let placeholders: Vec<&str> = (*route)?.placeholders().collect();
        let is_known = |word: &&&str| placeholders.contains(*word) || OPTIONS.contains(*word);
        if let Some(unknown) = self.keywords.iter().find(|word| !is_known(word)) {
            let message = format!(
                "`{}` gives the route `{}` a value for `{unknown}`, which is none of its placeholders",
                self.template, self.target
            );
            let known = placeholders.iter().chain(OPTIONS).copied();
            let help = match (nearest(unknown, known), &placeholders[..]) {
                (Some(near), _) => format!("did you mean `{near}`?"),
                (None, []) => "it has none: leave the value away".to_owned(),
                (None, known) => format!("its placeholders are {}", list(known.iter().copied())),
            };
            return Some(Fault::new(message, [self.origin]).with_help(help));
        }
        let missing = placeholders.iter().find(|name| !self.open && !self.keywords.contains(*name))?;
        let message = format!(
            "`{}` makes a URL of the route `{}` without a value for `{missing}`",
            self.template, self.target
        );
        let values: Vec<_> = placeholders.iter().map(|name| format!(", {name}=...")).collect();
        let help = format!("`{}('{}'{})`", self.function, self.target, values.concat());
        Some(Fault::new(message, [self.origin]).with_help(help))
    }

    #[cfg(feature = "static")]
    fn fault_of_file(&self, targets: &Targets<'_>) -> Option<Fault> {
        if targets.statics.find(self.target).is_some() {
            return None;
        }
        let message = format!(
            "`{}` makes a URL of the file `{}`, which no static view has",
            self.template, self.target
        );
        let known: Vec<&str> = targets.statics.specifications().collect();
        let help = match &known[..] {
            [] => "add one: `config.add_static_view(\"static\", \"static\")`".to_owned(),
            known => format!("there are static views for {}", list(known.iter().copied())),
        };
        Some(Fault::new(message, [self.origin]).with_help(help))
    }

    #[cfg(not(feature = "static"))]
    fn fault_of_file(&self, _: &Targets<'_>) -> Option<Fault> {
        let message = format!("`{}` makes a URL of the file `{}`", self.template, self.target);
        Some(
            Fault::new(message, [self.origin])
                .with_help("static views need the feature `static` of aiopyramid"),
        )
    }
}
