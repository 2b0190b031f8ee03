//! Tests of the use cases of pictures.

use std::sync::Arc;

use mockall::Sequence;
use unionhall_domain::roles::Role;
use unionhall_ports::{
    blobs::{Blob, BlobError, BlobKey, MockBlobStore, PartsId},
    mock::MockRepositories,
    pictures::{Picture, PictureFormat, PictureOwner, StoredPicture, UnkeptFile},
    storage::StorageError,
    tenants::Room,
    unit_of_work::{Decision, Mode, Scope},
};

use super::{Pictures, Whose};
use crate::{
    error::Code,
    fixtures::{CALLER, HALL, Hall, STEWARD, audited, call, code, now, rehearsed, told, touched},
};

fn picture() -> Picture {
    Picture {
        bytes: vec![7; 300],
        format: PictureFormat::Png,
        width: 4,
        height: 4,
    }
}

fn old() -> StoredPicture {
    StoredPicture {
        key: BlobKey::parse("tenants/x/logos/old").unwrap(),
        format: PictureFormat::Jpeg,
        bytes: 100,
    }
}

/// Mocks in which the old picture is there, and there is room.
fn with_old() -> MockRepositories {
    let mut mocks = MockRepositories::default();
    mocks.pictures.expect_find().returning(|_| Ok(Some(old())));
    mocks
        .tenants
        .expect_reserve_storage()
        .withf(|tenant, bytes, freed| (*tenant, *bytes, *freed) == (HALL, 300, 100))
        .returning(|_, _, _| Ok(Room::Reserved));
    mocks
}

fn pictures(mocks: MockRepositories, blobs: MockBlobStore) -> (Hall, Pictures) {
    let hall = Hall::over(mocks);
    let pictures = Pictures::new(Arc::clone(&hall.core), Arc::new(blobs));
    (hall, pictures)
}

#[test]
fn a_logo_is_announced_then_stored_then_referred_to_and_the_old_one_is_released_with_it() {
    let mut mocks = with_old();
    let events = audited(&mut mocks);
    let mut order = Sequence::new();
    let is_new = |key: &BlobKey| key.as_str().starts_with(&format!("tenants/{HALL}/logos/"));
    mocks
        .pictures
        .expect_release()
        .times(1)
        .in_sequence(&mut order)
        .withf(move |key, due| is_new(key) && *due > now())
        .returning(|_, _| Ok(()));
    let mut blobs = MockBlobStore::new();
    blobs
        .expect_put()
        .times(1)
        .in_sequence(&mut order)
        .withf(move |key, bytes, kind| is_new(key) && bytes.len() == 300 && kind == "image/png")
        .returning(|_, _, _| Ok(()));
    mocks
        .pictures
        .expect_replace()
        .times(1)
        .in_sequence(&mut order)
        .withf(|owner, before, after, _| {
            *owner == PictureOwner::Tenant
                && *before == Some(&old())
                && after.is_some_and(|after| after.bytes == 300)
        })
        .returning(|_, _, _, _| Ok(()));
    mocks
        .pictures
        .expect_release()
        .times(1)
        .in_sequence(&mut order)
        .withf(|key, due| *key == old().key && *due == now())
        .returning(|_, _| Ok(()));
    mocks
        .pictures
        .expect_keep()
        .times(1)
        .in_sequence(&mut order)
        .withf(move |key| is_new(key))
        .returning(|_| Ok(()));
    let (hall, pictures) = pictures(mocks, blobs);
    pictures
        .put(&call(Role::Admin), Whose::Tenants, &picture())
        .unwrap();
    let write = (Scope::Tenant(HALL), Mode::Write, Decision::Commit);
    assert_eq!(hall.runs(), [write; 2]);
    assert_eq!(told(&events), [("updated", "tenant")]);
    assert_eq!(touched(&events), ["logo"]);
}

