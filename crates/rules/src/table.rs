use countersign_model::{Finding, Place, Subject};

use crate::{
    document, entry, file,
    look::{ConfigLook, DocumentLook, EntryLook, MachineLook, Scene},
    machine,
    rule::{Check, Hit, Rule},
    surface,
};

/// Findings that one scan reports.
pub const FINDINGS_MAX: usize = 200_000;

/// Every rule, by group and name.
pub static RULES: &[&Rule] = &[
    &entry::further_index::RULE,
    &entry::malicious_package::RULE,
    &entry::near_miss_package::RULE,
    &entry::other_registry::RULE,
    &entry::reconfigured_launcher::RULE,
    &entry::remote_archive::RULE,
    &entry::remote_script::RULE,
    &entry::replaced_launcher::RULE,
    &entry::shadowed_package::RULE,
    &entry::unencrypted_source::RULE,
    &entry::unpinned_companion::RULE,
    &entry::unpinned_image::RULE,
    &entry::unpinned_package::RULE,
    &entry::unpinned_source::RULE,
    &entry::certificate_variable::RULE,
    &entry::command_in_flag::RULE,
    &entry::container_command::RULE,
    &entry::download_and_run::RULE,
    &entry::elevated_program::RULE,
    &entry::encoded_argument::RULE,
    &entry::encoded_program::RULE,
    &entry::guard_impostor::RULE,
    &entry::hidden_characters::RULE,
    &entry::inline_program::RULE,
    &entry::launcher_command::RULE,
    &entry::loader_flag::RULE,
    &entry::loader_variable::RULE,
    &entry::long_argument::RULE,
    &entry::look_alike_letters::RULE,
    &entry::proxy_variable::RULE,
    &entry::relative_program::RULE,
    &entry::reverse_shell::RULE,
    &entry::search_path::RULE,
    &entry::secret_upload::RULE,
    &entry::shell_commands::RULE,
    &entry::temporary_program::RULE,
    &entry::broad_folder::RULE,
    &entry::container_elsewhere::RULE,
    &entry::container_socket::RULE,
    &entry::host_namespace::RULE,
    &entry::host_root_mount::RULE,
    &entry::privileged_container::RULE,
    &entry::protection_off::RULE,
    &entry::raised_container::RULE,
    &entry::sensitive_folder::RULE,
    &entry::sensitive_mount::RULE,
    &entry::sensitive_pattern::RULE,
    &entry::unrestricted_runtime::RULE,
    &file::writable_config::RULE,
    &document::approval_mode_off::RULE,
    &entry::auto_approve_destructive::RULE,
    &entry::auto_approve_everything::RULE,
    &document::broad_permission::RULE,
    &document::editor_auto_approve::RULE,
    &document::permissions_skipped::RULE,
    &document::project_servers_approved::RULE,
    &document::unrestricted_agent::RULE,
    &entry::any_origin::RULE,
    &entry::authentication_off::RULE,
    &entry::bridge_allows_http::RULE,
    &entry::credential_unencrypted::RULE,
    &entry::misleading_address::RULE,
    &entry::numeric_address::RULE,
    &entry::open_bind::RULE,
    &entry::plain_http::RULE,
    &entry::published_port::RULE,
    &entry::reference_in_address::RULE,
    &entry::tunnel_address::RULE,
    &entry::unusual_port::RULE,
    &entry::verification_off::RULE,
    &entry::credential_in_address::RULE,
    &file::credential_in_copy::RULE,
    &entry::credential_in_environment_file::RULE,
    &entry::plaintext_credential::RULE,
    &entry::readable_credential::RULE,
    &file::readable_state::RULE,
    &entry::tracked_credential::RULE,
    &document::auto_run_task::RULE,
    &document::automatic_tasks_allowed::RULE,
    &document::base_address_override::RULE,
    &entry::environment_file::RULE,
    &file::foreign_link::RULE,
    &document::project_plug_ins::RULE,
    &entry::replaced_server::RULE,
    &document::session_hook::RULE,
    &document::settings_command::RULE,
    &document::settings_variable::RULE,
    &document::tool_hook::RULE,
    &document::user_hook::RULE,
    &document::workspace_trust_off::RULE,
    &entry::command_line_as_program::RULE,
    &file::duplicate_key::RULE,
    &entry::foreign_path::RULE,
    &entry::malformed_entry::RULE,
    &file::misshapen_container::RULE,
    &entry::missing_program::RULE,
    &file::near_miss_entry::RULE,
    &entry::older_transport::RULE,
    &file::refused_file::RULE,
    &entry::second_start::RULE,
    &file::unreadable_config::RULE,
    &machine::decision_elsewhere::RULE,
    &entry::open_listener::RULE,
    &machine::unexplained_process::RULE,
    &surface::catastrophic_pattern::RULE,
    &surface::command_order::RULE,
    &surface::contradicted_annotation::RULE,
    &surface::control_sequences::RULE,
    &surface::data_routing::RULE,
    &surface::deferred_change::RULE,
    &surface::encoded_payload::RULE,
    &surface::endless_schema::RULE,
    &surface::extraction_parameter::RULE,
    &surface::far_text::RULE,
    &surface::filled_parameter::RULE,
    &surface::header_injection::RULE,
    &surface::instruction_override::RULE,
    &surface::learned_wording::RULE,
    &surface::look_alike_name::RULE,
    &surface::look_alike_words::RULE,
    &surface::mode_parameter::RULE,
    &surface::near_miss_tool::RULE,
    &surface::preferred_tool::RULE,
    &surface::private_data_order::RULE,
    &surface::remote_reference::RULE,
    &surface::role_tag::RULE,
    &surface::same_tool_name::RULE,
    &surface::secret_in_surface::RULE,
    &surface::selector_payload::RULE,
    &surface::sensitive_path_order::RULE,
    &surface::tag_characters::RULE,
    &surface::tool_order::RULE,
    &surface::turned_text::RULE,
    &surface::unseen_characters::RULE,
    &surface::unseen_limits::RULE,
    &surface::user_concealment::RULE,
];

