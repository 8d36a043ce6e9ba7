//! Rules over settings, hooks and tasks.

pub(crate) mod approval_mode_off;
pub(crate) mod auto_run_task;
pub(crate) mod automatic_tasks_allowed;
pub(crate) mod base_address_override;
pub(crate) mod broad_permission;
pub(crate) mod editor_auto_approve;
pub(crate) mod permissions_skipped;
pub(crate) mod project_plug_ins;
pub(crate) mod project_servers_approved;
pub(crate) mod session_hook;
pub(crate) mod settings_command;
pub(crate) mod settings_variable;
pub(crate) mod tool_hook;
pub(crate) mod unrestricted_agent;
pub(crate) mod user_hook;
pub(crate) mod workspace_trust_off;
