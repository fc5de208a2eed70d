//! The views: pages of the cabinet, of folders and of documents, and forms that change them.
//!
//! Links to views say `@@add` and not `add`, so that nobody who calls a document that way hides the view.

use aiopyramid::prelude::*;
use aiopyramid::route::UrlOptions;
use aiopyramid::{StatusCode, TemplateContext};
use serde::{Deserialize, Serialize};

use crate::store::Store;
use crate::tree::{Cabinet, Document, Folder, Kept};

/// What every page has.
#[derive(Serialize, TemplateContext)]
struct Frame {
    title: String,
    /// The way from the root, for the line on top.
    crumbs: Vec<Link>,
}

#[derive(Serialize, TemplateContext)]
struct Link {
    text: String,
    url: String,
}

#[derive(Serialize, TemplateContext)]
struct FolderPage {
    #[serde(flatten)]
    frame: Frame,
    children: Vec<Child>,
    actions: Vec<Link>,
}

#[derive(Serialize, TemplateContext)]
struct Child {
    name: String,
    url: String,
    kind: &'static str,
}

#[derive(Serialize, TemplateContext)]
struct DocumentPage {
    #[serde(flatten)]
    frame: Frame,
    paragraphs: Vec<String>,
    actions: Vec<Link>,
}

#[derive(Serialize, TemplateContext)]
struct FormPage {
    #[serde(flatten)]
    frame: Frame,
    /// What was wrong with what was sent.
    complaint: Option<&'static str>,
    name: Option<String>,
    text: Option<String>,
    cancel: String,
    /// Where a button removes the whole thing.
    remove: Option<String>,
}

#[derive(Serialize, TemplateContext)]
struct MissingPage {
    #[serde(flatten)]
    frame: Frame,
    tried: Option<Tried>,
}

/// How far a path led.
#[derive(Serialize, TemplateContext)]
struct Tried {
    last: Link,
    missing: String,
    there_is: Vec<Link>,
}

/// A name that was typed into a form.
#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
struct Added {
    name: String,
    /// A folder where this is empty.
    #[serde(default)]
    text: String,
}

#[derive(Deserialize)]
struct Written {
    text: String,
}

fn frame(title: impl Into<String>, place: &Located, request: &Request) -> Frame {
    let mut crumbs: Vec<Link> = place.lineage().map(|place| link(&place, request)).collect();
    crumbs.reverse();
    Frame { title: title.into(), crumbs }
}

fn link(place: &Located, request: &Request) -> Link {
    let text = if place.parent().is_none() { "Cabinet" } else { place.name() };
    Link { text: text.to_owned(), url: request.resource_path(place) }
}

/// A link to a view of a resource.
fn view_of<T: Resource + ?Sized>(place: &Located<T>, view: &str, text: &str, request: &Request) -> Link {
    let url = request.resource_path_with(place, &UrlOptions::default().element(format!("@@{view}")));
    Link { text: text.to_owned(), url }
}

/// Whether it has a name of its own in a folder, and not one that the program has given it.
fn is_movable<T: Resource + ?Sized>(place: &Located<T>) -> bool {
    place.parent().is_some_and(|parent| parent.downcast::<Folder>().is_some())
}

/// What cannot be told apart from something else in a path.
fn complaint_about(name: &str) -> Option<&'static str> {
    match name {
        "" => Some("It needs a name."),
        "." | ".." => Some("Dots alone are no name."),
        name if name.contains('/') => Some("A name cannot have a slash in it."),
        name if name.starts_with("@@") => Some("A name cannot begin with @@."),
        name if name.len() > 100 => Some("That is too long for a name."),
        _ => None,
    }
}

#[view_config(renderer = "templates/folder.jinja2")]
async fn cabinet(Context(cabinet): Context<Cabinet>, request: &Request) -> FolderPage {
    let name = "documents";
    let url = cabinet.getitem(name).map(|folder| request.resource_path(&cabinet.child(name, folder)));
    let children = url.into_iter().map(|url| Child { name: name.to_owned(), url, kind: "folder" }).collect();
    FolderPage { frame: frame("Cabinet", &cabinet.upcast(), request), children, actions: Vec::new() }
}

#[view_config(renderer = "templates/folder.jinja2")]
async fn folder(Context(folder): Context<Folder>, request: &Request) -> Result<FolderPage> {
    let mut children = Vec::new();
    for child in Folder::children(&folder).await? {
        let kind = child.downcast::<dyn Kept>().map_or("", |kept| kept.kind());
        children.push(Child { name: child.name().to_owned(), url: request.resource_path(&child), kind });
    }
    let mut actions = vec![view_of(&folder, "add", "Add something", request)];
    if is_movable(&folder) {
        actions.push(view_of(&folder, "rename", "Rename or remove", request));
    }
    Ok(FolderPage { frame: frame(folder.name(), &folder.upcast(), request), children, actions })
}

#[view_config(renderer = "templates/document.jinja2")]
async fn document(Context(document): Context<Document>, request: &Request) -> DocumentPage {
    let text = document.text.replace("\r\n", "\n");
    let paragraphs = text.split("\n\n").map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    DocumentPage {
        frame: frame(document.name(), &document.upcast(), request),
        paragraphs: paragraphs.collect(),
        actions: vec![
            view_of(&document, "edit", "Edit", request),
            view_of(&document, "rename", "Rename or remove", request),
        ],
    }
}

