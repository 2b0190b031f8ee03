//! Where the demo local's members work and worked; all invented.

use std::collections::HashMap;

use jiff::{ToSpan, civil::Date};
use unionhall_application::{
    Application, EmploymentSort,
    call::Call,
    employments::EmploymentsWanted,
    imports::ImportOptions,
    pages::{Direction, PageRequest},
};
use unionhall_domain::{
    members::{MemberClassification as Class, MemberDetails},
    organizations::OrganizationId,
};

use super::{DemoError, dice::Dice, organizations::employers, roster::Paper, roster::is_at_work};

/// A job in short, as a row of a file has it.
struct Job {
    number: String,
    employer: &'static str,
    start: Date,
    end: Option<Date>,
    title: &'static str,
    rate: &'static str,
}

/// The title and the rate of an hour that go with a classification: apprentices earn shares of a journeyman's 64.80.
const fn terms(class: Class) -> (&'static str, &'static str) {
    match class {
        Class::Apprentice1 => ("Apprentice Wireman, 1st Year", "29.16"),
        Class::Apprentice2 => ("Apprentice Wireman, 2nd Year", "35.64"),
        Class::Apprentice3 => ("Apprentice Wireman, 3rd Year", "42.12"),
        Class::Apprentice4 => ("Apprentice Wireman, 4th Year", "48.60"),
        Class::Apprentice5 => ("Apprentice Wireman, 5th Year", "55.08"),
        Class::Journeyman => ("Journeyman Wireman", "64.80"),
        Class::Foreman => ("Foreman", "72.58"),
        Class::Retiree | Class::Honorary => ("Consultant", "64.80"),
    }
}

/// The jobs of these members: most have one now, many had one before it, and one in twelve is on the book.
fn jobs(today: Date, members: &[MemberDetails]) -> Vec<Job> {
    let employers: Vec<_> = employers().collect();
    let mut dice = Dice::new(1_946);
    let mut jobs = Vec::new();
    for member in members.iter().filter(|member| is_at_work(member)) {
        let (title, rate) = terms(member.classification);
        let mut job = |employer, start, end| {
            jobs.push(Job {
                number: member.member_number.to_string(),
                employer,
                start,
                end,
                title,
                rate,
            });
        };
        let [before, now] = [dice.pick(&employers), dice.pick(&employers)];
        let days_ago = |days: i64| today.saturating_sub(days.days());
        let (began, rested) = (dice.between(20, 900), dice.between(3, 60));
        let worked = dice.between(120, 1_200);
        let (on_the_book, had_one) = (dice.happens(8), dice.happens(45));
        let joined = member.hire_date.unwrap_or(today);
        let began = days_ago(began).max(joined.min(today));
        if !on_the_book {
            job(now, began, None);
        }
        let until = began.saturating_sub(rested.days());
        let since = until.saturating_sub(worked.days());
        if had_one && since > joined {
            job(before, since, Some(until));
        }
    }
    jobs
}

/// Brings the jobs in as an office does, from a file, where there are none yet.
pub(super) fn ensure(
    application: &Application,
    call: &Call,
    today: Date,
    roster: &[MemberDetails],
    organizations: &HashMap<String, OrganizationId>,
) -> Result<(), DemoError> {
    let one = PageRequest {
        limit: 1,
        after: None,
        sort: EmploymentSort::Created,
        direction: Direction::Ascending,
        with_total: false,
    };
    let use_cases = &application.employments;
    let there = use_cases.list(call, EmploymentsWanted::default(), &one)?;
    if !there.value.items.is_empty() {
        return Ok(());
    }
    let rows = jobs(today, roster).into_iter().map(|job| {
        let employer = organizations
            .get(job.employer)
            .ok_or_else(|| DemoError::Missing(job.employer.to_owned()))?;
        Ok(vec![
            ("member_number", Some(job.number)),
            ("organization_id", Some(employer.to_string())),
            ("start_date", Some(job.start.to_string())),
            ("end_date", job.end.map(|day| day.to_string())),
            ("job_title", Some(job.title.to_owned())),
            ("hourly_rate", Some(job.rate.to_owned())),
        ])
    });
    let rows = rows.collect::<Result<Vec<_>, DemoError>>()?;
    let paper = Paper::of_rows(&rows);
    use_cases.import(call, &paper, ImportOptions::default(), &|_| {})?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use jiff::civil::date;
    use unionhall_domain::employments::Period;

    use super::*;
    use crate::demo::roster;

    const TODAY: Date = date(2026, 11, 21);

    #[test]
    fn most_who_are_at_work_have_one_job_and_nobody_has_two_on_one_day() {
        let members = roster::of_the_local(TODAY).unwrap();
        let jobs = jobs(TODAY, &members);
        let mut periods: HashMap<String, Vec<Period>> = HashMap::new();
        for job in &jobs {
            let period = Period::new(job.start, job.end).unwrap();
            assert!(job.start <= TODAY, "nobody is hired tomorrow");
            periods.entry(job.number.clone()).or_default().push(period);
        }
        for of_one in periods.values() {
            assert!(of_one.len() <= 2);
            assert!(of_one.len() < 2 || !of_one[0].overlaps(of_one[1]));
        }
        let current = jobs.iter().filter(|job| job.end.is_none()).count();
        let at_work = members.iter().filter(|one| is_at_work(one)).count();
        assert!(current * 100 > at_work * 85, "{current} of {at_work}");
        assert!(current < at_work, "somebody is on the book");
        assert!(jobs.len() > current, "somebody worked elsewhere before");
    }

    #[test]
    fn the_jobs_are_the_same_each_time() {
        let members = roster::of_the_local(TODAY).unwrap();
        let told = || -> Vec<_> {
            let jobs = jobs(TODAY, &members).into_iter();
            jobs.map(|job| (job.number, job.employer, job.start, job.end))
                .collect()
        };
        assert_eq!(told(), told());
    }
}
