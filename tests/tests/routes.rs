//! Routes over a real socket: which view answers, and what is said where none does.

use support::App;

mod support;

/// The methods of an `Allow` header, in one order.
fn methods(allow: Option<&str>) -> Vec<&str> {
    let mut methods: Vec<&str> = allow.expect("a header `Allow`").split(", ").collect();
    methods.sort_unstable();
    methods
}

#[test]
fn a_path_that_no_route_matches_is_a_404() {
    let app = App::start(&[]);
    let mut client = app.connect();
    for target in ["/", "/shelves", "/shelves/1/2", "/shelves/", "/files", "/nothing/", "//events"] {
        assert_eq!(client.get(target).status, 404, "{target}");
    }
    assert_eq!(client.ask("DELETE", "/no/such/page", &[], b"").reply().status, 404);
}

#[test]
fn a_segment_that_is_not_of_its_type_is_a_404() {
    let app = App::start(&[]);
    let mut client = app.connect();
    for number in ["x", "-1", "4294967296", "1.5", "%20"] {
        assert_eq!(client.get(&format!("/shelves/{number}")).status, 404, "{number}");
    }
    assert_eq!(client.get("/shelves/4294967295").status, 200);
}

#[test]
fn the_more_specific_route_wins_and_the_rest_takes_what_is_left() {
    let app = App::start(&[]);
    let mut client = app.connect();
    assert_eq!(client.get("/files/index").text(), "index\n");
    assert_eq!(client.get("/files/index/more").text(), "index/more\n");
    assert_eq!(client.get("/files/a%2Fb/%C3%A9?x=1").text(), "a/b/é\n");
    assert_eq!(client.get("/files/").text(), "\n");
}

#[test]
fn a_method_that_no_view_answers_is_a_405_that_names_those_that_are() {
    let app = App::start(&[]);
    let mut client = app.connect();
    for method in ["DELETE", "OPTIONS", "PROPFIND"] {
        let refused = client.ask(method, "/shelves/1", &["accept: application/json"], b"").reply();
        assert_eq!(refused.status, 405, "{method}");
        assert_eq!(methods(refused.field("allow")), ["GET", "HEAD", "PATCH", "POST", "PUT"]);
        assert_eq!(refused.json()["code"], "405 Method Not Allowed");
    }
    let refused = client.get("/json");
    assert_eq!((refused.status, methods(refused.field("allow"))), (405, vec!["POST"]));
    let head = client.ask("HEAD", "/json", &[], b"").head();
    assert_eq!(head.status, 405);
    assert_eq!(client.ask("PATCH", "/shelves/2", &[], b"").reply().text(), "put on 2\n");
}

#[test]
fn a_wrong_method_is_a_404_where_the_setting_says_so() {
    let app = App::start(&["method_not_allowed=false"]);
    let mut client = app.connect();
    let refused = client.ask("DELETE", "/shelves/1", &[], b"").reply();
    assert_eq!((refused.status, refused.field("allow")), (404, None));
    assert_eq!(client.get("/json").status, 404);
    assert_eq!(client.get("/shelves/1").status, 200);
}

#[test]
fn a_request_that_fits_the_method_but_nothing_else_is_a_404() {
    let app = App::start(&[]);
    let mut client = app.connect();
    assert_eq!(client.ask("POST", "/shelves/1", &[], b"").reply().status, 404);
    assert_eq!(client.ask("POST", "/shelves/1", &["x-kind: bookcase"], b"").reply().status, 404);
    assert_eq!(client.ask("POST", "/shelves/1", &["x-kind: book"], b"").reply().text(), "a book on 1\n");
}

#[test]
fn a_view_without_a_method_answers_all_of_them() {
    let app = App::start(&[]);
    let mut client = app.connect();
    for method in ["GET", "POST", "DELETE", "OPTIONS", "PROPFIND"] {
        let reply = client.ask(method, "/about", &[], b"").reply();
        assert_eq!((reply.status, &reply.json()["method"]), (200, &method.into()));
    }
}

#[test]
fn the_url_of_a_route_leads_back_to_it() {
    let app = App::start(&[]);
    let mut client = app.connect();
    let text = client.get("/shelves/12").text().to_owned();
    let url = text.trim_end().split(" at ").nth(1).expect("a URL");
    assert_eq!(url, "http://example.com/shelves/12");
    assert_eq!(client.get(url).text(), text);
}
