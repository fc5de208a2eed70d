//! Every path that an expansion may name.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

/// The one module that expansions refer to.
pub(crate) fn private() -> TokenStream {
    quote!(::aiopyramid::__private)
}

/// The same, blamed at `place`: a path is blamed as a whole, from its first word to its last, so all of it must stand there.
pub(crate) fn private_at(place: Span) -> TokenStream {
    quote_spanned!(place=> ::aiopyramid::__private)
}

/// Where `tokens` begin and where they end. The compiler underlines from the one to the other; no span of a macro's own
/// making can cover both.
pub(crate) fn ends(tokens: impl ToTokens) -> (Span, Span) {
    let mut tokens = tokens.into_token_stream().into_iter().map(|token| token.span());
    let first = tokens.next().unwrap_or_else(Span::call_site);
    (first, tokens.last().unwrap_or(first))
}

/// Something in it, such as `IntoError::into_error`, blamed from the one end to the other.
pub(crate) fn private_path((first, last): (Span, Span), path: &str) -> TokenStream {
    let private = private_at(first);
    let words = path.split("::").map(|word| Ident::new(word, last));
    quote_spanned!(first=> #private #(::#words)*)
}

/// What a trait of ours gives for a type of the user's, blamed at the type. Named through the trait and not through a function
/// over it, because the compiler would explain the function.
pub(crate) fn of_trait(ty: impl ToTokens, of: &TokenStream, item: &str) -> TokenStream {
    let (first, _) = ends(&ty);
    let private = private_at(first);
    let item = Ident::new(item, first);
    quote_spanned!(first=> <#ty as #private::#of>::#item)
}

/// The key by which something is found for resources of a type, or for those that provide a `dyn Trait`.
pub(crate) fn resource_key(ty: &syn::Type) -> TokenStream {
    if let syn::Type::TraitObject(_) = ty {
        let private = private();
        return quote!(#private::TypeKey::of::<#ty>());
    }
    of_trait(ty, &quote!(ResourceType), "KEY")
}

/// A name without the `r#` that keeps it from being a keyword.
pub(crate) fn plain_name(name: &Ident) -> String {
    let name = name.to_string();
    name.strip_prefix("r#").map_or_else(|| name.clone(), str::to_owned)
}
