//! Who may do what: the one matrix of roles and permissions.

use unionhall_domain::roles::Role;

/// Something a person may be allowed to do, named `resource:action`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// Read agreements, their rules and the holiday calendars.
    AgreementsRead,
    /// Add, change and delete agreements, add versions of their rules, and edit holiday calendars.
    AgreementsWrite,
    /// Read the audit trail.
    AuditRead,
    /// Delete and restore applications to the benevolence fund.
    BenevolenceDelete,
    /// Write down applications for any member, hand them in, open their review.
    BenevolenceFile,
    /// Write down and hand in the applications of the member one is.
    BenevolenceFileOwn,
    /// Put money into the benevolence fund, correct it, and see what it holds.
    BenevolenceFund,
    /// Decide on the benevolence fund's rules and seats, and end declared relations.
    BenevolenceManage,
    /// Pay what was granted, and take payments back.
    BenevolencePay,
    /// Read every application to the benevolence fund.
    BenevolenceRead,
    /// Read the applications of the member one is.
    BenevolenceReadOwn,
    /// Review applications, at the level that one has a seat at.
    BenevolenceReview,
    /// See who works here and as what.
    ColleaguesRead,
    /// Say that a document must not go, and that it may again.
    DocumentsHold,
    /// Withdraw, close, reopen and settle grievances.
    GrievancesDecide,
    /// Delete and restore grievances.
    GrievancesDelete,
    /// File grievances.
    GrievancesFile,
    /// Read every grievance.
    GrievancesRead,
    /// Read the grievances of the member one is.
    GrievancesReadOwn,
    /// Change claims, investigate, record meetings, advance.
    GrievancesWork,
    /// Read who teaches and what they are paid; tax ids are covered.
    InstructorsRead,
    /// See the whole tax id of an instructor.
    InstructorsUnmask,
    /// Add, change, delete and restore instructors.
    InstructorsWrite,
    /// Take whole lists out as files, of what one may read.
    ListsExport,
    /// Delete and restore members.
    MembersDelete,
    /// Bring a roster in.
    MembersImport,
    /// Read every member.
    MembersRead,
    /// Read the record of the member one is.
    MembersReadOwn,
    /// Add and change members.
    MembersWrite,
    /// Delete and restore organizations.
    OrganizationsDelete,
    /// Merge organizations that are there twice.
    OrganizationsMerge,
    /// Read organizations.
    OrganizationsRead,
    /// Add and change organizations.
    OrganizationsWrite,
    /// See SALTing activities, scores and campaigns, and that there are any.
    OrganizingRead,
    /// Record SALTing activities, judge employers, and run campaigns.
    OrganizingWrite,
    /// Change the tenant's settings and see what it uses.
    TenantManage,
    /// Admit people, take them back, and waive what the school asks for.
    TrainingDecide,
    /// Set up what is taught, where and to whom.
    TrainingManage,
    /// Read the records of the school.
    TrainingRead,
    /// Read the records of the student one is.
    TrainingReadOwn,
    /// Keep the records of students.
    TrainingWrite,
    /// Suspend, remove and restore users, and decide on their roles.
    UsersManage,
    /// See who else works in the tenant.
    UsersRead,
}

