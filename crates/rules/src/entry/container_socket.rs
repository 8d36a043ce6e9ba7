use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::EntryLook,
    paths::normal,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("container-socket"),
        title: "Container that rules the container engine",
        group: Group::Access,
        severity: Severity::High,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1303"),
            Reference::SafeMcp("SAFE-T1305"),
            Reference::Owasp("MCP02"),
            Reference::Cwe("CWE-250"),
        ],
        why: "With the engine's socket a container can start another one with the whole disk inside. It is an \
              administrator of this machine.",
        example: "\"args\": [\"run\", \"-i\", \"-v\", \"/var/run/docker.sock:/var/run/docker.sock\", \"image\"]",
        remedy: "Leave the mount out; if the server needs the engine, put a proxy with few rights in front of the \
                 socket.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    look.mounts()
        .into_iter()
        .filter(|mount| {
            let source = normal(mount.source, look.scene.home);
            [
                "docker.sock",
                "podman.sock",
                "containerd.sock",
                "docker_engine",
            ]
            .iter()
            .any(|socket| source.ends_with(socket))
        })
        .map(|mount| {
            let message = format!(
                "The container gets the engine's socket, `{}`.",
                mount.source
            );
            look.hit_at(mount.written, message)
        })
        .collect()
}
