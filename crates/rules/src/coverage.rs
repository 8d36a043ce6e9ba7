//! What is known to go wrong with configs, and which rule finds it: a rule or a reason for each line.

/// Where a line comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Origin {
    /// Checks of config and supply chain that other products have.
    SupplyChain,
    /// Checks of servers on the network that other products have.
    Network,
    /// Checks of what servers tell a model that other products have.
    Surface,
    /// Incidents in client configuration, approval and launch, `B01` to `B18`.
    Incidents,
}

/// One line: what goes wrong, the rules that find it, and why none or not all do.
#[derive(Clone, Copy, Debug)]
pub struct Coverage {
    /// Where the line comes from.
    pub origin: Origin,
    /// What goes wrong, in a few words; an incident's number first.
    pub what: &'static str,
    /// The rules that find it, by name.
    pub rules: &'static [&'static str],
    /// What no rule finds, and why.
    pub reason: Option<&'static str>,
}

const fn chain(what: &'static str, rules: &'static [&'static str]) -> Coverage {
    Coverage {
        origin: Origin::SupplyChain,
        what,
        rules,
        reason: None,
    }
}

const fn network(what: &'static str, rules: &'static [&'static str]) -> Coverage {
    Coverage {
        origin: Origin::Network,
        what,
        rules,
        reason: None,
    }
}

const fn incident(what: &'static str, rules: &'static [&'static str]) -> Coverage {
    Coverage {
        origin: Origin::Incidents,
        what,
        rules,
        reason: None,
    }
}

const fn text(what: &'static str, rules: &'static [&'static str]) -> Coverage {
    Coverage {
        origin: Origin::Surface,
        what,
        rules,
        reason: None,
    }
}

impl Coverage {
    const fn but(self, reason: &'static str) -> Self {
        Self {
            reason: Some(reason),
            ..self
        }
    }
}

const NEEDS_REGISTRY: &str =
    "Only a registry or an advisory list tells, and rules ask nobody: the feeds look it up.";

const NEEDS_CALL: &str = "Only a call to the server tells. Rules look at what is written; the probe makes calls, when asked.";

const NEEDS_CLIENT_VERSION: &str =
    "A fault of the client itself. Its version stands in none of the files that are read.";

/// Every line.
pub static COVERAGE: &[Coverage] = &[
    chain(
        "Credential in a variable, argument, header or address",
        &[
            "plaintext-credential",
            "credential-in-address",
            "credential-in-environment-file",
            "credential-in-copy",
            "readable-credential",
            "tracked-credential",
            "readable-state",
        ],
    ),
    chain(
        "Package without a version, or with a tag or range",
        &["unpinned-package", "unpinned-companion"],
    ),
    chain("Image by a tag, `latest` or another", &["unpinned-image"]),
    chain(
        "Repository, archive or script from an address",
        &[
            "unpinned-source",
            "remote-archive",
            "remote-script",
            "unencrypted-source",
        ],
    ),
    chain(
        "Download piped into a shell",
        &["download-and-run", "secret-upload"],
    ),
    chain(
        "Another registry, or a further index",
        &["other-registry", "further-index", "reconfigured-launcher"],
    ),
    chain(
        "Name close to a well-known one",
        &["near-miss-package", "near-miss-entry", "look-alike-letters"],
    ),
    chain("Package known to be malicious", &["malicious-package"])
        .but("The rule knows a few names without a network; the whole list belongs to the feeds."),
    chain("Package with a known weakness", &[]).but(NEEDS_REGISTRY),
    chain("Package that was withdrawn, or is fresh, stale or little used", &[]).but(NEEDS_REGISTRY),
    chain("Package with an install script", &[]).but(NEEDS_REGISTRY),
    chain("Change of publisher, provenance or signature", &[]).but(NEEDS_REGISTRY),
    chain(
        "Program text for an interpreter",
        &["inline-program", "encoded-program"],
    ),
    chain(
        "Shell around the server, metacharacters",
        &["shell-commands", "command-line-as-program", "container-command"],
    )
    .but("A shell with one simple command is looked through and is no finding by itself."),
    chain("Reverse shell", &["reverse-shell"]),
    chain(
        "Allowed program that starts another one by a flag",
        &["launcher-command", "command-in-flag"],
    ),
    chain(
        "Command that looks suspicious in itself",
        &[
            "temporary-program",
            "replaced-launcher",
            "relative-program",
            "elevated-program",
            "guard-impostor",
            "hidden-characters",
            "long-argument",
            "encoded-argument",
        ],
    )
    .but("Starting a program is what such an entry is for; it is no finding in itself."),
    chain(
        "Variables that load other code",
        &["loader-variable", "loader-flag", "settings-variable"],
    ),
    chain(
        "Variables that are overridden",
        &[
            "search-path",
            "proxy-variable",
            "certificate-variable",
            "verification-off",
            "base-address-override",
        ],
    ),
    chain("The whole environment is handed on", &["environment-file"])
        .but("Most clients hand it on, whatever the entry says; the guard hands on named variables."),
    chain(
        "File server on a disk, a home or a folder of keys",
        &["broad-folder", "sensitive-folder"],
    ),
    chain("Pattern that takes in keys", &["sensitive-pattern"]),
    chain(
        "More rights than needed",
        &[
            "privileged-container",
            "container-socket",
            "host-root-mount",
            "sensitive-mount",
            "host-namespace",
            "raised-container",
            "unrestricted-runtime",
        ],
    ),
    chain(
        "Calls that nobody is asked about",
        &[
            "auto-approve-everything",
            "auto-approve-destructive",
            "broad-permission",
            "permissions-skipped",
            "unrestricted-agent",
            "editor-auto-approve",
            "approval-mode-off",
        ],
    ),
    chain(
        "A project's servers approved beforehand",
        &[
            "project-servers-approved",
            "project-plug-ins",
            "workspace-trust-off",
        ],
    ),
    chain(
        "Protection switched off",
        &["protection-off", "authentication-off", "verification-off"],
    ),
    chain(
        "One name for two servers",
        &["duplicate-key", "replaced-server", "second-start"],
    )
    .but("The same name in two clients is usual; each client reads its own files."),
    chain("Variable that is named and not set", &[])
        .but("What is set when the client starts is not known; a scan runs in another environment."),
    chain("Path of another system", &["foreign-path", "missing-program"]),
    chain("Transport that is no longer specified", &["older-transport"]),
    chain(
        "File or entry that the client does not read",
        &[
            "malformed-entry",
            "refused-file",
            "misshapen-container",
            "unreadable-config",
        ],
    ),
    chain(
        "File that others can write, or that leads elsewhere",
        &["writable-config", "foreign-link"],
    ),
    chain("Server on no list", &["unexplained-process"])
        .but("The verdict on each entry says so; a finding would say it twice."),
    network(
        "No encryption",
        &[
            "plain-http",
            "credential-unencrypted",
            "bridge-allows-http",
            "container-elsewhere",
        ],
    ),
    network("No authentication", &["authentication-off"]).but(
        "A remote entry without a credential is usual: OAuth leaves no trace in it. Only a call tells.",
    ),
    network("Every origin allowed", &["any-origin"]),
    network(
        "Listens on every interface",
        &["open-bind", "open-listener", "published-port"],
    ),
    network("DNS rebinding", &["any-origin"]).but(NEEDS_CALL),
    network(
        "Known by a number, at an odd port, or behind a tunnel",
        &["numeric-address", "unusual-port", "tunnel-address"],
    ),
    network(
        "Address that is not what it seems",
        &["misleading-address", "reference-in-address"],
    ),
    text("Instructions set aside", &["instruction-override", "learned-wording"]),
    text("Something kept from the user", &["user-concealment"]),
    text("Tags of roles and delimiters", &["role-tag"]),
    text(
        "A tool that changes how others are used",
        &["tool-order", "same-tool-name", "preferred-tool"],
    ),
    text(
        "Tool names that look alike",
        &["look-alike-name", "near-miss-tool"],
    ),
    text(
        "Characters that are not seen",
        &[
            "unseen-characters",
            "turned-text",
            "tag-characters",
            "selector-payload",
            "far-text",
        ],
    ),
    text("Sequences that a terminal obeys", &["control-sequences"]),
    text("Letters that only look Latin, folded before words are looked for", &["look-alike-words"]),
    text("Payload in an encoding", &["encoded-payload"]),
    text("Orders about files of keys", &["sensitive-path-order"]),
    text(
        "Parameters that carry data away",
        &["extraction-parameter", "filled-parameter", "private-data-order"],
    ),
    text("Data sent elsewhere", &["data-routing"]),
    text("Commands in a text", &["command-order"])
        .but("That a tool runs commands at all is what its effect says, and no finding."),
    text(
        "Hint that contradicts what a tool does",
        &["contradicted-annotation", "mode-parameter", "deferred-change"],
    )
    .but("What a tool really does shows when it is called, in the sandbox."),
    text("Credential in a definition", &["secret-in-surface"]),
    text("Untrusted content that flows on", &[])
        .but("It takes several tools; what they can do together is shown for each client."),
    text("Words that are suspicious alone", &[])
        .but("They are as frequent in honest texts; a rule looks for what is done to what."),
    text("Orders in the instructions of a server", &["instruction-override", "data-routing"])
        .but("Every rule looks at instructions as at any other text."),
    text("Orders in prompts and resources", &["instruction-override", "private-data-order"])
        .but("Their descriptions are looked at; what a resource holds shows when it is read."),
    text("Limits of the look itself", &["unseen-limits"]),
    text(
        "Schemas that harm their reader",
        &[
            "remote-reference",
            "endless-schema",
            "catastrophic-pattern",
            "header-injection",
        ],
    ),
    incident(
        "B01 An approved entry is changed under the same name",
        &["replaced-server", "shadowed-package"],
    )
    .but("The verdict `changed` tells: an approval is bound to content, not to a name."),
    incident(
        "B02 An agent writes a config, and its client starts what is in it",
        &["writable-config"],
    )
    .but("That an entry is new is told by the watch, and by its verdict."),
    incident(
        "B03 A link for installing hides the true command",
        &["long-argument", "hidden-characters", "encoded-argument"],
    )
    .but("The link itself is not seen, only what it leaves in the config."),
    incident("B04 A server's sign-in reaches a shell of the client", &[]).but(NEEDS_CLIENT_VERSION),
    incident(
        "B05 A project's settings act before it is trusted",
        &[
            "base-address-override",
            "project-servers-approved",
            "settings-command",
            "settings-variable",
            "session-hook",
        ],
    ),
    incident(
        "B06 A project's variables and config are loaded by themselves",
        &["environment-file", "settings-command", "unrestricted-agent"],
    )
    .but("A bare `.env` is no config; that a project brings servers is shown by their scope."),
    incident("B07 A web page makes an agent edit its config", &["writable-config"])
        .but("As B02."),
    incident(
        "B08 Packages plant servers in the configs of many clients",
        &["malicious-package", "temporary-program", "unexplained-process"],
    )
    .but("A planted entry is unreviewed; its verdict says so."),
    incident(
        "B09 Malware comes back by a hook or an editor's task",
        &[
            "session-hook",
            "user-hook",
            "tool-hook",
            "auto-run-task",
            "automatic-tasks-allowed",
        ],
    ),
    incident(
        "B10 A configured command runs even if it is no server",
        &["inline-program", "shell-commands", "download-and-run", "reverse-shell"],
    ),
    incident(
        "B11 A list of allowed programs is passed by",
        &[
            "launcher-command",
            "command-in-flag",
            "loader-variable",
            "container-command",
            "proxy-variable",
            "certificate-variable",
        ],
    ),
    incident(
        "B12 A pull request's config runs in a pipeline",
        &["session-hook", "settings-command", "project-servers-approved"],
    )
    .but("The command line runs the same rules there."),
    incident(
        "B13 A variable's value is put into an address",
        &["reference-in-address"],
    ),
    incident(
        "B14 Credentials in plain text",
        &[
            "plaintext-credential",
            "credential-in-address",
            "readable-credential",
            "tracked-credential",
            "readable-state",
        ],
    ),
    incident(
        "B15 Names that are typed wrong",
        &["near-miss-package", "look-alike-letters"],
    ),
    incident("B16 An event in a calendar leads to a command", &["auto-approve-everything"])
        .but("What flows between servers is seen in calls, not in configs."),
    incident("B17 Orders in an image's labels", &["unpinned-image"])
        .but("Labels are the registry's, and their effect shows in results."),
    incident("B18 A client is left by a way that is not MCP", &[]).but(NEEDS_CLIENT_VERSION),
];
