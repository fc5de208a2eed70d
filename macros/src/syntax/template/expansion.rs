//! What of a template stands in the program.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

use super::accesses::Asked;
use super::reading::Template;
use crate::syntax::names::{private, private_at};

impl Template {
    /// The record of it: its name, all its files with what stands in them, and the URLs that they make.
    pub(crate) fn declaration(&self) -> TokenStream {
        let private = private();
        let (name, links) = (&self.name, &self.asked.links);
        let files = self.files.iter().map(|(name, file)| {
            let file = file.path.to_string_lossy();
            // Included, so that a change of the file is a change of the program.
            quote!(#private::TemplateFile { name: #name, file: #file, source: ::core::include_str!(#file) })
        });
        quote!(#private::TemplateDeclaration { name: #name, files: &[#(#files),*], links: #links })
    }

    /// A constant that is none where the template asks for what the type does not have; blamed at the name of the template.
    pub(crate) fn check(&self, place: Span, returned: &TokenStream) -> TokenStream {
        let private = private_at(place);
        let (templates, accesses) = self.accesses();
        quote_spanned! {place=>
            const _: () = {
                #[allow(unused_imports)]
                use #private::NoShape as _;
                #private::check_template(
                    <#private::ShapeProbe<#returned, #private::shape::Start>>::SHAPE,
                    <#private::ShapeProbe<#returned, #private::shape::Start>>::SYSTEM_VALUES,
                    #templates,
                    #accesses,
                )
            };
        }
    }

    /// What it asks for: the names of its files, and the text in which they are told by their places.
    pub(crate) fn accesses(&self) -> (TokenStream, &str) {
        let Asked { templates, accesses, .. } = &self.asked;
        (quote!(&[#(#templates),*]), accesses)
    }
}
