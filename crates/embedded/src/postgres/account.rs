//! The operating-system account that runs the server programs: PostgreSQL refuses to run as root.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{MetadataExt, fchown, lchown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use rustix::process::geteuid;

use super::error::{EmbeddedError, cannot};

/// Who runs `postgres` and `initdb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Account {
    /// The account of this process, which is not root.
    Own,
    /// An unprivileged account, because this process runs as root.
    Unprivileged { uid: u32, gid: u32 },
}

impl Account {
    /// The account for a new cluster.
    pub(super) fn for_server() -> Result<Self, EmbeddedError> {
        if !geteuid().is_root() {
            return Ok(Self::Own);
        }
        let path = Path::new("/etc/passwd");
        let passwd = fs::read_to_string(path).map_err(cannot("read", path))?;
        ["postgres", "_postgres", "nobody"]
            .iter()
            .find_map(|name| find_account(&passwd, name))
            .ok_or(EmbeddedError::NoAccount)
    }

    /// The account for the cluster that lies in `home`: the one that owns it, whoever made it.
    pub(super) fn for_existing(home: &Path) -> Result<Self, EmbeddedError> {
        let found = fs::metadata(home).map_err(cannot("look at", home))?;
        if !geteuid().is_root() {
            return if found.uid() == geteuid().as_raw() {
                Ok(Self::Own)
            } else {
                Err(EmbeddedError::WrongOwner {
                    path: home.to_path_buf(),
                    owner: found.uid(),
                })
            };
        }
        if found.uid() == 0 {
            // Root made the folder and was killed before it could give it away.
            let account = Self::for_server()?;
            account.give(home)?;
            return Ok(account);
        }
        Ok(Self::Unprivileged {
            uid: found.uid(),
            gid: found.gid(),
        })
    }

    /// The number of the account.
    pub(super) fn uid(self) -> u32 {
        match self {
            Self::Own => geteuid().as_raw(),
            Self::Unprivileged { uid, .. } => uid,
        }
    }

    /// A command that runs as this account, away from our folder, our terminal's input and our environment.
    ///
    /// The environment holds our secrets and may hold `PG…` variables meant for another server.
    pub(super) fn command(self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("LC_ALL", "C")
            .env("TZ", "UTC")
            .current_dir("/")
            .stdin(Stdio::null());
        if let Self::Unprivileged { uid, gid } = self {
            command.uid(uid).gid(gid);
        }
        command
    }

    /// Whether this account can enter `folder`: found out by entering it, so that every kind of access rule counts.
    pub(super) fn can_enter(self, folder: &Path) -> bool {
        let entered = self
            .command(Path::new("/bin/sh"))
            .args(["-c", ":"])
            .current_dir(folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        entered.is_ok_and(|status| status.success())
    }

    /// Makes this account the owner of the folder `path`. A link is not followed: whoever owns the folder around it
    /// could otherwise have root give away any file.
    pub(super) fn give(self, path: &Path) -> Result<(), EmbeddedError> {
        match self {
            Self::Own => Ok(()),
            Self::Unprivileged { uid, gid } => {
                lchown(path, Some(uid), Some(gid)).map_err(cannot("change the owner of", path))
            }
        }
    }

    /// Makes this account the owner of an open file.
    pub(super) fn give_file(self, file: &File) -> io::Result<()> {
        match self {
            Self::Own => Ok(()),
            Self::Unprivileged { uid, gid } => fchown(file, Some(uid), Some(gid)),
        }
    }
}

fn find_account(passwd: &str, name: &str) -> Option<Account> {
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        if fields.next() != Some(name) {
            return None;
        }
        let mut numbers = fields.skip(1).map(account_number);
        let (uid, gid) = (numbers.next()??, numbers.next()??);
        (uid != 0).then_some(Account::Unprivileged { uid, gid })
    })
}

/// macOS writes the number of `nobody` as -2, which is how a signed program shows 4294967294.
fn account_number(field: &str) -> Option<u32> {
    field
        .parse()
        .ok()
        .or_else(|| field.parse::<i32>().ok().map(i32::cast_unsigned))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWD: &str = "root:x:0:0:root:/root:/bin/sh\n\
                          postgresql:x:7:7::/:/bin/false\n\
                          postgres:x:101:104:PostgreSQL administrator,,,:/var/lib/postgresql:/bin/bash\n\
                          nobody:*:-2:-2:Unprivileged User:/var/empty:/usr/bin/false\n";

    #[test]
    fn an_account_is_found_by_its_whole_name() {
        assert_eq!(
            find_account(PASSWD, "postgres"),
            Some(Account::Unprivileged { uid: 101, gid: 104 })
        );
        assert_eq!(find_account(PASSWD, "post"), None);
    }

    #[test]
    fn a_negative_account_number_wraps_around() {
        let nobody = Account::Unprivileged {
            uid: 4_294_967_294,
            gid: 4_294_967_294,
        };
        assert_eq!(find_account(PASSWD, "nobody"), Some(nobody));
    }

    #[test]
    fn root_is_never_chosen() {
        assert_eq!(find_account(PASSWD, "root"), None);
    }
}
