//! What the routes below a grievance share: the ids in their paths, and what they say of themselves.

use std::marker::PhantomData;

use unionhall_domain::ids::Id;
use utoipa::{
    IntoResponses, ToSchema,
    openapi::path::{Parameter, ParameterIn},
};

use super::docs::{self, Listed};
use crate::web::{caller::Caller, problem::Problem};

/// `200` with a part of a list below a record that must exist.
pub(super) struct ListedBelow<T>(PhantomData<T>);

impl<T: ToSchema> IntoResponses for ListedBelow<T> {
    fn responses() -> docs::Responses {
        let mut responses = Listed::<T>::responses();
        responses.extend(docs::problems(&[404]));
        responses
    }
}

/// The id of a part of a grievance in the path; what is no id is the id of nothing.
pub(super) fn part<T>(caller: &Caller, segment: &str, what: &str) -> Result<Id<T>, Problem> {
    Id::parse(caller.segment(segment)).map_err(|_| Problem::not_found(what))
}

/// Makes types that stand for the ids in a path in the document: the grievance's and those of its part.
macro_rules! paths {
    ($($kind:ident: $($name:literal is $words:literal),+;)+) => {$(
        #[doc = "The ids in a path, for the document."]
        pub(super) struct $kind(());

        impl utoipa::IntoParams for $kind {
            fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
                vec![
                    docs::path("id", docs::uuid(), "The id of the grievance."),
                    $(docs::path($name, docs::uuid(), $words),)+
                ]
            }
        }
    )+};
}

paths! {
    RequestPath: "request_id" is "The id of the request.";
    ObligationPath: "obligation_id" is "The id of the obligation.";
    CaseFilePath: "job_id" is "The id of the case file.";
    MeetingPath: "meeting_id" is "The id of the meeting.";
    StatementPath: "meeting_id" is "The id of the meeting.", "statement_id" is "The id of the statement.";
}
