//! A folder on disk. All that is here blocks, and is called in a thread of a pool.

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use bytes::Bytes;
use http::HeaderValue;

use super::answer::{Facts, redirect_to_folder, smallest};
use super::file_body::{FileBody, PIECE};
use super::media_type::media_type;
use super::static_view::Manner;
use super::subpath::Subpath;
use crate::app::executor::Pool;
use crate::app::http_exception::HttpException;
use crate::app::request::Request;
use crate::app::response::Response;
use crate::error::Result;
use crate::protocol::body::Body;
use crate::protocol::conditional::Validators;
use crate::protocol::content_encoding::ContentEncoding;

/// A folder whose files are served.
#[derive(Debug)]
pub(crate) struct Folder {
    /// Absolute and without links.
    root: PathBuf,
    /// Whether links may lead out of it.
    follow_links: bool,
}

/// Something in it, where it really is.
#[derive(Debug)]
struct Entry {
    path: PathBuf,
    metadata: Metadata,
    /// The link through which it was found.
    link: Option<PathBuf>,
}

impl Folder {
    /// The folder at `root`.
    ///
    /// # Errors
    /// Where there is none.
    pub(crate) fn open(root: &Path, follow_links: bool) -> io::Result<Self> {
        let root = fs::canonicalize(root)?;
        if !fs::metadata(&root)?.is_dir() {
            return Err(ErrorKind::NotADirectory.into());
        }
        Ok(Self { root, follow_links })
    }

    /// Where it is.
    #[cfg(all(unix, feature = "reload"))]
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// The answer to a request for what stands in `subpath`.
    pub(super) fn answer(
        &self,
        request: &Request,
        subpath: &Subpath<'_>,
        manner: &Manner,
        pool: &Pool,
    ) -> Result<Response> {
        let nothing = || HttpException::not_found().into();
        let mut entry = self.find(&subpath.names)?.ok_or_else(nothing)?;
        let mut name = subpath.names.last().copied().unwrap_or("");
        if entry.metadata.is_dir() {
            if !subpath.is_folder {
                return redirect_to_folder(request);
            }
            name = "index.html";
            entry = self.child(entry.path, name)?.ok_or_else(nothing)?;
        } else if subpath.is_folder {
            return Err(nothing());
        }
        // A pipe or a device would hold the thread that opens it.
        if !entry.metadata.is_file() {
            return Err(nothing());
        }
        let encoded = self.encoded(&entry, &manner.encodings)?;
        let varies = !encoded.is_empty();
        let (encoding, entry) = smallest(entry, encoded, request.headers(), |entry| entry.metadata.len());
        let facts = |metadata: &Metadata| Facts {
            media_type: media_type(name),
            encoding,
            varies,
            length: metadata.len(),
            validators: validators(metadata, encoding),
        };
        if let Some(response) = facts(&entry.metadata).without_reading(request, manner.cache) {
            return response;
        }
        let Some(file) = present(File::open(&entry.path))? else { return Err(nothing()) };
        // It may have been replaced meanwhile; what is said of it must be true of what is read.
        facts(&file.metadata()?)
            .with_reading(request, manner.cache, |first, length| read(file, first, length, pool))
    }

    /// What has this path; `None` where nothing has it that may be shown.
    fn find(&self, names: &[&str]) -> io::Result<Option<Entry>> {
        let Some((first, others)) = names.split_first() else {
            return Ok(Some(Entry {
                path: self.root.clone(),
                metadata: fs::metadata(&self.root)?,
                link: None,
            }));
        };
        let mut found = self.child(self.root.clone(), first)?;
        for name in others {
            let Some(parent) = found else { break };
            found = self.child(parent.path, name)?;
        }
        Ok(found)
    }

    fn child(&self, parent: PathBuf, name: &str) -> io::Result<Option<Entry>> {
        let mut path = parent;
        path.push(name);
        self.at(path)
    }

    fn at(&self, path: PathBuf) -> io::Result<Option<Entry>> {
        let Some(metadata) = present(fs::symlink_metadata(&path))? else { return Ok(None) };
        if !metadata.is_symlink() {
            return Ok(Some(Entry { path, metadata, link: None }));
        }
        let link = path;
        let Some(path) = present(fs::canonicalize(&link))? else { return Ok(None) };
        if !self.follow_links && !path.starts_with(&self.root) {
            return Ok(None);
        }
        let metadata = present(fs::metadata(&path))?;
        Ok(metadata.map(|metadata| Entry { path, metadata, link: Some(link) }))
    }

