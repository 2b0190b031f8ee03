//! Search across kinds of records: a function of the database ranks, one statement reads what it found.

use diesel::{
    RunQueryDsl,
    sql_types::{Bool, Integer, Nullable, SmallInt, Text, Uuid as SqlUuid},
};
use unionhall_domain::{
    benevolence::BenevolenceNumber,
    grievances::GrievanceNumber,
    members::MemberId,
    search::{Rank, SearchKind},
};
use unionhall_ports::{
    search::{Applicants, Find, Reach, SearchIndex, SearchRequest},
    storage::StorageError,
};
use uuid::Uuid;

use crate::{
    errors::InconsistentRow, rows::stored, statements::prepared, unit_of_work::Transaction,
};

/// Reads each find under the policies of its own table. Of a long description so much is read that what was meant
/// is most likely in it.
const FOUND: &str = "\
    select found.kind, found.id, found.rank, \
        coalesce(member.member_number, ''), \
        coalesce(grievance.year, application.year), coalesce(grievance.place, application.place), \
        coalesce(\
            member.first_name || coalesce(' ' || member.middle_name, '') || ' ' || member.last_name, \
            organization.name, \
            person.first_name || ' ' || person.last_name, \
            applicant.first_name || ' ' || applicant.last_name\
        ), \
        coalesce(member.city, organization.city, employer.name, application.reason), \
        coalesce(member.status, organization.org_type, grievance.status, application.status), \
        member.email, grievance.contract_article, \
        left(coalesce(grievance.violation_description, application.description), 5000) \
    from search_ranked(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) as found \
    left join members as member \
        on found.kind = 'member' and member.tenant_id = ? and member.id = found.id \
    left join organizations as organization \
        on found.kind = 'organization' and organization.tenant_id = ? and organization.id = found.id \
    left join grievances as grievance \
        on found.kind = 'grievance' and grievance.tenant_id = ? and grievance.id = found.id \
    left join benevolence_applications as application \
        on found.kind = 'benevolence_application' and application.tenant_id = ? and application.id = found.id \
    left join members as person \
        on person.tenant_id = grievance.tenant_id and person.id = grievance.member_id \
    left join organizations as employer \
        on employer.tenant_id = grievance.tenant_id and employer.id = grievance.employer_id \
    left join members as applicant \
        on ? and applicant.tenant_id = application.tenant_id and applicant.id = application.member_id \
    where coalesce(member.id, organization.id, grievance.id, application.id) is not null \
    order by found.rank, found.degree desc, \
        array_position(array['member', 'organization', 'grievance', 'benevolence_application'], found.kind), \
        coalesce(member.sort_name, organization.sort_name, ''), \
        coalesce(grievance.year, application.year) desc, coalesce(grievance.place, application.place) desc, \
        found.id \
    limit ?";

type Columns = (
    Text,
    SqlUuid,
    SmallInt,
    Text,
    Nullable<SmallInt>,
    Nullable<Integer>,
    Nullable<Text>,
    Nullable<Text>,
    Text,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Text>,
);

#[derive(diesel::Queryable)]
struct Row {
    kind: String,
    id: Uuid,
    rank: i16,
    member_number: String,
    year: Option<i16>,
    place: Option<i32>,
    title: Option<String>,
    subtitle: Option<String>,
    status: String,
    email: Option<String>,
    article: Option<String>,
    story: Option<String>,
}

