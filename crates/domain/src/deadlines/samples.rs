//! Deadlines for tests: the answer of an employer, its rule, and who agrees on what.

use jiff::{
    Timestamp,
    civil::{Date, date},
};
use uuid::Uuid;

use super::{
    Accord, Basis, Deadline, DeadlineAction, DeadlineMove, Derivation, Extension, Grant, Service,
    Trigger, Witness, derive,
};
use crate::{
    collective_agreements::{
        AgreementTerms, Article, CollectiveAgreement, Consequence, DayKind, Days, Duty, EventKind,
        FirstDay, MailDays, Party, Period, Roll, RuleKey, RuleSet, Side, StepRule, Term,
    },
    grievances::Step,
    holidays::{CalendarYear, Calendars, WorkingWeek},
    ids::Id,
    text::Line,
    version::Version,
};

/// A number of days.
pub(crate) fn days(days: u16) -> Days {
    Days::new(days).unwrap()
}

/// Ten working days after the event, rolled forward, three more by mail: what is changed in most tests.
pub(crate) fn period() -> Period {
    Period {
        days: days(10),
        kind: DayKind::Working,
        first_day: FirstDay::NotCounted,
        roll: Roll::NextWorkingDay,
        mail: Some(MailDays::FEDERAL),
    }
}

/// The employer answers after the filing; if not, the grievance advances.
pub(crate) fn rule(period: Period) -> StepRule {
    StepRule {
        key: RuleKey {
            step: Step::Step1,
            side: Side::Employer,
            duty: Duty::Answer,
            after: EventKind::Filed,
        },
        article: Line::parse("9.2").unwrap(),
        period,
        missed: Consequence::Advance,
    }
}

/// The basis of [`rule`].
pub(crate) fn basis(period: Period) -> Basis {
    Basis {
        agreement: Id::new(Uuid::from_u128(46)),
        agreement_name: Line::parse("Inside Agreement").unwrap(),
        rules: Version::FIRST,
        rule: rule(period),
    }
}

/// The federal holidays of 1986 to 2040, Monday to Friday.
pub(crate) fn calendars() -> Calendars {
    let year = |number| CalendarYear::new(number).unwrap();
    Calendars::federal(year(1986), year(2040), WorkingWeek::MONDAY_TO_FRIDAY)
}

/// The filing on a day.
pub(crate) fn filed(date: Date, service: Service) -> Trigger {
    Trigger {
        kind: EventKind::Filed,
        date,
        service,
    }
}

/// What the period sets after a filing that was not mailed.
pub(crate) fn derived(filed_on: Date, period: Period) -> Derivation {
    let trigger = filed(filed_on, Service::Direct);
    derive(basis(period), trigger, &[], &calendars()).unwrap()
}

/// The answer to what was filed on Monday, November 2, 2026; it is due on Tuesday, November 17.
pub(crate) fn deadline(number: u128) -> Deadline {
    Deadline::begun(
        Id::new(Uuid::from_u128(number)),
        Id::new(Uuid::from_u128(1_000)),
        derived(date(2026, 11, 2), period()),
        Timestamp::UNIX_EPOCH,
    )
}

/// What the two sides agreed on.
pub(crate) fn accord(agreed_on: Date) -> Accord {
    Accord {
        agreed_on,
        for_union: Line::parse("A. Rivera").unwrap(),
        for_employer: Line::parse("B. Chen").unwrap(),
        note: None,
    }
}

/// More time.
pub(crate) fn extension(agreed_on: Date, grant: Grant) -> Extension {
    Extension {
        accord: accord(agreed_on),
        grant,
    }
}

/// An action of a kind that [`deadline`] takes on November 18, 2026.
pub(crate) fn action(kind: DeadlineMove) -> DeadlineAction {
    match kind {
        DeadlineMove::Meet => DeadlineAction::Meet {
            on: date(2026, 11, 17),
            by: EventKind::Answered,
            witness: Witness::Word,
        },
        DeadlineMove::Miss => DeadlineAction::Miss,
        DeadlineMove::Extend => DeadlineAction::Extend(extension(
            date(2026, 11, 16),
            Grant::Days(days(5), DayKind::Working),
        )),
        DeadlineMove::Waive => DeadlineAction::Waive(accord(date(2026, 11, 16))),
        DeadlineMove::Lapse => DeadlineAction::Lapse,
        DeadlineMove::Reopen => DeadlineAction::Reopen,
    }
}

/// A version of the rules of the agreement, with this rule alone.
pub(crate) fn rules(version: i64, rule: StepRule) -> RuleSet {
    let party = |side| Party {
        side,
        name: Line::parse("Somebody").unwrap(),
        organization: None,
    };
    let article = Article {
        number: rule.article.clone(),
        title: Line::parse("Answers").unwrap(),
        text: None,
    };
    let first = date(2026, 1, 1);
    let terms = AgreementTerms::new(
        Line::parse("Inside Agreement").unwrap(),
        Side::ALL.map(party).to_vec(),
        Term::new(first, None).unwrap(),
        vec![article],
    );
    let agreement = CollectiveAgreement {
        id: basis(period()).agreement,
        terms: terms.unwrap(),
        version: Version::FIRST,
        created_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
        deleted_at: None,
    };
    RuleSet::new(
        &agreement,
        Version::new(version).unwrap(),
        first,
        vec![rule],
    )
    .unwrap()
}
