//! Logs go to standard error: for people in development, one JSON object a line in production.

use std::io::{self, IsTerminal as _};

use tracing::Subscriber;
use tracing_subscriber::{
    EnvFilter, filter::ParseError, fmt, fmt::MakeWriter, util::SubscriberInitExt as _,
    util::TryInitError,
};

use crate::config::{Log, LogFormat};

/// Why logging cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum LoggingError {
    /// The filter is not one; a loaded configuration's always is.
    #[error("the log filter is not one: {0}")]
    Filter(#[from] ParseError),
    /// Somebody in this process has set up logging already.
    #[error("logging was set up before: {0}")]
    AlreadySet(#[from] TryInitError),
}

/// Sends this process's logs to standard error from now on, in the format and through the filter of `log`.
/// Colours appear on a terminal alone, and not there when `NO_COLOR` is set.
///
/// # Errors
/// When logging was set up before.
pub fn init(log: &Log) -> Result<(), LoggingError> {
    let terminal = io::stderr().is_terminal();
    subscriber(log, io::stderr, terminal)?.try_init()?;
    Ok(())
}

fn subscriber<W>(
    log: &Log,
    writer: W,
    terminal: bool,
) -> Result<Box<dyn Subscriber + Send + Sync>, ParseError>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let lines = fmt()
        .with_env_filter(EnvFilter::try_new(&log.filter)?)
        .with_writer(writer);
    Ok(match (log.format, terminal) {
        (LogFormat::Json, _) => Box::new(
            lines
                .json()
                .flatten_event(true)
                .with_current_span(true)
                .with_span_list(false)
                .finish(),
        ),
        // Left alone, the formatter decides by NO_COLOR.
        (LogFormat::Text, true) => Box::new(lines.compact().finish()),
        (LogFormat::Text, false) => Box::new(lines.with_ansi(false).compact().finish()),
    })
}

#[cfg(test)]
mod tests {
    use std::{
        io::Write,
        sync::{Arc, Mutex},
    };

    use super::*;

    /// A writer whose lines a test can read back.
    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(format: LogFormat, filter: &str) -> String {
        let log = Log {
            filter: filter.to_owned(),
            format,
        };
        let written = Written::default();
        let writer = written.clone();
        let subscriber = subscriber(&log, move || writer.clone(), false).unwrap();
        tracing::subscriber::with_default(subscriber, || {
            let _entered = tracing::info_span!("request", id = "r-1").entered();
            tracing::info!(port = 8080, "listening");
            tracing::debug!("detail");
        });
        let bytes = written.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_json_log_is_one_object_a_line_with_its_fields_at_the_top() {
        let lines = logged(LogFormat::Json, "info");
        let line: serde_json::Value = serde_json::from_str(lines.trim_end()).unwrap();
        assert_eq!(line["message"], "listening");
        assert_eq!(line["port"], 8080);
        assert_eq!(line["span"]["id"], "r-1");
        assert_eq!(line["level"], "INFO");
    }

    #[test]
    fn a_text_log_elsewhere_than_on_a_terminal_has_no_colours() {
        let lines = logged(LogFormat::Text, "info");
        assert!(
            lines.contains("listening") && lines.contains("8080"),
            "{lines}"
        );
        assert!(!lines.contains('\u{1b}'), "{lines:?}");
    }

    #[test]
    fn the_filter_decides_what_is_logged() {
        assert!(!logged(LogFormat::Text, "info").contains("detail"));
        assert!(logged(LogFormat::Text, "debug").contains("detail"));
        assert_eq!(logged(LogFormat::Text, "error"), "");
    }
}
