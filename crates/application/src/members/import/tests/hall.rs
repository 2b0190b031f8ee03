//! A hall that remembers its members, and rosters to bring in.

use std::{
    collections::BTreeMap,
    io::{self, Cursor, Read},
    sync::{Arc, Mutex},
};

use unionhall_domain::{
    members::{Member, MemberNumber},
    roles::Role,
};
use unionhall_ports::{audit::AuditEvent, mock::MockRepositories};

use crate::{
    call::Call,
    fixtures::{Hall, Shared, audited, call},
    imports::{
        ImportError, ImportOptions, ImportProgress, ImportReport, RowError, Sheet, fixtures::alone,
    },
};

/// Options that let a bad row stop everything.
pub(super) const STRICT: ImportOptions = ImportOptions { skip_bad: false };
/// Options that skip bad rows.
pub(super) const LENIENT: ImportOptions = ImportOptions { skip_bad: true };

/// A roster in memory.
pub(super) struct File(pub(super) Vec<u8>);

impl Sheet for File {
    fn open(&self) -> io::Result<Box<dyn Read>> {
        Ok(Box::new(Cursor::new(self.0.clone())))
    }
}

/// A hall whose members are kept in memory, and every batch that was written there.
pub(super) struct Books {
    /// The use cases.
    pub(super) hall: Hall,
    /// What was put on record.
    pub(super) events: Shared<AuditEvent>,
    /// How many members each write had.
    pub(super) writes: Shared<(&'static str, usize)>,
    members: Arc<Mutex<BTreeMap<MemberNumber, Member>>>,
}

impl Books {
    /// A hall with these members.
    pub(super) fn with(members: Vec<Member>) -> Self {
        let number = |member: Member| (member.details.member_number.clone(), member);
        let members = Arc::new(Mutex::new(members.into_iter().map(number).collect()));
        let writes = Shared::default();
        let mut mocks = MockRepositories::default();
        let events = audited(&mut mocks);
        alone(&mut mocks);
        let known = Arc::clone(&members);
        mocks
            .members
            .expect_lock_by_numbers()
            .returning(move |numbers| {
                let known: &BTreeMap<_, _> = &known.lock().unwrap();
                assert!(
                    numbers.is_sorted(),
                    "locks are always taken in the same order"
                );
                Ok(numbers
                    .iter()
                    .filter_map(|number| known.get(number))
                    .cloned()
                    .collect())
            });
        for kind in ["insert", "update"] {
            let (known, writes) = (Arc::clone(&members), Arc::clone(&writes));
            let write = move |new: &[Member]| {
                writes.lock().unwrap().push((kind, new.len()));
                known
                    .lock()
                    .unwrap()
                    .extend(new.iter().cloned().map(number));
                Ok(())
            };
            if kind == "insert" {
                mocks.members.expect_insert_many().returning(write);
            } else {
                mocks.members.expect_update_many().returning(write);
            }
        }
        Self {
            hall: Hall::over(mocks),
            events,
            writes,
            members,
        }
    }

    /// An empty hall.
    pub(super) fn empty() -> Self {
        Self::with(Vec::new())
    }

    /// Brings a roster in as the office would.
    pub(super) fn import(
        &self,
        file: impl Into<Vec<u8>>,
        options: ImportOptions,
    ) -> Result<ImportReport, ImportError> {
        self.import_by(&call(Role::Staff), file, options, &|_| ())
    }

    /// Brings a roster in.
    pub(super) fn import_by(
        &self,
        call: &Call,
        file: impl Into<Vec<u8>>,
        options: ImportOptions,
        progress: &dyn Fn(ImportProgress),
    ) -> Result<ImportReport, ImportError> {
        let members = &self.hall.application.members;
        members.import(call, &File(file.into()), options, progress)
    }

    /// The member with this number.
    pub(super) fn member(&self, number: &str) -> Member {
        let number = MemberNumber::parse(number).unwrap();
        self.members.lock().unwrap()[&number].clone()
    }
}

/// The report of a roster that has mistakes.
pub(super) fn refused(result: Result<ImportReport, ImportError>) -> ImportReport {
    match result {
        Err(ImportError::BadRows(report)) => *report,
        other => panic!("it should have been refused for its rows: {other:?}"),
    }
}

/// Why a roster cannot be read.
pub(super) fn unreadable(result: Result<ImportReport, ImportError>) -> String {
    match result {
        Err(ImportError::Unreadable(reason)) => reason,
        other => panic!("it should not have been readable: {other:?}"),
    }
}

/// Mistakes in brief: line, row, column, code.
pub(super) fn brief(errors: &[RowError]) -> Vec<(u64, u64, &str, &str)> {
    let brief = |error: &'_ RowError| (error.line, error.record, error.invalid.code);
    errors
        .iter()
        .map(|error| {
            let (line, record, code) = brief(error);
            (line, record, error.column.as_deref().unwrap_or("-"), code)
        })
        .collect()
}
