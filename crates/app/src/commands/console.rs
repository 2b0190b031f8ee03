//! Where a command reads and writes, so that tests can hand it something else.

use std::io::{self, Read, Write};

use crate::{exit::Exit, failure::Failure};

/// A command's three streams.
pub(super) struct Console<'a> {
    /// What was asked for goes here.
    pub(super) out: &'a mut dyn Write,
    /// What is said about it goes here.
    pub(super) err: &'a mut dyn Write,
    /// Passwords come from here.
    pub(super) input: &'a mut dyn Read,
    /// Whether a person sees what is said, as it is said.
    pub(super) watched: bool,
}

impl Console<'_> {
    /// Prints what was asked for. A reader who has seen enough, like `head`, is no failure.
    pub(super) fn print(&mut self, text: &str) -> Result<(), Failure> {
        let printed = self
            .out
            .write_all(text.as_bytes())
            .and_then(|()| self.out.flush());
        match printed {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Failure::caused(Exit::Failed, "printing", &error))
            }
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Says a line about what was asked for.
    pub(super) fn say(&mut self, line: &str) {
        // Where nobody can be told, there is nobody to tell that either.
        let _unheard = writeln!(self.err, "{line}");
    }

    /// Runs a command here and tells what went wrong.
    pub(super) fn end(
        &mut self,
        work: impl FnOnce(&mut Console<'_>) -> Result<Exit, Failure>,
    ) -> Exit {
        work(self).unwrap_or_else(|failure| {
            self.say(&format!("error: {failure}"));
            failure.exit
        })
    }
}

/// What a command said and printed in a test.
#[cfg(test)]
pub(super) struct Said {
    /// How it ended.
    pub(super) exit: Exit,
    /// What went to standard output.
    pub(super) out: String,
    /// What went to standard error.
    pub(super) err: String,
}

/// Runs a command with `input` on its standard input, watched by nobody.
#[cfg(test)]
pub(super) fn run(
    input: &str,
    work: impl FnOnce(&mut Console<'_>) -> Result<Exit, Failure>,
) -> Said {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let exit = Console {
        out: &mut out,
        err: &mut err,
        input: &mut input.as_bytes(),
        watched: false,
    }
    .end(work);
    Said {
        exit,
        out: String::from_utf8(out).unwrap(),
        err: String::from_utf8(err).unwrap(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A reader who has left, or a disk that is full.
    struct Refusing(io::ErrorKind);

    impl Write for Refusing {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_who_has_left_is_no_failure_and_a_full_disk_is_one() {
        for (kind, exit) in [
            (io::ErrorKind::BrokenPipe, Exit::Done),
            (io::ErrorKind::StorageFull, Exit::Failed),
        ] {
            let ended = Console {
                out: &mut Refusing(kind),
                err: &mut Vec::new(),
                input: &mut io::empty(),
                watched: false,
            }
            .end(|console| console.print("a table").map(|()| Exit::Done));
            assert_eq!(ended, exit);
        }
    }

    #[test]
    fn a_failure_is_said_and_sets_the_exit_code() {
        let said = run("", |_| Err(Failure::new(Exit::Exists, "there is one")));
        assert_eq!(
            (said.exit, said.err.as_str()),
            (Exit::Exists, "error: there is one\n")
        );
    }
}
