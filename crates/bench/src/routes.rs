//! The routes that are measured, and what is sent to them.

use serde_json::json;

use crate::{
    api::Api,
    options::Part,
    prepare::{OFFICER, STAFF},
    roster,
    wrk::Request,
};

/// How many records take turns where each request names one.
pub(crate) const TURNS: usize = 10;

/// What the requests of a run name.
#[derive(Debug, Clone)]
pub(crate) struct Samples {
    /// Members of the first tenant.
    pub(crate) members: Vec<String>,
    /// An employer of the first tenant.
    pub(crate) employer: String,
    /// Who works in the first tenant.
    pub(crate) email: String,
}

/// A route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Route {
    /// Which one.
    pub(crate) part: Part,
    /// Its name in `--only`.
    pub(crate) key: &'static str,
    /// What it does, for people.
    pub(crate) title: &'static str,
    /// The table whose statements are its own; nothing where pgbench is no limit.
    pub(crate) table: Option<&'static str>,
    /// Whether the bare handler has it.
    pub(crate) bare: bool,
}

/// Every route, reads first: what is written must not change what is read.
pub(crate) const ROUTES: [Route; 19] = [
    Route::read(Part::MembersList, "members_list", "members list", "members"),
    Route::read(
        Part::MembersFiltered,
        "members_filtered",
        "members list, one status",
        "members",
    ),
    Route::read(
        Part::MembersSearch,
        "members_search",
        "members list, `q=`",
        "members",
    ),
    Route::read(Part::Member, "member", "member by id", "members"),
    Route::read(
        Part::GrievancesList,
        "grievances_list",
        "grievances list",
        "grievances",
    ),
    Route::read(
        Part::OrganizationsList,
        "organizations_list",
        "organizations list",
        "organizations",
    ),
    Route {
        bare: false,
        ..Route::read(
            Part::ContactsList,
            "contacts_list",
            "contacts list",
            "contacts",
        )
    },
    Route {
        bare: false,
        ..Route::read(
            Part::EmploymentsList,
            "employments_list",
            "jobs list",
            "employments",
        )
    },
    Route {
        bare: false,
        ..Route::read(
            Part::ApplicationsList,
            "applications_list",
            "benevolence applications list",
            "benevolence_applications",
        )
    },
    Route {
        bare: false,
        ..Route::read(
            Part::DeadlinesList,
            "deadlines_list",
            "deadlines list",
            "deadlines",
        )
    },
    Route {
        bare: false,
        ..Route::read(
            Part::InformationRequestsList,
            "information_requests_list",
            "requests for information list",
            "information_requests",
        )
    },
    Route {
        bare: false,
        ..Route::read(
            Part::ObligationsList,
            "obligations_list",
            "obligations list",
            "obligations",
        )
    },
    Route {
        bare: false,
        ..Route::read(
            Part::CampaignsList,
            "campaigns_list",
            "campaigns list",
            "campaigns",
        )
    },
    Route {
        bare: false,
        ..Route::read(
            Part::ActivitiesList,
            "activities_list",
            "organizing activities list",
            "salting_activities",
        )
    },
    Route {
        bare: false,
        ..Route::read(Part::Search, "search", "search", "search_ranked")
    },
    Route {
        bare: false,
        ..Route::read(
            Part::CaseLoads,
            "case_loads",
            "cases by representative",
            "grievances",
        )
    },
    Route {
        bare: false,
        ..Route::read(
            Part::CasesDue,
            "cases_due",
            "what is due this week",
            "grievances",
        )
    },
    Route {
        bare: false,
        ..Route::read(
            Part::GrievanceCreate,
            "grievance_create",
            "grievance create",
            "grievances",
        )
    },
    Route {
        bare: false,
        table: None,
        ..Route::read(Part::Login, "login", "login", "users")
    },
];

impl Route {
    const fn read(part: Part, key: &'static str, title: &'static str, table: &'static str) -> Self {
        Self {
            part,
            key,
            title,
            table: Some(table),
            bare: true,
        }
    }

    /// Whether it changes something.
    pub(crate) fn writes(self) -> bool {
        self.part == Part::GrievanceCreate
    }

