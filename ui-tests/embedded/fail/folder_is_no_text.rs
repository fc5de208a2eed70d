use aiopyramid::prelude::*;

fn includeme(config: &mut Configurator) -> Result<()> {
    config.add_static_view("a", aiopyramid::embedded!());
    config.add_static_view("b", aiopyramid::embedded!(statics));
    config.add_static_view("c", aiopyramid::embedded!(concat!(env!("CARGO_MANIFEST_DIR"), "/static")));
    config.add_static_view("d", aiopyramid::embedded!("static", "more"));
    Ok(())
}

#[aiopyramid::main]
fn main(config: &mut Configurator) -> Result<()> {
    config.include(includeme)?;
    Ok(())
}
