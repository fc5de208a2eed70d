//! Compiles every file of the package: see its documentation.

#[test]
fn mistakes_are_explained_and_promises_compile() {
    let cases = trybuild::TestCases::new();
    for annotation in [
        "view_config",
        "exception_view",
        "view_defaults",
        "route",
        "use_executor",
        "synchronize",
        "main",
        "test",
        "resource",
        "tween",
        "subscriber",
        "websocket",
        "embedded",
        "template",
        "template_context",
    ] {
        cases.pass(format!("{annotation}/pass/*.rs"));
        cases.compile_fail(format!("{annotation}/fail/*.rs"));
    }
}
