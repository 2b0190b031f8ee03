//! Taking files out: piece by piece through the program, or by an address that leads to the store for a while.

use unionhall_domain::{
    audit::Target,
    documents::{DocumentFile, DocumentId},
    refused::Refused,
};
use unionhall_ports::{
    blobs::{BlobKey, Told},
    unit_of_work::Repositories,
};

use super::{DocumentError, Documents, Doing, access};
use crate::{call::Call, core::Recorded, error::CallError};

/// A file that somebody may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The file.
    pub file: DocumentFile,
    key: BlobKey,
}

impl Documents {
    /// A version of a document, or the newest, if it may be taken.
    ///
    /// # Errors
    /// [`DocumentError::Refused`] when the scanner has found something, or has not looked yet and should.
    pub fn take(
        &self,
        call: &Call,
        id: DocumentId,
        number: Option<u32>,
    ) -> Result<Recorded<Taken>, DocumentError> {
        access::any(&call.actor, Doing::Read)?;
        let file = self
            .core
            .snapshot(call, |tx| self.version(tx, call, id, number))?;
        if !file.scan.is_readable(self.policy.scanned) {
            return Err(Refused {
                what: "a document",
                status: file.scan.as_str(),
                action: "download",
                allowed: Vec::new(),
            }
            .into());
        }
        let key = BlobKey::parse(file.key.clone());
        let key = key.map_err(|error| CallError::Internal(error.into()))?;
        let taken = Taken { file, key };
        Ok(self
            .core
            .recorded(call, Target::Document, id.uuid(), taken)?)
    }

    /// A piece of a file: up to `length` bytes from `start` on.
    ///
    /// # Errors
    /// [`DocumentError`]; [`CallError::Internal`] when the store has not got what the record says.
    pub fn piece(&self, taken: &Taken, start: u64, length: u32) -> Result<Vec<u8>, DocumentError> {
        let piece = self.blobs.read(&taken.key, start, length)?;
        let whole = |piece: &Vec<u8>| u32::try_from(piece.len()) == Ok(length);
        piece.filter(whole).ok_or_else(|| {
            let what = "the object store has not got what a document refers to";
            CallError::Internal(what.into()).into()
        })
    }

    /// An address under which a browser can take a version of a document, or the newest, for so many seconds; `told` is
    /// given the file and says how it is called.
    ///
    /// # Errors
    /// [`DocumentError`], as for [`take`](Self::take).
    pub fn address(
        &self,
        call: &Call,
        id: DocumentId,
        number: Option<u32>,
        (seconds, told): (u32, impl FnOnce(&DocumentFile) -> Told),
    ) -> Result<Recorded<(Taken, String)>, DocumentError> {
        let Recorded {
            value: taken,
            receipt,
        } = self.take(call, id, number)?;
        let told = told(&taken.file);
        let address = self.blobs.address(&taken.key, &told, seconds)?;
        Ok(Recorded {
            value: (taken, address),
            receipt,
        })
    }

    fn version(
        &self,
        tx: &mut dyn Repositories,
        call: &Call,
        id: DocumentId,
        number: Option<u32>,
    ) -> Result<DocumentFile, DocumentError> {
        let document = self.shown(tx, call, id, Doing::Read)?;
        let Some(number) = number else {
            return Ok(document.file);
        };
        let files = tx.documents().files(id)?.into_iter();
        let mut files = files.filter(|file| file.number == number);
        files.next().ok_or(DocumentError::NotFound("version"))
    }
}
