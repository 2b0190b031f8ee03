//! Paying and funding: never more than was granted, back with a reason, and money in and out of the fund.

use unionhall_domain::{
    benevolence::{
        EntryKind, MOST_PAYMENTS, PaidOut, Payment, PaymentId, PaymentMethod, Reversal, Status,
    },
    roles::Role,
    text::Line,
};

use unionhall_ports::{benevolence::PaymentFilter, pages::Page, storage::StorageError};

use super::*;
use crate::{
    benevolence::{EnterMoney, PayAward},
    error::{Code, Coded},
    fixtures::{Hall, audited, call, code, mailed, page, told, wrong_fields},
};

const CHECK: PaymentId = id(9_001);

fn paying(amount: &str) -> PayAward {
    PayAward {
        amount: dollars(amount),
        method: PaymentMethod::Check,
        reference: Line::parse("1044").unwrap(),
        on: None,
    }
}

fn payment(reversal: Option<Reversal>) -> Payment {
    Payment {
        id: CHECK,
        application: ASK,
        amount: dollars("200"),
        method: PaymentMethod::Check,
        reference: Line::parse("1044").unwrap(),
        on: TODAY,
        paid_by: None,
        created_at: now(),
        reversal,
    }
}

/// Tells the mocks that so many payments were made.
fn paid_so_far(mocks: &mut MockRepositories, payments: usize) {
    mocks
        .benevolence_file
        .expect_payments()
        .returning(move |_| Ok(vec![payment(None); payments]));
}

fn entering(kind: EntryKind, amount: &str) -> EnterMoney {
    EnterMoney {
        kind,
        amount: dollars(amount),
        source: Line::parse("Raffle of June").unwrap(),
        on: None,
    }
}

#[test]
fn money_asks_for_its_permission_before_it_touches_a_port() {
    let hall = Hall::untouchable();
    let fund = &hall.application.benevolence;
    for role in [Role::Staff, Role::Organizer, Role::Member, Role::Contact] {
        let call = call(role);
        let codes = [
            code(fund.pay(&call, ASK, paying("1"))),
            code(fund.reverse(&call, CHECK, words("Lost."))),
            code(fund.enter(&call, entering(EntryKind::Deposit, "1"))),
            code(fund.statement(&call)),
            code(fund.entries(&call, &page())),
            code(fund.paid_out(&call, &PaymentFilter::default(), &page())),
        ];
        assert_eq!(codes, [Code::Forbidden; 6]);
    }
    assert_eq!(hall.runs(), []);
}

#[test]
fn a_payment_leaves_the_fund_and_the_last_one_makes_the_application_paid() {
    let mut mocks = with_case(awarded("600", "400"));
    ruled(&mut mocks, Naming::Shown);
    let events = audited(&mut mocks);
    let mails = mailed(&mut mocks);
    let kept = keeping(&mut mocks);
    let left = funded(&mut mocks, fund("1000", "600", "400"));
    paid_so_far(&mut mocks, 1);
    mocks
        .benevolence_file
        .expect_insert_payment()
        .withf(|payment| payment.on == TODAY && payment.paid_by == Some(CALLER))
        .times(1)
        .returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    let fund_of = &hall.application.benevolence;
    fund_of
        .pay(&call(Role::Officer), ASK, paying("200"))
        .unwrap();
    assert_eq!(kept.lock().unwrap()[0].state.status(), Status::Paid);
    assert_eq!(*left.lock().unwrap(), [fund("1000", "600", "600")]);
    let expected = [
        ("created", "benevolence_fund"),
        ("moved", "benevolence_application"),
    ];
    assert_eq!(told(&events), expected);
    let subject = &mails.lock().unwrap()[0].subject;
    assert_eq!(subject, "Your application BF-2026-0001 was paid");
}

#[test]
fn what_is_entered_twice_is_one_payment() {
    let mut mocks = with_case(awarded("600", "0"));
    funded(&mut mocks, fund("1000", "600", "0"));
    paid_so_far(&mut mocks, 1);
    mocks
        .benevolence_file
        .expect_insert_payment()
        .returning(|_| {
            Err(StorageError::Constraint {
                name: "benevolence_payments_reference_key".to_owned(),
            })
        });
    let hall = Hall::over(mocks);
    let fund = &hall.application.benevolence;
    let again = fund.pay(&call(Role::Officer), ASK, paying("200"));
    assert_eq!(code(again), Code::Duplicate);
    assert!(hall.rolled_back());
}

#[test]
fn more_than_is_open_is_not_paid_nor_anything_before_the_award_or_to_oneself() {
    let held = |state: State| {
        let mut mocks = with_case(state);
        funded(&mut mocks, fund("1000", "600", "400"));
        Hall::over(mocks)
    };
    let hall = held(awarded("600", "400"));
    let fund = &hall.application.benevolence;
    let officer = call(Role::Officer);
    let wrong = wrong_fields(fund.pay(&officer, ASK, paying("200.01")));
    assert_eq!(wrong, [("amount".to_owned(), "above_the_award")]);
    let early = PayAward {
        on: Some(date(2026, 11, 20)),
        ..paying("200")
    };
    let wrong = wrong_fields(fund.pay(&officer, ASK, early));
    assert_eq!(wrong, [("payment_date".to_owned(), "before_the_award")]);
    let own = fund.pay(&ada_as(Role::Owner), ASK, paying("200"));
    assert_eq!(code(own), Code::NotOneself);

    let hall = held(under_review(Level::Vp));
    let fund = &hall.application.benevolence;
    assert_eq!(
        code(fund.pay(&officer, ASK, paying("1"))),
        Code::IllegalMove
    );
}

