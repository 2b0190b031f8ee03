//! What a person at the terminal sees while the hall starts, is served, and stops.

use std::{io::Write, net::SocketAddr};

use crate::{
    config::{Config, Environment},
    demo,
};

/// The terminal in development, the log in production.
pub(super) struct Screen {
    environment: Environment,
}

impl Screen {
    pub(super) const fn new(environment: Environment) -> Self {
        Self { environment }
    }

    /// Says what is being done.
    pub(super) fn say(&self, line: &str) {
        match self.environment {
            Environment::Development => print(&format!("  {line}\n")),
            Environment::Production => tracing::info!("{line}"),
        }
    }

    /// Says that the hall is open: where, for whom, and where its data lies.
    pub(super) fn ready(&self, config: &Config, address: SocketAddr) {
        match self.environment {
            Environment::Development => print(&opening(config, address)),
            Environment::Production => tracing::info!(%address, "serving"),
        }
    }
}

fn opening(config: &Config, address: SocketAddr) -> String {
    let folder = std::path::absolute(&config.data_dir).unwrap_or_else(|_| config.data_dir.clone());
    let mut text = format!(
        "\nUnionhall {} is open at http://{address}\n  data lies in {}\n  stop it with Ctrl-C\n",
        env!("CARGO_PKG_VERSION"),
        folder.display(),
    );
    if config.demo {
        text.push_str("\nSign in as one of these, with the password ");
        text.push_str(demo::PASSWORD);
        text.push('\n');
        for sign_in in &demo::SIGN_INS {
            let line = format!(
                "  {:28} {:11} {}\n",
                sign_in.email, sign_in.role, sign_in.tenant
            );
            text.push_str(&line);
        }
    }
    text
}

fn print(text: &str) {
    // A terminal that has gone away is no reason to stop serving.
    let mut out = std::io::stdout().lock();
    let _nobody_reads = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}
