//! How a deadline was found, as JSON: every step of the working, so that it can be shown when rules and calendars have
//! moved on.

use jiff::civil::Date;
use serde_json::{Value, json};
use unionhall_domain::{
    collective_agreements::{CollectiveAgreementId, DayKind, EventKind},
    deadlines::{
        Accord, Basis, Count, Derivation, Extended, Extension, Grant, OffDay, Rolled, Service,
        Stage, Trigger, Way,
    },
    holidays::{DayOff, Holiday, parse_weekday, weekday_as_str},
    ids::Id,
    text::{Line, Prose},
    version::Version,
};

use crate::{
    collective_agreements::rules::{self, days},
    errors::InconsistentRow,
    json::StoredJson,
};

type Read<T> = Result<T, InconsistentRow>;

/// The derivation as it is kept.
pub(super) fn to_json(derivation: &Derivation) -> Value {
    let Derivation {
        basis,
        trigger,
        calendars,
        stages,
        due,
    } = derivation;
    let Basis {
        agreement,
        agreement_name,
        rules: version,
        rule,
    } = basis;
    let calendar =
        |(year, version): &(i16, Version)| json!({"year": year, "version": version.get()});
    json!({
        "agreement": agreement.to_string(),
        "agreement_name": agreement_name.as_str(),
        "rules": version.get(),
        "rule": rules::to_json(rule),
        "event": trigger.kind.as_str(),
        "event_date": trigger.date.to_string(),
        "service": trigger.service.as_str(),
        "calendars": calendars.iter().map(calendar).collect::<Value>(),
        "stages": stages.iter().map(stage_to_json).collect::<Value>(),
        "due": due.to_string(),
    })
}

/// The derivation as it was kept.
pub(super) fn from_json(kept: StoredJson<'_>) -> Read<Derivation> {
    let calendar = |kept: StoredJson<'_>| Ok((kept.number("year")?, kept.version("version")?));
    Ok(Derivation {
        basis: Basis {
            agreement: kept.parsed("agreement", |text| {
                Id::parse(text).map(|id: CollectiveAgreementId| id)
            })?,
            agreement_name: kept.parsed("agreement_name", Line::parse)?,
            rules: kept.version("rules")?,
            rule: rules::from_json(kept.member("rule")?)?,
        },
        trigger: Trigger {
            kind: kept.parsed("event", EventKind::parse)?,
            date: kept.date("event_date")?,
            service: kept.parsed("service", Service::parse)?,
        },
        calendars: kept.member("calendars")?.each(calendar)?,
        stages: kept.member("stages")?.each(stage_from_json)?,
        due: kept.date("due")?,
    })
}

fn stage_to_json(stage: &Stage) -> Value {
    match stage {
        Stage::Counted(count) => json!({"counted": count_to_json(count)}),
        Stage::MailAdded(count) => json!({"mail_added": count_to_json(count)}),
        Stage::Rolled(rolled) => {
            let Rolled {
                from,
                way,
                passed,
                to,
            } = rolled;
            json!({"rolled": {
                "from": off_to_json(from),
                "way": way.as_str(),
                "passed": passed.iter().map(off_to_json).collect::<Value>(),
                "to": to.to_string(),
            }})
        }
        Stage::Stands(day) => json!({"stands": off_to_json(day)}),
        Stage::Extended(extended) => {
            let Extended {
                extension,
                from,
                counted,
                to,
            } = extended;
            json!({"extended": {
                "accord": accord_to_json(&extension.accord),
                "grant": grant_to_json(extension.grant),
                "from": from.to_string(),
                "counted": counted.as_ref().map(count_to_json),
                "to": to.to_string(),
            }})
        }
    }
}

