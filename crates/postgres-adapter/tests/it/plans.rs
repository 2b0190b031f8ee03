//! With 100,000 rows in each table, no list and no search reads a whole one.
//!
//! Every way to ask is a row of [`patterns`], asked through the port as the program asks, by the program's role. What
//! the server counts then tells the truth about the plans that ran, those inside of functions too: reading a large table
//! row by row is too much, unless it ends after some thousands of them.

mod agreements;
mod asked;
mod benevolence;
mod cases;
mod filling;
mod fund;
mod lookups;
mod organizing;
mod records;
mod worker;

use std::{fmt::Debug, time::Duration};

use diesel::{
    PgConnection, QueryableByName, RunQueryDsl, sql_query,
    sql_types::{BigInt, Text},
};
use jiff::civil::{Date, date};
use unionhall_domain::{ids::Id, search::SearchWords};
use unionhall_ports::{
    pages::{Cursor, Direction, PageRequest},
    search::{Applicants, Reach, SearchRequest},
    storage::StorageError,
    unit_of_work::{Repositories, Scope},
};
use unionhall_testing::{TestDatabase, builders, polling::eventually};
use uuid::Uuid;

use self::filling::{TABLES, filled};

/// How long a connection that was closed may take to be gone.
const PATIENCE: Duration = Duration::from_secs(30);
/// So many rows may be looked at: where very many match, the first few are soon met, a few times in one search.
const AT_MOST: i64 = 12_000;
/// A day in the midst of all, and one a month later.
const DAY: Date = date(2010, 5, 1);
const MONTH_LATER: Date = date(2010, 6, 1);
/// An instant in the midst of all.
const TIME: &str = "2026-02-01T00:00:00Z";

/// The id of one record among many; there need be none.
fn one<T>() -> Id<T> {
    Id::new(Uuid::from_u128(9))
}

/// A way to ask, and what it is called.
struct Pattern {
    name: String,
    way: Way,
    ask: Ask,
}

impl Pattern {
    /// The same, asked in another transaction.
    fn by(self, way: Way) -> Self {
        Self { way, ..self }
    }
}

/// In which kind of transaction the program asks.
#[derive(Clone, Copy)]
enum Way {
    /// A hall's, which only reads.
    Reading,
    /// A hall's, which locks what it finds, or changes it.
    Changing,
    /// The worker's, for every hall.
    Working,
}

type Ask = Box<dyn Fn(&mut dyn Repositories) -> Result<(), StorageError>>;

fn pattern(
    name: impl Into<String>,
    ask: impl Fn(&mut dyn Repositories) -> Result<(), StorageError> + 'static,
) -> Pattern {
    Pattern {
        name: name.into(),
        way: Way::Reading,
        ask: Box::new(ask),
    }
}

/// Every page of a list that differs for the planner: each order, both ways, the first page and one further on.
fn pages<S: Copy + Debug>(orders: &[(S, &str)]) -> Vec<(String, PageRequest<S>)> {
    let mut pages = Vec::new();
    for (sort, key) in orders {
        for direction in [Direction::Ascending, Direction::Descending] {
            for after in [None, Some((*key).to_owned())] {
                let place = after.as_deref().unwrap_or("first");
                let name = format!("{sort:?} {direction:?} {place}");
                let request = PageRequest {
                    limit: 50,
                    after: after.map(|key| Cursor {
                        key,
                        id: Uuid::from_u128(7),
                    }),
                    sort: *sort,
                    direction,
                    with_total: false,
                };
                pages.push((name, request));
            }
        }
    }
    pages
}

/// One pattern for each filter and each page of a list.
macro_rules! lists {
    ($repository:ident, $filters:expr, $orders:expr) => {{
        let mut patterns = Vec::new();
        for (called, filter) in $filters {
            for (page_name, page) in pages($orders) {
                let filter = filter.clone();
                let name = format!("{} {called}: {page_name}", stringify!($repository));
                patterns.push(pattern(name, move |tx| {
                    tx.$repository().list(&filter, &page).map(drop)
                }));
            }
        }
        patterns
    }};
}
use lists;

/// A filter that asks for this and nothing else.
macro_rules! only {
    ($filter:ident { $($field:ident: $value:expr),* }) => {
        $filter { $($field: $value,)* ..$filter::default() }
    };
}
use only;

