//! The configuration as its users meet it: sources, precedence, faults, production and the manual.

use std::{collections::BTreeSet, fs, path::Path};

use super::*;

const MANUAL: &str = include_str!("../../../../docs/configuration.md");
const STRONG: &str = "2026:Y5u0gqcXJ3yJtQ0m0f8o4pGm2o0pVw3bXlq9kHnZt1s=";
/// Another key as good.
const OTHER: &str = "2026:pD2rJw8mQkYv5nTzXc1bHsLfUa7gEiRo3KqWxN0ZtGM=";

/// Sources with these variables and nothing else: no flags, no file.
fn variables(pairs: &[(&str, &str)]) -> Sources {
    Sources {
        flags: Flags::default(),
        variables: pairs.iter().copied().collect(),
        working_directory: PathBuf::from("/nowhere"),
    }
}

fn faults(sources: &Sources) -> Vec<String> {
    let errors = Config::load(sources).unwrap_err();
    errors.0.iter().map(ConfigError::to_string).collect()
}

/// Sources with this file in the working directory, and the folder that holds it.
fn file(text: &str) -> (tempfile::TempDir, Sources) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("unionhall.toml"), text).unwrap();
    let mut sources = variables(&[]);
    sources.working_directory = folder.path().to_owned();
    (folder, sources)
}

fn production(more: &[(&str, &str)]) -> Config {
    let mut pairs = vec![
        ("UNIONHALL_ENV", "production"),
        ("UNIONHALL_PUBLIC_URL", "https://hall.example"),
        ("UNIONHALL_SIGNING_KEYS", STRONG),
        ("UNIONHALL_SEALING_KEYS", OTHER),
        ("DATABASE_URL", "postgres://app:pw@db/hall"),
        ("S3_ENDPOINT", "https://s3.example"),
        ("S3_BUCKET", "hall-documents"),
        ("S3_ACCESS_KEY", "hall"),
        ("S3_SECRET_KEY", "a-key-of-our-own"),
        ("SMTP_HOST", "mail.example"),
        ("SMTP_FROM", "office@hall.example"),
    ];
    pairs.extend_from_slice(more);
    Config::load(&variables(&pairs)).unwrap()
}

#[test]
fn with_nothing_configured_everything_is_embedded() {
    let config = Config::load(&variables(&[])).unwrap();
    assert_eq!(config.environment, Environment::Development);
    assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.public_url, "http://127.0.0.1:8080");
    assert_eq!(config.data_dir, Path::new("./data"));
    assert!(config.demo);
    assert!(config.database.url.is_none() && config.s3.is_none() && config.smtp.server.is_none());
    assert_eq!(config.log.format, LogFormat::Text);
    assert_eq!(config.bcrypt_cost, 12);
    assert!(config.rate_limits.is_none() && config.trusted_proxies.is_empty());
    assert!(config.check_production().is_empty());
}

#[test]
fn every_key_of_the_table_is_read_once_and_only_those() {
    let mut reader = Reader::new(sources::collect(&variables(&[])));
    assert!(Config::read(&mut reader).is_some());
    let asked: BTreeSet<_> = reader.asked().iter().copied().collect();
    let known: BTreeSet<_> = keys::KEYS.iter().map(|key| key.name).collect();
    assert_eq!(asked, known);
    assert_eq!(reader.asked().len(), known.len());
}

#[test]
fn a_flag_beats_the_environment_which_beats_the_file_which_beats_the_default() {
    let (folder, mut sources) = file("listen = '127.0.0.1:1'\n");
    let path = folder.path().join("unionhall.toml");
    let listen = |sources: &Sources| {
        let rows = Config::load(sources).unwrap().explain();
        let row = rows.into_iter().find(|row| row.key == "listen").unwrap();
        (row.value.unwrap(), row.origin)
    };
    assert_eq!(
        listen(&variables(&[])),
        ("127.0.0.1:8080".to_owned(), Origin::Default)
    );
    assert_eq!(
        listen(&sources),
        ("127.0.0.1:1".to_owned(), Origin::File(path))
    );
    sources.variables = [("UNIONHALL_LISTEN", "127.0.0.1:2")].into_iter().collect();
    assert_eq!(
        listen(&sources),
        (
            "127.0.0.1:2".to_owned(),
            Origin::Variable("UNIONHALL_LISTEN".to_owned())
        )
    );
    sources.flags.listen = Some("127.0.0.1:3".to_owned());
    assert_eq!(
        listen(&sources),
        ("127.0.0.1:3".to_owned(), Origin::Flag("--listen"))
    );
}

