//! The closed lists of the API document, each taken from the type that decides what is in it.

use std::borrow::Cow;

use jiff::civil::Weekday;
use unionhall_domain::{
    audit::{AuditAction, Target},
    benevolence,
    campaigns::{Move as CampaignMove, State as CampaignState},
    case_files::CaseFileFormat,
    class_sessions::OverlapKind,
    classes::{ClassMove, ClassState},
    cohorts::{CohortMove, CohortStatus},
    collective_agreements::{
        Consequence, DayKind, Duty, EventKind, FirstDay, MailOrder, Roll, Side,
    },
    courses::CourseType,
    deadlines::{DeadlineMove, DeadlineStatus, Service},
    documents::{Category, FileKind, RecordType, ScanState},
    grievance_boards::{DueKind, Grouping},
    grievances::{Answer, Move, Outcome, State, Step},
    holidays::{CalendarEditKind, weekday_as_str},
    information_requests::{EntryKind, ItemAction, ItemStatus, RequestAction, RequestStatus},
    instructors::{Engagement, InstructorStatus, RateType},
    invitations::{InvitationAction, Status},
    locations::LocationType,
    members::{MemberClassification, MemberStatus},
    obligations::{ObligationAction, ObligationStatus},
    organizations::{OrganizationField, OrganizationType},
    representation_log::{Channel, DecisionKind, Direction, LogEntryKind},
    roles::Role,
    salting_activities::{SaltingActivityType, SaltingOutcome},
    salting_scores::SaltingScore,
    search::{Rank, SearchKind},
    step_meetings::{MeetingAction, MeetingStatus, Party},
    students::{StudentMove, StudentStatus},
    tenants::{RegistrationPolicy, Standing, TenantKind},
    training_settings::{Excused, Overlaps},
    users::places::{PlaceAction, PlaceState},
};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

/// One of these names.
pub(super) fn one_of(names: impl IntoIterator<Item = &'static str>) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(names))
}

/// The names of the weekdays, from Monday.
fn weekdays() -> impl Iterator<Item = &'static str> {
    Weekday::Monday.cycle_forward().take(7).map(weekday_as_str)
}

/// Makes types that stand for a closed list in the document, and nowhere else.
macro_rules! choices {
    ($($kind:ident is $name:literal, $words:literal: $names:expr;)+) => {$(
        #[doc = $words]
        pub(super) enum $kind {}

        impl PartialSchema for $kind {
            fn schema() -> RefOr<Schema> {
                one_of($names).description(Some($words)).into()
            }
        }

        impl ToSchema for $kind {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed($name)
            }
        }
    )+};
}

