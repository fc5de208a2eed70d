use aiopyramid::prelude::*;

mod outside {
    use aiopyramid::prelude::*;

    #[tween]
    pub async fn first(request: Request, next: Next) -> Result<Response> {
        next.run(request).await
    }
}

#[tween(under = outside::first, over = (EXCVIEW, "third_party", last))]
async fn second(request: Request, next: Next) -> impl IntoResponse {
    next.run(request).await
}

#[tween(under = (EXCVIEW, second), over = MAIN, executor("slow"))]
fn last(_: Request, _: BlockingNext) -> &'static str {
    "closed"
}

fn main() {
    let mut config = Configurator::new();
    config.executor(PoolConfig::new("slow"));
    config.scan();
    let app = config.make_app().unwrap();
    let names: Vec<_> = app.application().tweens().iter().map(|tween| tween.name.rsplit("::").next().unwrap()).collect();
    assert_eq!(names, ["first", "second", "EXCVIEW", "last"]);
    // The functions stay what they were.
    let _ = (second, last);
}