    /// What lies beside a file in other codings; beside a link, not beside what it leads to.
    fn encoded(
        &self,
        plain: &Entry,
        encodings: &[ContentEncoding],
    ) -> io::Result<Vec<(ContentEncoding, Entry)>> {
        let mut found = Vec::new();
        for encoding in encodings {
            let mut path = plain.link.as_ref().unwrap_or(&plain.path).clone().into_os_string();
            path.push(encoding.ending);
            let entry = self.at(path.into())?.filter(|entry| entry.metadata.is_file());
            found.extend(entry.map(|entry| (*encoding, entry)));
        }
        Ok(found)
    }

    /// The bytes of a file, where there is one.
    pub(super) fn read(&self, subpath: &Subpath<'_>) -> io::Result<Option<Vec<u8>>> {
        match self.find(&subpath.names)? {
            Some(entry) if entry.metadata.is_file() => present(fs::read(entry.path)),
            _ => Ok(None),
        }
    }

    /// The subpaths of all files. Folders that are links are left out, since they could lead back.
    pub(super) fn files(&self) -> io::Result<Vec<String>> {
        let mut files = Vec::new();
        let mut folders = vec![String::new()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(self.root.join(&folder))? {
                let entry = entry?;
                // What is no text cannot be asked for.
                let Ok(name) = entry.file_name().into_string() else { continue };
                let subpath = if folder.is_empty() { name } else { format!("{folder}/{name}") };
                let kind = entry.file_type()?;
                if kind.is_dir() {
                    folders.push(subpath);
                } else {
                    files.push(subpath);
                }
            }
        }
        Ok(files)
    }
}

/// `None` for whatever a client cannot be told apart from nothing at all.
fn present<T>(outcome: io::Result<T>) -> io::Result<Option<T>> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(error) => match error.kind() {
            ErrorKind::NotFound
            | ErrorKind::NotADirectory
            | ErrorKind::PermissionDenied
            | ErrorKind::InvalidInput
            | ErrorKind::InvalidFilename => Ok(None),
            // A link that leads to itself, for which the standard library has no stable word.
            _ if error.raw_os_error() == Some(LOOP) => Ok(None),
            _ => Err(error),
        },
    }
}

/// `ELOOP`
#[cfg(any(target_os = "linux", target_os = "android"))]
const LOOP: i32 = 40;
/// `ELOOP`
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const LOOP: i32 = 62;

/// A file that changes gets another time of modification, to the nanosecond on most systems, or another length.
fn validators(metadata: &Metadata, encoding: Option<ContentEncoding>) -> Validators {
    let modified = metadata.modified().ok();
    let past = modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    let coding = encoding.map_or("", |encoding| encoding.ending);
    let tag = format!("\"{:x}.{:x}-{:x}{coding}\"", past.as_secs(), past.subsec_nanos(), metadata.len());
    // Digits, letters and dots, so it can stand in a header.
    Validators::new(HeaderValue::try_from(tag).unwrap_or(HeaderValue::from_static("\"\"")), modified)
}

/// The bytes from `first` on: all at once where they are few, else the first piece now and the others as the client takes them.
fn read(mut file: File, first: u64, length: u64, pool: &Pool) -> io::Result<Body> {
    if first > 0 {
        file.seek(SeekFrom::Start(first))?;
    }
    let now = length.min(PIECE);
    let piece = read_piece(&file, now)?;
    if now == length {
        return Ok(piece.into());
    }
    Ok(Body::new(FileBody::new(piece, file, length - now, pool.clone())))
}

/// Exactly `length` bytes. A file that has become shorter cannot be what was announced any more.
pub(super) fn read_piece(file: &File, length: u64) -> io::Result<Bytes> {
    let size = usize::try_from(length).map_err(|_| io::Error::from(ErrorKind::OutOfMemory))?;
    let mut bytes = Vec::with_capacity(size);
    let read = file.take(length).read_to_end(&mut bytes)?;
    if read == size { Ok(bytes.into()) } else { Err(ErrorKind::UnexpectedEof.into()) }
}
