//! The repository as the checks see it: its text files, held in memory.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Folders that hold no source: build output, running data and the history.
const SKIPPED_FOLDERS: &[&str] = &[".git", "data", "node_modules", "target"];

/// Endings and names of the files that are read; everything else is only known by its path.
const TEXT_ENDINGS: &[&str] = &[
    "rs", "md", "toml", "sql", "html", "css", "js", "yml", "yaml", "sh", "json", "py", "snap",
    "txt", "csv", "service",
];
const TEXT_NAMES: &[&str] = &["justfile", "run", "Dockerfile", "LICENSE", ".gitignore"];

/// One text file.
#[derive(Debug, Clone)]
pub struct Source {
    /// The path relative to the top of the repository.
    pub path: PathBuf,
    /// The whole text; what is not UTF-8 is replaced.
    pub text: String,
}

impl Source {
    /// A source that is not on disk, for trying out a check.
    pub fn new(path: impl Into<PathBuf>, text: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            text: text.into(),
        }
    }

    /// Whether the file's name ends in `.{ending}`.
    pub fn has_ending(&self, ending: &str) -> bool {
        self.path.extension().is_some_and(|found| found == ending)
    }

    /// The file's lines with their numbers, counted from 1.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.text.lines())
    }
}

/// All files of the repository.
#[derive(Debug, Clone, Default)]
pub struct Project {
    /// Every file's path, relative to the top of the repository, in order.
    pub paths: Vec<PathBuf>,
    /// The text files among them, in order.
    pub sources: Vec<Source>,
}

impl Project {
    /// Reads the repository that this tool was compiled in.
    ///
    /// # Errors
    /// When a folder or a file cannot be read.
    pub fn load() -> io::Result<Self> {
        Self::load_from(&root())
    }

    /// Reads the repository at `root`.
    ///
    /// # Errors
    /// When a folder or a file cannot be read.
    pub fn load_from(root: &Path) -> io::Result<Self> {
        let mut project = Self::default();
        project.read_folder(root, root)?;
        project.paths.sort();
        project.sources.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(project)
    }

    /// A project of these sources alone, for trying out a check.
    pub fn of(sources: Vec<Source>) -> Self {
        Self {
            paths: sources.iter().map(|source| source.path.clone()).collect(),
            sources,
        }
    }

    /// The sources whose name ends in `.{ending}`.
    pub fn with_ending<'a>(&'a self, ending: &'a str) -> impl Iterator<Item = &'a Source> {
        self.sources
            .iter()
            .filter(move |source| source.has_ending(ending))
    }

    /// The source at exactly `path`.
    pub fn source(&self, path: impl AsRef<Path>) -> Option<&Source> {
        self.sources
            .iter()
            .find(|source| source.path == path.as_ref())
    }

    /// Whether `path` is a file of the repository, or a folder that holds one.
    pub fn contains(&self, path: &Path) -> bool {
        self.paths.iter().any(|found| found.starts_with(path))
    }

    fn read_folder(&mut self, root: &Path, folder: &Path) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let kind = entry.file_type()?;
            if kind.is_dir() && !SKIPPED_FOLDERS.contains(&name.as_ref()) {
                self.read_folder(root, &entry.path())?;
            } else if kind.is_file() {
                self.read_file(root, &entry.path())?;
            }
        }
        Ok(())
    }

    fn read_file(&mut self, root: &Path, file: &Path) -> io::Result<()> {
        let path = file.strip_prefix(root).unwrap_or(file).to_path_buf();
        if is_text(&path) {
            let text = String::from_utf8_lossy(&fs::read(file)?).into_owned();
            self.sources.push(Source::new(path.clone(), text));
        }
        self.paths.push(path);
        Ok(())
    }
}

/// The top of the repository: two folders above this crate.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

fn is_text(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    let name = path.file_name().and_then(|name| name.to_str());
    ending.is_some_and(|ending| TEXT_ENDINGS.contains(&ending))
        || name.is_some_and(|name| TEXT_NAMES.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_repository_is_found_and_this_file_in_it() {
        let project = Project::load().unwrap();
        let this = project.source("crates/xtask/src/project.rs").unwrap();
        assert!(this.text.contains("the_repository_is_found"));
        assert!(!project.contains(Path::new("target")));
    }

    #[test]
    fn a_folder_is_contained_by_the_files_in_it() {
        let project = Project::of(vec![Source::new("docs/errors.md", "")]);
        assert!(project.contains(Path::new("docs")));
        assert!(project.contains(Path::new("docs/errors.md")));
        assert!(!project.contains(Path::new("docs/error")));
    }
}
