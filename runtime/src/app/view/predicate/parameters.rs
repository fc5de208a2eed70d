//! What a client sent as parameters: in the query string and in a form.

use std::sync::Arc;

use bytes::Bytes;
use http::Method;

use crate::app::extract::{FromRequest, Multipart};
use crate::app::http_exception::HttpException;
use crate::app::request::Request;
use crate::error::Result;

/// The parameters of a request. Pyramid's `request.params`: the query string goes before the form, and of a name that stands
/// several times the last counts.
///
/// Found out once for a request, and kept on it.
#[derive(Debug, Clone)]
pub(crate) struct Parameters(Arc<Pairs>);

#[derive(Debug)]
struct Pairs {
    query: Vec<(String, String)>,
    form: Vec<(String, String)>,
}

impl Parameters {
    /// Reads them, with the body where that is a form.
    ///
    /// # Errors
    /// 400 where they are not text in UTF-8, and what reading the body may come to.
    pub(crate) async fn of(request: &Request) -> Result<Self> {
        if let Some(known) = request.extension() {
            return Ok(known);
        }
        let query = pairs(request.query_string().as_bytes(), request, "the query string")?;
        let form = match form(request).await? {
            Some(body) => pairs(&body, request, "the form")?,
            None => Vec::new(),
        };
        let read = Self(Arc::new(Pairs { query, form }));
        request.set_extension(read.clone());
        Ok(read)
    }

    /// The value of the parameter `name`.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let last = |pairs: &'_ [(String, String)]| pairs.iter().rposition(|(known, _)| known == name);
        let Pairs { query, form } = &*self.0;
        last(query).map(|place| &*query[place].1).or_else(|| last(form).map(|place| &*form[place].1))
    }
}

async fn form(request: &Request) -> Result<Option<Bytes>> {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return Ok(None);
    }
    match &*request.content_type() {
        "application/x-www-form-urlencoded" => request.read_body().await.map(Some),
        "multipart/form-data" => {
            let fields = Multipart::from_request(request).await?.urlencoded_texts();
            Ok(Some(fields.into()))
        }
        _ => Ok(None),
    }
}

/// Reads `a=1&b=2`; a name without `=` has the empty value.
fn pairs(bytes: &[u8], request: &Request, what: &str) -> Result<Vec<(String, String)>> {
    let limit = request.limits().form_fields;
    let fields = bytes.split(|byte| *byte == b'&').filter(|field| !field.is_empty());
    let mut pairs = Vec::new();
    for field in fields {
        if pairs.len() == limit {
            let reason = format!("{what} may have {limit} parameters at most");
            return Err(HttpException::bad_request(reason).into());
        }
        let cut = field.iter().position(|byte| *byte == b'=');
        let (name, value) = match cut {
            Some(at) => (&field[..at], &field[at + 1..]),
            None => (field, &[][..]),
        };
        let (Some(name), Some(value)) = (text(name), text(value)) else {
            return Err(HttpException::bad_request(format!("{what} is not text in UTF-8")).into());
        };
        pairs.push((name, value));
    }
    Ok(pairs)
}

/// Undoes the escapes of a form: `+` is a space.
fn text(bytes: &[u8]) -> Option<String> {
    let spaced: Vec<u8> = bytes.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    String::from_utf8(percent_encoding::percent_decode(&spaced).collect()).ok()
}