#[test]
fn a_picture_that_cannot_be_stored_or_has_no_room_leaves_the_old_one() {
    let mut blobs = MockBlobStore::new();
    blobs
        .expect_put()
        .returning(|_, _, _| Err(BlobError::Unavailable("down".into())));
    let mut mocks = MockRepositories::default();
    mocks.pictures.expect_release().returning(|_, _| Ok(()));
    let (_, down) = pictures(mocks, blobs);
    let result = down.put(&call(Role::Owner), Whose::Tenants, &picture());
    assert_eq!(code(result), Code::Unavailable);

    let mut mocks = MockRepositories::default();
    mocks.pictures.expect_find().returning(|_| Ok(Some(old())));
    mocks
        .pictures
        .expect_release()
        .times(1)
        .returning(|_, _| Ok(()));
    mocks
        .tenants
        .expect_reserve_storage()
        .returning(|_, _, _| Ok(Room::Full { limit: 200 }));
    let mut blobs = MockBlobStore::new();
    blobs.expect_put().returning(|_, _, _| Ok(()));
    let (hall, full) = pictures(mocks, blobs);
    let result = full.put(&call(Role::Owner), Whose::Tenants, &picture());
    assert_eq!(code(result), Code::LimitReached);
    let last = (Scope::Tenant(HALL), Mode::Write, Decision::RollBack);
    assert_eq!(hall.runs().last(), Some(&last));
}

#[test]
fn a_rehearsal_stores_nothing() {
    let mut mocks = with_old();
    audited(&mut mocks);
    mocks
        .pictures
        .expect_replace()
        .returning(|_, _, _, _| Ok(()));
    mocks
        .pictures
        .expect_release()
        .times(1)
        .returning(|_, _| Ok(()));
    let (hall, pictures) = pictures(mocks, MockBlobStore::new());
    let call = rehearsed(call(Role::Owner));
    pictures.put(&call, Whose::Tenants, &picture()).unwrap();
    assert!(hall.rolled_back());
}

#[test]
fn ones_own_picture_is_the_persons_and_counts_into_no_tenants_storage() {
    let mut mocks = MockRepositories::default();
    let events = audited(&mut mocks);
    mocks
        .pictures
        .expect_find()
        .withf(|owner| *owner == PictureOwner::User(CALLER))
        .returning(|_| Ok(None));
    mocks.pictures.expect_release().returning(|_, _| Ok(()));
    mocks.pictures.expect_keep().returning(|_| Ok(()));
    mocks
        .pictures
        .expect_replace()
        .times(1)
        .returning(|_, _, _, _| Ok(()));
    let mut blobs = MockBlobStore::new();
    blobs
        .expect_put()
        .withf(|key, _, _| {
            key.as_str()
                .starts_with(&format!("users/{CALLER}/pictures/"))
        })
        .returning(|_, _, _| Ok(()));
    let (_, pictures) = pictures(mocks, blobs);
    pictures
        .put(&call(Role::Contact), Whose::Own, &picture())
        .unwrap();
    assert_eq!(told(&events), [("updated", "user")]);
}

#[test]
fn taking_away_what_is_not_there_changes_nothing() {
    let mut mocks = MockRepositories::default();
    mocks.pictures.expect_find().returning(|_| Ok(None));
    let (hall, pictures) = pictures(mocks, MockBlobStore::new());
    pictures.remove(&call(Role::Owner), Whose::Tenants).unwrap();
    assert!(hall.committed());
}

#[test]
fn only_owners_and_administrators_change_the_logo_and_contacts_see_no_colleagues() {
    let (hall, pictures) = pictures(MockRepositories::default(), MockBlobStore::new());
    let staff = call(Role::Staff);
    let codes = [
        code(pictures.put(&staff, Whose::Tenants, &picture())),
        code(pictures.remove(&staff, Whose::Tenants)),
        code(pictures.find_colleagues(&call(Role::Contact), STEWARD)),
    ];
    assert_eq!(codes, [Code::Forbidden; 3]);
    assert_eq!(hall.runs(), []);
}