    /// Who asks: what organizers do is hidden from the office.
    pub(crate) fn asks(self) -> &'static str {
        match self.part {
            Part::CampaignsList | Part::ActivitiesList => OFFICER,
            _ => STAFF,
        }
    }

    /// What is sent, in turns.
    pub(crate) fn requests(self, samples: &Samples) -> Vec<Request> {
        let turns = || samples.members.iter().take(TURNS);
        match self.part {
            Part::MembersFiltered => vec![Request::get("/api/v1/members?limit=50&status=active")],
            Part::MembersSearch => vec![members_search(roster::COMMON_SURNAME)],
            Part::Member => turns()
                .map(|id| Request::get(format!("/api/v1/members/{id}")))
                .collect(),
            Part::GrievancesList => vec![Request::get("/api/v1/grievances?limit=50")],
            Part::OrganizationsList => vec![Request::get("/api/v1/organizations?limit=50")],
            Part::ContactsList => vec![Request::get("/api/v1/organization-contacts?limit=50")],
            Part::EmploymentsList => vec![Request::get("/api/v1/member-employments?limit=50")],
            Part::ApplicationsList => {
                vec![Request::get("/api/v1/benevolence-applications?limit=50")]
            }
            Part::DeadlinesList => vec![Request::get("/api/v1/deadlines?limit=50")],
            Part::InformationRequestsList => {
                vec![Request::get("/api/v1/information-requests?limit=50")]
            }
            Part::ObligationsList => vec![Request::get("/api/v1/obligations?limit=50")],
            Part::CampaignsList => vec![Request::get("/api/v1/campaigns?limit=50")],
            Part::ActivitiesList => vec![Request::get("/api/v1/salting-activities?limit=50")],
            Part::Search => vec![search(roster::COMMON_SURNAME)],
            Part::CaseLoads => vec![Request::get("/api/v1/grievance-boards/by-representative")],
            Part::CasesDue => vec![Request::get("/api/v1/grievance-boards/due-this-week")],
            Part::GrievanceCreate => turns().map(|id| grievance(id, &samples.employer)).collect(),
            Part::Login => vec![Request::post(
                "/api/v1/auth/login",
                Api::login_body(&samples.email),
            )],
            Part::MembersList
            | Part::LoginsAlone
            | Part::ReadsBesideLogins
            | Part::SearchAmongMany
            | Part::Held
            | Part::Starts => vec![Request::get("/api/v1/members?limit=50")],
        }
    }
}

/// A search of members.
pub(crate) fn members_search(words: &str) -> Request {
    Request::get(format!(
        "/api/v1/members?limit=50&q={}",
        roster::in_query(words)
    ))
}

/// A search across kinds of records.
pub(crate) fn search(words: &str) -> Request {
    Request::get(format!("/api/v1/search?q={}", roster::in_query(words)))
}

/// The filing of a grievance.
pub(crate) fn grievance(member: &str, employer: &str) -> Request {
    let body = json!({
        "member_id": member,
        "employer_id": employer,
        "violation_description": "Overtime was given to a contractor's crew before members on the list were called.",
    });
    Request::post("/api/v1/grievances", body.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples() -> Samples {
        Samples {
            members: (0..30).map(|number| format!("m{number}")).collect(),
            employer: "e".to_owned(),
            email: "staff@local46.example".to_owned(),
        }
    }

    #[test]
    fn requests_that_name_a_record_take_turns() {
        for route in ROUTES {
            let several = matches!(route.part, Part::Member | Part::GrievanceCreate);
            let count = route.requests(&samples()).len();
            assert_eq!(count, if several { TURNS } else { 1 }, "{}", route.key);
        }
    }

    #[test]
    fn only_what_changes_something_sends_a_body_besides_the_login() {
        for route in ROUTES {
            let sends = route
                .requests(&samples())
                .iter()
                .any(|request| request.body.is_some());
            assert_eq!(
                sends,
                route.writes() || route.part == Part::Login,
                "{}",
                route.key
            );
        }
    }

    #[test]
    fn the_key_of_a_route_is_its_name_on_the_command_line() {
        use clap::ValueEnum as _;
        for route in ROUTES {
            assert_eq!(Part::from_str(route.key, false), Ok(route.part));
        }
    }
}
