//! The line that makes a package further down a dependency of this one.

use std::path::Path;

use super::graph::Indirect;
use super::lock::LockedPackage;
use super::manifest::Manifest;

/// A line for `[dependencies]` in `manifest` that means exactly the package in the lock file.
pub(super) fn line(package: &LockedPackage, found: &Indirect, manifest: &Manifest) -> String {
    let LockedPackage { name, version, source, .. } = package;
    let taken = manifest.dependencies(None).iter().any(|dependency| dependency.key == *name);
    // Another version of it stands there already.
    let (key, mut fields) = if taken {
        let major = version.split('.').find(|part| *part != "0").unwrap_or("0");
        (format!("{name}-{major}"), vec![("package", name.clone())])
    } else {
        (name.clone(), Vec::new())
    };
    match source.as_deref().map(|source| source.strip_prefix("git+")) {
        None => fields.push(("path", relative(&found.manifest.dir, &manifest.dir))),
        Some(Some(git)) => {
            let address = git.split('#').next().unwrap_or(git);
            let (address, query) = address.split_once('?').unwrap_or((address, ""));
            fields.push(("git", address.to_owned()));
            for (key, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
                if let Some(key) = ["branch", "tag", "rev"].into_iter().find(|known| *known == key) {
                    fields.push((key, value.to_owned()));
                }
            }
        }
        Some(None) => {
            fields.push(("version", version.split('+').next().unwrap_or(version).to_owned()));
            fields.extend(found.dependency.registry.clone());
        }
    }
    if let [("version", version)] = &fields[..] {
        return format!("{key} = {version:?}");
    }
    let fields: Vec<String> = fields.iter().map(|(key, value)| format!("{key} = {value:?}")).collect();
    format!("{key} = {{ {} }}", fields.join(", "))
}

/// The way from one directory to another, with the separators that a manifest wants.
fn relative(to: &Path, from: &Path) -> String {
    let shared = to.components().zip(from.components()).take_while(|(one, other)| one == other).count();
    if shared == 0 {
        return to.display().to_string();
    }
    let up = from.components().skip(shared).map(|_| "..".to_owned());
    let down = to.components().skip(shared).map(|part| part.as_os_str().to_string_lossy().into_owned());
    let parts: Vec<String> = up.chain(down).collect();
    parts.join("/")
}
