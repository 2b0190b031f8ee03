//! The local's benevolence fund: who asked for help, how it was decided, and what was paid; all invented.

use std::sync::Arc;

use jiff::{ToSpan, civil::Date};
use unionhall_application::{
    Application, BenevolenceFilter, BenevolenceSort, EntrySort, SeatSort,
    actor::Actor,
    benevolence::{ApplyForHelp, EnterMoney, PayAward, ReviewApplication, SeatReviewer},
    call::Call,
    clock::Clock,
    pages::PageRequest,
    sessions::{Access, HeldRole},
    trail::Origin,
};
use unionhall_domain::{
    benevolence::{
        BenevolenceApplication, EntryKind, Level, PaymentMethod, Reason, Request, Seen, State,
        Verdict,
    },
    ids::Id,
    members::MemberId,
    money::Amount,
    roles::Role,
    tenants::Tenant,
    text::{Line, Prose},
    users::{EmailAddress, User, UserId},
};

use super::{
    DemoError,
    sign_ins::{ADMIN, OFFICER, OWNER, SignIn},
};

/// Who sits where: the local's owner at the two highest levels, so that the largest requests wait for somebody else.
const SEATS: [(Level, SignIn); 4] = [
    (Level::Vp, OFFICER),
    (Level::Admin, ADMIN),
    (Level::Manager, OWNER),
    (Level::President, OWNER),
];

/// What was put in: so much, from where, so many days ago.
const DEPOSITS: [(&str, &str, i64); 3] = [
    ("18000.00", "Transfer voted at the January meeting", 300),
    ("4215.50", "Labor Day picnic and raffle", 75),
    ("1250.00", "Retirees' club", 20),
];

/// How far a request has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Draft,
    Submitted,
    /// Waits for this level.
    Due(Level),
    /// The lowest level asked this.
    Asked(&'static str),
    Denied(&'static str),
    Granted,
    /// Paid with the check of this number.
    Paid(&'static str),
}

/// A request: made so many days ago.
struct Plea {
    ago: i64,
    reason: Reason,
    amount: &'static str,
    story: &'static str,
    stage: Stage,
}

#[rustfmt::skip]
const PLEAS: [Plea; 8] = [
    Plea { ago: 12, reason: Reason::Medical, amount: "1450.00", stage: Stage::Due(Level::Admin),
        story: "Knee surgery in the spring; I am off work until January, and two months of rent are open." },
    Plea { ago: 96, reason: Reason::DeathInFamily, amount: "1800.00", stage: Stage::Paid("2207"),
        story: "My mother died; the funeral and two flights are more than we had put aside." },
    Plea { ago: 61, reason: Reason::Disaster, amount: "4200.00", stage: Stage::Granted,
        story: "The kitchen burnt out. The insurance pays for the walls, and not for what stood in the room." },
    Plea { ago: 44, reason: Reason::Hardship, amount: "480.00", stage: Stage::Paid("2211"),
        story: "Laid off between two jobs; the electricity is about to be cut." },
    Plea { ago: 30, reason: Reason::Other, amount: "900.00", stage: Stage::Denied("Tools are bought from the tool fund; the office helps with that form."),
        story: "My tools were stolen from the truck." },
    Plea { ago: 9, reason: Reason::Medical, amount: "350.00", stage: Stage::Asked("Which part of the bill does the health plan pay?"),
        story: "Dental work after an accident on the way home." },
    Plea { ago: 3, reason: Reason::Hardship, amount: "6500.00", stage: Stage::Submitted,
        story: "Behind on the mortgage since the strike at my wife's workplace." },
    Plea { ago: 0, reason: Reason::Hardship, amount: "275.00", stage: Stage::Draft,
        story: "The car has to pass inspection so that I can get to work." },
];

/// How many requests there are.
pub(super) const COUNT: usize = PLEAS.len();

/// The fund of the local, over its use cases.
pub(super) struct Fund<'a> {
    pub(super) application: &'a Application,
    pub(super) clock: &'a dyn Clock,
    pub(super) tenant: &'a Tenant,
    /// Acts for whoever hosts the installation.
    pub(super) call: &'a Call,
    pub(super) today: Date,
}

impl Fund<'_> {
    /// Puts money in and seats the officers, unless that was done.
    pub(super) fn found(
        &self,
        user: impl Fn(&SignIn) -> Result<UserId, DemoError>,
        entries: &PageRequest<EntrySort>,
        seats: &PageRequest<SeatSort>,
    ) -> Result<(), DemoError> {
        let fund = &self.application.benevolence;
        let there = fund.entries(self.call, entries)?.value.items.len();
        for (amount, source, ago) in DEPOSITS.into_iter().skip(there) {
            let entry = EnterMoney {
                kind: EntryKind::Deposit,
                amount: Amount::parse(amount)?,
                source: Line::parse(source)?,
                on: Some(self.today.saturating_sub(ago.days())),
            };
            fund.enter(self.call, entry)?;
        }
        let seats = fund.seats(self.call, seats)?.items;
        for (level, holder) in SEATS {
            if seats.iter().all(|seat| seat.level != level) {
                let seat = SeatReviewer {
                    level,
                    user: user(&holder)?,
                    from: None,
                    until: None,
                };
                fund.seat(self.call, seat)?;
            }
        }
        Ok(())
    }

    /// Brings the requests of these members as far as they are to come; each member has one.
    pub(super) fn fill(
        &self,
        members: &[MemberId],
        user: impl Fn(&SignIn) -> Result<UserId, DemoError>,
        page: &PageRequest<BenevolenceSort>,
    ) -> Result<(), DemoError> {
        let fund = &self.application.benevolence;
        let all = BenevolenceFilter::default();
        let there = fund.list(self.call, all, page)?.value.items;
        let mut there: Vec<_> = there.into_iter().map(whole).collect::<Result<_, _>>()?;
        for (plea, member) in PLEAS.iter().zip(members) {
            let known = there.iter().position(|one| one.member == *member);
            let mut application = match known {
                Some(place) => there.swap_remove(place),
                None => fund.apply(self.call, plea.asked(self.today, *member)?)?,
            };
            while let Some(next) = self.step(plea, &application, &user)? {
                application = next;
            }
        }
        Ok(())
    }

    /// The application one step further, or nothing when it is where it is to be.
    fn step(
        &self,
        plea: &Plea,
        application: &BenevolenceApplication,
        user: &impl Fn(&SignIn) -> Result<UserId, DemoError>,
    ) -> Result<Option<BenevolenceApplication>, DemoError> {
        let fund = &self.application.benevolence;
        let (call, id) = (self.call, application.id);
        let seen = match (&application.state, plea.stage) {
            (State::Draft, Stage::Draft) | (State::Submitted(_), Stage::Submitted) => {
                return Ok(None);
            }
            (State::Draft, _) => fund.submit(call, id)?,
            (State::Submitted(_), _) => fund.begin_review(call, id)?,
            (State::UnderReview(climb), stage) => {
                let level = climb.level();
                let Some(verdict) = stage.verdict(level, plea)? else {
                    return Ok(None);
                };
                let holder = SEATS.into_iter().find(|(seat, _)| *seat == level);
                let (_, holder) = holder.ok_or_else(|| missing("seat"))?;
                let review = ReviewApplication {
                    level,
                    verdict,
                    comments: None,
                };
                fund.review(&self.by(&holder, user(&holder)?)?, id, review)?
            }
            (State::Awarded(award), Stage::Paid(number)) if !award.open().is_zero() => {
                let payment = PayAward {
                    amount: award.open(),
                    method: PaymentMethod::Check,
                    reference: Line::parse(number)?,
                    on: None,
                };
                fund.pay(call, id, payment)?.application
            }
            (
                State::NeedsInfo(..) | State::Awarded(_) | State::Denied(_) | State::Withdrawn(_),
                _,
            ) => return Ok(None),
        };
        whole(seen).map(Some)
    }

    /// A call by somebody who reviews: whoever hosts the installation does not.
    fn by(&self, person: &SignIn, id: UserId) -> Result<Call, DemoError> {
        let now = self.clock.now();
        let access = Access {
            session: Id::new(self.clock.new_id()),
            user: User {
                id,
                email: EmailAddress::parse(person.email)?,
                first_name: Line::parse(person.first_name)?,
                last_name: Line::parse(person.last_name)?,
                last_login_at: None,
                created_at: now,
            },
            tenant: self.tenant.clone(),
            roles: vec![HeldRole {
                role: Role::parse(person.role)?,
                expires_at: None,
            }],
            member: None,
            second_factor_roles: Vec::new(),
            has_second_factor: false,
        };
        let actor = Actor::person(Arc::new(access), Arc::new(self.tenant.clone()), now);
        Ok(Call::new(actor, Origin::default()))
    }
}