#[test]
fn a_picture_is_shown_from_the_store_and_one_that_is_not_there_is_none() {
    for (there, kept) in [(true, true), (true, false), (false, true)] {
        let mut mocks = MockRepositories::default();
        mocks
            .pictures
            .expect_find()
            .returning(move |_| Ok(there.then(old)));
        let mut blobs = MockBlobStore::new();
        let blob = Blob {
            bytes: vec![1],
            content_type: "image/jpeg".to_owned(),
        };
        let found = blob.clone();
        blobs
            .expect_find()
            .returning(move |_| Ok(kept.then(|| found.clone())));
        let (_, pictures) = pictures(mocks, blobs);
        let shown = pictures.find_colleagues(&call(Role::Member), STEWARD);
        if there && kept {
            assert_eq!(shown.unwrap(), blob);
        } else {
            assert_eq!(code(shown), Code::NotFound);
        }
    }
}

#[test]
fn what_nothing_refers_to_is_removed_from_the_store_before_it_is_struck_off() {
    let mut mocks = MockRepositories::default();
    let mut order = Sequence::new();
    mocks.pictures.expect_due().returning(|_, _| {
        Ok(vec![UnkeptFile {
            key: old().key,
            upload: None,
        }])
    });
    let mut blobs = MockBlobStore::new();
    blobs
        .expect_delete()
        .times(1)
        .in_sequence(&mut order)
        .returning(|_| Ok(()));
    mocks
        .pictures
        .expect_removed()
        .times(1)
        .in_sequence(&mut order)
        .returning(|_| Ok(()));
    let (_, pictures) = pictures(mocks, blobs);
    assert_eq!(pictures.sweep().unwrap(), 1);
}

#[test]
fn what_the_store_does_not_remove_stays_entered() {
    let mut mocks = MockRepositories::default();
    mocks.pictures.expect_due().returning(|_, _| {
        Ok(vec![UnkeptFile {
            key: old().key,
            upload: None,
        }])
    });
    let mut blobs = MockBlobStore::new();
    blobs
        .expect_delete()
        .returning(|_| Err(BlobError::Unavailable("down".into())));
    let (_, pictures) = pictures(mocks, blobs);
    assert_eq!(code(pictures.sweep()), Code::Unavailable);
}

#[test]
fn a_file_that_the_store_refuses_to_remove_does_not_keep_the_others() {
    let unkept = |key: &str, upload: Option<&str>| UnkeptFile {
        key: BlobKey::parse(key).unwrap(),
        upload: upload.map(PartsId::new),
    };
    let due = vec![unkept("first", Some("upload")), unkept("second", None)];
    let mut mocks = MockRepositories::default();
    let found = mocks.pictures.expect_due();
    found.returning(move |_, _| Ok(due.clone()));
    let removed = mocks.pictures.expect_removed().times(1);
    removed
        .withf(|key| key.as_str() == "second")
        .returning(|_| Ok(()));
    let mut blobs = MockBlobStore::new();
    let abort = blobs.expect_abort_parts();
    abort.returning(|_, _| Err(BlobError::Refused("may not".into())));
    let delete = blobs.expect_delete().times(1);
    delete.returning(|_| Ok(()));
    let (_, pictures) = pictures(mocks, blobs);
    assert_eq!(code(pictures.sweep()), Code::Internal);
}

#[test]
fn a_store_that_is_out_of_reach_is_not_asked_for_every_file() {
    let file = UnkeptFile {
        key: old().key,
        upload: None,
    };
    let mut mocks = MockRepositories::default();
    let found = mocks.pictures.expect_due();
    found.returning(move |_, _| Ok(vec![file.clone(); 9]));
    let mut blobs = MockBlobStore::new();
    let delete = blobs.expect_delete().times(3);
    delete.returning(|_| Err(BlobError::Unavailable("down".into())));
    let (_, pictures) = pictures(mocks, blobs);
    assert_eq!(code(pictures.sweep()), Code::Unavailable);
}

#[test]
fn whoever_is_overtaken_leaves_the_picture_of_the_other() {
    let mut mocks = with_old();
    mocks.pictures.expect_release().returning(|_, _| Ok(()));
    mocks
        .pictures
        .expect_replace()
        .returning(|_, _, _, _| Err(StorageError::Stale));
    let mut blobs = MockBlobStore::new();
    blobs.expect_put().returning(|_, _, _| Ok(()));
    let (_, pictures) = pictures(mocks, blobs);
    let result = pictures.put(&call(Role::Owner), Whose::Tenants, &picture());
    assert_eq!(code(result), Code::ChangedMeanwhile);
}
