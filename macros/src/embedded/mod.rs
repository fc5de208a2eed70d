//! `embedded!("static")`: a folder inside the program.

use std::env;
use std::path::{Path, PathBuf};

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::LitStr;

use crate::syntax::missing::missing;
use crate::syntax::names::private;

/// How the folder is given.
const SHAPE: &str = "`embedded!(\"static\")`";

/// The folder as a value that a static view takes.
pub(crate) fn expand(folder: TokenStream) -> TokenStream {
    match read(folder) {
        Ok(folder) => {
            let private = private();
            quote_spanned! {folder.span()=> {
                #[derive(#private::rust_embed::RustEmbed)]
                #[folder = #folder]
                #[crate_path = "::aiopyramid::__private::rust_embed"]
                struct Files;
                #private::Embedded::new::<Files>(#folder)
            }}
        }
        Err(mistake) => mistake.to_compile_error(),
    }
}

fn read(tokens: TokenStream) -> syn::Result<LitStr> {
    let mistake = |place: TokenStream, (message, help): (String, String)| {
        Err(syn::Error::new_spanned(place, format!("{message}\nhelp: {help}")))
    };
    let shape = |message: &str| (message.to_owned(), SHAPE.to_owned());
    if tokens.is_empty() {
        return mistake(tokens, shape("the folder is missing"));
    }
    let Ok(folder) = syn::parse2::<LitStr>(tokens.clone()) else {
        return mistake(tokens, shape("the folder is given as one text, relative to the package"));
    };
    let written = folder.value();
    match fault(&written) {
        Some(fault) => mistake(quote!(#folder), fault),
        None => Ok(folder),
    }
}

/// What is wrong with the folder that is called `written`, and what to write instead.
fn fault(written: &str) -> Option<(String, String)> {
    if written.is_empty() {
        return Some(("the name of the folder is empty".to_owned(), SHAPE.to_owned()));
    }
    let root = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
    let path = root.join(written);
    if path.is_dir() {
        return None;
    }
    if path.exists() {
        let help = match Path::new(written).parent().and_then(Path::to_str) {
            Some(folder) if !folder.is_empty() => format!("the folder that it is in is `{folder}`"),
            _ => SHAPE.to_owned(),
        };
        return Some((format!("`{written}` is a file and no folder"), help));
    }
    Some(missing("folder", written, &path, "in the package's folder", Path::is_dir))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(written: &str) -> (String, String) {
        fault(written).unwrap()
    }

    #[test]
    fn a_folder_that_is_there_is_taken() {
        assert_eq!(fault("src"), None);
        assert_eq!(fault("./src/embedded/"), None);
    }

    #[test]
    fn a_folder_that_is_not_there_gets_the_nearest_that_is() {
        assert_eq!(said("scr"), ("there is no folder `scr`".to_owned(), "did you mean `src`?".to_owned()));
        assert_eq!(said("src/embeded").1, "did you mean `src/embedded`?");
        // There is a file of nearly that name.
        assert_eq!(said("Cargo.tom").1, "it was looked for in the package's folder");
    }

    #[test]
    fn for_a_file_the_folder_is_shown_that_it_is_in() {
        let (message, help) = said("src/embedded/doc.md");
        assert_eq!(message, "`src/embedded/doc.md` is a file and no folder");
        assert_eq!(help, "the folder that it is in is `src/embedded`");
        assert_eq!(said("Cargo.toml").1, SHAPE);
    }
}