impl Plea {
    fn asked(&self, today: Date, member: MemberId) -> Result<ApplyForHelp, DemoError> {
        Ok(ApplyForHelp {
            member,
            application_date: Some(today.saturating_sub(self.ago.days())),
            request: Request {
                reason: self.reason,
                description: Prose::parse(self.story)?,
                amount: Amount::parse(self.amount)?,
            },
            notes: None,
        })
    }
}

impl Stage {
    /// What the level that is due decides, unless it is to wait there.
    fn verdict(self, level: Level, plea: &Plea) -> Result<Option<Verdict>, DemoError> {
        Ok(match self {
            Self::Due(wanted) if wanted == level => None,
            Self::Draft | Self::Submitted => None,
            Self::Asked(question) => Some(Verdict::Ask(Prose::parse(question)?)),
            Self::Denied(reason) => Some(Verdict::Deny(Prose::parse(reason)?)),
            Self::Due(_) | Self::Granted | Self::Paid(_) => {
                Some(Verdict::Approve(Amount::parse(plea.amount)?))
            }
        })
    }
}

/// Whoever hosts the installation sees everything.
fn whole(seen: Seen) -> Result<BenevolenceApplication, DemoError> {
    match seen {
        Seen::Whole(whole) => Ok(*whole),
        Seen::Need(_) => Err(missing("name of an applicant")),
    }
}

fn missing(what: &str) -> DemoError {
    DemoError::Missing(what.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_request_can_be_made_and_the_fund_holds_what_is_granted() {
        let total = |amounts: &mut dyn Iterator<Item = &'static str>| {
            let amounts = amounts.map(|text| Amount::parse(text).unwrap());
            amounts.fold(Amount::ZERO, |sum, one| sum.plus(one).unwrap())
        };
        let given = |plea: &&Plea| matches!(plea.stage, Stage::Granted | Stage::Paid(_));
        let granted = total(&mut PLEAS.iter().filter(given).map(|plea| plea.amount));
        let held = total(&mut DEPOSITS.iter().map(|(amount, ..)| *amount));
        assert!(granted < held);
        let today = jiff::civil::date(2026, 11, 21);
        for plea in &PLEAS {
            assert!(plea.asked(today, Id::new(uuid::Uuid::nil())).is_ok());
            assert!(plea.stage.verdict(Level::Vp, plea).is_ok());
        }
    }
}
