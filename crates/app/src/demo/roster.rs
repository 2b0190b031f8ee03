//! The members of the demo halls, invented by dice that always fall the same way.

mod names;
mod paper;

use jiff::{ToSpan, civil::Date};
use unionhall_domain::{
    invalid::Invalid,
    members::{MemberClassification, MemberDetails, MemberNumber, MemberStatus},
    text::{Line, Prose},
    users::EmailAddress,
};

pub(super) use paper::Paper;

use super::{dice::Dice, sign_ins::MEMBER};
use MemberClassification::{
    Apprentice1, Apprentice2, Apprentice3, Apprentice4, Apprentice5, Foreman, Honorary, Journeyman,
    Retiree,
};

/// How many members the local has.
const LOCAL_SIZE: usize = 240;
/// How many members the trust has.
const TRUST_SIZE: usize = 40;
/// Every so many members at work, one has a grievance.
const GRIEVANTS_APART: usize = 7;
/// Which of them, counted from 0, is the member who can sign in.
pub(super) const SIGNED_IN_GRIEVANT: usize = 19;

/// What a hall's members are like.
struct Hall {
    seed: u64,
    size: usize,
    /// Comes before a number.
    prefix: &'static str,
    first_number: i64,
    /// Shares of a hundred; retirees have what they leave.
    classes: &'static [(i64, MemberClassification)],
}

const LOCAL: Hall = Hall {
    seed: 46,
    size: LOCAL_SIZE,
    prefix: "46-",
    first_number: 10_231,
    classes: &[
        (9, Apprentice1),
        (9, Apprentice2),
        (8, Apprentice3),
        (7, Apprentice4),
        (5, Apprentice5),
        (42, Journeyman),
        (11, Foreman),
        (2, Honorary),
    ],
};

const TRUST: Hall = Hall {
    seed: 1891,
    size: TRUST_SIZE,
    prefix: "PS-",
    first_number: 3_108,
    classes: &[
        (26, Apprentice1),
        (22, Apprentice2),
        (18, Apprentice3),
        (15, Apprentice4),
        (12, Apprentice5),
        (7, Journeyman),
    ],
};

/// The members of the local, oldest first. One of them is the member who can sign in.
pub(super) fn of_the_local(today: Date) -> Result<Vec<MemberDetails>, Invalid> {
    let mut members = LOCAL.members(today)?;
    let signed_in = members
        .iter_mut()
        .filter(|member| is_at_work(member))
        .step_by(GRIEVANTS_APART)
        .nth(SIGNED_IN_GRIEVANT);
    if let Some(member) = signed_in {
        member.first_name = Line::parse(MEMBER.first_name)?;
        member.last_name = Line::parse(MEMBER.last_name)?;
        member.email = Some(EmailAddress::parse(MEMBER.email)?);
        member.address = Some(Line::parse("3817 S Othello St")?);
        member.city = Some(Line::parse("Seattle")?);
        member.state = Some(Line::parse("WA")?);
        member.zip_code = Some(Line::parse("98118")?);
    }
    Ok(members)
}

/// The members of the trust, oldest first.
pub(super) fn of_the_trust(today: Date) -> Result<Vec<MemberDetails>, Invalid> {
    TRUST.members(today)
}

/// The members who have a grievance, one each.
pub(super) fn grievants(members: &[MemberDetails]) -> impl Iterator<Item = &MemberDetails> {
    members
        .iter()
        .filter(|member| is_at_work(member))
        .step_by(GRIEVANTS_APART)
}

/// Whether somebody is of those who work, or would like to.
pub(super) fn is_at_work(member: &MemberDetails) -> bool {
    let retired = matches!(member.classification, Retiree | Honorary);
    member.status == MemberStatus::Active && !retired
}

impl Hall {
    fn members(&self, today: Date) -> Result<Vec<MemberDetails>, Invalid> {
        let mut dice = Dice::new(self.seed);
        let mut people: Vec<Person> = (0..self.size)
            .map(|_| Person::invent(&mut dice, self.classes))
            .collect();
        // Halls give out numbers in the order in which people join.
        people.sort_by_key(|person| std::cmp::Reverse(person.joined));
        let mut number = self.first_number;
        let member = |person: Person| {
            number = number.saturating_add(dice.between(3, 40));
            person.details(&format!("{}{number}", self.prefix), today, &mut dice)
        };
        people.into_iter().map(member).collect()
    }
}

/// Somebody, with their dates as days before today.
struct Person {
    class: MemberClassification,
    status: MemberStatus,
    joined: i64,
    born: i64,
}

impl Person {
    fn invent(dice: &mut Dice, classes: &[(i64, MemberClassification)]) -> Self {
        let class = dice.by_share(classes, Retiree);
        // Years since joining, and age at joining.
        let (years, age) = match class {
            Apprentice1 => ((0, 0), (18, 34)),
            Apprentice2 => ((1, 1), (18, 34)),
            Apprentice3 => ((2, 2), (18, 34)),
            Apprentice4 => ((3, 3), (18, 34)),
            Apprentice5 => ((4, 4), (18, 34)),
            Journeyman => ((5, 28), (18, 33)),
            Foreman => ((8, 32), (18, 30)),
            Retiree => ((31, 44), (19, 25)),
            Honorary => ((38, 48), (19, 24)),
        };
        let days = |dice: &mut Dice, (least, most): (i64, i64)| {
            let years = dice.between(least, most);
            years
                .saturating_mul(365)
                .saturating_add(dice.between(10, 355))
        };
        let joined = days(dice, years);
        let born = joined.saturating_add(days(dice, age));
        Self {
            class,
            status: status(dice, class),
            joined,
            born,
        }
    }

