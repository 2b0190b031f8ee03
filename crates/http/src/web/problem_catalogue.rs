//! The one table of what goes wrong: for each code its status, its title, and the words that explain it.
//!
//! The answers, the pages under `/problems` and `docs/errors.md` all take their words from here.

use unionhall_application::error::Code;

/// What is known of a code, whatever the request was.
///
/// In the words, what stands between backticks is a name on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The HTTP status that every answer with this code has.
    pub status: u16,
    /// What went wrong in a few words, the same in every answer, without a full stop.
    pub title: &'static str,
    /// What it means, in a sentence or more, for whoever writes a client.
    pub meaning: &'static str,
    /// What a client, or the person before it, should do now.
    pub remedy: &'static str,
}

/// The status of an answer with this code.
#[must_use]
pub const fn status(code: Code) -> u16 {
    entry(code).status
}

/// The title of an answer with this code: a few words, without a full stop.
#[must_use]
pub const fn title(code: Code) -> &'static str {
    entry(code).title
}

/// The code with this name on the wire, such as `not_found`.
#[must_use]
pub fn find(name: &str) -> Option<Code> {
    Code::ALL.into_iter().find(|code| code.as_str() == name)
}

/// Everything that is known of a code.
#[must_use]
pub const fn entry(code: Code) -> Entry {
    match code {
        Code::BadRequest => BAD_REQUEST,
        Code::Unauthenticated => UNAUTHENTICATED,
        Code::SignInRefused => SIGN_IN_REFUSED,
        Code::NoPlace => NO_PLACE,
        Code::RegistrationClosed => REGISTRATION_CLOSED,
        Code::SecondFactorRefused => SECOND_FACTOR_REFUSED,
        Code::Forbidden => FORBIDDEN,
        Code::SecondFactorRequired => SECOND_FACTOR_REQUIRED,
        Code::TenantReadOnly => TENANT_READ_ONLY,
        Code::NotOneself => NOT_ONESELF,
        Code::AboveOwnRole => ABOVE_OWN_ROLE,
        Code::Barred => BARRED,
        Code::NotFound => NOT_FOUND,
        Code::MethodNotAllowed => METHOD_NOT_ALLOWED,
        Code::IllegalMove => ILLEGAL_MOVE,
        Code::Duplicate => DUPLICATE,
        Code::JobsOverlap => JOBS_OVERLAP,
        Code::SessionsOverlap => SESSIONS_OVERLAP,
        Code::InUse => IN_USE,
        Code::LimitReached => LIMIT_REACHED,
        Code::LastOwner => LAST_OWNER,
        Code::FundShort => FUND_SHORT,
        Code::NoSeat => NO_SEAT,
        Code::OverCap => OVER_CAP,
        Code::NotMade => NOT_MADE,
        Code::ChangedMeanwhile => CHANGED_MEANWHILE,
        Code::Stale => STALE,
        Code::KeyInProgress => KEY_IN_PROGRESS,
        Code::KeyReused => KEY_REUSED,
        Code::TooLarge => TOO_LARGE,
        Code::TooManyRows => TOO_MANY_ROWS,
        Code::UnsupportedMediaType => UNSUPPORTED_MEDIA_TYPE,
        Code::RangeNotSatisfiable => RANGE_NOT_SATISFIABLE,
        Code::InvalidFields => INVALID_FIELDS,
        Code::RateLimited => RATE_LIMITED,
        Code::Unavailable => UNAVAILABLE,
        Code::Internal => INTERNAL,
    }
}

const BAD_REQUEST: Entry = Entry {
    status: 400,
    title: "The request cannot be understood",
    meaning: "Its body is not JSON, or a parameter of its address or a header is not of the form that is documented.",
    remedy: "Correct the request; `detail` says what could not be read. Sending it again unchanged does not help.",
};

const UNAUTHENTICATED: Entry = Entry {
    status: 401,
    title: "Nobody is signed in",
    meaning: "There is no access token, or it has run out, or its session was ended, or its user may not sign in any more.",
    remedy: "Get a new access token with the refresh token, or sign in again.",
};