impl SearchIndex for Transaction<'_> {
    fn find(&mut self, request: &SearchRequest) -> Result<Vec<Find>, StorageError> {
        let tenant = self.tenant()?.uuid();
        // A NUL, which PostgreSQL's texts cannot hold, is in no words.
        let words = request.words.as_str();
        let limit = i32::from(request.limit);
        let by_name = request.applicants == Applicants::Named;
        let rows: Vec<Row> = self.query(|connection| {
            prepared::<Columns>(FOUND)
                .bind::<Text, _>(words)
                .bind::<Bool, _>(request.members != Reach::Nothing)
                .bind::<Nullable<SqlUuid>, _>(only(request.members))
                .bind::<Bool, _>(request.organizations)
                .bind::<Bool, _>(request.grievances != Reach::Nothing)
                .bind::<Nullable<SqlUuid>, _>(only(request.grievances))
                .bind::<Bool, _>(request.applications != Reach::Nothing)
                .bind::<Nullable<SqlUuid>, _>(only(request.applications))
                .bind::<Nullable<SqlUuid>, _>(request.viewer.map(MemberId::uuid))
                .bind::<Bool, _>(by_name)
                .bind::<Integer, _>(limit)
                .bind::<SqlUuid, _>(tenant)
                .bind::<SqlUuid, _>(tenant)
                .bind::<SqlUuid, _>(tenant)
                .bind::<SqlUuid, _>(tenant)
                .bind::<Bool, _>(by_name)
                .bind::<Integer, _>(limit)
                .load(connection)
        })?;
        let finds: Result<Vec<_>, _> = rows.into_iter().map(Find::try_from).collect();
        finds.map_err(|row| self.refuse(row))
    }
}

/// The one whose records may be found, when it is one.
const fn only(reach: Reach) -> Option<Uuid> {
    match reach {
        Reach::Of(member) => Some(member.uuid()),
        Reach::All | Reach::Nothing => None,
    }
}

impl TryFrom<Row> for Find {
    type Error = InconsistentRow;

    fn try_from(row: Row) -> Result<Self, InconsistentRow> {
        let kind = stored("search", row.id, "kind", SearchKind::parse(&row.kind))?;
        let wrong = |what: &str| InconsistentRow {
            table: "search",
            id: row.id.to_string(),
            what: what.to_owned(),
        };
        let rank = Rank::from_number(row.rank).ok_or_else(|| wrong("rank is none"))?;
        let number = match (kind, row.year, row.place) {
            (SearchKind::Member, _, _) => Some(row.member_number.clone()),
            (SearchKind::Organization, _, _) => None,
            (SearchKind::Grievance, Some(year), Some(place)) => {
                let number = GrievanceNumber::new(year, place);
                let number = stored("grievances", row.id, "number", number)?;
                Some(number.to_string())
            }
            (SearchKind::BenevolenceApplication, Some(year), Some(place)) => {
                let number = BenevolenceNumber::new(year, place);
                let number = stored("benevolence_applications", row.id, "number", number)?;
                Some(number.to_string())
            }
            (SearchKind::Grievance | SearchKind::BenevolenceApplication, _, _) => {
                return Err(wrong("a case has no number"));
            }
        };
        let texts = texts(kind, &row, number.as_deref());
        // A case whose member's name is held back is called by its number.
        let title = row.title.or_else(|| number.clone());
        Ok(Self {
            kind,
            id: row.id,
            rank,
            number,
            title: title.ok_or_else(|| wrong("it has no name"))?,
            subtitle: row.subtitle,
            status: row.status,
            texts,
        })
    }
}

/// The texts that a record may have been found by, the most telling first.
fn texts(kind: SearchKind, row: &Row, number: Option<&str>) -> Vec<(&'static str, String)> {
    let title = row.title.as_deref();
    let texts = match kind {
        SearchKind::Member => vec![
            ("member_number", number),
            ("name", title),
            ("email", row.email.as_deref()),
        ],
        SearchKind::Organization => vec![("name", title), ("city", row.subtitle.as_deref())],
        SearchKind::Grievance => vec![
            ("grievance_number", number),
            ("contract_article", row.article.as_deref()),
            ("violation_description", row.story.as_deref()),
            ("member_name", title),
        ],
        SearchKind::BenevolenceApplication => vec![
            ("application_number", number),
            ("description", row.story.as_deref()),
            ("member_name", title),
        ],
    };
    let there = texts.into_iter();
    there
        .filter_map(|(field, text)| Some((field, text?.to_owned())))
        .collect()
}
