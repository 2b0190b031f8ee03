//! What a production configuration must not be: each refusal names the key and says what to do.

use super::{Config, Environment, Secret, SigningKey, SmtpSecurity, keys::UNNAMED_SENDER};

/// Fewer rounds than this make stolen hashes cheap to guess.
const LEAST_BCRYPT_COST: u32 = 12;
/// Keys that object stores ship with.
const SHIPPED_S3_KEYS: [&str; 5] = ["minioadmin", "minio123", "test", "admin", "unionhall"];

impl Config {
    /// Why this configuration must not serve a hall; empty when it may, and always in development.
    /// What only the database knows (its roles, demo tenants, default passwords) is not judged here.
    pub fn check_production(&self) -> Vec<String> {
        if self.environment == Environment::Development {
            return Vec::new();
        }
        let mut refusals = self.check_keys();
        refusals.extend(self.check_face());
        refusals.extend(self.check_database());
        refusals.extend(self.check_s3());
        refusals.extend(self.check_smtp());
        refusals
    }

    fn check_keys(&self) -> Vec<String> {
        let mut refusals = check_ring(
            "signing_keys",
            &self.signing_keys,
            "make one with `head -c 32 /dev/urandom | base64` and set UNIONHALL_SIGNING_KEYS=2026:<it>",
        );
        refusals.extend(check_ring(
            "sealing_keys",
            &self.sealing_keys,
            "make one with `head -c 32 /dev/urandom | base64`, set UNIONHALL_SEALING_KEYS=2026:<it>, and keep a copy",
        ));
        let signs = |sealing: &&SigningKey| {
            let mut signing = self.signing_keys.iter();
            signing.any(|key| key.secret.expose() == sealing.secret.expose())
        };
        refusals.extend(self.sealing_keys.iter().filter(signs).map(|key| {
            let id = &key.id;
            format!("sealing_keys: the key {id} signs tokens too; make one of its own")
        }));
        refusals
    }

    fn check_face(&self) -> Vec<String> {
        let mut refusals = Vec::new();
        if self.demo {
            refusals.push(
                "demo: is true; remove it: demo sign-ins have a password that everyone knows"
                    .to_owned(),
            );
        }
        if !self.public_url.starts_with("https://") {
            let url = &self.public_url;
            refusals.push(format!(
                "public_url: is {url}; put TLS in front and set UNIONHALL_PUBLIC_URL=https://<your host>"
            ));
        }
        for origin in self
            .cors_origins
            .iter()
            .filter(|origin| !origin.starts_with("https://"))
        {
            refusals.push(format!(
                "cors_origins: holds {origin}; serve that page over https, or remove it"
            ));
        }
        if self.rate_limits.is_none() {
            refusals.push(
                "rate_limits.mode: is off, which is for tests and demonstrations; remove it"
                    .to_owned(),
            );
        }
        if self.bcrypt_cost < LEAST_BCRYPT_COST {
            let cost = self.bcrypt_cost;
            refusals.push(format!(
                "passwords.bcrypt_cost: is {cost}, which is for tests; remove it or set {LEAST_BCRYPT_COST} or more"
            ));
        }
        refusals
    }

    fn check_database(&self) -> Vec<String> {
        match (&self.database.url, &self.database.owner_url) {
            (None, _) => vec![
                "database.url: there is none, and the embedded PostgreSQL is for development; \
                 set DATABASE_URL to your database, as a role that owns nothing"
                    .to_owned(),
            ],
            (Some(url), Some(owner)) if url.expose() == owner.expose() => vec![
                "database.owner_url: is the same as database.url; serve requests as a role of their own, \
                 which `unionhall migrate` makes, so that row-level security binds it"
                    .to_owned(),
            ],
            _ => Vec::new(),
        }
    }

    fn check_s3(&self) -> Vec<String> {
        let Some(s3) = &self.s3 else {
            return vec![
                "s3.endpoint: there is none, and the embedded object store is for development; \
                 set S3_ENDPOINT, S3_BUCKET, S3_ACCESS_KEY and S3_SECRET_KEY"
                    .to_owned(),
            ];
        };
        let shipped = |key: &Secret| SHIPPED_S3_KEYS.contains(&key.expose().as_str());
        if shipped(&s3.access_key) || shipped(&s3.secret_key) {
            vec!["s3.secret_key: is one that object stores ship with; make a key of your own for this bucket".to_owned()]
        } else {
            Vec::new()
        }
    }

    fn check_smtp(&self) -> Vec<String> {
        let Some(server) = &self.smtp.server else {
            return vec![
                "smtp.host: there is none, and the embedded mailbox delivers nothing; \
                 set SMTP_HOST and SMTP_FROM"
                    .to_owned(),
            ];
        };
        let mut refusals = Vec::new();
        if self.smtp.from == UNNAMED_SENDER {
            refusals.push(
                "smtp.from: there is none; set SMTP_FROM to an address that your hall reads"
                    .to_owned(),
            );
        }
        if server.security == SmtpSecurity::None && server.credentials.is_some() {
            refusals.push(
                "smtp.security: is none, so that the password would cross the network in the clear; \
                 set SMTP_SECURITY to starttls or tls"
                    .to_owned(),
            );
        }
        refusals
    }
}

/// What is wrong with the keys under a name.
fn check_ring(name: &str, keys: &[SigningKey], advice: &str) -> Vec<String> {
    if keys.is_empty() {
        return vec![format!("{name}: there is none; {advice}")];
    }
    let weak = keys.iter().filter_map(|key| {
        let weakness = key.weakness()?;
        Some(format!("{name}: the key {} {weakness}; {advice}", key.id))
    });
    weak.collect()
}
