//! A folder inside the program.

use std::collections::{HashMap, HashSet};
use std::fmt::{self, Write as _};
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use bytes::Bytes;
use http::HeaderValue;
use rust_embed::RustEmbed;

use super::answer::{Facts, redirect_to_folder, smallest};
use super::media_type::media_type;
use super::static_view::Manner;
use super::subpath::Subpath;
use crate::app::http_exception::HttpException;
use crate::app::request::Request;
use crate::app::response::Response;
use crate::error::Result;
use crate::protocol::conditional::Validators;

/// The files of a folder, put into the program when it was compiled. Made by [`embedded!`](crate::embedded).
#[derive(Clone)]
pub struct Embedded(Arc<Files>);

struct Files {
    folder: &'static str,
    by_name: HashMap<String, File>,
    folders: HashSet<String>,
}

struct File {
    bytes: Bytes,
    media_type: HeaderValue,
    validators: Validators,
}

impl Embedded {
    /// What `A` has taken from `folder`.
    #[doc(hidden)]
    pub fn new<A: RustEmbed>(folder: &'static str) -> Self {
        let mut by_name = HashMap::new();
        let mut folders = HashSet::from([String::new()]);
        for name in A::iter() {
            let Some(file) = A::get(&name) else { continue };
            for (end, _) in name.match_indices('/') {
                folders.insert(name[..end].to_owned());
            }
            let bytes = match file.data {
                std::borrow::Cow::Borrowed(bytes) => Bytes::from_static(bytes),
                std::borrow::Cow::Owned(bytes) => bytes.into(),
            };
            let modified =
                file.metadata.last_modified().map(|seconds| UNIX_EPOCH + Duration::from_secs(seconds));
            let validators = Validators::new(tag(&file.metadata.sha256_hash()), modified);
            let media_type = media_type(&name);
            by_name.insert(name.into_owned(), File { bytes, media_type, validators });
        }
        Self(Arc::new(Files { folder, by_name, folders }))
    }

    /// The folder as it was written.
    pub(crate) fn folder(&self) -> &'static str {
        self.0.folder
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.by_name.keys().map(String::as_str)
    }

    pub(super) fn read(&self, subpath: &Subpath<'_>) -> Option<Bytes> {
        self.0.by_name.get(&subpath.names.join("/")).map(|file| file.bytes.clone())
    }

    /// The answer to a request for what stands in `subpath`.
    pub(super) fn answer(
        &self,
        request: &Request,
        subpath: &Subpath<'_>,
        manner: &Manner,
    ) -> Result<Response> {
        let mut name = subpath.names.join("/");
        if self.0.folders.contains(&name) {
            if !subpath.is_folder {
                return redirect_to_folder(request);
            }
            name.push_str(if name.is_empty() { "index.html" } else { "/index.html" });
        } else if subpath.is_folder {
            return Err(HttpException::not_found().into());
        }
        let plain = self.0.by_name.get(&name).ok_or_else(HttpException::not_found)?;
        let mut encoded = Vec::new();
        for encoding in &manner.encodings {
            let file = self.0.by_name.get(&format!("{name}{}", encoding.ending));
            encoded.extend(file.map(|file| (*encoding, file)));
        }
        let varies = !encoded.is_empty();
        let (encoding, file) = smallest(plain, encoded, request.headers(), |file| file.bytes.len() as u64);
        let facts = Facts {
            media_type: plain.media_type.clone(),
            encoding,
            varies,
            length: file.bytes.len() as u64,
            validators: file.validators.clone(),
        };
        if let Some(response) = facts.without_reading(request, manner.cache) {
            return response;
        }
        facts.with_reading(request, manner.cache, |first, length| {
            // Both are lengths of something in memory.
            let place = |number| usize::try_from(number).unwrap_or(usize::MAX);
            Ok(file.bytes.slice(place(first)..place(first + length)).into())
        })
    }
}

/// The first half of a hash of the content, which is plenty.
fn tag(hash: &[u8; 32]) -> HeaderValue {
    let mut tag = String::from("\"");
    for byte in &hash[..16] {
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    // Digits and letters, so it can stand in a header.
    HeaderValue::try_from(tag).unwrap_or(HeaderValue::from_static("\"\""))
}

impl fmt::Debug for Embedded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Embedded").field(&self.0.folder).field(&self.0.by_name.len()).finish()
    }
}
