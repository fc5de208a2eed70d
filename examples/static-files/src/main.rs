//! A folder of files, the same folder inside the program, and URLs that change when a file does.
//!
//! Run with `cargo run -p static-files`, look at <http://127.0.0.1:6543/>, change `static/css/site.css`, look again.

use aiopyramid::asset::QueryStringCacheBuster;
use aiopyramid::prelude::*;

#[view_config(route = "/")]
async fn home(request: &Request) -> Result<Response> {
    let (css, logo) = (request.static_path("static/css/site.css")?, request.static_path("static/logo.svg")?);
    Ok(Response::html(format!(
        "<!DOCTYPE html>\n<title>Static files</title>\n<link rel=\"stylesheet\" href=\"{css}\">\n<img src=\"{logo}\" alt=\"A triangle\">\n"
    )))
}

fn includeme(config: &mut Configurator) -> Result<()> {
    config.scan();
    // A browser keeps them for a year, and asks for another address when they have changed.
    config
        .add_static_view("static", "static")
        .cache_max_age(365 * 24 * 3600)
        .content_encodings(&["br", "gzip"]);
    config.add_cache_buster("static", QueryStringCacheBuster::of_content());
    config.add_static_view("inside", aiopyramid::embedded!("static"));
    Ok(())
}

#[aiopyramid::main]
fn main(config: &mut Configurator) -> Result<()> {
    config.include(includeme)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use aiopyramid::testing::Client;

    #[aiopyramid::test(configure = super::includeme)]
    async fn the_page_leads_to_its_files(client: Client) {
        let page = client.get("/").await;
        let css = page.text().split('"').find(|text| text.contains(".css")).expect("an address").to_owned();
        assert!(css.starts_with("/static/css/site.css?x="), "{css}");
        let css = client.get(&css).await;
        assert_eq!(css.header("content-type"), "text/css; charset=UTF-8");
        assert_eq!(css.header("cache-control"), "max-age=31536000");
    }

    #[aiopyramid::test(configure = super::includeme)]
    async fn the_folder_and_what_is_inside_the_program_are_the_same(client: Client) {
        let (folder, inside) = (client.get("/static/logo.svg").await, client.get("/inside/logo.svg").await);
        assert_eq!(folder.bytes(), inside.bytes());
        assert_eq!(inside.header("content-type"), "image/svg+xml");
    }
}
