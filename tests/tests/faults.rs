//! What was said by calls and can have no effect keeps an application from starting: each fault with its place and what to write.

use aiopyramid::prelude::*;
use aiopyramid::security::{Permits, SecurityPolicy};
use aiopyramid::{ConfigurationError, StatusCode};

async fn view() -> &'static str {
    "a view"
}

fn faults(configure: impl FnOnce(&mut Configurator)) -> Vec<String> {
    let mut config = Configurator::new();
    configure(&mut config);
    let error: ConfigurationError = config.make_app().expect_err("a fault");
    for fault in error.faults() {
        assert!(fault.places().iter().any(|place| place.file.ends_with("faults.rs")), "{fault}");
        assert!(fault.help().is_some(), "{fault}");
    }
    error.faults().iter().map(|fault| fault.message().replace("faults::", "")).collect()
}

#[test]
fn a_view_of_what_went_wrong_has_no_permission_no_name_and_no_context() {
    let found = faults(|config| {
        config.add_notfound_view(view).permission("view").name("x");
        config.add_forbidden_view(view).context::<dyn Resource>();
        config.add_exception_view::<std::num::ParseIntError, _, _>(view).append_slash();
        config.add_view(view).name("@@x").append_slash();
        config.add_view(view).name("a/b");
    });
    assert_eq!(
        found,
        [
            "`view` is a view of what is not found, and such a view has no permission",
            "`view` is a view of what is not found, and such a view has no name",
            "`view` is a view of what is forbidden, and such a view is not chosen by a context",
            "`view` has `append_slash`, but is no view of what is not found",
            "`view` has `append_slash`, but is no view of what is not found",
            "`@@x` is no name of a view: `@@` stands in paths only",
            "`a/b` is no name of a view: it is one segment of a path",
        ]
    );
}

#[test]
fn a_path_to_be_traversed_is_made_of_what_the_route_has() {
    let found = faults(|config| {
        config.add_route("by", "/by/{shelf}").traverse("/{shelf}/{book}");
        config.add_route("none", "/none").traverse("/{shelf}");
        config.add_route("twice", "/twice/{a}/*traverse").traverse("/{a}");
        for name in ["by", "none", "twice"] {
            config.add_view(view).route(name);
        }
    });
    assert_eq!(
        found,
        [
            "the route `by` is to traverse `/{shelf}/{book}`, but `book` is no placeholder of `/by/{shelf}`",
            "the route `none` is to traverse `/{shelf}`, but `shelf` is no placeholder of `/none`",
            "`/twice/{a}/*traverse` says already what is traversed, with `*traverse`",
        ]
    );
}

#[test]
fn a_placeholder_of_the_prefix_is_one_of_the_route() {
    let mut config = Configurator::new();
    config
        .include_at("/{library}", |config| {
            config.add_route("by", "/by/{shelf}").traverse("/{library}/{shelf}");
            config.add_view(view).route("by");
            Ok(())
        })
        .unwrap();
    assert!(config.make_app().is_ok());
}

#[test]
fn nothing_here_can_answer_a_route_that_leads_elsewhere() {
    let found = faults(|config| {
        config.add_route("cdn", "https://cdn.example.com/{file}").request_method("GET").use_global_views();
        config.add_view(view).route("cdn");
    });
    assert_eq!(
        found,
        [
            "the route `cdn` leads to another server, so predicates can have no effect",
            "the route `cdn` leads to another server, so `use_global_views` can have no effect",
            "`view` can answer nothing: the route `cdn` leads to another server",
        ]
    );
}

#[test]
fn of_some_predicates_there_can_be_one() {
    let mut config = Configurator::new();
    config.add_route("a", "/a");
    config.add_view(view).route("a").request_method("GET").request_method("POST");
    config.add_view(view).route("a").header("X-A").header("X-B");
    let error = config.make_app().unwrap_err();
    let messages: Vec<&str> = error.faults().iter().map(aiopyramid::Fault::message).collect();
    assert_eq!(messages, ["the predicate `request_method` is given twice, and there can be one"]);
}

struct Numbers;

impl SecurityPolicy for Numbers {
    type Identity = u64;

    async fn identity(&self, _: &Request) -> Result<Option<u64>> {
        Ok(Some(7))
    }

    async fn authenticated_userid(&self, _: &Request) -> Result<Option<String>> {
        Ok(Some("7".to_owned()))
    }

    async fn permits(&self, _: &Request, _: Option<&Located>, _: &str) -> Result<Permits> {
        Ok(true.into())
    }
}

async fn named(Identity(name): Identity<String>) -> String {
    name
}

async fn numbered(Identity(number): Identity<u64>, AuthenticatedUserid(user): AuthenticatedUserid) -> String {
    format!("{number} {user}")
}

#[test]
fn who_asks_can_be_asked_only_of_a_policy_that_knows_it() {
    let routes = |config: &mut Configurator| {
        config.add_route("named", "/named");
        config.add_route("numbered", "/numbered");
        config.add_view(named).route("named");
    };
    let without = faults(|config| {
        routes(config);
        config.add_view(numbered).route("numbered");
    });
    assert_eq!(
        without,
        [
            "`named` asks for `Identity<alloc::string::String>`, but no security policy is set",
            "`numbered` asks for `Identity<u64>`, but no security policy is set",
            "`numbered` asks for `AuthenticatedUserid`, but no security policy is set",
        ]
    );
    let other = faults(|config| {
        routes(config);
        config.set_security_policy(Numbers);
        config.add_view(numbered).route("numbered");
    });
    assert_eq!(
        other,
        [
            "`named` asks for `Identity<alloc::string::String>`, but the identities of the security policy are `u64`"
        ]
    );
}

fn with_numbers(config: &mut Configurator) -> Result<()> {
    config.set_security_policy(Numbers);
    config.add_route("numbered", "/numbered");
    config.add_view(numbered).route("numbered");
    Ok(())
}

#[aiopyramid::test(configure = with_numbers)]
async fn a_view_without_a_macro_asks_for_them_too(client: aiopyramid::testing::Client) {
    let answer = client.get("/numbered").await;
    assert_eq!((answer.status(), answer.text()), (StatusCode::OK, "7 7"));
}

/// A view whose route is a type: which of its parameters are placeholders, the compiler finds out.
mod typed {
    use aiopyramid::prelude::*;

    pub(super) struct Ledger;

    #[route("/pages/{number}")]
    struct Page {
        #[allow(dead_code, reason = "nobody makes a URL of it")]
        number: u32,
    }

    #[view_config(route = Page)]
    async fn page(number: u32, ledger: State<Ledger>) -> String {
        let _: &Ledger = &ledger;
        number.to_string()
    }
}

#[test]
fn a_view_of_a_typed_route_asks_for_what_nobody_manages() {
    let found = faults(|config| {
        config.scan_module(concat!(module_path!(), "::typed"));
    });
    assert_eq!(found, ["`typed::page` asks for `State<typed::Ledger>`, which nobody manages"]);
}