impl Permission {
    /// Every permission, in the order of their names.
    pub const ALL: [Self; 43] = [
        Self::AgreementsRead,
        Self::AgreementsWrite,
        Self::AuditRead,
        Self::BenevolenceDelete,
        Self::BenevolenceFile,
        Self::BenevolenceFileOwn,
        Self::BenevolenceFund,
        Self::BenevolenceManage,
        Self::BenevolencePay,
        Self::BenevolenceRead,
        Self::BenevolenceReadOwn,
        Self::BenevolenceReview,
        Self::ColleaguesRead,
        Self::DocumentsHold,
        Self::GrievancesDecide,
        Self::GrievancesDelete,
        Self::GrievancesFile,
        Self::GrievancesRead,
        Self::GrievancesReadOwn,
        Self::GrievancesWork,
        Self::InstructorsRead,
        Self::InstructorsUnmask,
        Self::InstructorsWrite,
        Self::ListsExport,
        Self::MembersDelete,
        Self::MembersImport,
        Self::MembersRead,
        Self::MembersReadOwn,
        Self::MembersWrite,
        Self::OrganizationsDelete,
        Self::OrganizationsMerge,
        Self::OrganizationsRead,
        Self::OrganizationsWrite,
        Self::OrganizingRead,
        Self::OrganizingWrite,
        Self::TenantManage,
        Self::TrainingDecide,
        Self::TrainingManage,
        Self::TrainingRead,
        Self::TrainingReadOwn,
        Self::TrainingWrite,
        Self::UsersManage,
        Self::UsersRead,
    ];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AgreementsRead => "agreements:read",
            Self::AgreementsWrite => "agreements:write",
            Self::AuditRead => "audit:read",
            Self::BenevolenceDelete => "benevolence:delete",
            Self::BenevolenceFile => "benevolence:file",
            Self::BenevolenceFileOwn => "benevolence:file_own",
            Self::BenevolenceFund => "benevolence:fund",
            Self::BenevolenceManage => "benevolence:manage",
            Self::BenevolencePay => "benevolence:pay",
            Self::BenevolenceRead => "benevolence:read",
            Self::BenevolenceReadOwn => "benevolence:read_own",
            Self::BenevolenceReview => "benevolence:review",
            Self::ColleaguesRead => "colleagues:read",
            Self::DocumentsHold => "documents:hold",
            Self::GrievancesDecide => "grievances:decide",
            Self::GrievancesDelete => "grievances:delete",
            Self::GrievancesFile => "grievances:file",
            Self::GrievancesRead => "grievances:read",
            Self::GrievancesReadOwn => "grievances:read_own",
            Self::GrievancesWork => "grievances:work",
            Self::InstructorsRead => "instructors:read",
            Self::InstructorsUnmask => "instructors:unmask",
            Self::InstructorsWrite => "instructors:write",
            Self::ListsExport => "lists:export",
            Self::MembersDelete => "members:delete",
            Self::MembersImport => "members:import",
            Self::MembersRead => "members:read",
            Self::MembersReadOwn => "members:read_own",
            Self::MembersWrite => "members:write",
            Self::OrganizationsDelete => "organizations:delete",
            Self::OrganizationsMerge => "organizations:merge",
            Self::OrganizationsRead => "organizations:read",
            Self::OrganizationsWrite => "organizations:write",
            Self::OrganizingRead => "organizing:read",
            Self::OrganizingWrite => "organizing:write",
            Self::TenantManage => "tenant:manage",
            Self::TrainingDecide => "training:decide",
            Self::TrainingManage => "training:manage",
            Self::TrainingRead => "training:read",
            Self::TrainingReadOwn => "training:read_own",
            Self::TrainingWrite => "training:write",
            Self::UsersManage => "users:manage",
            Self::UsersRead => "users:read",
        }
    }

    /// The roles that hold this permission: the matrix, row by row.
    pub const fn holders(self) -> &'static [Role] {
        use Role::{Admin, Instructor, Member, Moderator, Officer, Organizer, Owner, Staff};
        match self {
            Self::AgreementsWrite
            | Self::AuditRead
            | Self::BenevolenceDelete
            | Self::BenevolenceFund
            | Self::BenevolencePay
            | Self::BenevolenceReview
            | Self::DocumentsHold
            | Self::GrievancesDecide
            | Self::GrievancesDelete
            | Self::InstructorsUnmask
            | Self::MembersDelete
            | Self::OrganizationsDelete
            | Self::OrganizationsMerge
            | Self::TrainingDecide => &[Owner, Admin, Officer],
            Self::AgreementsRead
            | Self::BenevolenceFile
            | Self::BenevolenceRead
            | Self::GrievancesFile
            | Self::GrievancesRead
            | Self::GrievancesWork
            | Self::InstructorsRead
            | Self::InstructorsWrite
            | Self::ListsExport
            | Self::MembersImport
            | Self::MembersWrite
            | Self::OrganizationsWrite
            | Self::TrainingManage => &[Owner, Admin, Officer, Staff],
            Self::TrainingRead | Self::TrainingWrite => &[Owner, Admin, Officer, Staff, Instructor],
            Self::MembersRead | Self::OrganizationsRead => {
                &[Owner, Admin, Officer, Staff, Organizer]
            }
            Self::OrganizingRead | Self::OrganizingWrite => &[Owner, Admin, Officer, Organizer],
            Self::BenevolenceFileOwn
            | Self::BenevolenceReadOwn
            | Self::GrievancesReadOwn
            | Self::MembersReadOwn
            | Self::TrainingReadOwn => &[Member],
            Self::ColleaguesRead => &[
                Owner, Admin, Officer, Staff, Organizer, Instructor, Moderator, Member,
            ],
            Self::BenevolenceManage | Self::TenantManage => &[Owner, Admin],
            Self::UsersManage => &[Owner, Admin],
            Self::UsersRead => &[
                Owner, Admin, Officer, Staff, Organizer, Instructor, Moderator,
            ],
        }
    }

    /// Whether a holder of these roles has this permission.
    pub fn held_by(self, roles: &[Role]) -> bool {
        self.holders().iter().any(|holder| roles.contains(holder))
    }
}

/// The matrix as a Markdown table, for the documents.
pub fn table() -> String {
    let mut lines = vec!["| permission |".to_owned(), "|---|".to_owned()];
    for role in Role::ALL {
        if let [head, rule] = lines.as_mut_slice() {
            head.push_str(&format!(" {} |", role.as_str()));
            rule.push_str("---|");
        }
    }
    for permission in Permission::ALL {
        let mut line = format!("| `{}` |", permission.as_str());
        for role in Role::ALL {
            line.push_str(if permission.held_by(&[role]) {
                " ✓ |"
            } else {
                " |"
            });
        }
        lines.push(line);
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_matrix_of_permission_and_role() {
        insta::assert_snapshot!(table());
    }
}
