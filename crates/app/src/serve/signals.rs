//! Ctrl-C and SIGTERM.

use tokio::{
    runtime::{Builder, Runtime},
    signal::unix::{Signal, SignalKind, signal},
};

use crate::{exit::Exit, failure::Failure};

/// Listens for the signals that ask the program to stop.
pub(super) struct Signals {
    runtime: Runtime,
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    /// From here on the signals are ours.
    pub(super) fn listen() -> Result<Self, Failure> {
        let failed =
            |error: std::io::Error| Failure::caused(Exit::Failed, "listening for signals", &error);
        let runtime = Builder::new_current_thread()
            .enable_io()
            .build()
            .map_err(failed)?;
        let (interrupt, terminate) = {
            let _inside = runtime.enter();
            let interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
            (interrupt, signal(SignalKind::terminate()).map_err(failed)?)
        };
        Ok(Self {
            runtime,
            interrupt,
            terminate,
        })
    }

    /// Waits for the first of them.
    pub(super) fn wait(self) {
        let Self {
            runtime,
            mut interrupt,
            mut terminate,
        } = self;
        runtime.block_on(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        });
    }
}
