//! Makes the demo halls step by step, each step so that doing it again does nothing.

use std::collections::{HashMap, hash_map::Entry};

use jiff::civil::Date;
use unionhall_application::{
    Application, BenevolenceSort, ContactFilter, ContactSort, EntrySort, GrievanceFilter,
    GrievanceSort, OrganizationFilter, OrganizationSort, SeatSort,
    accounts::{NewTenant, NewUser},
    actor::Actor,
    call::Call,
    clock::Clock,
    contacts::NewContact,
    documents::Documents,
    grievances::FileGrievance,
    imports::ImportOptions,
    pages::{Direction, PageRequest},
    passwords::{Password, PasswordHash, PasswordHasher},
    trail::Origin,
};
use unionhall_domain::{
    collective_agreements::CollectiveAgreementId,
    contacts::Rank,
    grievances::Grievance,
    members::{MemberDetails, MemberId},
    organizations::{OrganizationDetails, OrganizationId},
    passwords::{KnownWords, Strength},
    roles::Role,
    tenants::{Currency, Slug, Tenant, TenantKind, ZoneName},
    text::Line,
    users::{EmailAddress, UserId},
};

use super::{
    DemoError, PASSWORD, SIGN_INS, SignIn,
    benevolence::{self, Fund},
    case_papers::Desk,
    collective_agreements, contacts,
    deadlines::Diligence,
    documents, employments,
    grievances::{Case, Command, cases},
    organizations, organizing,
    roster::{self, Paper},
    school,
    sign_ins::{LAST, LOCAL, MEMBER, ORGANIZER, TRUST},
    training,
};

/// A demo tenant.
struct Hall {
    slug: &'static str,
    name: &'static str,
    kind: TenantKind,
}

const LOCAL_HALL: Hall = Hall {
    slug: LOCAL,
    name: "Electrical Workers Local 46",
    kind: TenantKind::Local,
};
const TRUST_HALL: Hall = Hall {
    slug: TRUST,
    name: "Puget Sound Electrical Training Trust",
    kind: TenantKind::TrainingTrust,
};

/// The making of the demo halls.
pub(super) struct Seeding<'a> {
    application: &'a Application,
    clock: &'a dyn Clock,
    hasher: &'a dyn PasswordHasher,
    say: &'a dyn Fn(&str),
    documents: Option<&'a Documents>,
}

/// What the database knows already.
struct Known {
    password: PasswordHash,
    tenants: HashMap<String, Tenant>,
    people: HashMap<String, UserId>,
}

impl<'a> Seeding<'a> {
    pub(super) const fn new(
        application: &'a Application,
        clock: &'a dyn Clock,
        hasher: &'a dyn PasswordHasher,
        say: &'a dyn Fn(&str),
    ) -> Self {
        Self {
            application,
            clock,
            hasher,
            say,
            documents: None,
        }
    }

    /// The same with documents, which are kept here.
    pub(super) const fn keeping(self, documents: &'a Documents) -> Self {
        Self {
            documents: Some(documents),
            ..self
        }
    }

    /// Makes what is missing. The last sign-in is made last: where it is, there is nothing to do.
    pub(super) fn complete(&self) -> Result<(), DemoError> {
        let last = self.application.identity.challenge(LAST.email)?;
        if last.hash().is_some() {
            return Ok(());
        }
        (self.say)("making the demo tenants");
        let mut known = self.known()?;
        self.fill_local(&mut known)?;
        self.fill_trust(&mut known)?;
        self.person(&LAST, &mut known)?;
        Ok(())
    }

    fn known(&self) -> Result<Known, DemoError> {
        let password = Password::new(PASSWORD.to_owned())
            .ok_or_else(|| DemoError::Missing("password".to_owned()))?;
        self.judge(&password)?;
        let tenants = self.application.accounts.list_tenants()?.into_iter();
        let people = self.application.accounts.list_users(None)?.into_iter();
        Ok(Known {
            // Hashed once: it takes a quarter of a second, and the password is the same for all.
            password: self.hasher.hash(&password)?,
            tenants: tenants
                .map(|tenant| (tenant.slug.as_str().to_owned(), tenant))
                .collect(),
            people: people
                .map(|user| (user.email.as_str().to_owned(), user.id))
                .collect(),
        })
    }

