//! What a renderer expands to: a value of it where the response is made, and for its templates constants beside the view.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::renderer::Renderer;
use crate::syntax::names::{ends, private};

/// The trait that a returned value has to implement.
pub(crate) fn of_returned(renderer: &Renderer) -> &'static str {
    match renderer {
        Renderer::Own(_) => "IntoRenderedByOwn::into_rendered",
        _ => "IntoRendered::into_rendered",
    }
}

/// The renderer, borrowed.
pub(crate) fn value(renderer: &Renderer) -> TokenStream {
    let private = private();
    match renderer {
        Renderer::Own(path) => {
            let (first, _) = ends(path);
            quote_spanned!(first=> &#path)
        }
        Renderer::ByAccept(renderers) => {
            let offers = renderers.iter().enumerate().map(|(place, renderer)| {
                let (kind, subtype) = renderer.media_type();
                let renderer = one(renderer, place);
                quote!(#private::Offer { kind: #kind, subtype: #subtype, renderer: #renderer },)
            });
            quote!(&#private::ByAccept((#(#offers)*)))
        }
        renderer => {
            let renderer = one(renderer, 0);
            quote!(&#renderer)
        }
    }
}

/// The one at `place` among those of its view.
#[cfg_attr(not(feature = "templates"), expect(unused_variables, reason = "only templates have constants"))]
fn one(renderer: &Renderer, place: usize) -> TokenStream {
    let private = private();
    match renderer {
        Renderer::Json => quote!(#private::JsonRenderer),
        Renderer::Jsonp => quote!(#private::JsonpRenderer::new()),
        Renderer::Text => quote!(#private::StringRenderer),
        #[cfg(feature = "templates")]
        Renderer::Template(..) => {
            let constant = constant(place);
            quote!(#private::template(&#constant, &__request))
        }
        Renderer::Own(_) | Renderer::ByAccept(_) => unreachable!("it is no part of another one"),
    }
}

#[cfg(feature = "templates")]
fn constant(place: usize) -> proc_macro2::Ident {
    quote::format_ident!("__TEMPLATE_{place}")
}

/// The templates of a view as constants beside it, each checked against what the view returns, and references to them.
#[cfg(feature = "templates")]
pub(crate) fn templates(
    renderer: Option<&Renderer>,
    returned: Option<&TokenStream>,
) -> (TokenStream, Vec<TokenStream>) {
    let mut constants = TokenStream::new();
    let mut references = Vec::new();
    for (place, renderer) in renderer.map_or(&[][..], Renderer::each).iter().enumerate() {
        if let Renderer::Template(template, text) = renderer {
            let private = private();
            let constant = constant(place);
            let declaration = template.declaration();
            constants.extend(quote! {
                static #constant: #private::TemplateDeclaration = #declaration;
            });
            constants.extend(returned.map(|returned| template.check(text.span(), returned)));
            references.push(quote!(&#constant));
        }
    }
    (constants, references)
}

/// Without templates there are none.
#[cfg(not(feature = "templates"))]
pub(crate) fn templates(_: Option<&Renderer>, _: Option<&TokenStream>) -> (TokenStream, Vec<TokenStream>) {
    (TokenStream::new(), Vec::new())
}