const SIGN_IN_REFUSED: Entry = Entry {
    status: 401,
    title: "The sign-in was refused",
    meaning: "E-mail address and password do not let anybody in. The answer is the same whatever the reason is, so that nobody learns which addresses exist.",
    remedy: "Ask the person to check both. If they are right, an administrator of the tenant can look at the account.",
};

const NO_PLACE: Entry = Entry {
    status: 403,
    title: "You have no place in any hall yet",
    meaning: "Address and password are right, but no hall has given the person a place, so there is nothing to sign in to.",
    remedy: "Ask your hall to invite you, and follow the link of the invitation.",
};

const REGISTRATION_CLOSED: Entry = Entry {
    status: 403,
    title: "Nobody can register here by themselves",
    meaning: "This installation makes accounts by invitation, or not at all (`registration.mode`).",
    remedy: "Ask your hall to invite you; where no accounts are made by invitation either, ask whoever runs the installation.",
};

const SECOND_FACTOR_REFUSED: Entry = Entry {
    status: 401,
    title: "The second factor was refused",
    meaning: "The code is not the present one, or was used before, or the sign-in has waited for it for more than five minutes or been tried five times. The answer is the same whatever the reason is.",
    remedy: "Ask the person for the code that the phone shows now, or for a recovery code that was not used. If that is refused too, sign in anew from the password on.",
};

const SECOND_FACTOR_REQUIRED: Entry = Entry {
    status: 403,
    title: "A second factor is required",
    meaning: "The tenant wants a second factor of whoever holds one of the person's roles. Without one nothing else is open than setting it up, seeing who one is, and leaving; and it cannot be removed.",
    remedy: "Let the person set a second factor up under `/me/second-factor`, and send the request again.",
};

const FORBIDDEN: Entry = Entry {
    status: 403,
    title: "This is not allowed",
    meaning: "The sign-in is good, but none of the roles that the person holds in this tenant allows it.",
    remedy: "Do not repeat the request. An owner or administrator of the tenant can give a role that allows it.",
};

const TENANT_READ_ONLY: Entry = Entry {
    status: 403,
    title: "The tenant can be read and not changed",
    meaning: "The trial of the tenant has ended, or the tenant is suspended or canceled; `detail` says which. Everything in it is kept and can be read, and people can still sign in and look after their own sign-in.",
    remedy: "Do not repeat the request. Whoever runs this installation can make the tenant active again.",
};

const NOT_ONESELF: Entry = Entry {
    status: 403,
    title: "Nobody does this to themselves",
    meaning: "Nobody changes their own roles, or suspends or removes themselves, whatever their roles are.",
    remedy: "Ask another owner or administrator of the tenant.",
};

const ABOVE_OWN_ROLE: Entry = Entry {
    status: 403,
    title: "It is above your own roles",
    meaning: "Nobody gives, takes or prolongs a role above the highest that they hold, or changes a user who holds such a role.",
    remedy: "Ask somebody who holds the role that `detail` names, or a higher one.",
};

const BARRED: Entry = Entry {
    status: 403,
    title: "Somebody else has to review it",
    meaning: "The caller has no seat at the level that decides, or reviewed the application at another level, or applies or is related to who applies.",
    remedy: "Let somebody else who sits at the level review it; where there is nobody, an administrator seats somebody.",
};

const NOT_FOUND: Entry = Entry {
    status: 404,
    title: "There is no such thing",
    meaning: "Nothing is at this address, as far as the caller may know: it never existed, was deleted, or belongs to another tenant.",
    remedy: "Check the address and the id, and the tenant that is signed in to.",
};

const METHOD_NOT_ALLOWED: Entry = Entry {
    status: 405,
    title: "The address does not take this method",
    meaning: "There is something at this address, but it is not made for this method.",
    remedy: "Use one of the methods in the header `Allow`.",
};

const ILLEGAL_MOVE: Entry = Entry {
    status: 409,
    title: "The status does not allow this",
    meaning: "The record is in a status from which the wanted move does not lead on.",
    remedy: "Choose one of `allowed_actions`, or read the record again: somebody may have moved it.",
};