fn stage_from_json(kept: StoredJson<'_>) -> Read<Stage> {
    if let Some(count) = kept.optional_member("counted") {
        return Ok(Stage::Counted(count_from_json(count)?));
    }
    if let Some(count) = kept.optional_member("mail_added") {
        return Ok(Stage::MailAdded(count_from_json(count)?));
    }
    if let Some(rolled) = kept.optional_member("rolled") {
        return Ok(Stage::Rolled(Rolled {
            from: off_from_json(rolled.member("from")?)?,
            way: rolled.parsed("way", Way::parse)?,
            passed: rolled.member("passed")?.each(off_from_json)?,
            to: rolled.date("to")?,
        }));
    }
    if let Some(day) = kept.optional_member("stands") {
        return Ok(Stage::Stands(off_from_json(day)?));
    }
    let extended = kept.member("extended")?;
    let counted = extended.optional_member("counted");
    Ok(Stage::Extended(Extended {
        extension: Extension {
            accord: accord_from_json(extended.member("accord")?)?,
            grant: grant_from_json(extended.member("grant")?)?,
        },
        from: extended.date("from")?,
        counted: counted.map(count_from_json).transpose()?,
        to: extended.date("to")?,
    }))
}

fn count_to_json(count: &Count) -> Value {
    let Count {
        from,
        days,
        kind,
        skipped,
        last,
    } = count;
    json!({
        "from": from.to_string(),
        "days": days.get(),
        "kind": kind.as_str(),
        "skipped": skipped.iter().map(off_to_json).collect::<Value>(),
        "last": last.to_string(),
    })
}

fn count_from_json(kept: StoredJson<'_>) -> Read<Count> {
    Ok(Count {
        from: kept.date("from")?,
        days: days(kept)?,
        kind: kept.parsed("kind", DayKind::parse)?,
        skipped: kept.member("skipped")?.each(off_from_json)?,
        last: kept.date("last")?,
    })
}

fn off_to_json(off: &OffDay) -> Value {
    let date = off.date.to_string();
    match &off.why {
        DayOff::Weekday(weekday) => json!({"date": date, "weekday": weekday_as_str(*weekday)}),
        DayOff::Holiday(Holiday { name, observed_for }) => json!({
            "date": date,
            "holiday": name.as_str(),
            "observed_for": observed_for.map(|day: Date| day.to_string()),
        }),
    }
}

fn off_from_json(kept: StoredJson<'_>) -> Read<OffDay> {
    let why = match kept.optional("weekday", parse_weekday)? {
        Some(weekday) => DayOff::Weekday(weekday),
        None => {
            let observed_for = kept.optional_member("observed_for");
            let observed_for = observed_for.map(|_| kept.date("observed_for"));
            DayOff::Holiday(Holiday {
                name: kept.parsed("holiday", Line::parse)?,
                observed_for: observed_for.transpose()?,
            })
        }
    };
    Ok(OffDay {
        date: kept.date("date")?,
        why,
    })
}

/// What the sides agreed on, as it is kept.
pub(super) fn accord_to_json(accord: &Accord) -> Value {
    let Accord {
        agreed_on,
        for_union,
        for_employer,
        note,
    } = accord;
    json!({
        "agreed_on": agreed_on.to_string(),
        "for_union": for_union.as_str(),
        "for_employer": for_employer.as_str(),
        "note": note.as_ref().map(|note| note.as_str()),
    })
}

/// What the sides agreed on, as it was kept.
pub(super) fn accord_from_json(kept: StoredJson<'_>) -> Read<Accord> {
    Ok(Accord {
        agreed_on: kept.date("agreed_on")?,
        for_union: kept.parsed("for_union", Line::parse)?,
        for_employer: kept.parsed("for_employer", Line::parse)?,
        note: kept.optional("note", Prose::parse)?,
    })
}

fn grant_to_json(grant: Grant) -> Value {
    match grant {
        Grant::Until(day) => json!({"until": day.to_string()}),
        Grant::Days(days, kind) => json!({"days": days.get(), "kind": kind.as_str()}),
    }
}

fn grant_from_json(kept: StoredJson<'_>) -> Read<Grant> {
    if kept.optional_member("until").is_some() {
        return Ok(Grant::Until(kept.date("until")?));
    }
    let kind = kept.parsed("kind", DayKind::parse)?;
    Ok(Grant::Days(days(kept)?, kind))
}
