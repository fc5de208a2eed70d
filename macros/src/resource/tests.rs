//! What the macro writes, and what it refuses.

use proc_macro2::TokenStream;
use quote::quote;

use super::expand;

fn shown(tokens: &TokenStream) -> String {
    prettyplease::unparse(&syn::parse2(tokens.clone()).unwrap())
}

/// Compares what is written beside the item.
fn assert_beside(attribute: TokenStream, item: TokenStream, beside: TokenStream) {
    let expansion = expand(attribute, item.clone());
    assert_eq!(shown(&expansion), shown(&quote!(#item #beside)));
}

#[test]
fn a_struct_is_a_resource_without_children() {
    assert_beside(
        quote!(),
        quote!(
            struct Book<T: Send>(T);
        ),
        quote!(
            impl<T: Send> ::aiopyramid::__private::Resource for Book<T> {}
        ),
    );
}

#[test]
fn a_plain_getitem_is_called_and_an_async_one_awaited() {
    for (keyword, body) in [
        (
            quote!(),
            quote! {
                let __answer = (<Shelf>::getitem(self, __name),);
                ::aiopyramid::__private::found(::aiopyramid::__private::IntoFound::into_found(__answer.0))
            },
        ),
        (
            quote!(async),
            quote! {
                ::aiopyramid::__private::awaited(async move {
                    let __answer = (<Shelf>::getitem(self, __name).await,);
                    ::aiopyramid::__private::IntoFound::into_found(__answer.0)
                })
            },
        ),
    ] {
        assert_beside(
            quote!(),
            quote! {
                impl Shelf {
                    const SIZE: usize = 3;
                    #keyword fn getitem(&self, name: &str) -> Option<Book> { None }
                }
            },
            quote! {
                impl ::aiopyramid::__private::Resource for Shelf {
                    fn getitem<'__a>(&'__a self, __name: &'__a str) -> ::aiopyramid::__private::Getitem<'__a> { #body }
                }
            },
        );
    }
}

#[test]
fn interfaces_are_listed_in_the_order_that_they_were_written_in() {
    let written = expand(
        quote!(provides = [dyn Titled, dyn Versioned<u8, u16>]),
        quote!(
            struct Book;
        ),
    );
    let written = written.to_string();
    let place = |word: &str| written.find(word).unwrap_or_else(|| panic!("no {word} in {written}"));
    assert!(place("dyn Titled") < place("dyn Versioned < u8 , u16 >"));
}

#[test]
fn a_mistake_leaves_a_resource_behind() {
    let written = expand(quote!(), quote!(impl Shelf { fn get_item(&self) {} }));
    let written = written.to_string();
    assert!(written.contains("did you mean `getitem`?"), "{written}");
    assert!(written.contains(":: Resource for Shelf { }"), "{written}");
}
