//! Papers of some of the local's grievances, as files; all invented.

use unionhall_application::{
    Application, DocumentFilter, DocumentSort, GrievanceFilter, GrievanceSort,
    call::Call,
    documents::{Documents, NewDocument},
    pages::{Direction, PageRequest},
};
use unionhall_domain::{
    documents::{DocumentDetails, RecordRef, Tag},
    text::Line,
};

use super::DemoError;

/// A paper of a grievance.
struct Paper {
    name: &'static str,
    category: &'static str,
    title: &'static str,
    tag: &'static str,
    content: &'static str,
}

/// One for each of the first grievances.
const PAPERS: [Paper; 4] = [
    Paper {
        name: "overtime-list.csv",
        category: "evidence",
        title: "Overtime list of the crew",
        tag: "overtime",
        content: "date,name,hours,asked\n2026-03-02,Ortiz,0,no\n2026-03-02,Lindqvist,4,yes\n",
    },
    Paper {
        name: "statement-foreman.txt",
        category: "statements",
        title: "Statement of the foreman",
        tag: "witness",
        content: "I was told to send the apprentices home and keep the others.\n",
    },
    Paper {
        name: "letter-to-employer.txt",
        category: "correspondence",
        title: "Letter to the employer",
        tag: "letter",
        content: "Please let us have the time sheets of the last four weeks by Friday.\n",
    },
    Paper {
        name: "toolbox-talks.json",
        category: "evidence",
        title: "Toolbox talks, as the employer sent them",
        tag: "safety",
        content: "{\"talks\": [{\"topic\": \"ladders\", \"attended\": 7}]}\n",
    },
];

/// Gives the first grievances a paper each; one that has papers gets none.
pub(super) fn ensure(
    documents: &Documents,
    application: &Application,
    call: &Call,
) -> Result<(), DemoError> {
    let cases = application.grievances.list(
        call,
        GrievanceFilter::default(),
        &first(PAPERS.len(), GrievanceSort::Number),
    )?;
    for (case, paper) in cases.value.items.iter().zip(&PAPERS) {
        let record = RecordRef::Grievance(case.id);
        let there = documents.list(
            call,
            record,
            DocumentFilter::default(),
            &first(1, DocumentSort::Created),
        )?;
        if !there.value.items.is_empty() {
            continue;
        }
        let new = NewDocument {
            record,
            category: paper.category.to_owned(),
            details: DocumentDetails {
                title: Some(Line::parse(paper.title)?),
                tags: vec![Tag::parse(paper.tag)?],
                ..DocumentDetails::default()
            },
        };
        let intake = documents.begin(call, &new, (paper.name, ""), false)?;
        let received = intake.finish(paper.content.as_bytes().to_vec())?;
        documents.create(call, new, received)?;
    }
    Ok(())
}

fn first<S>(limit: usize, sort: S) -> PageRequest<S> {
    PageRequest {
        limit: u16::try_from(limit).unwrap_or(1),
        after: None,
        sort,
        direction: Direction::Ascending,
        with_total: false,
    }
}