#[test]
fn a_bad_value_names_its_key_and_its_source() {
    let mut sources = variables(&[("UNIONHALL_LISTEN", "banana")]);
    assert_eq!(
        faults(&sources),
        [
            "listen: `banana` is not an address like 127.0.0.1:8080 (from environment UNIONHALL_LISTEN)"
        ]
    );
    sources.flags.listen = Some("apple".to_owned());
    assert_eq!(
        faults(&sources),
        ["listen: `apple` is not an address like 127.0.0.1:8080 (from flag --listen)"]
    );
    let (folder, sources) = file("[database]\npool_size = 0\n");
    let path = folder.path().join("unionhall.toml");
    let expected = "database.pool_size: `0` is not a whole number from 1 to 1000";
    assert_eq!(
        faults(&sources),
        [format!("{expected} (from file {})", path.display())]
    );
}

#[test]
fn all_faults_are_told_at_once() {
    let (_folder, mut sources) = file(
        "lisen = 'x'\n[s3]\nbucket = 'hall-documents'\n[log]\nfilter = 'info,unionhall=loud'\ncolour = 'red'\n",
    );
    sources.variables = [
        ("UNIONHALL_DEMO", "maybe"),
        ("UNIONHALL_LISTEM", "x"),
        ("SMTP_USER", "hall"),
    ]
    .into_iter()
    .collect();
    let faults = faults(&sources);
    for (fault, start) in faults.iter().zip([
        "lisen: there is no such key; is `listen` meant? (from file ",
        "log.colour: there is no such key",
        "UNIONHALL_LISTEM: there is no such variable; is `UNIONHALL_LISTEN` meant? (from environment UNIONHALL_LISTEM)",
        "demo: `maybe` is neither `true` nor `false` (from environment UNIONHALL_DEMO)",
        "s3.endpoint: is missing: s3.bucket is set and needs it; set S3_ENDPOINT",
        "s3.access_key: is missing",
        "s3.secret_key: is missing",
        "smtp.host: is missing: smtp.user is set and needs it; set SMTP_HOST",
        "smtp.password: is missing",
        "log.filter: `info,unionhall=loud` is not a log filter",
    ]) {
        assert!(fault.starts_with(start), "{fault}\nshould begin with\n{start}");
    }
    assert_eq!(faults.len(), 10, "{faults:#?}");
}

#[test]
fn a_bad_secret_is_refused_without_being_repeated() {
    let sources = variables(&[
        ("UNIONHALL_SIGNING_KEYS", "hunter2"),
        ("DATABASE_URL", "hunter2"),
        ("UNIONHALL_METRICS_TOKEN", "hunter2"),
    ]);
    let faults = faults(&sources).join("\n");
    assert_eq!(faults.lines().count(), 3, "{faults}");
    assert!(!faults.contains("hunter2"), "{faults}");
    assert!(
        faults.contains("database.url: the value is not an address like postgres://"),
        "{faults}"
    );
}

#[test]
fn a_file_that_is_not_there_or_not_toml_is_a_fault_that_names_it() {
    let mut sources = variables(&[]);
    sources.flags.config = Some("/nowhere/hall.toml".into());
    assert_eq!(
        faults(&sources),
        ["/nowhere/hall.toml: cannot be read: there is no such file (from flag --config)"]
    );
    sources.flags.config = None;
    sources.variables = [("UNIONHALL_CONFIG", "/nowhere/hall.toml")]
        .into_iter()
        .collect();
    assert!(faults(&sources)[0].ends_with("(from environment UNIONHALL_CONFIG)"));
    let (_folder, sources) = file("demo = true\nmetrics_token = \"hunter2\nlisten = 1\n");
    let fault = faults(&sources).remove(0);
    assert!(
        fault.contains("line 2 is not TOML") && !fault.contains("hunter2"),
        "{fault}"
    );
}

