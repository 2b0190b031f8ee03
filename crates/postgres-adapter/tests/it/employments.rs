//! Contract of the repository of employments.

use std::{sync::Barrier, thread};

use jiff::civil::{Date, date};
use unionhall_domain::{
    employments::{Employment, EmploymentDetails, JobRules, JobsAtOnce, Period},
    members::{Member, MemberNumber},
    money::Amount,
    organizations::Organization,
    tenants::Tenant,
    version::Version,
};
use unionhall_ports::{
    employments::{Employed, EmploymentFilter, EmploymentSort},
    pages::{Direction, PageRequest},
    round_trips::counted,
    storage::StorageError,
    unit_of_work::{Repositories, Scope},
};
use unionhall_testing::{
    TestDatabase,
    builders::{self, line},
};

const TODAY: Date = date(2026, 3, 2);

struct World {
    database: TestDatabase,
    tenant: Tenant,
    ada: Member,
    ampere: Organization,
}

impl World {
    fn new() -> Self {
        let database = TestDatabase::new();
        let storage = database.unit_of_work();
        let tenant = builders::tenant(&*storage, "local-46");
        let ada = builders::member(&*storage, tenant.id, "A1204", "Ada", "Voltz");
        let ampere = builders::organization(&*storage, tenant.id, "Ampere");
        Self {
            database,
            tenant,
            ada,
            ampere,
        }
    }

    fn write<T>(
        &self,
        work: impl FnOnce(&mut dyn Repositories) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        let storage = self.database.unit_of_work();
        storage.transaction(Scope::Tenant(self.tenant.id), work)
    }

    /// A job of Ada's with every field.
    fn job(&self, start: Date, end: Option<Date>) -> Employment {
        Employment {
            id: builders::fresh_id(),
            member: self.ada.id,
            organization: self.ampere.id,
            details: EmploymentDetails {
                period: Period::new(start, end).unwrap(),
                job_title: Some(line("Journeyman Wireman")),
                hourly_rate: Some(Amount::from_minor(6_240).unwrap()),
            },
            version: Version::FIRST,
            created_at: builders::now(),
            updated_at: builders::now(),
            deleted_at: None,
        }
    }

    fn named(&self, employment: &Employment) -> Employed {
        Employed {
            employment: employment.clone(),
            member_number: MemberNumber::parse("A1204").unwrap(),
            first_name: line("Ada"),
            last_name: line("Voltz"),
            organization_name: line("Ampere"),
        }
    }

    fn found(&self, filter: &EmploymentFilter, sort: EmploymentSort) -> Vec<Employment> {
        let mut request = PageRequest {
            limit: 2,
            after: None,
            sort,
            direction: Direction::Descending,
            with_total: true,
        };
        let mut jobs = Vec::new();
        loop {
            let page = self
                .write(|tx| tx.employments().list(filter, &request))
                .unwrap();
            jobs.extend(page.items.into_iter().map(|found| found.employment));
            match page.next {
                Some(next) => request.after = Some(next),
                None => {
                    assert_eq!(page.total, u64::try_from(jobs.len()).ok());
                    return jobs;
                }
            }
        }
    }
}

fn next(job: &Employment) -> Employment {
    Employment {
        version: job.version.next(),
        ..job.clone()
    }
}

fn over(job: &Employment, end: Option<Date>) -> Employment {
    let mut after = next(job);
    after.details.period = Period::new(job.details.period.start(), end).unwrap();
    after
}

