//! The logos of the tenants whose mails are sent: small, and inside of the mail.

use std::sync::Arc;

use unionhall_domain::tenants::TenantId;
use unionhall_ports::{
    blobs::BlobStore,
    pictures::{Picture, PictureOwner, PictureReader},
    unit_of_work::{Scope, UnitOfWork},
};

/// The longest side of a logo in a mail, in pixels: more than is shown, for wide logos and for screens that show finely.
const LONGEST: u32 = 256;
/// How high a logo is shown, in pixels.
const HEIGHT: u32 = 32;

/// Finds logos and makes them small.
#[derive(Clone)]
pub struct Logos {
    unit_of_work: Arc<dyn UnitOfWork>,
    blobs: Arc<dyn BlobStore>,
    reader: Arc<dyn PictureReader>,
}

impl Logos {
    /// Over these ports.
    pub const fn new(
        unit_of_work: Arc<dyn UnitOfWork>,
        blobs: Arc<dyn BlobStore>,
        reader: Arc<dyn PictureReader>,
    ) -> Self {
        Self {
            unit_of_work,
            blobs,
            reader,
        }
    }

    /// The logo of a tenant, if it has one and it is to be had now: no mail waits for a picture.
    pub(super) fn of(&self, tenant: TenantId) -> Option<Picture> {
        let stored = self
            .unit_of_work
            .read(Scope::Tenant(tenant), |tx| {
                tx.pictures().find(PictureOwner::Tenant)
            })
            .inspect_err(|error| warn(tenant, error))
            .ok()??;
        let blob = self
            .blobs
            .find(&stored.key)
            .inspect_err(|error| warn(tenant, error))
            .ok()??;
        self.reader.shrink(&blob.bytes, stored.format, LONGEST).ok()
    }
}

/// The element that shows a logo which travels with the mail.
pub(super) fn shown(content_id: &str, logo: &Picture) -> String {
    // Some programs take the size from the attributes alone.
    let (height, width) = (u64::from(logo.height.max(1)), u64::from(logo.width));
    let shown_height = height.min(u64::from(HEIGHT));
    let width = width.saturating_mul(shown_height).div_ceil(height).max(1);
    format!(
        "<img src=\"cid:{content_id}\" alt=\"\" width=\"{width}\" height=\"{shown_height}\" \
         style=\"vertical-align: middle; margin-right: 12px;\">"
    )
}

fn warn(tenant: TenantId, error: &dyn std::error::Error) {
    tracing::warn!(%tenant, %error, "a logo cannot be had; mail leaves without it");
}

#[cfg(test)]
mod tests {
    use unionhall_ports::pictures::PictureFormat;

    use super::*;

    #[test]
    fn a_logo_is_shown_in_its_proportions_and_never_larger_than_it_is() {
        for (width, height, shown_as) in [
            (128, 64, (64, 32)),
            (64, 128, (16, 32)),
            (20, 10, (20, 10)),
            (128, 1, (128, 1)),
        ] {
            let logo = Picture {
                bytes: Vec::new(),
                format: PictureFormat::Png,
                width,
                height,
            };
            let shown = shown("logo.7@hall.example", &logo);
            let size = format!("width=\"{}\" height=\"{}\"", shown_as.0, shown_as.1);
            assert!(shown.contains(&size), "{shown}");
            assert!(shown.contains("src=\"cid:logo.7@hall.example\""), "{shown}");
        }
    }
}