#[test]
fn the_file_must_use_sections_lists_and_single_values_as_documented() {
    let (_folder, sources) =
        file("listen = ['a']\ndemo = { a = 1 }\ns3 = 'x'\ncors_origins = [['x']]\n");
    let faults = faults(&sources).join("\n");
    for expected in [
        "listen: is a list here; write a single value",
        "demo: is a table here; write a single value",
        "s3: is a section: write its keys under [s3]",
        "cors_origins: is a list of lists here; write a single value",
    ] {
        assert!(faults.contains(expected), "{faults}");
    }
}

#[test]
fn lists_are_lists_in_the_file_and_have_commas_in_the_environment() {
    let (_folder, mut sources) =
        file("cors_origins = ['https://a.example', 'https://b.example']\n");
    let expected = ["https://a.example", "https://b.example"];
    assert_eq!(Config::load(&sources).unwrap().cors_origins, expected);
    sources.variables = [(
        "UNIONHALL_CORS_ORIGINS",
        "https://a.example,https://b.example",
    )]
    .into_iter()
    .collect();
    assert_eq!(Config::load(&sources).unwrap().cors_origins, expected);
}

#[test]
fn an_empty_variable_is_one_that_is_not_set() {
    let config =
        Config::load(&variables(&[("S3_ENDPOINT", ""), ("UNIONHALL_LISTEN", "")])).unwrap();
    assert!(config.s3.is_none());
    assert_eq!(config.listen.port(), 8080);
}

#[test]
fn what_kubernetes_says_of_a_service_called_unionhall_is_not_a_fault() {
    let service = [
        ("UNIONHALL_SERVICE_HOST", "10.0.0.7"),
        ("UNIONHALL_SERVICE_PORT_HTTP", "80"),
        ("UNIONHALL_PORT", "tcp://10.0.0.7:80"),
        ("UNIONHALL_PORT_80_TCP_ADDR", "10.0.0.7"),
    ];
    assert!(Config::load(&variables(&service)).is_ok());
    assert!(
        faults(&variables(&[("UNIONHALL_PORT", "8080")]))[0]
            .starts_with("UNIONHALL_PORT: there is no such variable")
    );
}

#[test]
fn the_port_of_a_mail_server_follows_its_security() {
    for (security, port) in [("starttls", 587), ("tls", 465), ("none", 25)] {
        let config = production(&[("SMTP_SECURITY", security)]);
        assert_eq!(config.smtp.server.unwrap().port, port);
    }
    assert_eq!(
        production(&[("SMTP_PORT", "2525")])
            .smtp
            .server
            .unwrap()
            .port,
        2525
    );
}

#[test]
fn a_signature_is_named_whole_and_an_authority_needs_its_server() {
    let signed = [
        ("SMTP_DKIM_DOMAIN", "hall.example"),
        ("SMTP_DKIM_SELECTOR", "letters"),
        ("SMTP_DKIM_KEY_FILE", "dkim.pem"),
    ];
    let dkim = Config::load(&variables(&signed))
        .unwrap()
        .smtp
        .dkim
        .unwrap();
    assert_eq!(
        (dkim.domain.as_str(), dkim.selector.as_str()),
        ("hall.example", "letters")
    );
    let half = faults(&variables(&signed[..1]));
    assert_eq!(half.len(), 2, "{half:?}");
    assert!(
        half[0].starts_with("smtp.dkim_selector: is missing"),
        "{half:?}"
    );
    let alone = faults(&variables(&[("SMTP_CA_FILE", "ca.pem")]));
    assert!(alone[0].starts_with("smtp.host: is missing"), "{alone:?}");
}

#[test]
fn the_explanation_shows_effective_values_and_no_secret() {
    let config = production(&[("UNIONHALL_METRICS_TOKEN", "hunter2-hunter2-hunter2")]);
    let table = render(&config.explain());
    assert_eq!(table.lines().count(), keys::KEYS.len());
    for expected in [
        "2026:****",
        "postgres://app:****@db/hall",
        "smtp.port",
        "587",
        "(not set)",
        "environment S3_BUCKET",
    ] {
        assert!(table.contains(expected), "{expected}:\n{table}");
    }
    let everything = format!("{table}{config:?}");
    for secret in ["hunter2", "Y5u0gqcX", "a-key-of-our-own", ":pw@"] {
        assert!(!everything.contains(secret), "{secret}:\n{everything}");
    }
}

