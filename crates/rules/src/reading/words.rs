//! What words can mean. A word may mean several things; the grammar of a rule decides.

use std::{collections::HashMap, sync::LazyLock};

/// Bits, one for each thing that a word can mean.
pub(crate) mod class {
    macro_rules! bits {
        ($($(#[$doc:meta])* $name:ident $bit:expr;)*) => {
            $($(#[$doc])* pub(crate) const $name: u64 = 1 << $bit;)*
        };
    }

    bits! {
        /// Not to follow: "ignore".
        IGNORE 0;
        /// What came first: "previous".
        PRIOR 1;
        /// What is to be followed: "instructions".
        ORDERS 2;
        /// "not", "never", "without".
        NOT 3;
        /// To let somebody know: "mention".
        TELL 4;
        /// Whom: "user".
        USER 5;
        /// Not to be noticed: "silently".
        STEALTHY 6;
        /// To take in: "read".
        READ 7;
        /// To hand out: "send".
        SEND 8;
        /// To take what is not one's own: "exfiltrate".
        STEAL 9;
        /// What belongs to the user and not into a call: "credentials".
        PRIVATE 10;
        /// A path of keys or credentials.
        SECRET_PATH 11;
        /// An address with a scheme.
        ADDRESS 12;
        /// A mail address.
        MAIL 13;
        /// Outside: "external".
        OUTSIDE 14;
        /// What stands at the other end: "endpoint".
        RECEIVER 15;
        /// On the side of what was asked for: "also", "always", "first".
        ASIDE 16;
        /// At which point: "before".
        WHEN 17;
        /// To use a tool: "calling".
        USE 18;
        /// "tool", "function".
        TOOL 19;
        /// To run: "execute".
        RUN 20;
        /// What is run: "shell", "bash".
        SHELL 21;
        /// To put in the place of: "replace".
        REPLACE 22;
        /// What is meant is only spoken of: "detects", "example".
        MENTION 23;
        /// A tag or delimiter.
        TAG 24;
        /// Better than others: "prefer".
        PREFER 25;
        /// Talk between user and model: "conversation".
        TALK 26;
        /// "system", "hidden" before "prompt", "instruction".
        SYSTEM 28;
        /// "must", "required", "mandatory", "always".
        MUST 29;
        /// What a tool gives back: "output".
        OUTPUT 30;
        /// Everything: "all", "every", "any".
        EVERY 31;
        /// To put into a field: "pass", "include".
        FILL 32;
        /// To be what one is not, or in a mode: "pretend", "developer".
        ROLE 33;
        /// "approved", "review", "approval".
        APPROVAL 34;
        /// To destroy: "delete".
        DESTROY 35;
        /// Another one: "other", "others", "another".
        OTHER 36;
        /// An identifier: a word with an underscore.
        NAME 37;
        /// "environment" before "variables", "api" before "keys".
        QUALIFIER 38;
        /// "keys", "variables", "tokens": private behind a qualifier.
        QUALIFIED 39;
        /// To begin or change later: "activate", "swap".
        LATER 40;
        /// "its", "whose", "your", "user's": who owns it.
        OWN 41;
        /// "content", "contents", "copy": of something else.
        CONTENT 42;
        /// "safety", "security": before checks and rules.
        SAFETY 43;
        /// To obey: "obey", "comply".
        OBEY 44;
        /// Somebody who attacks: "attacker".
        ATTACKER 45;
        /// What was not there before: "new", "embedded".
        NEW 46;
        /// "this", "that".
        THIS 47;
        /// "knowledge", "noticing".
        AWARE 48;
        /// "entire", "full", "previous": before a conversation.
        WHOLE 49;
        /// "history", "transcript": behind a conversation.
        HISTORY 50;
        /// "private", "personal": data of a person.
        INTIMATE 51;
        /// To send a copy that is not seen: "bcc".
        BLIND 52;
        /// "also", "additionally".
        ALSO 53;
        /// As orders, behind a word that makes them so: "safety checks", "the user's request".
        ORDERS_ALIKE 54;
        /// "data", "information".
        DATA 55;
    }
}

const TABLE: &[(u64, &str)] = &[
    (
        class::IGNORE,
        "ignore ignores ignoring disregard disregards disregarding forget forgetting override overrides overriding overrule bypass bypassing bypasses circumvent circumvents supersede supersedes abandon neglect violate",
    ),
    (
        class::PRIOR,
        "previous prior above earlier preceding former foregoing original existing initial past precedent",
    ),
    (
        class::ORDERS,
        "instruction instructions rule rules directive directives guideline guidelines prompt prompts constraint constraints restriction restrictions safeguard safeguards guardrails guardrail",
    ),
    (
        class::ORDERS_ALIKE,
        "instruction instructions rule rules directive directives guideline guidelines prompt prompts constraint constraints restriction restrictions policy policies check checks orders command commands request requests message",
    ),
    (class::DATA, "data information info details"),
    (class::SAFETY, "safety ethical moderation security"),
    (
        class::NOT,
        "not never dont without avoid cannot no doesnt shouldnt refrain",
    ),
    (
        class::TELL,
        "mention mentioning tell telling told inform informing reveal revealing disclose disclosing notify notifying notice alert alerting show showing explain explaining expose exposing report reporting ask asking confirm confirmation display acknowledge acknowledging warn warning mentioned disclosed revealed",
    ),
    (
        class::USER,
        "user users human humans anyone anybody person them owner operator customer people",
    ),
    (
        class::STEALTHY,
        "silently secretly covertly quietly discreetly stealthily invisibly unnoticed secret hidden",
    ),
    (
        class::READ,
        "read reads reading open opens cat load loads access accesses retrieve retrieves fetch fetches get gets obtain grab dump dumps print prints collect collects gather gathers extract extracts harvest harvests scrape copy copies look locate find query",
    ),
    (
        class::SEND,
        "send sends sending post posts posting posted upload uploads uploading forward forwards forwarding transmit transmits transmitting relay relays redirect redirects redirecting reroute reroutes route routes bcc bcced cc deliver delivers report reports submit submits leak leaks emails emailing publish publishes ship ships mirror mirrors log logs stream streams beacon copied",
    ),
    (
        class::STEAL,
        "exfiltrate exfiltrates exfiltrating exfiltration exfil steal steals stealing siphon siphons smuggle smuggles pilfer hijack hijacks hijacking backdoor keylogger",
    ),
    (
        class::PRIVATE,
        "credential credentials password passwords passphrase passphrases secrets clipboard keychain keystrokes cookies",
    ),
    (
        class::QUALIFIER,
        "api ssh private environment env access secret session auth authentication bearer private personal sensitive confidential security user users",
    ),
    (
        class::QUALIFIED,
        "key keys variable variables token tokens information data info files messages",
    ),
    (
        class::OUTSIDE,
        "external remote outside third foreign our analytics monitoring offsite logging proxy collector untrusted unknown attackers attacker outbound",
    ),
    (
        class::RECEIVER,
        "endpoint endpoints server servers host hosts service services sink address webhook webhooks url domain party collector destination recipient account site proxy attacker api bucket channel",
    ),
    (
        class::ATTACKER,
        "attacker attackers adversary malicious evil",
    ),
    (
        class::ASIDE,
        "also always additionally first then afterwards beforehand furthermore secretly automatically must each whenever every everything all",
    ),
    (
        class::WHEN,
        "before after when whenever instead while prior rather once during if upon",
    ),
    (
        class::USE,
        "use uses using used call calls calling called invoke invokes invoking invoked execute executes executing executed run runs running trigger triggered",
    ),
    (
        class::TOOL,
        "tool tools function functions operation operations plugin plugins",
    ),
    (
        class::RUN,
        "run runs running execute executes executing prepend prepends spawn launch invoke eval",
    ),
    (
        class::SHELL,
        "shell bash sh powershell terminal curl wget chmod subprocess sudo netcat zsh",
    ),
    (
        class::REPLACE,
        "replace replaces replacing modify modifies modifying alter alters override overrides overriding supersede supersedes redirect redirects reroute reroutes intercept intercepts intercepting substitute substitutes hijack change changes wrap wraps rewrite rewrites tamper impersonate",
    ),
    (
        class::MENTION,
        "detect detects detecting detection detector scan scans scanning scanner analyze analyzes analyse analyses analyzer check checks checking flag flags example examples sample samples illustrative illustration fixture fixtures mock mocked documentation documents documenting docs doc canned training refers test tests testing expected simulates simulated identify identifies sanitize sanitizes filter filters blocks prevents prevent classify classifies whether guard changelog e.g",
    ),
    (
        class::PREFER,
        "prefer preferred preferably prioritize priority best superior favor favour only exclusively",
    ),
    (
        class::TALK,
        "conversation conversations chat chats dialogue dialog message messages context thread",
    ),
    (
        class::SYSTEM,
        "system hidden developer internal secret initial assistant",
    ),
    (
        class::MUST,
        "must required require requires mandatory always never need should shall ensure critical important essential shall immediately",
    ),
    (
        class::OUTPUT,
        "output outputs result results response responses value values behavior behaviour recipient recipients argument arguments parameter parameters field reply answer call calls requests",
    ),
    (
        class::EVERY,
        "all any every everything your these those such each whatever",
    ),
    (
        class::FILL,
        "pass passes passing include includes including included append appends appending add adds adding put insert inserts inserting embed embeds embedding embedded attach attaches attaching prepend prepends prepending provide providing fill write supply populate store place concatenate return returns output outputs reveal reveals repeat contain contains containing",
    ),
    (
        class::ROLE,
        "developer dan jailbreak unrestricted unfiltered pretend mode",
    ),
    (
        class::APPROVAL,
        "approved approval approve approving review reviewed approves",
    ),
    (
        class::DESTROY,
        "delete deletes erase wipe destroy remove drop",
    ),
    (
        class::OTHER,
        "other others another alternative alternatives",
    ),
    (
        class::LATER,
        "begin begins activate activates activated swap swaps later afterwards enable enables switch turns start starts",
    ),
    (
        class::OWN,
        "its their your his her my our user users users'",
    ),
    (
        class::CONTENT,
        "content contents copy copies full entire verbatim body text everything backup",
    ),
    (
        class::NEW,
        "new embedded inside injected found whatever hidden following",
    ),
    (class::THIS, "this these that it those"),
    (
        class::AWARE,
        "knowledge knowing noticing awareness consent noticed aware suspicion",
    ),
    (
        class::WHOLE,
        "entire full whole previous complete last prior recent",
    ),
    (
        class::HISTORY,
        "history histories transcript transcripts log logs context so",
    ),
    (class::INTIMATE, "private personal sensitive confidential"),
    (class::BLIND, "bcc bcced"),
    (
        class::ALSO,
        "also additionally secretly silently then always",
    ),
    (
        class::OBEY,
        "obey obeys comply complies follow follows treat",
    ),
];

static WORDS: LazyLock<HashMap<&'static str, u64>> = LazyLock::new(|| {
    let mut words: HashMap<&str, u64> = HashMap::new();
    for (bit, list) in TABLE {
        for word in list.split(' ') {
            *words.entry(word).or_default() |= bit;
        }
    }
    words
});

/// Returns what a word can mean.
pub(crate) fn classes(word: &str) -> u64 {
    let is_name = word.trim_matches('_').contains('_');
    if is_name {
        return class::NAME;
    }
    if !word.contains('\'') {
        return WORDS.get(word).copied().unwrap_or_default();
    }
    if let Some(owner) = word.strip_suffix("'s") {
        let owner = WORDS.get(owner).copied().unwrap_or_default();
        return owner | class::OWN;
    }
    let joined: String = word.chars().filter(|letter| *letter != '\'').collect();
    WORDS.get(joined.as_str()).copied().unwrap_or_default()
}

/// Parts of paths under which keys and credentials lie.
///
/// Source: the places that the clients, cloud tools and package managers themselves document; checked
/// 2026-11-25.
const SECRET_PLACES: [&str; 40] = [
    ".ssh/",
    "id_rsa",
    "id_ed25519",
    "id_ecdsa",
    "id_dsa",
    "authorized_keys",
    ".aws/credentials",
    ".aws/config",
    ".config/gcloud",
    "application_default_credentials",
    ".azure/",
    ".kube/config",
    ".docker/config.json",
    ".netrc",
    ".npmrc",
    ".pypirc",
    ".git-credentials",
    ".gnupg/",
    ".env",
    "/etc/passwd",
    "/etc/shadow",
    "/etc/sudoers",
    "/proc/self/environ",
    ".bash_history",
    ".zsh_history",
    ".cursor/mcp.json",
    "mcp.json",
    "claude_desktop_config.json",
    ".claude.json",
    ".codex/",
    "login.keychain",
    "wallet.dat",
    ".password-store",
    "credentials.json",
    ".pem",
    ".vault-token",
    "kubeconfig",
    ".terraformrc",
    "internal://credentials",
    "/.config/gh/hosts",
];

/// Returns whether a path leads to keys or credentials.
pub(crate) fn is_sensitive_path(path: &str) -> bool {
    if !path.contains(['/', '.', '_', '\\']) {
        return false;
    }
    let path = path.replace('\\', "/");
    SECRET_PLACES.iter().any(|place| {
        path.match_indices(place).any(|(at, _)| {
            let rest = &path[at + place.len()..];
            let before = path[..at].chars().next_back();
            match *place {
                ".env" => {
                    !rest.starts_with(|next: char| next.is_ascii_alphanumeric() || next == '(')
                        && before.is_none_or(|before| before == '/')
                        && !is_template(rest)
                }
                ".pem" => rest.is_empty() && path.contains('/'),
                "id_rsa" => true,
                _ => before.is_none_or(|before| !before.is_ascii_alphanumeric()),
            }
        })
    })
}

/// `.env.example` holds no values.
fn is_template(rest: &str) -> bool {
    [".example", ".sample", ".template"]
        .iter()
        .any(|end| rest.starts_with(end))
}

#[cfg(test)]
mod tests {
    use super::{class, classes, is_sensitive_path};

    #[test]
    fn knows_words_with_and_without_an_owner() {
        assert!(classes("user's") & class::USER != 0);
        assert!(classes("don't") & class::NOT != 0);
        assert_eq!(classes("get_users"), class::NAME);
        assert_eq!(classes("banana"), 0);
    }

    #[test]
    fn knows_where_keys_lie() {
        for path in [
            "~/.ssh/id_rsa",
            ".env",
            "/app/.env",
            ".env.local",
            "/etc/passwd",
            "~/.aws/credentials",
            "~/.cursor/mcp.json",
        ] {
            assert!(is_sensitive_path(path), "{path}");
        }
        for path in [
            "process.env",
            "process.env.home",
            ".env.example",
            "docs.aws.amazon.com",
            "readme.md",
            "environment",
            "config.environments",
        ] {
            assert!(!is_sensitive_path(path), "{path}");
        }
    }
}
