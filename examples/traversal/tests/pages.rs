//! The tree as a browser meets it: over a socket, with a database of its own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A folder that is removed in the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("aiopyramid-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder for a database");
        Self(path)
    }

    fn database(&self) -> PathBuf {
        self.0.join("documents.sqlite")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The program, serving at a free port until this is dropped.
struct Site {
    program: Child,
    address: String,
}

struct Page {
    status: u16,
    location: String,
    text: String,
}

impl Page {
    fn has(&self, text: &str) {
        assert!(self.text.contains(text), "`{text}` is missing in {}", self.text);
    }
}

impl Site {
    fn start(database: &Path) -> Self {
        let mut program = Command::new(env!("CARGO_BIN_EXE_traversal"))
            .args(["serve", "listen=127.0.0.1:0", "development=false"])
            .arg(format!("documents.database={}", database.display()))
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut lines = BufReader::new(program.stderr.take().expect("a pipe")).lines().map_while(Result::ok);
        let address = lines.find_map(|line| Some(line.split_once("listening at http://")?.1.to_owned()));
        // What it says later is read, so that it can go on.
        std::thread::spawn(move || lines.for_each(drop));
        Self { program, address: address.expect("it says where it listens") }
    }

    fn ask(&self, method: &str, path: &str, body: &str) -> Page {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: example.com\r\nconnection: close\r\naccept: text/html\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers in text");
        let (head, text) = answer.split_once("\r\n\r\n").expect("a head");
        let location = head.lines().find_map(|line| line.strip_prefix("location: ")).unwrap_or_default();
        Page {
            status: head[9..12].parse().expect("a status"),
            location: location.to_owned(),
            // Templates escape slashes too; a browser reads them as they are.
            text: text.replace("&#x2f;", "/"),
        }
    }

    fn get(&self, path: &str) -> Page {
        self.ask("GET", path, "")
    }

    fn post(&self, path: &str, form: &str) -> Page {
        self.ask("POST", path, form)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

#[test]
fn paths_lead_from_folder_to_folder_and_pages_link_back() {
    let folder = Folder::new("paths");
    let site = Site::start(&folder.database());
    site.get("/").has(r#"<a href="/documents/">documents</a>"#);
    site.get("/documents/")
        .has(r#"<a href="/documents/letters/">letters</a> <span class="kind">folder</span>"#);
    let letter = site.get("/documents/letters/London/to%20Theo");
    assert_eq!(letter.status, 200);
    letter.has("<p>It rains, and the museum is free on Sundays.</p>");
    for crumb in [
        r#"<a href="/">Cabinet</a>"#,
        r#"<a href="/documents/letters/London/">London</a>"#,
        r#"<a href="/documents/letters/London/to%20Theo/">to Theo</a>"#,
        r#"<a href="/documents/letters/London/to%20Theo/@@edit">Edit</a>"#,
    ] {
        letter.has(crumb);
    }
}

#[test]
fn a_document_is_changed_by_its_form_and_stays_so() {
    let folder = Folder::new("form");
    let path = "/documents/recipes/pancakes/@@edit";
    {
        let site = Site::start(&folder.database());
        site.get(path).has("Stir, wait, fry.</textarea>");
        let saved = site.post(path, "text=%3Cb%3ETwo%3C%2Fb%3E+eggs.%0D%0A%0D%0AFry.");
        assert_eq!((saved.status, &*saved.location), (303, "/documents/recipes/pancakes/"));
    }
    let site = Site::start(&folder.database());
    let changed = site.get("/documents/recipes/pancakes");
    changed.has("<p>&lt;b&gt;Two&lt;/b&gt; eggs.</p>");
    changed.has("<p>Fry.</p>");
}

#[test]
fn folders_and_documents_are_added_renamed_and_removed_by_the_same_views() {
    let folder = Folder::new("kept");
    let site = Site::start(&folder.database());
    assert_eq!(site.post("/documents/add", "name=plans").location, "/documents/");
    assert_eq!(site.post("/documents/plans/add", "name=trip&text=By+train.").location, "/documents/plans/");
    site.get("/documents/plans/trip").has("<p>By train.</p>");
    site.get("/documents/plans/rename").has("<h1>Rename the folder plans</h1>");
    site.get("/documents/plans/trip/rename").has("<h1>Rename the document trip</h1>");
    assert_eq!(site.post("/documents/plans/rename", "name=dreams").location, "/documents/");
    assert_eq!(site.get("/documents/dreams/trip").status, 200);
    assert_eq!(site.post("/documents/dreams/@@remove", "").location, "/documents/");
    assert_eq!(site.get("/documents/dreams/trip").status, 404);
    // The folder that is always there is not among what can be renamed.
    assert_eq!(site.get("/documents/rename").status, 404);
}

#[test]
fn a_name_that_cannot_be_is_refused_with_the_form() {
    let folder = Folder::new("names");
    let site = Site::start(&folder.database());
    for (name, complaint) in [
        ("letters", "Something of that name is there already."),
        ("a%2Fb", "A name cannot have a slash in it."),
        ("%40%40edit", "A name cannot begin with @@."),
        ("..", "Dots alone are no name."),
        ("+", "It needs a name."),
    ] {
        let refused = site.post("/documents/add", &format!("name={name}&text=x"));
        assert_eq!(refused.status, 422, "{name}");
        refused.has(complaint);
        refused.has("<textarea");
    }
    let refused = site.post("/documents/letters/rename", "name=recipes");
    assert_eq!(refused.status, 422);
    refused.has(r#"value="recipes""#);
    assert_eq!(site.post("/documents/add", "text=x").status, 400);
}

#[test]
fn a_document_that_is_called_as_a_view_does_not_hide_it() {
    let folder = Folder::new("hidden");
    let site = Site::start(&folder.database());
    assert_eq!(site.post("/documents/@@add", "name=add&text=Sums.").status, 303);
    site.get("/documents/add").has("<p>Sums.</p>");
    site.get("/documents/@@add").has("<h1>Add to documents</h1>");
}

#[test]
fn what_is_not_found_is_told_with_how_far_the_path_led() {
    let folder = Folder::new("missing");
    let site = Site::start(&folder.database());
    let missing = site.get("/documents/letters/Paris/to%20Theo");
    assert_eq!(missing.status, 404);
    missing.has(r#"leads to <a href="/documents/letters/">letters</a>"#);
    missing.has("<strong>Paris</strong>");
    missing.has(r#"<a href="/documents/letters/London/">London</a>"#);
}