    /// The demo's password goes by the rules, like anybody's.
    fn judge(&self, password: &Password) -> Result<(), DemoError> {
        let halls = [LOCAL_HALL, TRUST_HALL];
        for sign_in in SIGN_INS {
            let known = KnownWords::default().address(&EmailAddress::parse(sign_in.email)?);
            let known = halls.iter().fold(known, |known, hall| {
                known.hall_called(hall.name).hall_called(hall.slug)
            });
            let objections =
                self.application
                    .passwords
                    .objections(password, Strength::Alone, &known);
            if let Some(objection) = objections.into_iter().next() {
                return Err(objection.into());
            }
        }
        Ok(())
    }

    fn fill_local(&self, known: &mut Known) -> Result<(), DemoError> {
        let tenant = self.tenant(&LOCAL_HALL, known)?;
        let today = tenant.time_zone.day_of(self.clock.now());
        let call = call(tenant.clone());
        self.people(LOCAL, known)?;
        let organizations = self.organizations(&call, organizations::of_the_local()?)?;
        self.contacts(&call, &organizations)?;
        let roster = roster::of_the_local(today)?;
        self.members(&call, &roster)?;
        self.link(&call, &tenant, &roster, known)?;
        let (application, union) = (self.application, LOCAL_HALL.name);
        let agreement = collective_agreements::ensure(application, &call, union, &organizations)?;
        let parties = (&organizations, agreement);
        self.grievances(&call, today, &roster, parties, known)?;
        if let Some(kept) = self.documents {
            documents::ensure(kept, application, &call)?;
        }
        self.benevolence(&call, &tenant, today, &roster, known)?;
        employments::ensure(application, &call, today, &roster, &organizations)?;
        let lead = person_of(&ORGANIZER, known)?;
        organizing::ensure(application, &call, today, (lead, &roster), &organizations)?;
        (self.say)(&summary(
            &LOCAL_HALL,
            roster.len(),
            organizations.len(),
            cases().len(),
        ));
        Ok(())
    }

    fn fill_trust(&self, known: &mut Known) -> Result<(), DemoError> {
        let tenant = self.tenant(&TRUST_HALL, known)?;
        let today = tenant.time_zone.day_of(self.clock.now());
        let call = call(tenant);
        self.people(TRUST, known)?;
        let organizations = self.organizations(&call, organizations::of_the_trust()?)?;
        let roster = roster::of_the_trust(today)?;
        self.members(&call, &roster)?;
        school::ensure(self.application, &call, today, &roster, &organizations)?;
        training::ensure(self.application, &call, today)?;
        (self.say)(&summary(&TRUST_HALL, roster.len(), organizations.len(), 0));
        Ok(())
    }

    fn tenant(&self, hall: &Hall, known: &mut Known) -> Result<Tenant, DemoError> {
        if let Some(tenant) = known.tenants.get(hall.slug) {
            return Ok(tenant.clone());
        }
        let owner = SIGN_INS
            .iter()
            .find(|sign_in| sign_in.tenant == hall.slug && sign_in.role == Role::Owner.as_str())
            .ok_or_else(|| DemoError::Missing(format!("owner of {}", hall.slug)))?;
        let tenant = NewTenant {
            slug: Slug::parse(hall.slug)?,
            name: Line::parse(hall.name)?,
            kind: hall.kind,
            time_zone: ZoneName::parse("America/Los_Angeles")?,
            currency: Currency::parse("USD")?,
        };
        let owner_user = new_user(owner, known)?;
        let tenant = self
            .application
            .accounts
            .create_tenant(tenant, owner_user)?;
        // The owner was made, or found, with the tenant: nobody asks for their id.
        for user in self.application.accounts.list_users(Some(&tenant.slug))? {
            known.people.insert(user.email.as_str().to_owned(), user.id);
        }
        Ok(tenant)
    }