const DUPLICATE: Entry = Entry {
    status: 409,
    title: "There is one already",
    meaning: "Another record has what only one may have, such as a member number; `detail` says what.",
    remedy: "Find and use the record that exists, or choose another value.",
};

const JOBS_OVERLAP: Entry = Entry {
    status: 409,
    title: "The member would have too many jobs",
    meaning: "On some day the member would have more jobs than the tenant allows; `detail` says which are in the way.",
    remedy: "End the job that is in the way, or send `ends_previous` with the new one. Where members do have several jobs, an administrator of the tenant can allow as many (`/member-employments/rules`).",
};

const SESSIONS_OVERLAP: Entry = Entry {
    status: 409,
    title: "Something else is at the same time",
    meaning: "Another session would be held at the same time in the same room, by the same instructor, of the same class or with the same student; `detail` says which.",
    remedy: "Choose another time, room or instructor, or call off the other session. Where that is meant, an officer of the tenant can let overlaps be warned of only (`/training-settings`).",
};

const IN_USE: Entry = Entry {
    status: 409,
    title: "Other records still need it",
    meaning: "It cannot be deleted while records refer to it; `detail` says which.",
    remedy: "Delete those records first, or let them refer to something else.",
};

const LIMIT_REACHED: Entry = Entry {
    status: 409,
    title: "The tenant has used up what it may use",
    meaning: "The tenant has as many users, or its files take as many bytes, as were agreed; `detail` says which and how many. Nothing of the request was kept.",
    remedy: "Remove a user or a file that is not needed, or ask whoever runs this installation for more.",
};

const LAST_OWNER: Entry = Entry {
    status: 409,
    title: "The tenant would have no owner",
    meaning: "The user is the only active owner whose role does not expire, and so can be neither demoted nor suspended nor removed.",
    remedy: "Make somebody else an owner for good first.",
};

const FUND_SHORT: Entry = Entry {
    status: 409,
    title: "The fund does not hold so much",
    meaning: "What was put into the fund, less what was granted and less the reserve, is less than the amount; `detail` says how much there is.",
    remedy: "Name a smaller amount, or put money into the fund first.",
};

const NO_SEAT: Entry = Entry {
    status: 409,
    title: "All seats are taken",
    meaning: "As many are in it as it takes; `detail` says how many seats there are.",
    remedy: "Wait until somebody leaves, or let it take more.",
};

const OVER_CAP: Entry = Entry {
    status: 409,
    title: "A yearly cap does not leave so much",
    meaning: "What one member may be granted in a calendar year, in all or for one reason, leaves less than the amount; `detail` says how much.",
    remedy: "Name a smaller amount; an administrator can change the caps from a day on.",
};

const NOT_MADE: Entry = Entry {
    status: 409,
    title: "What was asked for could not be made",
    meaning: "It was to be made meanwhile, was tried several times and given up: nothing comes of waiting for it. What it is made of is as it was.",
    remedy: "Ask for it anew where it was asked for. If that fails again, tell whoever runs the installation.",
};

const CHANGED_MEANWHILE: Entry = Entry {
    status: 409,
    title: "It was changed at the same time",
    meaning: "Another request changed the record while this one was at work, and nothing of this one was kept.",
    remedy: "Read the record again, and repeat the change if it still makes sense.",
};

const STALE: Entry = Entry {
    status: 412,
    title: "It was changed since it was read",
    meaning: "`If-Match` names an earlier version than the present one, and nothing was changed.",
    remedy: "Read the record again, show the person what is different, and send the change with the new `ETag`.",
};

const KEY_IN_PROGRESS: Entry = Entry {
    status: 409,
    title: "The first request is still running",
    meaning: "A request with the same `Idempotency-Key` has not been answered yet.",
    remedy: "Wait a second and send the same request again, with the same key.",
};

const KEY_REUSED: Entry = Entry {
    status: 422,
    title: "The key belongs to another request",
    meaning: "The `Idempotency-Key` was used in the last 24 hours for a request with another method, address or body.",
    remedy: "Make a new key for each new thing to do, and keep it for retries of that thing alone.",
};