/// Finds a rule by its name.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES
        .iter()
        .copied()
        .find(|rule| rule.meta.id.as_str() == id)
}

/// Runs every rule over a scene. Findings are ordered by severity (worst first), file and place.
pub fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for rule in RULES {
        match rule.check {
            Check::Entry(check) => entries(scene, rule, check, &mut findings),
            Check::Config(check) => {
                for config in scene.configs {
                    let subject = Subject::Config(config.id.clone());
                    for hit in check(&ConfigLook { scene, config }) {
                        let place = place(&config.path, &hit, None);
                        findings.push(finding(rule, subject.clone(), place, hit));
                    }
                }
            }
            Check::Document(check) => documents(scene, rule, check, &mut findings),
            Check::Machine(check) => {
                for hit in check(&MachineLook { scene }) {
                    findings.push(finding(rule, Subject::Machine, None, hit));
                }
            }
            // A scene holds no surface; `check_surface` looks at one.
            Check::Surface(_) => {}
        }
        if findings.len() >= FINDINGS_MAX {
            findings.truncate(FINDINGS_MAX);
            break;
        }
    }
    findings.sort_by(|left, right| {
        (right.severity, &left.place, left.rule, &left.message).cmp(&(
            left.severity,
            &right.place,
            right.rule,
            &right.message,
        ))
    });
    findings
}

fn entries(
    scene: &Scene<'_>,
    rule: &Rule,
    check: fn(&EntryLook<'_>) -> Vec<Hit>,
    findings: &mut Vec<Finding>,
) {
    for config in scene.configs {
        for entry in &config.entries {
            let Some(assessed) = scene.assessed.get(&entry.id) else {
                continue;
            };
            let look = EntryLook {
                scene,
                config,
                entry,
                server: &assessed.server,
                verdict: &assessed.verdict,
                running: &assessed.running,
            };
            for hit in check(&look) {
                let place = place(&config.path, &hit, Some((&entry.pointer, entry.position)));
                findings.push(finding(rule, Subject::Entry(entry.id.clone()), place, hit));
            }
        }
    }
}

fn documents(
    scene: &Scene<'_>,
    rule: &Rule,
    check: fn(&DocumentLook<'_>) -> Vec<Hit>,
    findings: &mut Vec<Finding>,
) {
    for document in scene.documents {
        let subject = Subject::Config(countersign_model::ConfigId::of(&document.path));
        for hit in check(&DocumentLook { scene, document }) {
            let place = place(&document.path, &hit, None);
            findings.push(finding(rule, subject.clone(), place, hit));
        }
    }
}

fn place(
    file: &std::sync::Arc<std::path::PathBuf>,
    hit: &Hit,
    subject: Option<(&countersign_model::Pointer, countersign_model::Position)>,
) -> Option<Place> {
    let (pointer, position) = match (&hit.place, subject) {
        (Some((pointer, position)), _) => (pointer.clone(), *position),
        (None, Some((pointer, position))) => (pointer.clone(), position),
        (None, None) => (
            countersign_model::Pointer::root(),
            countersign_model::Position::START,
        ),
    };
    Some(Place {
        file: file.clone(),
        pointer,
        position,
    })
}

fn finding(rule: &Rule, subject: Subject, place: Option<Place>, hit: Hit) -> Finding {
    Finding {
        rule: rule.meta.id,
        severity: hit.severity.unwrap_or(rule.meta.severity),
        confidence: hit.confidence.unwrap_or(rule.meta.confidence),
        subject,
        place,
        message: hit.message,
        remedy: hit.remedy.unwrap_or_else(|| rule.meta.remedy.to_owned()),
        suppressed: None,
    }
}
