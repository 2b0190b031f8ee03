//! The money: what is put into the fund, what is corrected, and what it holds.

use jiff::civil::Date;
use unionhall_domain::{
    audit::{AuditAction, Target, created},
    benevolence::{EntryKind, Fund, FundEntry, Rules},
    ids::Id,
    money::Amount,
    text::Line,
};
use unionhall_ports::{
    benevolence::EntrySort,
    pages::{Page, PageRequest},
};

use super::{Benevolence, BenevolenceError};
use crate::{call::Call, core::Recorded, permissions::Permission};

/// Money to be put into the fund, or to be taken out other than to a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnterMoney {
    /// In or out.
    pub kind: EntryKind,
    /// How much: 0.01 or more of the tenant's currency.
    pub amount: Amount,
    /// Where it comes from, or why it goes.
    pub source: Line<255>,
    /// The day; today in the tenant's time zone when nothing is said.
    pub on: Option<Date>,
}

/// What the fund holds on a day, and what can still be granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FundStatement {
    /// The sums.
    pub fund: Fund,
    /// The rules of the day, with the reserve and the caps.
    pub rules: Rules,
    /// What can still be granted, the reserve aside.
    pub available: Amount,
}

impl Benevolence {
    /// Puts money into the fund, or corrects what was put in; what is promised is not taken out.
    ///
    /// # Errors
    /// [`BenevolenceError`].
    pub fn enter(&self, call: &Call, command: EnterMoney) -> Result<FundEntry, BenevolenceError> {
        call.actor.require(Permission::BenevolenceFund)?;
        self.core.change(call, |change| {
            let today = change.today();
            let entry = FundEntry {
                id: Id::new(change.new_id()),
                kind: command.kind,
                amount: command.amount,
                source: command.source,
                on: command.on.unwrap_or(today),
                recorded_by: call.actor.user_id(),
                created_at: change.now,
            };
            entry.check(today).map_err(BenevolenceError::Invalid)?;
            let fund = change.tx.benevolence_fund().hold()?;
            let fund = fund.entered(entry.kind, entry.amount)?;
            change.tx.benevolence_fund().keep(&fund)?;
            change.tx.benevolence_fund().insert_entry(&entry)?;
            let fields = created(entry.fields());
            let (action, target) = (AuditAction::Created, Target::BenevolenceFund);
            change.record(action, target, entry.id.uuid(), fields, Vec::new());
            Ok(entry)
        })
    }

    /// What the fund holds today, and what can still be granted.
    ///
    /// # Errors
    /// [`BenevolenceError`].
    pub fn statement(&self, call: &Call) -> Result<FundStatement, BenevolenceError> {
        call.actor.require(Permission::BenevolenceFund)?;
        let today = call.actor.today(self.core.clock.now());
        self.core.snapshot(call, |tx| {
            let fund = tx.benevolence_fund().find()?;
            let rules = tx.benevolence_bench().rules()?.in_force(today);
            let available = fund.available(rules.reserve);
            Ok(FundStatement {
                fund,
                rules,
                available,
            })
        })
    }

    /// What was put into the fund and what was corrected.
    ///
    /// # Errors
    /// [`BenevolenceError`].
    pub fn entries(
        &self,
        call: &Call,
        page: &PageRequest<EntrySort>,
    ) -> Result<Recorded<Page<FundEntry>>, BenevolenceError> {
        call.actor.require(Permission::BenevolenceFund)?;
        let found = self.core.read(call, |tx| {
            Ok::<_, BenevolenceError>(tx.benevolence_fund().entries(page)?)
        })?;
        let details = vec![("count", found.items.len().to_string())];
        Ok(self
            .core
            .recorded_list(call, Target::BenevolenceFund, details, found)?)
    }
}
