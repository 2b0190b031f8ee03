//! The table of everything that can be configured: the loader, `unionhall config` and the manual all read it.

mod key;
mod shown;

use unionhall_http::web::rate_limits::Allowances;

pub(super) use key::{Fallback, Key, Shape};
use shown::{s3, setup, shown_list, shown_url, smtp};

use super::{Config, MASK, Secret};

/// The key of that name.
pub(super) fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}

/// Whether keys begin with this name and a dot.
pub(super) fn is_section(name: &str) -> bool {
    let mut sections = KEYS.iter().filter_map(|key| key.name.split_once('.'));
    sections.any(|(section, _)| section == name)
}

use Fallback::{Absent, ByEnvironment, Text};

/// Every key, in the order of the manual.
pub(super) static KEYS: &[Key] = &[
    Key::new(
        "environment",
        "UNIONHALL_ENV",
        Text("development"),
        |c| Some(c.environment.to_string()),
        "`development` brings everything itself; `production` invents nothing and refuses what is unsafe.",
    )
    .flag("--env"),
    Key::new(
        "listen",
        "UNIONHALL_LISTEN",
        Text("127.0.0.1:8080"),
        |c| Some(c.listen.to_string()),
        "The address and port that HTTP is served on.",
    )
    .flag("--listen"),
    Key::new(
        "data_dir",
        "UNIONHALL_DATA_DIR",
        Text("./data"),
        |c| Some(c.data_dir.display().to_string()),
        "Where the embedded PostgreSQL, object store and mailbox keep their files, and the development keys.",
    )
    .flag("--data-dir"),
    Key::new(
        "public_url",
        "UNIONHALL_PUBLIC_URL",
        Absent("`http://` and `listen`"),
        |c| Some(c.public_url.clone()),
        "The address people use, for links in mail; `https` in production.",
    ),
    Key::new(
        "demo",
        "UNIONHALL_DEMO",
        ByEnvironment {
            development: "true",
            production: "false",
        },
        |c| Some(c.demo.to_string()),
        "Whether two demo tenants with people and data are made on first start. Refused in production.",
    ),
    Key::new(
        "signing_keys",
        "UNIONHALL_SIGNING_KEYS",
        Absent("development: one is drawn and kept in the data folder"),
        |c| shown_list(c.signing_keys.iter().map(|key| format!("{}:{MASK}", key.id))),
        "The keys of access tokens and invitations as `id:base64`, 32 random bytes or more each; the first signs, all verify.",
    )
    .list()
    .secret(),
    Key::new(
        "sealing_keys",
        "UNIONHALL_SEALING_KEYS",
        Absent("development: one is drawn and kept in the data folder"),
        |c| shown_list(c.sealing_keys.iter().map(|key| format!("{}:{MASK}", key.id))),
        "The keys of second factors and tax ids as `id:base64`, 32 random bytes or more each; the first seals, all open. Keep each as long as something is sealed under it.",
    )
    .list()
    .secret(),
    Key::new(
        "cors_origins",
        "UNIONHALL_CORS_ORIGINS",
        Absent("none"),
        |c| shown_list(c.cors_origins.iter().cloned()),
        "Origins of web pages elsewhere that may call the API, like `https://hall.example`.",
    )
    .list(),
    Key::new(
        "trusted_proxies",
        "UNIONHALL_TRUSTED_PROXIES",
        Absent("none"),
        |c| shown_list(c.trusted_proxies.iter().map(ToString::to_string)),
        "Proxies that are believed when `X-Forwarded-For` or `Forwarded` says for whom they speak: addresses and blocks like `10.0.0.0/8`.",
    )
    .list(),
    Key::new(
        "rate_limits.mode",
        "UNIONHALL_RATE_LIMITS",
        ByEnvironment {
            development: "off",
            production: "on",
        },
        |c| Some(if c.rate_limits.is_some() { "on" } else { "off" }.to_owned()),
        "`on` or `off`: whether requests are counted. Off is for tests and demonstrations, and refused in production.",
    ),
    Key::new(
        "rate_limits.sign_in",
        "UNIONHALL_RATE_LIMITS_SIGN_IN",
        Text("10"),
        |c| allowance(c, |limits| limits.sign_in),
        "Tries to sign in a minute, for each address and again for each account.",
    ),
    Key::new(
        "rate_limits.registration",
        "UNIONHALL_RATE_LIMITS_REGISTRATION",
        Text("5"),
        |c| allowance(c, |limits| limits.registration),
        "Registrations and repeated mails a minute, for each address and again for each account.",
    ),
    Key::new(
        "rate_limits.recovery",
        "UNIONHALL_RATE_LIMITS_RECOVERY",
        Text("3"),
        |c| allowance(c, |limits| limits.recovery),
        "Forgotten passwords and resets a minute, for each address and again for each account.",
    ),
    Key::new(
        "rate_limits.anonymous",
        "UNIONHALL_RATE_LIMITS_ANONYMOUS",
        Text("60"),
        |c| allowance(c, |limits| limits.anonymous),
        "Other requests a minute of somebody who is not signed in, for each address.",
    ),
    Key::new(
        "rate_limits.member",
        "UNIONHALL_RATE_LIMITS_MEMBER",
        Text("60"),
        |c| allowance(c, |limits| limits.member),
        "Requests a minute of a signed-in member or contact.",
    ),
    Key::new(
        "rate_limits.staff",
        "UNIONHALL_RATE_LIMITS_STAFF",
        Text("300"),
        |c| allowance(c, |limits| limits.staff),
        "Requests a minute of signed-in officers, staff, organizers, instructors and moderators.",
    ),
    Key::new(
        "rate_limits.admin",
        "UNIONHALL_RATE_LIMITS_ADMIN",
        Text("1000"),
        |c| allowance(c, |limits| limits.admin),
        "Requests a minute of a signed-in owner or administrator.",
    ),
    Key::new(
        "metrics_token",
        "UNIONHALL_METRICS_TOKEN",
        Absent("`/metrics` answers loopback alone"),
        |c| c.metrics_token.as_ref().map(Secret::to_string),
        "The bearer token with which `/metrics` may be read from elsewhere; 16 characters or more.",
    )
    .secret(),
    Key::new(
        "postgres_bin",
        "UNIONHALL_POSTGRES_BIN",
        Absent("looked for on `PATH` and in the usual places"),
        |c| c.postgres_bin.as_ref().map(|path| path.display().to_string()),
        "The folder with PostgreSQL's server programs, for the embedded one.",
    ),
    Key::new(
        "database.url",
        "DATABASE_URL",
        Absent("the embedded PostgreSQL"),
        |c| c.database.url.as_ref().map(shown_url),
        "The database, as the role that serves requests: it owns nothing and cannot bypass row-level security.",
    )
    .secret(),
    Key::new(
        "database.owner_url",
        "DATABASE_OWNER_URL",
        Absent("the embedded PostgreSQL"),
        |c| c.database.owner_url.as_ref().map(shown_url),
        "The same database, as the role that owns the tables; only `unionhall migrate` uses it.",
    )
    .secret(),
    Key::new(
        "database.pool_size",
        "UNIONHALL_DATABASE_POOL_SIZE",
        Text("8"),
        |c| Some(c.database.pool_size.to_string()),
        "Connections held to the database: about four for each of its cores; more only make queues.",
    ),
    Key::new(
        "s3.endpoint",
        "S3_ENDPOINT",
        Absent("the embedded object store"),
        |c| s3(c, |s3| s3.endpoint.clone()),
        "The object store's address. Naming it needs the bucket and both keys as well.",
    ),
    Key::new(
        "s3.public_endpoint",
        "S3_PUBLIC_ENDPOINT",
        Absent("the same address"),
        |c| s3(c, |s3| s3.public_endpoint.clone().unwrap_or_else(|| s3.endpoint.clone())),
        "The address under which browsers reach the object store, where that is another one: addresses of documents lead there.",
    ),
    Key::new(
        "s3.region",
        "S3_REGION",
        Text("us-east-1"),
        |c| s3(c, |s3| s3.region.clone()),
        "The object store's region.",
    ),
    Key::new(
        "s3.bucket",
        "S3_BUCKET",
        Absent("the embedded object store's"),
        |c| s3(c, |s3| s3.bucket.clone()),
        "The bucket that holds documents. It must exist.",
    ),
    Key::new(
        "s3.access_key",
        "S3_ACCESS_KEY",
        Absent("the embedded object store's"),
        |c| s3(c, |s3| s3.access_key.to_string()),
        "The id of the object store's key.",
    )
    .secret(),
    Key::new(
        "s3.secret_key",
        "S3_SECRET_KEY",
        Absent("the embedded object store's"),
        |c| s3(c, |s3| s3.secret_key.to_string()),
        "The object store's key.",
    )
    .secret(),
    Key::new(
        "smtp.host",
        "SMTP_HOST",
        Absent("the embedded mailbox, which delivers nothing"),
        |c| smtp(c, |server| Some(server.host.clone())),
        "The mail server.",
    ),
    Key::new(
        "smtp.port",
        "SMTP_PORT",
        Absent("587, 465 or 25, by `smtp.security`"),
        |c| smtp(c, |server| Some(server.port.to_string())),
        "The mail server's port.",
    ),
    Key::new(
        "smtp.security",
        "SMTP_SECURITY",
        Text("starttls"),
        |c| smtp(c, |server| Some(server.security.to_string())),
        "`starttls` (required, not opportunistic), `tls` (from the first byte) or `none`.",
    ),
    Key::new(
        "smtp.user",
        "SMTP_USER",
        Absent("no sign-in at the mail server"),
        |c| smtp(c, |server| server.credentials.as_ref().map(|c| c.user.clone())),
        "Who signs in at the mail server.",
    ),
    Key::new(
        "smtp.password",
        "SMTP_PASSWORD",
        Absent("no sign-in at the mail server"),
        |c| smtp(c, |server| server.credentials.as_ref().map(|c| c.password.to_string())),
        "The password of `smtp.user`.",
    )
    .secret(),
    Key::new(
        "smtp.from",
        "SMTP_FROM",
        Text(UNNAMED_SENDER),
        |c| Some(c.smtp.from.clone()),
        "The sender of all mail: an address, or a name and an address in angle brackets.",
    ),
    Key::new(
        "smtp.ca_file",
        "SMTP_CA_FILE",
        Absent("the authorities that browsers trust"),
        |c| smtp(c, |server| server.ca_file.as_ref().map(|path| path.display().to_string())),
        "A PEM file with the certificates of which one must vouch for the mail server, and no other may.",
    ),
    Key::new(
        "smtp.dkim_domain",
        "SMTP_DKIM_DOMAIN",
        Absent("mail is not signed"),
        |c| c.smtp.dkim.as_ref().map(|dkim| dkim.domain.clone()),
        "The domain that signs mail (DKIM), usually that of `smtp.from`. Naming it needs the selector and the key.",
    ),
    Key::new(
        "smtp.dkim_selector",
        "SMTP_DKIM_SELECTOR",
        Absent("mail is not signed"),
        |c| c.smtp.dkim.as_ref().map(|dkim| dkim.selector.clone()),
        "Where the public key is: the name before `._domainkey.` and the domain, in DNS.",
    ),
    Key::new(
        "smtp.dkim_key_file",
        "SMTP_DKIM_KEY_FILE",
        Absent("mail is not signed"),
        |c| c.smtp.dkim.as_ref().map(|dkim| dkim.key_file.display().to_string()),
        "The private key in PEM: RSA of 2,048 bits or more, or Ed25519. Its public half is in DNS.",
    ),
    Key::new(
        "setup.slug",
        "UNIONHALL_SETUP_SLUG",
        Absent("nothing is set up on its own"),
        |c| setup(c, |setup| Some(setup.tenant.slug.as_str().to_owned())),
        "The short name of the first tenant. With the keys of `setup`, `serve` and `unionhall setup` make it and its owner, once.",
    ),
    Key::new(
        "setup.name",
        "UNIONHALL_SETUP_NAME",
        Absent("nothing is set up on its own"),
        |c| setup(c, |setup| Some(setup.tenant.name.to_string())),
        "What the first tenant calls itself.",
    ),
    Key::new(
        "setup.kind",
        "UNIONHALL_SETUP_KIND",
        Absent("nothing is set up on its own"),
        |c| setup(c, |setup| Some(setup.tenant.kind.as_str().to_owned())),
        "`local` or `training_trust`.",
    ),
    Key::new(
        "setup.time_zone",
        "UNIONHALL_SETUP_TIME_ZONE",
        Absent("`America/Los_Angeles`"),
        |c| setup(c, |setup| Some(setup.tenant.time_zone.as_str().to_owned())),
        "Where the first tenant's days begin and end.",
    ),
    Key::new(
        "setup.currency",
        "UNIONHALL_SETUP_CURRENCY",
        Absent("`USD`"),
        |c| setup(c, |setup| Some(setup.tenant.currency.as_str().to_owned())),
        "What its amounts are in.",
    ),
    Key::new(
        "setup.owner_email",
        "UNIONHALL_SETUP_OWNER_EMAIL",
        Absent("nothing is set up on its own"),
        |c| setup(c, |setup| Some(setup.owner_email.to_string())),
        "The address that the first owner signs in with.",
    ),
    Key::new(
        "setup.owner_first_name",
        "UNIONHALL_SETUP_OWNER_FIRST_NAME",
        Absent("made from the address"),
        |c| setup(c, |setup| setup.owner_first_name.as_ref().map(ToString::to_string)),
        "The owner's given name.",
    ),
    Key::new(
        "setup.owner_last_name",
        "UNIONHALL_SETUP_OWNER_LAST_NAME",
        Absent("made from the address"),
        |c| setup(c, |setup| setup.owner_last_name.as_ref().map(ToString::to_string)),
        "The owner's family name.",
    ),
    Key::new(
        "setup.password_file",
        "UNIONHALL_SETUP_PASSWORD_FILE",
        Absent("the owner gets a mail with a link to choose one"),
        |c| setup(c, |setup| setup.password_file.as_ref().map(|path| path.display().to_string())),
        "A file with the owner's first password; delete it afterwards.",
    ),
    Key::new(
        "log.filter",
        "UNIONHALL_LOG_FILTER",
        Text("info,actix_server=warn"),
        |c| Some(c.log.filter.clone()),
        "What is logged, like `info,unionhall=debug`.",
    ),
    Key::new(
        "log.format",
        "UNIONHALL_LOG_FORMAT",
        ByEnvironment {
            development: "text",
            production: "json",
        },
        |c| Some(c.log.format.to_string()),
        "`text` for people, `json` for programs.",
    ),
    Key::new(
        "limits.body_bytes",
        "UNIONHALL_LIMITS_BODY_BYTES",
        Text("1048576"),
        |c| Some(c.limits.body_bytes.to_string()),
        "Largest body of a request, in bytes; a larger one is answered 413.",
    ),
    Key::new(
        "limits.import_bytes",
        "UNIONHALL_LIMITS_IMPORT_BYTES",
        Text("67108864"),
        |c| Some(c.limits.import_bytes.to_string()),
        "Largest body of an import, in bytes.",
    ),
    Key::new(
        "limits.upload_bytes",
        "UNIONHALL_LIMITS_UPLOAD_BYTES",
        Text("2147483648"),
        |c| Some(c.limits.upload_bytes.to_string()),
        "Largest file of a document, in bytes.",
    ),
    Key::new(
        "limits.gate_queue",
        "UNIONHALL_LIMITS_GATE_QUEUE",
        Text("8192"),
        |c| Some(c.limits.gate_queue.to_string()),
        "Requests that may wait for a database connection; one more is answered 503.",
    ),
    Key::new(
        "limits.gate_wait_ms",
        "UNIONHALL_LIMITS_GATE_WAIT_MS",
        Text("10000"),
        |c| Some(c.limits.gate_wait.as_millis().to_string()),
        "Milliseconds that a request may wait for a database connection before it is answered 503.",
    ),
    Key::new(
        "limits.hashing_queue",
        "UNIONHALL_LIMITS_HASHING_QUEUE",
        Text("256"),
        |c| Some(c.limits.hashing_queue.to_string()),
        "Passwords that may wait to be hashed, about four a second and core; one more is answered 503.",
    ),
    Key::new(
        "passwords.bcrypt_cost",
        "UNIONHALL_PASSWORDS_BCRYPT_COST",
        Text("12"),
        |c| Some(c.bcrypt_cost.to_string()),
        "The work in one password hash; each step doubles it. Below 12 is for tests.",
    ),
    Key::new(
        "registration.mode",
        "UNIONHALL_REGISTRATION_MODE",
        Text("invitation"),
        |c| Some(c.registration.as_str().to_owned()),
        "Who may make an account: `open` for everybody, `invitation` for whoever was invited, `closed` for nobody but the operator.",
    ),
];

/// The sender of an installation that names none: nobody could answer.
pub(super) const UNNAMED_SENDER: &str = "Unionhall <unionhall@localhost.localdomain>";

fn allowance(config: &Config, show: impl Fn(&Allowances) -> u32) -> Option<String> {
    config
        .rate_limits
        .as_ref()
        .map(|limits| show(limits).to_string())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_and_variables_are_unique() {
        let names: BTreeSet<_> = KEYS.iter().map(|key| key.name).collect();
        let variables: BTreeSet<_> = KEYS.iter().map(|key| key.variable).collect();
        assert_eq!((names.len(), variables.len()), (KEYS.len(), KEYS.len()));
    }
}
