//! The pages: whose paths and permissions are those of Pyramid's tutorial.

use aiopyramid::event::NewRequest;
use aiopyramid::prelude::*;
use aiopyramid::security::{Acl, EVERYONE};
use aiopyramid::{StatusCode, Template, TemplateContext, template};
use serde::{Deserialize, Serialize};

use crate::store::{Page, Store};
use crate::text::{self, Piece};
use crate::users::{User, principal};

/// What is on every page.
#[derive(Serialize, TemplateContext)]
pub(crate) struct Site {
    /// The name of the user who has logged in.
    user: Option<String>,
}

#[subscriber]
async fn show_user(event: &NewRequest) -> Result<()> {
    let user = event.request.identity::<User>().await?;
    let name = user.map(|user| user.name);
    event.request.add_system_value("user", name);
    Ok(())
}

#[route("/")]
pub(crate) struct ViewWiki;

#[route("/all_pages")]
struct AllPages;

#[route("/{pagename}", factory = page)]
struct ViewPage {
    pagename: String,
}

#[route("/add_page/{pagename}", factory = new_page)]
struct AddPage {
    pagename: String,
}

#[route("/{pagename}/edit_page", factory = page)]
struct EditPage {
    pagename: String,
}

/// Everybody may look at a page; whoever has added it, and editors, may change it.
#[resource]
impl Page {
    fn acl(&self) -> Acl {
        Acl::new()
            .allow(EVERYONE, "view")
            .allow("role:editor", "edit")
            .allow(principal(self.creator), "edit")
    }
}

/// The page that a request is about.
async fn page(request: Request) -> Result<Page> {
    let store = request.state::<Store>().ok_or_else(no_such_page)?;
    let name = request.match_value("pagename").unwrap_or_default();
    Ok(store.page(name).await?.ok_or_else(no_such_page)?)
}

/// The place of a page that is to be added.
struct NewPage {
    name: String,
}

/// Whoever has logged in may add one.
#[resource]
impl NewPage {
    fn acl(&self) -> Acl {
        Acl::new()
            .allow("role:editor", "create")
            .allow("role:basic", "create")
    }
}

fn new_page(request: Request) -> Result<NewPage> {
    let name = request.match_value("pagename").unwrap_or_default();
    if text::is_wiki_word(name) {
        return Ok(NewPage {
            name: name.to_owned(),
        });
    }
    Err(HttpException::not_found()
        .with_detail("The name of a page is a word of several capitals, as in FrontPage."))?
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
#[template_context(system_values = Site)]
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
#[template_context(system_values = Site)]
struct PageContext {
    pagename: String,
    paragraphs: Vec<Vec<Shown>>,
    /// Whether the user may change it.
    may_edit: bool,
}

/// A piece of a paragraph.
#[derive(Serialize, TemplateContext)]
struct Shown {
    text: String,
    is_link: bool,
    /// Of a link: whether it leads to a page, or to a form that adds it.
    exists: bool,
}

#[view_config(
    route = ViewPage,
    permission = "view",
    renderer = "templates/view.jinja2"
)]
async fn view_page(
    page: Context<Page>,
    store: State<Store>,
    request: &Request,
) -> Result<PageContext> {
    let paragraphs = text::paragraphs(&page.text);
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
        pagename: page.name.clone(),
        paragraphs: paragraphs.collect(),
        may_edit: request.has_permission("edit", None).await?.is_allowed(),
    })
}

/// The form that adds a page or changes it.
#[derive(Serialize, TemplateContext)]
#[template_context(system_values = Site)]
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

#[view_config(route = AddPage, request_method = "GET", permission = "create")]
async fn show_new(
    place: Context<NewPage>,
    store: State<Store>,
    request: &Request,
) -> Result<Response> {
    let pagename = place.name.clone();
    if store.page(&pagename).await?.is_some() {
        return Response::see_other(&request.route_path(&EditPage { pagename })?);
    }
    request.render_to_response(&EDIT, &EditContext::new(pagename, true, String::new()))
}

#[view_config(route = AddPage, request_method = "POST", permission = "create")]
async fn add(
    place: Context<NewPage>,
    Identity(user): Identity<User>,
    Form(typed): Form<Typed>,
    store: State<Store>,
    request: &Request,
) -> Result<Response> {
    let pagename = place.name.clone();
    if let Some(complaint) = typed.complaint() {
        return EditContext::new(pagename, true, typed.text).refuse(complaint, request);
    }
    let page = Page {
        name: pagename.clone(),
        text: typed.text,
        creator: user.id,
    };
    if !store.add(&page).await? {
        let complaint = "Somebody has added this page in the meantime. Saving changes theirs.";
        return EditContext::new(pagename, false, page.text).refuse(complaint, request);
    }
    // See other: the browser asks for the page with GET, and a reload does not send the form again.
    Response::see_other(&request.route_path(&ViewPage { pagename })?)
}

#[view_config(
    route = EditPage,
    request_method = "GET",
    permission = "edit",
    renderer = "templates/edit.jinja2"
)]
async fn show_old(page: Context<Page>) -> EditContext {
    EditContext::new(page.name.clone(), false, page.text.clone())
}

#[view_config(route = EditPage, request_method = "POST", permission = "edit")]
async fn edit(
    page: Context<Page>,
    Form(typed): Form<Typed>,
    store: State<Store>,
    request: &Request,
) -> Result<Response> {
    let pagename = page.name.clone();
    if let Some(complaint) = typed.complaint() {
        return EditContext::new(pagename, false, typed.text).refuse(complaint, request);
    }
    if !store.change(&pagename, &typed.text).await? {
        Err(no_such_page())?;
    }
    Response::see_other(&request.route_path(&ViewPage { pagename })?)
}

fn no_such_page() -> HttpException {
    HttpException::not_found().with_detail("There is no such page.")
}

#[derive(Serialize, TemplateContext)]
#[template_context(system_values = Site)]
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
