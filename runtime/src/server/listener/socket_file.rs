//! The file of a unix socket: made with the rights that it should have, in place of an old one, and taken away again.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt, chown};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use socket2::{Domain, SockAddr, Socket, Type};

/// The numbers of a user and of a group; where there are none, those of the process.
type Owner = (Option<u32>, Option<u32>);

/// A file that this server made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::server) struct SocketFile {
    path: PathBuf,
    device: u64,
    inode: u64,
}

impl SocketFile {
    /// Listens at `path`, with the rights `mode` whatever the process's umask is, and this owner.
    ///
    /// The socket is made beside its place and then moved there: no client finds one that does not listen yet or that has the
    /// wrong rights, and the place of a socket that a program left behind is taken at once.
    ///
    /// # Errors
    /// Where the path holds a file of another kind, or a socket at which somebody listens; and what the system says.
    pub(super) fn open(
        path: &Path,
        mode: u32,
        owner: Owner,
        backlog: i32,
    ) -> io::Result<(UnixListener, Self)> {
        refuse_occupied(path)?;
        let beside = beside(path);
        let made = Self::make(&beside, mode, owner, backlog).and_then(|listener| {
            fs::rename(&beside, path)?;
            let made = fs::symlink_metadata(path)?;
            // Where the process goes is no matter to a path from the root.
            let path = std::path::absolute(path)?;
            Ok((listener, Self { path, device: made.dev(), inode: made.ino() }))
        });
        if made.is_err() {
            let _ = fs::remove_file(&beside);
        }
        made
    }

    fn make(path: &Path, mode: u32, (user, group): Owner, backlog: i32) -> io::Result<UnixListener> {
        let socket = Socket::new(Domain::UNIX, Type::STREAM, None)?;
        socket.set_nonblocking(true)?;
        socket.bind(&SockAddr::unix(path)?)?;
        if user.is_some() || group.is_some() {
            chown(path, user, group)?;
        }
        fs::set_permissions(path, Permissions::from_mode(mode))?;
        socket.listen(backlog)?;
        Ok(socket.into())
    }

    /// The one at `path`, made by the program from which this one has its socket.
    pub(in crate::server) fn at(path: &Path) -> Option<Self> {
        let found = fs::symlink_metadata(path).ok().filter(|found| found.file_type().is_socket())?;
        Some(Self { path: path.to_owned(), device: found.dev(), inode: found.ino() })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Removes the file, unless another one has taken its place.
    pub(in crate::server) fn remove(&self) {
        let found = fs::symlink_metadata(&self.path);
        if found.is_ok_and(|found| (found.dev(), found.ino()) == (self.device, self.inode))
            && let Err(error) = fs::remove_file(&self.path)
        {
            tracing::warn!("the socket {} cannot be removed: {error}", self.path.display());
        }
    }
}

fn refuse_occupied(path: &Path) -> io::Result<()> {
    let found = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        found => found?,
    };
    if !found.file_type().is_socket() {
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, "there is a file that is no socket"));
    }
    match UnixStream::connect(path) {
        // Left behind by a program that is gone.
        Err(error) if matches!(error.kind(), io::ErrorKind::ConnectionRefused | io::ErrorKind::NotFound) => {
            Ok(())
        }
        // A full queue has an owner too.
        Ok(_) => Err(io::ErrorKind::AddrInUse.into()),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Err(io::ErrorKind::AddrInUse.into()),
        Err(error) => Err(error),
    }
}

/// A short name in the same folder, because the path of a socket must not have more than about a hundred bytes.
fn beside(path: &Path) -> PathBuf {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    path.with_file_name(format!(".{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed)))
}