const TOO_LARGE: Entry = Entry {
    status: 413,
    title: "The body is too large",
    meaning: "The body has more bytes than are taken at this address.",
    remedy: "Send less at once: divide an import into several files.",
};

const TOO_MANY_ROWS: Entry = Entry {
    status: 409,
    title: "There are too many rows for one file",
    meaning: "More rows match the filters than one export may have; `detail` says how many of both. Nothing was exported.",
    remedy: "Export the list in parts, with filters that part it.",
};

const UNSUPPORTED_MEDIA_TYPE: Entry = Entry {
    status: 415,
    title: "The body is of a wrong type",
    meaning: "The header `Content-Type` names a type that is not taken at this address, or is missing.",
    remedy: "Send the type that the API documentation names, usually `application/json`.",
};

const RANGE_NOT_SATISFIABLE: Entry = Entry {
    status: 416,
    title: "The part that was asked for is not there",
    meaning: "The header `Range` asks for bytes behind the end of the file. `detail` says how many there are.",
    remedy: "Ask for bytes before the end, or for the whole file.",
};

const INVALID_FIELDS: Entry = Entry {
    status: 422,
    title: "One or more fields are wrong",
    meaning: "The request was understood, but values in it break a rule. `errors` lists all of them, each with its place as a JSON pointer, a code and a sentence.",
    remedy: "Show each sentence beside its field, and send the corrected request.",
};

const RATE_LIMITED: Entry = Entry {
    status: 429,
    title: "There were too many requests",
    meaning: "More requests of this kind came from this person, this network or for this account within a minute than are taken. Nothing of this one was done.",
    remedy: "Wait as many seconds as the header `Retry-After` says. The headers `RateLimit` and `RateLimit-Policy` of every answer tell how many are left.",
};

const UNAVAILABLE: Entry = Entry {
    status: 503,
    title: "A part of the service is not available",
    meaning: "Something that the request needs is down or too busy. Nothing of the request was kept.",
    remedy: "Wait as many seconds as the header `Retry-After` says, then send it again, with the same `Idempotency-Key` if it had one.",
};

const INTERNAL: Entry = Entry {
    status: 500,
    title: "Something went wrong on our side",
    meaning: "A mistake in the program stopped the request. Nothing of it was kept, and the cause is in the log.",
    remedy: "Tell whoever runs this installation, with the `request_id` of the answer.",
};

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_code_is_found_by_its_name_and_by_nothing_else() {
        for code in Code::ALL {
            assert_eq!(find(code.as_str()), Some(code));
        }
        assert_eq!(find("NotFound"), None);
        assert_eq!(find(""), None);
    }

    #[test]
    fn every_status_is_an_error_and_every_title_is_its_own() {
        let titles: BTreeSet<_> = Code::ALL.into_iter().map(title).collect();
        assert_eq!(titles.len(), Code::ALL.len());
        for code in Code::ALL {
            assert!((400..600).contains(&status(code)), "{code:?}");
        }
    }

    #[test]
    fn titles_are_short_and_explanations_are_sentences() {
        for code in Code::ALL {
            let Entry {
                title,
                meaning,
                remedy,
                ..
            } = entry(code);
            assert!(title.len() <= 40 && !title.ends_with('.'), "{title}");
            assert!(meaning.ends_with('.') && remedy.ends_with('.'), "{code:?}");
            assert!(
                !format!("{meaning}{remedy}").contains('|'),
                "it would break a table: {code:?}"
            );
        }
    }

    #[test]
    fn the_whole_table_of_codes() {
        let head =
            "| code | status | title | what it means | what to do |\n|---|---|---|---|---|\n";
        let rows = Code::ALL.into_iter().map(|code| {
            let Entry {
                status,
                title,
                meaning,
                remedy,
            } = entry(code);
            let name = code.as_str();
            format!("| `{name}` | {status} | {title} | {meaning} | {remedy} |\n")
        });
        let table: String = std::iter::once(head.to_owned()).chain(rows).collect();
        insta::assert_snapshot!(table);
    }
}