#[test]
fn a_payment_is_taken_back_once_and_its_money_is_promised_again() {
    let reversible = |reversal: Option<Reversal>| {
        let mut mocks = with_case(awarded("600", "600"));
        ruled(&mut mocks, Naming::Shown);
        audited(&mut mocks);
        mailed(&mut mocks);
        let kept = keeping(&mut mocks);
        let left = funded(&mut mocks, fund("1000", "600", "600"));
        mocks
            .benevolence_file
            .expect_find_payment()
            .returning(move |id| Ok((id == CHECK).then(|| payment(reversal.clone()))));
        mocks
            .benevolence_file
            .expect_reverse_payment()
            .returning(|_| Ok(()));
        (Hall::over(mocks), kept, left)
    };
    let officer = call(Role::Officer);
    let (hall, kept, left) = reversible(None);
    let benevolence = &hall.application.benevolence;
    let back = benevolence.reverse(&officer, CHECK, words("The check was lost."));
    let reversal = back.unwrap().payment.reversal.unwrap();
    assert_eq!(reversal.reason.as_str(), "The check was lost.");
    assert_eq!(kept.lock().unwrap()[0].state, awarded("600", "400"));
    assert_eq!(*left.lock().unwrap(), [fund("1000", "600", "400")]);
    let missing = benevolence.reverse(&officer, id(1), words("Lost."));
    assert_eq!(code(missing), Code::NotFound);

    let (hall, _, left) = reversible(Some(reversal));
    let twice = hall
        .application
        .benevolence
        .reverse(&officer, CHECK, words("Again."));
    assert_eq!(code(twice), Code::IllegalMove);
    assert!(left.lock().unwrap().is_empty());
}

#[test]
fn money_goes_in_and_what_is_promised_does_not_come_out() {
    let over = |held| {
        let mut mocks = MockRepositories::default();
        audited(&mut mocks);
        let left = funded(&mut mocks, held);
        mocks
            .benevolence_fund
            .expect_insert_entry()
            .returning(|_| Ok(()));
        (Hall::over(mocks), left)
    };
    let officer = call(Role::Officer);
    let (hall, left) = over(fund("100", "80", "0"));
    let benevolence = &hall.application.benevolence;
    benevolence
        .enter(&officer, entering(EntryKind::Deposit, "50"))
        .unwrap();
    assert_eq!(*left.lock().unwrap(), [fund("150", "80", "0")]);
    let promised = benevolence.enter(&officer, entering(EntryKind::Correction, "20.01"));
    assert_eq!(promised.unwrap_err().code(), Code::FundShort);
    let nothing = benevolence.enter(&officer, entering(EntryKind::Deposit, "0"));
    assert_eq!(
        wrong_fields(nothing),
        [("amount".to_owned(), "not_positive")]
    );
}

#[test]
fn the_statement_says_what_can_still_be_granted() {
    let mut mocks = MockRepositories::default();
    ruled(&mut mocks, Naming::Shown);
    mocks
        .benevolence_fund
        .expect_find()
        .returning(|| Ok(fund("1000", "300", "100")));
    let hall = Hall::over(mocks);
    let statement = hall
        .application
        .benevolence
        .statement(&call(Role::Officer))
        .unwrap();
    assert_eq!(statement.available, dollars("600"));
    assert_eq!(statement.fund.cash(), dollars("900"));
}

#[test]
fn what_was_paid_out_of_the_fund_is_listed_on_record_as_the_filter_says() {
    let mut mocks = MockRepositories::default();
    let filter = PaymentFilter {
        from: Some(TODAY),
        method: Some(PaymentMethod::Check),
        reversed: Some(false),
        ..PaymentFilter::default()
    };
    mocks
        .benevolence_fund
        .expect_payments()
        .withf(move |asked, page| *asked == filter && page.limit == 50)
        .returning(|_, _| {
            let paid = PaidOut {
                payment: payment(None),
                number: BenevolenceNumber::new(2026, 1).unwrap(),
            };
            Ok(Page {
                items: vec![paid],
                next: None,
                total: Some(1),
            })
        });
    let hall = Hall::over(mocks);
    let fund = &hall.application.benevolence;
    let found = fund.paid_out(&call(Role::Officer), &filter, &page());
    assert_eq!(found.unwrap().value.items[0].payment, payment(None));
    assert_eq!(told(&hall.reads), [("listed", "benevolence_fund")]);
}

#[test]
fn an_application_has_no_more_payments_than_one_page_can_show() {
    let mut mocks = with_case(awarded("600", "0"));
    funded(&mut mocks, fund("1000", "600", "0"));
    paid_so_far(&mut mocks, MOST_PAYMENTS);
    let hall = Hall::over(mocks);
    let fund = &hall.application.benevolence;
    let refused = fund.pay(&call(Role::Officer), ASK, paying("1"));
    assert_eq!(wrong_fields(refused), [("amount".to_owned(), "too_many")]);
}
