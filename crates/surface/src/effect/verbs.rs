//! What verbs do.

use super::ToolEffect;

/// Verbs that look and leave everything as it is.
const READS: &[&str] = &[
    "get", "list", "read", "search", "find", "query", "fetch", "show", "describe", "view", "look", "lookup", "check",
    "count", "analyze", "analyse", "audit", "browse", "calculate", "compare", "compute", "convert", "decode", "detect",
    "diff", "discover", "download", "echo", "estimate", "evaluate", "examine", "explain", "explore", "extract", "filter",
    "format", "generate", "identify", "inspect", "is", "lint", "load", "locate", "match", "measure", "monitor", "parse",
    "peek", "ping", "predict", "preview", "print", "profile", "recommend", "render", "report", "resolve", "retrieve", "return",
    "returns", "scan", "select", "status", "stat", "suggest", "summarize", "test", "trace", "track", "translate",
    "transcribe", "validate", "verify", "wait", "watch", "who", "whoami", "info", "log", "history", "tree", "snapshot",
    "screenshot", "annotate", "highlight", "think", "thinking", "sequentialthinking", "help", "ask", "answer", "plot", "access", "provide", "provides",
    "display", "obtain", "retrieves", "gets", "lists", "reads", "searches", "fetches", "finds", "shows", "compute", "collect", "navigate", "save", "start_search",
];

/// Verbs that add or change, and can be taken back.
const WRITES: &[&str] = &[
    "add", "create", "write", "put", "post", "make", "append", "insert", "new", "open", "submit", "send", "publish", "upload",
    "register", "reply", "comment", "commit", "checkout", "branch", "assign", "attach", "book", "build", "clone", "close",
    "complete", "configure", "connect", "copy", "deploy", "draft", "duplicate", "enable", "export", "fill", "fork", "grant",
    "import", "init", "initialize", "install", "invite", "label", "launch", "link", "lock", "mark", "merge", "notify", "pause", "pin",
    "press", "click", "type", "tap", "drag", "drop", "handle", "hover", "provision", "push", "react", "rebase", "record", "reopen", "reprioritize", "request",
    "resolve_thread", "restart", "resume", "retry", "rerun", "save", "schedule", "set", "setup", "share", "sign", "start",
    "stop", "store", "subscribe", "sync", "tag", "toggle", "transfer", "trigger", "unassign", "unlock", "unresolve", "update", "change",
    "adjust", "apply", "approve", "archive", "cancel", "clear", "dismiss", "edit", "modify", "move", "patch", "rename", "reorder", "restore",
    "rotate", "run", "upsert", "use", "emulate", "resize", "evaluate_script", "navigate_page", "call", "dispatch", "log_work", "buy", "pay", "sell", "order",
];

/// Verbs that remove or overwrite, or run what they are given.
const DESTROYS: &[&str] = &[
    "delete", "remove", "destroy", "drop", "erase", "purge", "kill", "terminate", "truncate", "wipe", "reset", "revoke",
    "uninstall", "unlink", "overwrite", "replace", "execute", "exec", "eval", "shell", "bash", "revert", "discard", "flush",
    "force", "disable", "ban", "evict", "detach", "deregister", "unregister", "expire", "prune", "shred", "clean", "cleanup", "empty", "transition",
    "interact", "manage",
];

/// Returns what a verb does; `None` for a word that is no verb known.
pub(crate) fn effect(word: &str) -> Option<ToolEffect> {
    let is = |list: &[&str]| list.contains(&word);
    if is(DESTROYS) {
        Some(ToolEffect::Destructive)
    } else if is(WRITES) {
        Some(ToolEffect::Write)
    } else if is(READS) {
        Some(ToolEffect::Read)
    } else {
        None
    }
}

/// Returns a verb without the ending of the third person: "deletes" as "delete".
pub(crate) fn stem(word: &str) -> Option<ToolEffect> {
    effect(word)
        .or_else(|| effect(word.strip_suffix('s')?))
        .or_else(|| effect(word.strip_suffix("es")?))
        .or_else(|| effect(&format!("{}y", word.strip_suffix("ies")?)))
}
