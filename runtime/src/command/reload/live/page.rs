//! The page of what is wrong.

use std::fmt::Write;

use http::header::{CONTENT_SECURITY_POLICY, COOKIE, HeaderValue};
use http::{Request, Response, StatusCode};

use super::{SCRIPT, with_type};
use crate::command::reload::state::{Problem, Version};
use crate::protocol::body::Body;
use crate::protocol::markup::escaped;

/// The cookie of who wants to see the version that still serves, until there is another problem.
const COOKIE_NAME: &str = "aiopyramid_reload";

/// What may be done on the page, whose text is that of a compiler or of a program that has failed.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'; base-uri 'none'";

/// Whether who asks has seen this problem and wants to go on with the version that serves.
pub(super) fn is_dismissed<B>(request: &Request<B>, version: &Version) -> bool {
    let wanted = format!("{COOKIE_NAME}={version}");
    let values = request.headers().get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(';')).any(|cookie| cookie.trim() == wanted)
}

/// The page. It goes away by itself when the problem does.
pub(super) fn of_problem(problem: &Problem, version: &Version, prefix: &str, serves: bool) -> Response<Body> {
    let title = escaped(&problem.title);
    let mut lines = String::new();
    for line in problem.text.lines() {
        let class = class(line);
        // Writing into a string cannot fail.
        let _ = match class {
            "" => writeln!(lines, "{}", escaped(line)),
            class => writeln!(lines, "<span class=\"{class}\">{}</span>", escaped(line)),
        };
    }
    let dismiss = if serves {
        " <button type=\"button\" id=\"dismiss\" hidden>Show the version that still runs</button>"
    } else {
        ""
    };
    let page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n\
         </head>\n<body>\n<h1>{title}</h1>\n<pre>{lines}</pre>\n\
         <p>This page goes away when that is mended.{dismiss}</p>\n\
         <script src=\"{prefix}{SCRIPT}?version={version}\" data-cookie=\"{COOKIE_NAME}\"></script>\n</body>\n</html>\n"
    );
    let mut response = with_type(StatusCode::INTERNAL_SERVER_ERROR, "text/html; charset=UTF-8", page);
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}

/// As what a line of a compiler, or of a program that has failed, stands out.
fn class(line: &str) -> &'static str {
    let text = line.trim_start();
    if text.starts_with("error") || text.contains("panicked at") {
        "error"
    } else if text.starts_with("warning") {
        "warning"
    } else if text.starts_with("--> ") || text.starts_with("::: ") {
        "place"
    } else if text.starts_with("= help") || text.starts_with("help") || text.starts_with("= note") {
        "help"
    } else {
        ""
    }
}

const STYLE: &str = "\
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; margin: 3rem auto; max-width: 70rem; padding: 0 1rem;
  color: light-dark(#222, #ddd); background: light-dark(#fff, #1c1c1a) }
h1 { font-size: 1.6rem; border-bottom: 3px solid #c0392b; padding-bottom: .3rem }
pre { font: 14px/1.45 ui-monospace, monospace; background: light-dark(#f4f4f2, #272725); padding: 1rem;
  overflow-x: auto; tab-size: 4 }
.error { color: light-dark(#b3261e, #ff8a80); font-weight: bold }
.warning { color: light-dark(#8a5a00, #ffcf70); font-weight: bold }
.place { color: light-dark(#1a5fb4, #8ab4f8) }
.help { color: light-dark(#1e6b34, #81c995) }
p { color: light-dark(#666, #aaa); font-size: .9rem }
button { font: inherit; margin-left: .5rem }
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_compiler_says_is_text_on_the_page() {
        let problem = Problem {
            title: "The program does not compile".to_owned(),
            text: "error[E0425]: no `x`\n --> src/main.rs:3:5\n  | Vec<&str>\n".to_owned(),
        };
        let version = Version { session: 1, page: 2, style: 0 };
        let response = of_problem(&problem, &version, "/app", true);
        let page = std::str::from_utf8(response.body().as_bytes().unwrap()).unwrap();
        assert!(page.contains("<span class=\"error\">error[E0425]: no `x`</span>\n"), "{page}");
        assert!(page.contains("<span class=\"place\"> --&gt; src/main.rs:3:5</span>\n"), "{page}");
        assert!(page.contains("Vec&lt;&amp;str&gt;"), "{page}");
        assert!(page.contains("src=\"/app/_aiopyramid/reload.js?version=1.2.0\""), "{page}");
    }

    #[test]
    fn a_problem_is_dismissed_until_the_next_one() {
        let request = Request::builder().header("cookie", "a=b; aiopyramid_reload=1.2.0").body(()).unwrap();
        let version = |page| Version { session: 1, page, style: 0 };
        assert!(is_dismissed(&request, &version(2)));
        assert!(!is_dismissed(&request, &version(3)));
    }
}