fn is_too_much<T: std::fmt::Debug>(result: Result<T, StorageError>) {
    match result {
        Err(StorageError::Constraint { name }) => assert_eq!(name, "employments_at_once"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_job_comes_back_as_it_was_with_its_names_and_a_deleted_one_as_such_alone() {
    let world = World::new();
    let job = world.job(date(2020, 1, 1), None);
    let bare = Employment {
        details: EmploymentDetails {
            period: Period::new(date(2018, 1, 1), Some(date(2018, 1, 1))).unwrap(),
            job_title: None,
            hourly_rate: None,
        },
        ..world.job(date(2018, 1, 1), None)
    };
    let gone = Employment {
        deleted_at: Some(builders::now()),
        ..next(&job)
    };
    world
        .write(|tx| {
            let jobs = tx.employments();
            jobs.insert(&job)?;
            jobs.insert(&bare)?;
            assert_eq!(jobs.find(job.id)?, Some(world.named(&job)));
            assert_eq!(jobs.find_deleted(job.id)?, None);
            let both = vec![world.named(&bare), world.named(&job)];
            assert_eq!(jobs.of_member(world.ada.id)?, both);
            assert_eq!(jobs.numbers_at(world.ampere.id)?.len(), 1);
            assert_eq!(jobs.names_of_member(world.ada.id)?, ["Ampere"]);
            jobs.update(&gone)?;
            assert_eq!(jobs.find(job.id)?, None);
            assert_eq!(jobs.find_deleted(job.id)?, Some(world.named(&gone)));
            assert_eq!(jobs.of_member(world.ada.id)?.len(), 1);
            assert_eq!(jobs.find(builders::fresh_id())?, None);
            Ok(())
        })
        .unwrap();
    assert!(matches!(
        world.write(|tx| tx.employments().update(&next(&job))),
        Err(StorageError::Stale)
    ));
}

#[test]
fn on_no_day_does_a_member_have_more_jobs_than_the_rules_allow() {
    let world = World::new();
    let first = world.job(date(2020, 1, 1), Some(date(2020, 6, 30)));
    let second = world.job(date(2020, 7, 1), None);
    world
        .write(|tx| {
            tx.employments().insert(&first)?;
            tx.employments().insert(&second)
        })
        .unwrap();
    for (start, end) in [
        (date(2019, 1, 1), None),
        (date(2020, 6, 30), Some(date(2020, 6, 30))),
        (date(2025, 1, 1), None),
    ] {
        let third = world.job(start, end);
        is_too_much(world.write(|tx| tx.employments().insert(&third)));
    }
    let longer = over(&first, Some(date(2020, 7, 1)));
    is_too_much(world.write(|tx| tx.employments().update(&longer)));
    let early = world.job(date(2019, 1, 1), Some(date(2019, 12, 31)));
    world.write(|tx| tx.employments().insert(&early)).unwrap();
    // Somebody else's jobs are of no account, and neither are deleted ones.
    let storage = world.database.unit_of_work();
    let grace = builders::member(&*storage, world.tenant.id, "A1205", "Grace", "Hertz");
    let theirs = Employment {
        member: grace.id,
        ..world.job(date(2020, 1, 1), None)
    };
    let gone = Employment {
        deleted_at: Some(builders::now()),
        ..next(&second)
    };
    world
        .write(|tx| {
            tx.employments().insert(&theirs)?;
            tx.employments().update(&gone)
        })
        .unwrap();
    let again = world.job(date(2020, 7, 1), None);
    world.write(|tx| tx.employments().insert(&again)).unwrap();
    is_too_much(world.write(|tx| {
        let back = Employment {
            deleted_at: None,
            ..next(&gone)
        };
        tx.employments().update(&back)
    }));
}

#[test]
fn rules_are_the_usual_ones_until_there_are_others_and_the_second_of_two_changes_is_stale() {
    let world = World::new();
    let two = JobRules {
        at_once: JobsAtOnce::new(2).unwrap(),
        lowest_rate: Amount::from_minor(1_525).unwrap(),
        highest_rate: Amount::from_minor(20_000).unwrap(),
        version: Version::FIRST.next(),
    };
    let rules = || world.write(|tx| tx.employments().rules()).unwrap();
    assert_eq!(rules(), JobRules::USUAL);
    world.write(|tx| tx.employments().put_rules(&two)).unwrap();
    assert_eq!(rules(), two);
    assert!(matches!(
        world.write(|tx| tx.employments().put_rules(&two)),
        Err(StorageError::Stale)
    ));
    let one = JobRules {
        version: two.version.next(),
        ..JobRules::USUAL
    };
    let jobs = [2020, 2021, 2022].map(|year| world.job(date(year, 1, 1), None));
    world
        .write(|tx| {
            tx.employments().insert(&jobs[0])?;
            tx.employments().insert(&jobs[1])
        })
        .unwrap();
    is_too_much(world.write(|tx| tx.employments().insert(&jobs[2])));
    world.write(|tx| tx.employments().put_rules(&one)).unwrap();
    // What was allowed when it was written can be mended, and not made more.
    let ended = over(&jobs[0], Some(date(2026, 1, 1)));
    world.write(|tx| tx.employments().update(&ended)).unwrap();
    is_too_much(world.write(|tx| tx.employments().update(&over(&ended, None))));
}

#[test]
fn of_two_who_give_a_member_a_job_at_once_one_is_refused() {
    let world = World::new();
    for round in 0..5_i16 {
        let jobs =
            [0, 1].map(|_| world.job(date(2000 + round, 1, 1), Some(date(2000 + round, 9, 9))));
        let barrier = Barrier::new(2);
        let results = thread::scope(|scope| {
            let threads = jobs.each_ref().map(|job| {
                let (world, barrier) = (&world, &barrier);
                scope.spawn(move || {
                    barrier.wait();
                    world.write(|tx| tx.employments().insert(job))
                })
            });
            threads.map(|thread| thread.join().unwrap())
        });
        let [good, bad]: [Vec<_>; 2] = {
            let (good, bad) = results.into_iter().partition(Result::is_ok);
            [good, bad]
        };
        assert_eq!((good.len(), bad.len()), (1, 1));
        bad.into_iter().for_each(is_too_much);
    }
}

#[test]
fn a_locked_member_is_held_and_locked_by_nobody_else() {
    let world = World::new();
    world
        .write(|tx| {
            assert_eq!(tx.members().lock(world.ada.id)?, Some(world.ada.clone()));
            assert_eq!(tx.members().lock(builders::fresh_id())?, None);
            let refused = unionhall_postgres_adapter::migrate::execute(
                &world.database.owner_url(),
                "select from members for share nowait",
            );
            assert!(
                format!("{refused:?}").contains("could not obtain lock"),
                "{refused:?}"
            );
            Ok(())
        })
        .unwrap();
}

#[test]
fn jobs_are_listed_by_member_organization_title_and_whether_they_are_current() {
    let world = World::new();
    let storage = world.database.unit_of_work();
    let faraday = builders::organization(&*storage, world.tenant.id, "Faraday");
    let grace = builders::member(&*storage, world.tenant.id, "A1205", "Grace", "Hertz");
    let past = world.job(date(2019, 1, 1), Some(date(2026, 3, 1)));
    let last_day = world.job(TODAY, Some(TODAY));
    let ahead = world.job(date(2026, 3, 3), None);
    let mut theirs = Employment {
        member: grace.id,
        organization: faraday.id,
        created_at: builders::now() + jiff::SignedDuration::from_secs(9),
        ..world.job(date(2020, 1, 1), None)
    };
    theirs.details.job_title = Some(line("Électricien"));
    world
        .write(|tx| {
            for job in [&past, &last_day, &ahead, &theirs] {
                tx.employments().insert(job)?;
            }
            Ok(())
        })
        .unwrap();
    let all = EmploymentFilter::default;
    let by_start = |filter: EmploymentFilter| world.found(&filter, EmploymentSort::Start);
    assert_eq!(
        by_start(all()),
        [&ahead, &last_day, &theirs, &past].map(Clone::clone)
    );
    let newest = world.found(&all(), EmploymentSort::Created);
    assert_eq!(newest.first(), Some(&theirs));
    for (current, expected) in [
        (true, vec![last_day.clone(), theirs.clone()]),
        (false, vec![ahead, past]),
    ] {
        let filter = EmploymentFilter {
            current: Some((TODAY, current)),
            ..all()
        };
        assert_eq!(by_start(filter), expected);
    }
    let of_grace = EmploymentFilter {
        member: Some(grace.id),
        ..all()
    };
    let at_faraday = EmploymentFilter {
        organization: Some(faraday.id),
        ..all()
    };
    let titled = EmploymentFilter {
        job_title: Some(line("Électricien")),
        ..all()
    };
    for filter in [of_grace, at_faraday, titled] {
        assert_eq!(by_start(filter), [theirs.clone()]);
    }
}

#[test]
fn titles_in_use_are_told_with_how_many_jobs_have_them() {
    let world = World::new();
    let mut french = world.job(date(2010, 1, 1), Some(date(2010, 1, 2)));
    french.details.job_title = Some(line("Électricien"));
    let mut bare = world.job(date(2009, 1, 1), Some(date(2009, 1, 2)));
    bare.details.job_title = None;
    world
        .write(|tx| {
            for job in [
                &french,
                &bare,
                &world.job(date(2011, 1, 1), Some(date(2011, 1, 2))),
                &world.job(date(2012, 1, 1), None),
            ] {
                tx.employments().insert(job)?;
            }
            Ok(())
        })
        .unwrap();
    let titles = |beginning: Option<&str>| {
        let beginning = beginning.map(str::to_owned);
        let found = world
            .write(|tx| tx.employments().titles(beginning, 9))
            .unwrap();
        let told = found
            .into_iter()
            .map(|title| (title.job_title.to_string(), title.count));
        told.collect::<Vec<_>>()
    };
    let (wireman, french) = (
        ("Journeyman Wireman".to_owned(), 2),
        ("Électricien".to_owned(), 1),
    );
    assert_eq!(titles(None), [wireman, french.clone()]);
    assert_eq!(titles(Some("elec")), [french]);
    assert_eq!(titles(Some("%\0")), []);
}

#[test]
fn a_list_is_one_round_trip_and_another_tenants_jobs_are_in_none() {
    let world = World::new();
    let storage = world.database.unit_of_work();
    let job = world.job(date(2020, 1, 1), None);
    world.write(|tx| tx.employments().insert(&job)).unwrap();
    let other = builders::tenant(&*storage, "local-47");
    let request = PageRequest {
        limit: 50,
        after: None,
        sort: EmploymentSort::Start,
        direction: Direction::Descending,
        with_total: false,
    };
    let (page, found, trips) = builders::store(&*storage, Scope::Tenant(other.id), |tx| {
        let filter = EmploymentFilter::default();
        let (page, trips) = counted(|| tx.employments().list(&filter, &request));
        Ok((page?, tx.employments().find(job.id)?, trips))
    });
    assert_eq!((page.items, found, trips), (vec![], None, 1));
    let smuggled = storage.transaction(Scope::Tenant(other.id), |tx| {
        tx.employments()
            .insert(&world.job(date(1999, 1, 1), Some(date(1999, 1, 2))))
    });
    assert!(
        matches!(smuggled, Err(StorageError::Constraint { .. })),
        "{smuggled:?}"
    );
}