    /// Everybody of a tenant but the last person of all.
    fn people(&self, tenant: &str, known: &mut Known) -> Result<(), DemoError> {
        let of_tenant = |sign_in: &&SignIn| sign_in.tenant == tenant && **sign_in != LAST;
        for sign_in in SIGN_INS.iter().filter(of_tenant) {
            self.person(sign_in, known)?;
        }
        Ok(())
    }

    fn person(&self, sign_in: &SignIn, known: &mut Known) -> Result<(), DemoError> {
        if known.people.contains_key(sign_in.email) {
            return Ok(());
        }
        let user = new_user(sign_in, known)?;
        let (slug, role) = (Slug::parse(sign_in.tenant)?, Role::parse(sign_in.role)?);
        let id = self
            .application
            .accounts
            .create_user(user, Some((&slug, &[role])))?;
        known.people.insert(sign_in.email.to_owned(), id);
        Ok(())
    }

    /// The organizations by name, made where they are missing.
    fn organizations(
        &self,
        call: &Call,
        wanted: Vec<OrganizationDetails>,
    ) -> Result<HashMap<String, OrganizationId>, DemoError> {
        let use_cases = &self.application.organizations;
        let there = use_cases.list(
            call,
            &OrganizationFilter::default(),
            &everything(OrganizationSort::Name),
        )?;
        let mut ids: HashMap<String, OrganizationId> = there
            .items
            .into_iter()
            .map(|found| (found.details.name.to_string(), found.id))
            .collect();
        for details in wanted {
            let name = details.name.to_string();
            if let Entry::Vacant(missing) = ids.entry(name) {
                missing.insert(use_cases.create(call, details)?.organization.id);
            }
        }
        Ok(ids)
    }

    /// The people at the organizations, made where there is nobody yet.
    fn contacts(
        &self,
        call: &Call,
        organizations: &HashMap<String, OrganizationId>,
    ) -> Result<(), DemoError> {
        let use_cases = &self.application.contacts;
        for name in contacts::organizations() {
            let organization = *organizations
                .get(name)
                .ok_or_else(|| DemoError::Missing(name.to_owned()))?;
            let here = ContactFilter {
                organization: Some(organization),
                ..ContactFilter::default()
            };
            let there = use_cases.list(call, &here, &everything(ContactSort::Created))?;
            // Each is made after the one before: as many as are there need not be made again.
            for details in contacts::at(name)?.into_iter().skip(there.items.len()) {
                let new = NewContact {
                    organization,
                    details,
                    rank: Rank::Other,
                };
                use_cases.create(call, new)?;
            }
        }
        Ok(())
    }

    /// Brings the members in as a hall does: from its roster, in one go, those that are there changed at most.
    fn members(&self, call: &Call, roster: &[MemberDetails]) -> Result<(), DemoError> {
        let (paper, options) = (Paper::of(roster), ImportOptions::default());
        let members = &self.application.members;
        members.import(call, &paper, options, &|_| {})?;
        Ok(())
    }

    fn member(&self, call: &Call, details: &MemberDetails) -> Result<MemberId, DemoError> {
        let number = &details.member_number;
        let found = self.application.members.find_by_number(call, number)?;
        Ok(found.value.id)
    }

    /// Ties the member's sign-in to their record.
    fn link(
        &self,
        call: &Call,
        tenant: &Tenant,
        roster: &[MemberDetails],
        known: &Known,
    ) -> Result<(), DemoError> {
        let details = roster::grievants(roster)
            .nth(roster::SIGNED_IN_GRIEVANT)
            .ok_or_else(|| DemoError::Missing("member who signs in".to_owned()))?;
        let member = self.member(call, details)?;
        let user = person_of(&MEMBER, known)?;
        self.application
            .accounts
            .link_member(&tenant.slug, user, member)?;
        Ok(())
    }