/// Every way to ask. A list that is added gets its rows here.
fn patterns() -> Vec<Pattern> {
    [
        records::members(),
        records::organizations(),
        records::contacts(),
        records::employments(),
        records::salting_activities(),
        records::audit(),
        cases::grievances(),
        cases::deadlines(),
        cases::information_requests(),
        cases::obligations(),
        cases::of_one_grievance(),
        cases::boards(),
        cases::case_files(),
        benevolence::lists_and_queues(),
        organizing::campaigns(),
        organizing::statistics(),
        agreements::agreements(),
        fund::fund(),
        lookups::lookups(),
        worker::worker(),
        search(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn search() -> Vec<Pattern> {
    let questions = [
        "anna",
        "kowalski",
        "kowalsky",
        "A99999",
        "a9",
        "electric",
        "electrik 77",
        "GR-2005-0007",
        "overtime",
        "pkmh",
        "anna electric overtime",
        "overtme",
        "surgery",
        "BF-2005-0007",
        "zzzzzz",
    ];
    let asked = |words: &str, members: Reach, grievances: Reach| {
        let request = SearchRequest {
            words: SearchWords::parse(words).expect("words"),
            members,
            organizations: members == Reach::All,
            grievances,
            applications: grievances,
            viewer: Some(one()),
            applicants: Applicants::Named,
            limit: 20,
        };
        let name = format!("search {words} {members:?}");
        pattern(name, move |tx| tx.search().find(&request).map(drop))
    };
    let own = Reach::Of(one());
    let asked = |words: &&str| [asked(words, Reach::All, Reach::All), asked(words, own, own)];
    questions.iter().flat_map(asked).collect()
}

/// How many rows of each of the tables have been read so far, off an index or not, once nobody of the program is
/// connected.
fn rows_read(connection: &mut PgConnection) -> Vec<(String, i64)> {
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    #[derive(QueryableByName)]
    struct Table {
        #[diesel(sql_type = Text)]
        relname: String,
        #[diesel(sql_type = BigInt)]
        rows: i64,
    }
    // A connection tells its counts when it ends at the latest.
    eventually("the program's connections end", PATIENCE, || {
        let open: Count = sql_query(
            "select count(*) from pg_stat_activity where datname = current_database() \
                 and pid <> pg_backend_pid() and backend_type = 'client backend'",
        )
        .get_result(connection)
        .expect("the activity is shown");
        open.count == 0
    });
    let tables: Vec<Table> = sql_query(
        "select relname::text, coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) as rows \
         from pg_stat_user_tables order by relname",
    )
    .load(connection)
    .expect("the counts are shown");
    let tables = tables.into_iter().map(|table| (table.relname, table.rows));
    tables
        .filter(|(name, _)| TABLES.iter().any(|(large, _)| large == name))
        .collect()
}

#[test]
fn no_list_and_no_search_reads_a_whole_table_of_100_000_rows() {
    let database = TestDatabase::new();
    let tenant = builders::tenant(&*database.unit_of_work(), "local-46");
    filled(&database, &tenant);
    let mut connection = crate::connect(&database.owner_url());
    let mut before = rows_read(&mut connection);
    assert_eq!(before.len(), TABLES.len());
    let mut wrong = Vec::new();
    for Pattern { name, way, ask } in patterns() {
        let storage = database.unit_of_work();
        let hall = Scope::Tenant(tenant.id);
        let asked = match way {
            Way::Reading => storage.read(hall, |tx| ask(tx)),
            Way::Changing => storage.rehearsal(hall, |tx| ask(tx)),
            Way::Working => storage.rehearsal(Scope::Worker, |tx| ask(tx)),
        };
        drop(storage);
        // What a made-up row says need not make sense.
        if let Err(error) = asked {
            let told = format!("{error:?}");
            assert!(told.contains("InconsistentRow"), "{name}: {told}");
        }
        let after = rows_read(&mut connection);
        for ((table, before), (_, after)) in before.iter().zip(&after) {
            if after - before > AT_MOST {
                wrong.push(format!("{name} reads {} rows of {table}", after - before));
            }
        }
        before = after;
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
