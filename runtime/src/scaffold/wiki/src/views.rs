//! The views. Their paths are those of Pyramid's tutorial.

use aiopyramid::prelude::*;
use aiopyramid::{StatusCode, Template, TemplateContext, template};
use serde::{Deserialize, Serialize};

use crate::store::Store;
use crate::text::{self, Piece};

#[route("/")]
struct ViewWiki;

#[route("/all_pages")]
struct AllPages;

#[route("/{pagename}")]
struct ViewPage {
    pagename: String,
}

#[route("/add_page/{pagename}")]
struct AddPage {
    pagename: String,
}

#[route("/{pagename}/edit_page")]
struct EditPage {
    pagename: String,
}

/// The page that one comes to first.
const FRONT_PAGE: &str = "FrontPage";

/// How many characters a page has at most.
const LONGEST: usize = 100_000;

#[view_config(route = ViewWiki)]
async fn view_wiki(request: &Request) -> Result<Response> {
    Response::see_other(&request.route_path(&ViewPage {
        pagename: FRONT_PAGE.to_owned(),
    })?)
}

#[derive(Serialize, TemplateContext)]
struct ListContext {
    names: Vec<String>,
}

#[view_config(route = AllPages, renderer = "templates/list.jinja2")]
async fn all_pages(store: State<Store>) -> Result<ListContext> {
    Ok(ListContext {
        names: store.names().await?,
    })
}

#[derive(Serialize, TemplateContext)]
struct PageContext {
    pagename: String,
    paragraphs: Vec<Vec<Shown>>,
}

/// A piece of a paragraph.
#[derive(Serialize, TemplateContext)]
struct Shown {
    text: String,
    is_link: bool,
    /// Of a link: whether it leads to a page, or to a form that adds it.
    exists: bool,
}

#[view_config(route = ViewPage, renderer = "templates/view.jinja2")]
async fn view_page(pagename: String, store: State<Store>) -> Result<PageContext> {
    let text = store.text(&pagename).await?.ok_or_else(no_such_page)?;
    let paragraphs = text::paragraphs(&text);
    let existing = store.existing(&text::named(&paragraphs)).await?;
    let shown = |piece: Piece<'_>| match piece {
        Piece::Text(text) => Shown {
            text: text.to_owned(),
            is_link: false,
            exists: false,
        },
        Piece::WikiWord(name) => Shown {
            text: name.to_owned(),
            is_link: true,
            exists: existing.contains(name),
        },
    };
    let paragraphs = paragraphs
        .into_iter()
        .map(|pieces| pieces.into_iter().map(shown).collect());
    Ok(PageContext {
        pagename,
        paragraphs: paragraphs.collect(),
    })
}

/// The form that adds a page or changes it.
#[derive(Serialize, TemplateContext)]
struct EditContext {
    pagename: String,
    is_new: bool,
    text: String,
    /// What is wrong with the text.
    complaint: Option<&'static str>,
    longest: usize,
}

/// The same template that shows the form at first.
static EDIT: Template<EditContext> = template!("templates/edit.jinja2");

impl EditContext {
    fn new(pagename: String, is_new: bool, text: String) -> Self {
        Self {
            pagename,
            is_new,
            text,
            complaint: None,
            longest: LONGEST,
        }
    }

    /// The form again, with what was typed and what is wrong with it.
    fn refuse(mut self, complaint: &'static str, request: &Request) -> Result<Response> {
        self.complaint = Some(complaint);
        Ok(request
            .render_to_response(&EDIT, &self)?
            .with_status(StatusCode::UNPROCESSABLE_ENTITY))
    }
}

/// What was typed. A field that is not there is as good as an empty one.
#[derive(Deserialize)]
struct Typed {
    #[serde(default)]
    text: String,
}

impl Typed {
    fn complaint(&self) -> Option<&'static str> {
        if self.text.trim().is_empty() {
            Some("A page has a text.")
        } else if self.text.chars().count() > LONGEST {
            Some("That is too long for one page.")
        } else {
            None
        }
    }
}

#[view_config(route = AddPage, request_method = "GET")]
async fn show_new(pagename: String, store: State<Store>, request: &Request) -> Result<Response> {
    check_name(&pagename)?;
    if store.text(&pagename).await?.is_some() {
        return Response::see_other(&request.route_path(&EditPage { pagename })?);
    }
    request.render_to_response(&EDIT, &EditContext::new(pagename, true, String::new()))
}

#[view_config(route = AddPage, request_method = "POST")]
async fn add(
    pagename: String,
    Form(typed): Form<Typed>,
    store: State<Store>,
    request: &Request,
) -> Result<Response> {
    check_name(&pagename)?;
    if let Some(complaint) = typed.complaint() {
        return EditContext::new(pagename, true, typed.text).refuse(complaint, request);
    }
    if !store.add(&pagename, &typed.text).await? {
        let complaint = "Somebody has added this page in the meantime. Saving changes theirs.";
        return EditContext::new(pagename, false, typed.text).refuse(complaint, request);
    }
    // See other: the browser asks for the page with GET, and a reload does not send the form again.
    Response::see_other(&request.route_path(&ViewPage { pagename })?)
}

#[view_config(route = EditPage, request_method = "GET", renderer = "templates/edit.jinja2")]
async fn show_old(pagename: String, store: State<Store>) -> Result<EditContext> {
    let text = store.text(&pagename).await?.ok_or_else(no_such_page)?;
    Ok(EditContext::new(pagename, false, text))
}

#[view_config(route = EditPage, request_method = "POST")]
async fn edit(
    pagename: String,
    Form(typed): Form<Typed>,
    store: State<Store>,
    request: &Request,
) -> Result<Response> {
    if let Some(complaint) = typed.complaint() {
        store.text(&pagename).await?.ok_or_else(no_such_page)?;
        return EditContext::new(pagename, false, typed.text).refuse(complaint, request);
    }
    if !store.change(&pagename, &typed.text).await? {
        Err(no_such_page())?;
    }
    Response::see_other(&request.route_path(&ViewPage { pagename })?)
}

fn check_name(pagename: &str) -> Result<()> {
    if text::is_wiki_word(pagename) {
        return Ok(());
    }
    Err(HttpException::not_found()
        .with_detail("The name of a page is a word of several capitals, as in FrontPage."))?
}

fn no_such_page() -> HttpException {
    HttpException::not_found().with_detail("There is no such page.")
}

#[derive(Serialize, TemplateContext)]
struct MissingContext {
    reason: String,
    /// What could be added here.
    pagename: Option<String>,
}

static MISSING: Template<MissingContext> = template!("templates/missing.jinja2");

/// The answer wherever there is nothing, with a way on.
#[notfound_view_config]
async fn missing(error: &HttpException, request: &Request) -> Result<Response> {
    let reason = if error.detail().is_empty() {
        "There is nothing here."
    } else {
        error.detail()
    };
    let pagename = request
        .match_value("pagename")
        .filter(|name| text::is_wiki_word(name));
    let context = MissingContext {
        reason: reason.to_owned(),
        pagename: pagename.map(str::to_owned),
    };
    Ok(request
        .render_to_response(&MISSING, &context)?
        .with_status(StatusCode::NOT_FOUND))
}
