use countersign_model::{Listener, RunningProcess};
use schemars::JsonSchema;
use serde::Serialize;

use crate::Inventory;

/// A running process.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct ProcessView {
    /// Process id.
    pub pid: u32,
    /// The command line, masked as entries are.
    pub command: String,
    /// When it started, in seconds since 1970 (UTC).
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub started_s: u64,
    /// Resident memory of it and what it started, in bytes.
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub memory_bytes: u64,
    /// Share of one core, in per cent.
    pub cpu_percent: Option<f32>,
    /// The client in whose process tree it runs.
    pub client: Option<String>,
    /// Addresses it listens on.
    pub listeners: Vec<String>,
    /// Whether other machines can reach one of them.
    pub is_exposed: bool,
}

impl ProcessView {
    pub(super) fn of(process: &RunningProcess, inventory: &Inventory) -> Self {
        Self {
            pid: process.pid,
            command: process.shown.clone(),
            started_s: process.started_s,
            memory_bytes: process.memory_bytes,
            cpu_percent: process.cpu_percent,
            client: process
                .client
                .as_ref()
                .map(|client| inventory.client_name(client).to_owned()),
            listeners: process
                .listeners
                .iter()
                .map(|listener| listener.0.to_string())
                .collect(),
            is_exposed: process.listeners.iter().any(Listener::is_exposed),
        }
    }
}