    fn details(self, number: &str, today: Date, dice: &mut Dice) -> Result<MemberDetails, Invalid> {
        let (first, last) = (dice.pick(&names::FIRST), dice.pick(&names::LAST));
        let middle = dice.pick(&names::MIDDLE);
        let (city, zip, area) = dice.pick(&names::CITIES);
        let (house, street) = (dice.between(101, 9_899), dice.pick(&names::STREETS));
        let phone = format!("{area}-555-01{:02}", dice.between(0, 99));
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        let email = format!(
            "{}.{}.{digits}@{}",
            names::plain(first),
            names::plain(last),
            dice.pick(&["example.com", "example.net", "example.org"])
        );
        let address = format!("{house} {street}");
        let at_home = dice.happens(94);
        Ok(MemberDetails {
            member_number: MemberNumber::parse(number)?,
            first_name: Line::parse(first)?,
            last_name: Line::parse(last)?,
            middle_name: given(dice.happens(35).then_some(middle), Line::parse)?,
            address: given(at_home.then_some(address.as_str()), Line::parse)?,
            city: given(at_home.then_some(city), Line::parse)?,
            state: given(at_home.then_some("WA"), Line::parse)?,
            zip_code: given(at_home.then_some(zip), Line::parse)?,
            phone: given(dice.happens(90).then_some(phone.as_str()), Line::parse)?,
            email: given(
                dice.happens(76).then_some(email.as_str()),
                EmailAddress::parse,
            )?,
            date_of_birth: dice.happens(92).then(|| before(today, self.born)),
            hire_date: dice.happens(97).then(|| before(today, self.joined)),
            status: self.status,
            classification: self.class,
            notes: given(
                dice.happens(12).then(|| dice.pick(&names::NOTES)),
                Prose::parse,
            )?,
        })
    }
}

fn status(dice: &mut Dice, class: MemberClassification) -> MemberStatus {
    use MemberStatus::{Active, Deceased, Inactive, Retired, Suspended};
    match class {
        Retiree => dice.by_share(&[(82, Retired)], Deceased),
        Honorary => dice.by_share(&[(60, Active), (30, Retired)], Deceased),
        Apprentice1 | Apprentice2 | Apprentice3 | Apprentice4 | Apprentice5 => {
            dice.by_share(&[(92, Active), (6, Inactive)], Suspended)
        }
        Journeyman | Foreman => dice.by_share(&[(90, Active), (6, Inactive)], Suspended),
    }
}

fn given<T>(
    text: Option<&str>,
    parse: impl Fn(&str) -> Result<T, Invalid>,
) -> Result<Option<T>, Invalid> {
    text.map(parse).transpose()
}

fn before(today: Date, days: i64) -> Date {
    today.saturating_sub(days.days())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2026, 11, 21);

    #[test]
    fn every_member_can_be_made_and_has_a_number_of_their_own() {
        for today in [TODAY, date(2028, 2, 29), date(2100, 1, 1)] {
            for members in [of_the_local(today).unwrap(), of_the_trust(today).unwrap()] {
                let mut numbers = HashSet::new();
                for member in &members {
                    assert_eq!(member.check(today), Ok(()));
                    assert!(numbers.insert(member.member_number.clone()));
                }
            }
        }
    }

    #[test]
    fn the_halls_have_the_same_members_on_another_day() {
        let who = |today| -> Vec<_> {
            let members = of_the_local(today).unwrap();
            let who =
                |member: MemberDetails| (member.member_number, member.last_name, member.email);
            members.into_iter().map(who).collect()
        };
        assert_eq!(who(TODAY), who(date(2027, 3, 1)));
    }

    #[test]
    fn the_local_is_mixed_as_locals_are() {
        let members = of_the_local(TODAY).unwrap();
        assert_eq!(members.len(), LOCAL_SIZE);
        let active = |member: &&MemberDetails| member.status == MemberStatus::Active;
        assert!((190..225).contains(&members.iter().filter(active).count()));
        for status in MemberStatus::ALL {
            assert!(
                members.iter().any(|member| member.status == status),
                "{status:?}"
            );
        }
        for class in MemberClassification::ALL {
            assert!(
                members.iter().any(|member| member.classification == class),
                "{class:?}"
            );
        }
    }

    #[test]
    fn names_are_written_as_people_write_them_and_addresses_in_ascii() {
        let members = of_the_local(TODAY).unwrap();
        let any = |wanted: fn(&str) -> bool| {
            members
                .iter()
                .any(|member| wanted(member.last_name.as_str()))
        };
        assert!(any(|name| !name.is_ascii()));
        assert!(any(|name| name.contains('-')));
        assert!(any(|name| name.contains('\'')));
        let ascii = |member: &MemberDetails| {
            member
                .email
                .as_ref()
                .is_none_or(|email| email.as_str().is_ascii())
        };
        assert!(members.iter().all(ascii));
    }

    #[test]
    fn nobody_can_be_reached_by_an_invented_telephone_number_or_address() {
        for member in of_the_local(TODAY).unwrap() {
            let reserved = |email: &EmailAddress| {
                let (_, domain) = email.as_str().split_once('@').unwrap();
                domain.starts_with("example.") || domain.ends_with(".example")
            };
            assert!(member.email.as_ref().is_none_or(reserved));
            assert!(
                member
                    .phone
                    .is_none_or(|phone| phone.as_str().contains("-555-01"))
            );
        }
    }

    #[test]
    fn the_member_who_can_sign_in_has_a_grievance() {
        let members = of_the_local(TODAY).unwrap();
        let grievant = grievants(&members).nth(SIGNED_IN_GRIEVANT).unwrap();
        assert_eq!(grievant.email.as_ref().unwrap().as_str(), MEMBER.email);
    }
}