#[view_config(name = "edit", request_method = "GET", renderer = "templates/form.jinja2")]
async fn edit(Context(document): Context<Document>, request: &Request) -> FormPage {
    FormPage {
        frame: frame(format!("Edit {}", document.name()), &document.upcast(), request),
        complaint: None,
        name: None,
        text: Some(document.text.clone()),
        cancel: request.resource_path(&document),
        remove: None,
    }
}

#[view_config(name = "edit", request_method = "POST")]
async fn save(
    Context(document): Context<Document>,
    form: Form<Written>,
    store: State<Store>,
    request: &Request,
) -> Result<Response> {
    store.write(document.id, &form.text).await?;
    Response::see_other(&request.resource_path(&document))
}

#[view_config(name = "add", request_method = "GET", renderer = "templates/form.jinja2")]
async fn add(Context(folder): Context<Folder>, request: &Request) -> FormPage {
    FormPage {
        frame: frame(format!("Add to {}", folder.name()), &folder.upcast(), request),
        complaint: None,
        name: Some(String::new()),
        text: Some(String::new()),
        cancel: request.resource_path(&folder),
        remove: None,
    }
}

#[view_config(name = "add", request_method = "POST", renderer = "templates/form.jinja2")]
async fn added(
    Context(folder): Context<Folder>,
    Form(form): Form<Added>,
    store: State<Store>,
    request: &Request,
) -> Result<FormPage> {
    let name = form.name.trim();
    let text = Some(form.text.trim()).filter(|text| !text.is_empty());
    let complaint = match complaint_about(name) {
        None if store.add(folder.id, name, text).await? => {
            return Err(HttpException::see_other(&request.resource_path(&folder))?.into());
        }
        None => "Something of that name is there already.",
        Some(complaint) => complaint,
    };
    request.add_response_callback(refused);
    let page = add(Context(folder), request).await;
    Ok(FormPage { complaint: Some(complaint), name: Some(name.to_owned()), text: Some(form.text), ..page })
}

/// For all that is kept, whatever it is, but not for the folder that is always there.
#[view_config(
    name = "rename",
    request_method = "GET",
    not(physical_path = "/documents"),
    renderer = "templates/form.jinja2"
)]
async fn rename(Context(kept): Context<dyn Kept>, request: &Request) -> FormPage {
    FormPage {
        frame: frame(format!("Rename the {} {}", kept.kind(), kept.name()), &kept.upcast(), request),
        complaint: None,
        name: Some(kept.name().to_owned()),
        text: None,
        cancel: request.resource_path(&kept),
        remove: Some(view_of(&kept, "remove", "", request).url),
    }
}

#[view_config(
    name = "rename",
    request_method = "POST",
    not(physical_path = "/documents"),
    renderer = "templates/form.jinja2"
)]
async fn renamed(
    Context(kept): Context<dyn Kept>,
    Form(form): Form<Named>,
    store: State<Store>,
    request: &Request,
) -> Result<FormPage> {
    let name = form.name.trim();
    let complaint = match complaint_about(name) {
        None if store.rename(kept.id(), name).await? => return Err(up(&kept, request)?.into()),
        None => "Something of that name is there already.",
        Some(complaint) => complaint,
    };
    request.add_response_callback(refused);
    let page = rename(Context(kept), request).await;
    Ok(FormPage { complaint: Some(complaint), name: Some(name.to_owned()), ..page })
}

#[view_config(name = "remove", request_method = "POST", not(physical_path = "/documents"))]
async fn remove(
    Context(kept): Context<dyn Kept>,
    store: State<Store>,
    request: &Request,
) -> Result<HttpException> {
    store.remove(kept.id()).await?;
    up(&kept, request)
}

/// To the folder that it is in.
fn up(kept: &Located<dyn Kept>, request: &Request) -> Result<HttpException> {
    let folder = kept.parent().unwrap_or_else(|| kept.root());
    HttpException::see_other(&request.resource_path(&folder))
}

/// The page of a form that was not filled in rightly.
fn refused(_: &Request, response: &mut Response) -> Result<()> {
    response.set_status(StatusCode::UNPROCESSABLE_ENTITY);
    Ok(())
}

/// Says how far the path has led, and what there would have been.
#[notfound_view_config(renderer = "templates/missing.jinja2")]
async fn missing(request: &Request) -> Result<MissingPage> {
    request.add_response_callback(|_, response| {
        response.set_status(StatusCode::NOT_FOUND);
        Ok(())
    });
    let Some(traversed) = request.traversed() else {
        let frame = Frame { title: "There is no such page".to_owned(), crumbs: Vec::new() };
        return Ok(MissingPage { frame, tried: None });
    };
    let context = traversed.context();
    let there_is = match context.downcast::<Folder>() {
        None => Vec::new(),
        Some(folder) => Folder::children(&folder).await?.iter().map(|child| link(child, request)).collect(),
    };
    let tried = Tried { last: link(context, request), missing: traversed.view_name().to_owned(), there_is };
    Ok(MissingPage { frame: frame("There is no such page", context, request), tried: Some(tried) })
}
