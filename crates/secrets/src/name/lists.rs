//! Words of names.

/// Words that make a name a password's.
#[rustfmt::skip]
pub(super) const PASSWORD_WORDS: [&str; 11] = [
    "password", "passwd", "pwd", "passphrase", "pass", "pw", "passcode", "userpass", "psw", "pswd",
    "passwort",
];

/// Words that make a name a credential's.
#[rustfmt::skip]
pub(super) const SECRET_WORDS: [&str; 25] = [
    "secret", "secrets", "token", "apikey", "apitoken", "credential", "credentials", "cred", "creds",
    "bearer", "authorization", "auth", "pat", "jwt", "cookie", "cookies", "accesskey", "privatekey",
    "authtoken", "sas", "sig", "signature", "salt", "otpauth", "webhook",
];

/// Endings of one word that make a name a credential's: `accesstoken`, `jwtsecret`.
#[rustfmt::skip]
pub(super) const SECRET_ENDINGS: [&str; 13] = [
    "token", "secret", "apikey", "accesskey", "secretkey", "privatekey", "authkey", "masterkey",
    "signingkey", "encryptionkey", "sharedkey", "accountkey", "subscriptionkey",
];

/// Words that make `key` a credential's: `api key`, `private key`, `service role key` …
#[rustfmt::skip]
pub(super) const KEY_WORDS: [&str; 41] = [
    "api", "access", "private", "priv", "secret", "auth", "signing", "sign", "encryption", "encrypt",
    "master", "service", "role", "account", "app", "application", "admin", "server", "license", "hmac",
    "subscription", "session", "client", "integration", "deploy", "rest", "user", "wallet", "storage",
    "webhook", "shared", "root", "write", "read", "ingest", "ingestion", "management", "jwt", "ssh",
    "developer", "consumer",
];

/// Words before `key` that make it the name of something else.
#[rustfmt::skip]
pub(super) const OTHER_KEYS: [&str; 32] = [
    "primary", "foreign", "sort", "partition", "hash", "range", "object", "file", "bucket", "cache",
    "project", "issue", "team", "space", "hot", "short", "shortcut", "idempotency", "config",
    "registry", "lookup", "index", "map", "translation", "message", "group", "board", "row", "unique",
    "context", "arrow", "key",
];

/// Words after the credential's own that leave it one: `API_KEY_PROD`, `TOKEN_2`.
#[rustfmt::skip]
pub(super) const QUALIFIERS: [&str; 36] = [
    "prod", "production", "dev", "development", "staging", "stage", "stg", "test", "testing", "live",
    "sandbox", "local", "primary", "secondary", "value", "raw", "base", "b", "json", "string", "text",
    "plain", "old", "new", "backup", "default", "override", "global", "admin", "readonly", "ro", "rw",
    "v", "main", "current", "previous",
];

/// Last words that say the value only describes, counts or locates a credential.
#[rustfmt::skip]
pub(super) const OPEN_ENDINGS: [&str; 101] = [
    "file", "filename", "path", "paths", "dir", "directory", "folder", "url", "urls", "uri", "endpoint",
    "host", "hostname", "port", "id", "ids", "name", "names", "type", "types", "count", "limit",
    "limits", "size", "length", "len", "max", "min", "ttl", "expiry", "expires", "expiration",
    "timeout", "issuer", "audience", "algorithm", "algo", "alg", "scope", "scopes", "mode", "method",
    "provider", "header", "headers", "prefix", "suffix", "version", "enabled", "enable", "disabled",
    "required", "optional", "policy", "budget", "location", "env", "envvar", "var", "variable", "hash",
    "digest", "checksum", "fingerprint", "thumbprint", "alias", "label", "description", "hint",
    "format", "regex", "pattern", "template", "placeholder", "lifetime", "duration", "interval",
    "seconds", "secs", "ms", "minutes", "hours", "days", "bytes", "bits", "rounds", "store", "backend",
    "bucket", "table", "column", "field", "param", "ref", "arn", "source", "domain", "realm", "region",
    "strategy", "sock",
];

/// Words that make a key public wherever they stand.
#[rustfmt::skip]
pub(super) const PUBLIC_WORDS: [&str; 9] = [
    "public", "publishable", "anon", "site", "fingerprint", "pub", "pubkey", "publickey", "sitekey",
];