    fn grievances(
        &self,
        call: &Call,
        today: Date,
        roster: &[MemberDetails],
        (organizations, agreement): (&HashMap<String, OrganizationId>, CollectiveAgreementId),
        known: &Known,
    ) -> Result<(), DemoError> {
        let use_cases = &self.application.grievances;
        let desk = Desk {
            application: self.application,
            call,
            today,
        };
        let page = everything(GrievanceSort::Number);
        let there = use_cases
            .list(call, GrievanceFilter::default(), &page)?
            .value;
        // Each demo member has one grievance: that is how it is known again.
        let mut there: HashMap<MemberId, Grievance> = there
            .items
            .into_iter()
            .map(|grievance| (grievance.member, grievance))
            .collect();
        let mut diligence = Diligence::new(self.application, call, today);
        for (case, details) in cases().iter().zip(roster::grievants(roster)) {
            let member = self.member(call, details)?;
            let employer = organizations
                .get(case.employer)
                .ok_or_else(|| DemoError::Missing(case.employer.to_owned()))?;
            let carried_by = person_of(&case.carried_by, known)?;
            let filing = case.filing(today, (member, *employer), agreement, carried_by)?;
            let grievance = self.grievance(call, case, filing, there.remove(&member))?;
            diligence.see_to(case, &grievance)?;
            desk.lay(case.filed, grievance.id)?;
        }
        Ok(())
    }

    /// Fills the benevolence fund, and decides what members ask of it; the first of them is the one who signs in.
    fn benevolence(
        &self,
        call: &Call,
        tenant: &Tenant,
        today: Date,
        roster: &[MemberDetails],
        known: &Known,
    ) -> Result<(), DemoError> {
        let fund = Fund {
            application: self.application,
            clock: self.clock,
            tenant,
            call,
            today,
        };
        let user = |person: &SignIn| person_of(person, known);
        let (entries, seats) = (everything(EntrySort::Day), everything(SeatSort::Level));
        fund.found(user, &entries, &seats)?;
        let asking = roster::grievants(roster)
            .skip(roster::SIGNED_IN_GRIEVANT)
            .take(benevolence::COUNT);
        let members: Vec<MemberId> = asking
            .map(|details| self.member(call, details))
            .collect::<Result<_, _>>()?;
        fund.fill(&members, user, &everything(BenevolenceSort::Number))
    }

    /// Files a grievance unless it is there, and does with it what was not done yet.
    fn grievance(
        &self,
        call: &Call,
        case: &Case,
        filing: FileGrievance,
        there: Option<Grievance>,
    ) -> Result<Grievance, DemoError> {
        let use_cases = &self.application.grievances;
        let mut grievance = match there {
            Some(grievance) => grievance,
            None => use_cases.file(call, filing)?,
        };
        // Filing made its first version, and each event one more.
        let done =
            usize::try_from(grievance.version.get()).map_or(0, |count| count.saturating_sub(1));
        for event in case.events.iter().skip(done) {
            match case.command(event, grievance.filed_date)? {
                Command::Act(action) => grievance = use_cases.act(call, grievance.id, action)?,
                Command::Meet(meeting) => {
                    grievance = use_cases
                        .record_step(call, grievance.id, meeting)?
                        .grievance;
                }
            }
        }
        Ok(grievance)
    }
}

fn call(tenant: Tenant) -> Call {
    Call::new(Actor::operator(tenant), Origin::default())
}

fn new_user(sign_in: &SignIn, known: &Known) -> Result<NewUser, DemoError> {
    Ok(NewUser {
        email: EmailAddress::parse(sign_in.email)?,
        first_name: Line::parse(sign_in.first_name)?,
        last_name: Line::parse(sign_in.last_name)?,
        password: known.password.clone(),
    })
}

fn person_of(sign_in: &SignIn, known: &Known) -> Result<UserId, DemoError> {
    known
        .people
        .get(sign_in.email)
        .copied()
        .ok_or_else(|| DemoError::Missing(sign_in.email.to_owned()))
}

/// The first hundred: more than the demo has.
const fn everything<S>(sort: S) -> PageRequest<S> {
    PageRequest {
        limit: 100,
        after: None,
        sort,
        direction: Direction::Ascending,
        with_total: false,
    }
}

fn summary(hall: &Hall, members: usize, organizations: usize, grievances: usize) -> String {
    let Hall { slug, name, .. } = hall;
    format!(
        "made {slug}, {name}: {members} members, {organizations} organizations, {grievances} grievances"
    )
}

#[cfg(test)]
mod tests;