#[test]
fn a_production_that_names_everything_is_let_through() {
    let config = production(&[]);
    assert_eq!(config.check_production(), Vec::<String>::new());
    assert_eq!((config.demo, config.log.format), (false, LogFormat::Json));
}

#[test]
fn a_production_that_names_nothing_is_refused_for_each_thing() {
    let config = Config::load(&variables(&[("UNIONHALL_ENV", "production")])).unwrap();
    let refused: Vec<_> = config.check_production();
    let keys: Vec<_> = refused
        .iter()
        .filter_map(|refusal| refusal.split(':').next())
        .collect();
    assert_eq!(
        keys,
        [
            "signing_keys",
            "sealing_keys",
            "public_url",
            "database.url",
            "s3.endpoint",
            "smtp.host"
        ]
    );
}

#[test]
fn a_production_with_one_unsafe_value_is_refused_for_it() {
    for (variable, value, start) in [
        (
            "UNIONHALL_SIGNING_KEYS",
            "2026:c2hvcnQ=",
            "signing_keys: the key 2026 has 5 bytes",
        ),
        (
            "UNIONHALL_SEALING_KEYS",
            "2026:c2hvcnQ=",
            "sealing_keys: the key 2026 has 5 bytes",
        ),
        (
            "UNIONHALL_SEALING_KEYS",
            STRONG,
            "sealing_keys: the key 2026 signs tokens too",
        ),
        ("UNIONHALL_DEMO", "true", "demo: is true"),
        (
            "UNIONHALL_PUBLIC_URL",
            "http://hall.example",
            "public_url: is http://hall.example",
        ),
        (
            "UNIONHALL_CORS_ORIGINS",
            "http://a.example",
            "cors_origins: holds http://a.example",
        ),
        (
            "UNIONHALL_PASSWORDS_BCRYPT_COST",
            "11",
            "passwords.bcrypt_cost: is 11",
        ),
        (
            "DATABASE_OWNER_URL",
            "postgres://app:pw@db/hall",
            "database.owner_url: is the same",
        ),
        (
            "S3_SECRET_KEY",
            "minioadmin",
            "s3.secret_key: is one that object stores ship with",
        ),
        ("SMTP_FROM", "", "smtp.from: there is none"),
    ] {
        let refusals = production(&[(variable, value)]).check_production();
        assert_eq!(refusals.len(), 1, "{variable}: {refusals:#?}");
        assert!(refusals[0].starts_with(start), "{refusals:#?}");
        let (key, _) = start.split_once(':').unwrap();
        assert!(
            checklist().contains(&format!("`{key}`")),
            "the manual's checklist does not name {key}"
        );
    }
    let mail = [
        ("SMTP_SECURITY", "none"),
        ("SMTP_USER", "hall"),
        ("SMTP_PASSWORD", "pw"),
    ];
    assert!(production(&mail).check_production()[0].starts_with("smtp.security: is none"));
}

#[test]
fn the_manuals_example_key_is_refused_in_production() {
    let (_, example) = MANUAL.split_once("signing_keys = [\"").unwrap();
    let (example, _) = example.split_once('"').unwrap();
    let refusals = production(&[("UNIONHALL_SIGNING_KEYS", example)]).check_production();
    assert_eq!(refusals.len(), 1, "{refusals:#?}");
}

#[test]
fn the_manuals_example_file_is_a_good_one() {
    let (_, example) = MANUAL.split_once("```toml\n").unwrap();
    let (example, _) = example.split_once("```").unwrap();
    let (_folder, sources) = file(example);
    let config = Config::load(&sources).unwrap();
    assert_eq!(config.environment, Environment::Production);
}

#[test]
fn the_manual_lists_the_keys_of_the_table() {
    let listed = between("<!-- keys: begin -->\n", "<!-- keys: end -->");
    assert_eq!(
        listed,
        reference_table(),
        "paste what `unionhall config --reference` prints between the marks"
    );
}

fn checklist() -> &'static str {
    let (_, rest) = MANUAL.split_once("## Production checklist").unwrap();
    rest
}

fn between(begin: &str, end: &str) -> &'static str {
    let (_, rest) = MANUAL.split_once(begin).unwrap();
    rest.split_once(end).unwrap().0
}