choices! {
    AuditActionName is "AuditAction", "What was done, or tried.": AuditAction::ALL.map(AuditAction::as_str);
    AuditTargetName is "AuditTarget", "The kind of record it was done to.": Target::ALL.map(Target::as_str);
    ActorKindName is "ActorKind", "Who acted: a signed-in person, somebody unknown, or whoever hosts the installation.": ["user", "anonymous", "operator"];
    BenevolenceActionName is "BenevolenceAction", "What can be done with an application to the benevolence fund.": ["update", "delete"].into_iter().chain(benevolence::Move::ALL.map(benevolence::Move::as_str));
    BenevolenceOutcomeName is "BenevolenceOutcome", "What became of applications.": benevolence::Outcome::ALL.map(benevolence::Outcome::as_str);
    BenevolencePaymentMethodName is "BenevolencePaymentMethod", "How money is paid out.": benevolence::PaymentMethod::ALL.map(benevolence::PaymentMethod::as_str);
    BenevolenceReasonName is "BenevolenceReason", "Why help is needed.": benevolence::Reason::ALL.map(benevolence::Reason::as_str);
    BenevolenceStatusName is "BenevolenceStatus", "Where an application to the benevolence fund stands.": benevolence::Status::ALL.map(benevolence::Status::as_str);
    BenevolenceTurnName is "BenevolenceTurn", "Whose turn it is: the applicant's, the office's, a level's, or whoever's who pays.": benevolence::Turn::ALL.map(benevolence::Turn::as_str);
    CaseFileFormatName is "CaseFileFormat", "What a case file is written on.": CaseFileFormat::ALL.map(CaseFileFormat::as_str);
    CaseFileStatusName is "CaseFileStatus", "Whether a case file is there.": ["waiting", "ready"];
    ContactActionName is "ContactAction", "What can be done with a contact.": ["update", "delete", "make_primary"];
    ClassActionName is "ClassAction", "What can be done with a class.": ["update", "delete"].into_iter().chain(ClassMove::NAMES).chain(["add_session"]);
    ClassStatusName is "ClassStatus", "Where a class stands.": ClassState::NAMES;
    ExcusedName is "Excused", "How excused absence counts in the attendance rate: not at all, like absence, or like presence.": Excused::ALL.map(Excused::as_str);
    OverlapKindName is "OverlapKind", "What two sessions at the same time have in common.": OverlapKind::ALL.map(OverlapKind::as_str);
    OverlapsName is "Overlaps", "Whether sessions at the same time are refused, or warned of.": Overlaps::ALL.map(Overlaps::as_str);
    SessionActionName is "ClassSessionAction", "What can be done with a class session.": ["update", "cancel"];
    CourseActionName is "CourseAction", "What can be done with a course.": ["update", "delete"];
    CourseTypeName is "CourseType", "What kind of course it is.": CourseType::ALL.map(CourseType::as_str);
    DocumentActionName is "DocumentAction", "What can be done with a document.": ["update", "add_version", "delete", "hold", "release"];
    DocumentCategoryName is "DocumentCategory", "Which of a record's papers a document is.": Category::ALL.map(Category::as_str);
    DocumentMediaTypeName is "DocumentMediaType", "What a file is.": FileKind::ALL.map(FileKind::media_type);
    DocumentRecordTypeName is "DocumentRecordType", "The types of records that have documents.": RecordType::ALL.map(RecordType::as_str);
    DocumentScanName is "DocumentScan", "What a scanner says of a file.": ScanState::ALL.map(ScanState::as_str);
    DueKindName is "DueKind", "What is due.": DueKind::ALL.map(DueKind::as_str);
    EmploymentActionName is "EmploymentAction", "What can be done with a job.": ["update", "delete", "end"];
    CalendarEditName is "HolidayCalendarAction", "What can be done to a holiday calendar.": CalendarEditKind::ALL.map(CalendarEditKind::as_str);
    CalendarSourceName is "HolidayCalendarSource", "Where a holiday calendar comes from.": super::holidays::SOURCES;
    ConsequenceName is "Consequence", "What a missed deadline means.": Consequence::ALL.map(Consequence::as_str);
    DayKindName is "DayKind", "Which days count.": DayKind::ALL.map(DayKind::as_str);
    DeadlineActionName is "DeadlineAction", "What can be done with a deadline.": DeadlineMove::ALL.map(DeadlineMove::as_str);
    DeadlineEventName is "DeadlineEvent", "What happened: it starts a deadline, or shows that one was met.": EventKind::ALL.map(EventKind::as_str);
    DeadlineStageName is "DeadlineStageKind", "A step of the working of a deadline.": super::deadlines::STAGES;
    DeadlineStatusName is "DeadlineStatusAsked", "Where deadlines stand that are asked for; running ones are open or extended.": super::deadlines::asked_statuses();
    DifferenceName is "DeadlineDifference", "What would become of a deadline.": super::deadlines::EFFECTS;
    DutyName is "Duty", "What must be done in time.": Duty::ALL.map(Duty::as_str);
    ContactChannelName is "ContactChannel", "How the union and a member were in touch.": Channel::ALL.map(Channel::as_str);
    ContactDirectionName is "ContactDirection", "Who was in touch with whom.": Direction::ALL.map(Direction::as_str);
    DecisionKindName is "DecisionKind", "What the union decided.": DecisionKind::ALL.map(DecisionKind::as_str);
    CampaignActionName is "CampaignAction", "What can be done with a campaign.": ["update", "delete"].into_iter().chain(CampaignMove::NAMES);
    CampaignStatusName is "CampaignStatus", "Where a campaign stands.": CampaignState::NAMES;
    CohortActionName is "CohortAction", "What can be done with a cohort.": ["update", "delete", "join"].into_iter().chain(CohortMove::ALL.map(CohortMove::as_str));
    CohortStatusName is "CohortStatus", "Where a cohort stands.": CohortStatus::ALL.map(CohortStatus::as_str);
    EngagementName is "Engagement", "How an instructor is engaged.": Engagement::ALL.map(Engagement::as_str);
    InstructorActionName is "InstructorAction", "What can be done with an instructor.": ["update", "delete", "unmask_tax_id"];
    InstructorStatusName is "InstructorStatus", "Whether an instructor teaches at present.": InstructorStatus::ALL.map(InstructorStatus::as_str);
    LocationActionName is "LocationAction", "What can be done with a location.": ["update", "delete"];
    LocationTypeName is "LocationType", "What kind of place a location is.": LocationType::ALL.map(LocationType::as_str);
    StudentActionName is "StudentAction", "What can be done with a student.": ["update", "delete"].into_iter().chain(StudentMove::ALL.map(StudentMove::as_str));
    StudentStatusName is "StudentStatus", "Where a student stands.": StudentStatus::ALL.map(StudentStatus::as_str);
    RateTypeName is "RateType", "What a rate is paid for.": RateType::ALL.map(RateType::as_str);
    EmployerAnswerName is "EmployerAnswer", "What the employer has answered on the present step.": Answer::ALL.map(Answer::as_str);
    FundEntryKindName is "FundEntryKind", "Whether money was put into the fund, or taken out other than to a member.": benevolence::EntryKind::ALL.map(benevolence::EntryKind::as_str);
    FirstDayName is "FirstDay", "Whether the day of the event is the first of the days that are counted.": FirstDay::ALL.map(FirstDay::as_str);
    GrievanceActionName is "GrievanceAction", "What can be done with a grievance.": ["update", "delete"].into_iter().chain(Move::ALL.map(Move::as_str));
    GrievanceStatusName is "GrievanceStatus", "Where a grievance stands.": State::NAMES;
    GrievanceStepName is "GrievanceStep", "A rung of the ladder.": Step::ALL.map(Step::as_str);
    InformationRequestActionName is "InformationRequestAction", "What can be done with a request for information.": RequestAction::ALL.map(RequestAction::as_str);
    InformationRequestStatusName is "InformationRequestStatus", "Where a request for information stands.": RequestStatus::ALL.map(RequestStatus::as_str);
    InvitationActionName is "InvitationAction", "What can be done with an invitation.": InvitationAction::ALL.map(InvitationAction::as_str);
    InvitationStatusName is "InvitationStatus", "What became of an invitation.": Status::ALL.map(Status::as_str);
    KinshipName is "Kinship", "How a reviewer is related to a member.": benevolence::Kinship::ALL.map(benevolence::Kinship::as_str);
    MailOrderName is "MailOrder", "When the days for service by mail are added.": MailOrder::ALL.map(MailOrder::as_str);
    LogEntryKindName is "LogEntryKind", "What an entry of the log is.": LogEntryKind::ALL.map(LogEntryKind::as_str);
    MeetingOutcomeName is "MeetingOutcome", "How a meeting ended.": Outcome::NAMES;
    MemberActionName is "MemberAction", "What can be done with a member.": ["update", "delete", "file_grievance"];
    MemberClassificationName is "MemberClassification", "What a member works as.": MemberClassification::ALL.map(MemberClassification::as_str);
    MemberStatusName is "MemberStatus", "Where a member stands with the union.": MemberStatus::ALL.map(MemberStatus::as_str);
    NamingName is "BenevolenceNaming", "What reviewers see before they decide: everything, or the need before the name.": benevolence::Naming::ALL.map(benevolence::Naming::as_str);
    OrganizationActionName is "OrganizationAction", "What can be done with an organization.": ["update", "delete", "merge", "add_contact", "file_grievance"];
    ObligationActionName is "ObligationAction", "What can be done with an obligation.": ObligationAction::ALL.map(ObligationAction::as_str);
    ObligationStatusName is "ObligationStatus", "Where an obligation stands.": ObligationStatus::ALL.map(ObligationStatus::as_str);
    OrganizationFieldName is "OrganizationField", "A field of an organization.": OrganizationField::ALL.map(OrganizationField::as_str);
    OrganizationTypeName is "OrganizationType", "What an organization is to the hall.": OrganizationType::ALL.map(OrganizationType::as_str);
    OneDeadlineStatusName is "DeadlineStatus", "Where a deadline stands.": DeadlineStatus::ALL.map(DeadlineStatus::as_str);
    PartyName is "Party", "One of the two sides of the table.": Party::ALL.map(Party::as_str);
    PermissionName is "Permission", "Something a person may be allowed to do, as resource and action.": unionhall_application::permissions::Permission::ALL.map(unionhall_application::permissions::Permission::as_str);
    RegistrationPolicyName is "RegistrationPolicy", "Whether somebody who registers by themselves may join a tenant, and as what.": RegistrationPolicy::ALL.map(RegistrationPolicy::as_str);
    PlaceActionName is "UserAction", "What can be done with a user.": PlaceAction::ALL.map(PlaceAction::as_str);
    PlaceStateName is "UserState", "Where a user stands in the tenant.": PlaceState::ALL.map(PlaceState::as_str);
    ReviewDecisionName is "ReviewDecision", "How a reviewer decided.": benevolence::Decision::ALL.map(benevolence::Decision::as_str);
    ReviewLevelName is "ReviewLevel", "A rung of the ladder of reviews, from the lowest.": benevolence::Level::ALL.map(benevolence::Level::as_str);
    RollName is "Roll", "What becomes of a deadline that falls on a day that is not worked.": Roll::ALL.map(Roll::as_str);
    RequestEntryKindName is "RequestEntryKind", "What became of a request for information.": EntryKind::ALL.map(EntryKind::as_str);
    RequestItemActionName is "RequestItemAction", "What happened to an item that was asked for.": ItemAction::ALL.map(ItemAction::as_str);
    RequestItemStatusName is "RequestItemStatus", "Where an item that was asked for stands.": ItemStatus::ALL.map(ItemStatus::as_str);
    RoleName is "Role", "A role held in a tenant.": Role::ALL.map(Role::as_str);
    SaltingActivityActionName is "SaltingActivityAction", "What can be done with a SALTing activity.": ["update", "delete"];
    SaltingActivityTypeName is "SaltingActivityType", "What kind of SALTing activity it was.": SaltingActivityType::ALL.map(SaltingActivityType::as_str);
    SaltingOutcomeKnownName is "SaltingOutcomeKnown", "What came of a SALTing activity, or that it is not known yet.": SaltingOutcome::ALL.map(SaltingOutcome::as_str).into_iter().chain(["pending"]);
    SaltingOutcomeName is "SaltingOutcome", "What came of a SALTing activity.": SaltingOutcome::ALL.map(SaltingOutcome::as_str);
    SaltingScoreMeaningName is "SaltingScoreMeaning", "How an employer stands towards the union: 1 to 5 in words.": SaltingScore::ALL.map(SaltingScore::meaning);
    SearchKindName is "SearchKind", "A kind of record that can be found.": SearchKind::ALL.map(SearchKind::as_str);
    SearchRankName is "SearchRank", "How well a find fits, best first.": Rank::ALL.map(Rank::as_str);
    SecondFactorStateName is "SecondFactorState", "Whether somebody has a second factor; one that is begun and not confirmed does not count.": ["none", "begun", "confirmed"];
    ServiceName is "Service", "How an event reached the side that has to act.": Service::ALL.map(Service::as_str);
    SideName is "Side", "One of the two sides of an agreement.": Side::ALL.map(Side::as_str);
    StatementStatusName is "StatementStatus", "Whether a statement can still be changed.": ["draft", "signed"];
    StatisticsGroupingName is "StatisticsGrouping", "What statistics are counted by.": Grouping::ALL.map(Grouping::as_str);
    StepMeetingActionName is "StepMeetingAction", "What can be done with a meeting.": MeetingAction::ALL.map(MeetingAction::as_str);
    StepMeetingStatusName is "StepMeetingStatus", "Where a meeting stands.": MeetingStatus::ALL.map(MeetingStatus::as_str);
    TenantStatusName is "TenantStatus", "Where a tenant stands.": Standing::NAMES;
    TenantKindName is "TenantKind", "What kind of body a tenant is.": TenantKind::ALL.map(TenantKind::as_str);
    WeekdayName is "Weekday", "A day of the week.": weekdays();
}
