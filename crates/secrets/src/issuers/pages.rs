//! Where an issuer lets its users replace a credential, and what its console shows of one.

/// Pages by the beginning of the issuer's id: of several that fit, the longest counts.
///
/// Only pages that the issuer links from its own documentation and that need no name of an account.
const PAGES: [(&str, &str); 74] = [
    ("airtable", "https://airtable.com/create/tokens"),
    ("anthropic", "https://console.anthropic.com/settings/keys"),
    ("apify", "https://console.apify.com/settings/integrations"),
    ("asana", "https://app.asana.com/0/my-apps"),
    (
        "atlassian",
        "https://id.atlassian.com/manage-profile/security/api-tokens",
    ),
    (
        "aws",
        "https://console.aws.amazon.com/iam/home#/security_credentials",
    ),
    (
        "aws-bedrock",
        "https://console.aws.amazon.com/bedrock/home#/api-keys",
    ),
    (
        "azure",
        "https://portal.azure.com/#view/Microsoft_AAD_IAM/ActiveDirectoryMenuBlade/~/RegisteredApps",
    ),
    (
        "bitbucket",
        "https://bitbucket.org/account/settings/app-passwords/",
    ),
    ("brave", "https://api-dashboard.search.brave.com/app/keys"),
    ("brevo", "https://app.brevo.com/settings/keys/api"),
    ("browserbase", "https://www.browserbase.com/settings"),
    ("buildkite", "https://buildkite.com/user/api-access-tokens"),
    ("cerebras", "https://cloud.cerebras.ai/"),
    ("circleci", "https://app.circleci.com/settings/user/tokens"),
    ("clickup", "https://app.clickup.com/settings/apps"),
    (
        "cloudflare",
        "https://dash.cloudflare.com/profile/api-tokens",
    ),
    (
        "contentful",
        "https://app.contentful.com/account/profile/cma_tokens",
    ),
    ("context7", "https://context7.com/dashboard"),
    ("crates-io", "https://crates.io/settings/tokens"),
    ("cursor", "https://cursor.com/dashboard"),
    ("deepseek", "https://platform.deepseek.com/api_keys"),
    (
        "digitalocean",
        "https://cloud.digitalocean.com/account/api/tokens",
    ),
    ("discord", "https://discord.com/developers/applications"),
    (
        "docker",
        "https://app.docker.com/settings/personal-access-tokens",
    ),
    ("e2b", "https://e2b.dev/dashboard"),
    ("elevenlabs", "https://elevenlabs.io/app/settings/api-keys"),
    ("figma", "https://www.figma.com/settings"),
    ("firecrawl", "https://www.firecrawl.dev/app/api-keys"),
    (
        "fireworks",
        "https://app.fireworks.ai/settings/users/api-keys",
    ),
    ("fly", "https://fly.io/dashboard/personal/tokens"),
    ("github", "https://github.com/settings/tokens"),
    (
        "github-fine",
        "https://github.com/settings/personal-access-tokens",
    ),
    ("github-oauth", "https://github.com/settings/applications"),
    ("github-server", "https://github.com/settings/installations"),
    (
        "gitlab",
        "https://gitlab.com/-/user_settings/personal_access_tokens",
    ),
    (
        "google",
        "https://console.cloud.google.com/apis/credentials",
    ),
    ("google-access", "https://myaccount.google.com/permissions"),
    ("google-refresh", "https://myaccount.google.com/permissions"),
    ("groq", "https://console.groq.com/keys"),
    ("heroku", "https://dashboard.heroku.com/account"),
    ("hubspot", "https://app.hubspot.com/private-apps"),
    ("huggingface", "https://huggingface.co/settings/tokens"),
    ("jina", "https://jina.ai/api-dashboard/key-manager"),
    ("langfuse", "https://cloud.langfuse.com/"),
    ("langsmith", "https://smith.langchain.com/settings"),
    ("linear", "https://linear.app/settings/account/security"),
    (
        "mapbox",
        "https://console.mapbox.com/account/access-tokens/",
    ),
    ("neon", "https://console.neon.tech/app/settings/api-keys"),
    ("netlify", "https://app.netlify.com/user/applications"),
    ("newrelic", "https://one.newrelic.com/api-keys"),
    ("notion", "https://www.notion.so/profile/integrations"),
    ("npm", "https://www.npmjs.com/settings/~/tokens"),
    ("nuget", "https://www.nuget.org/account/apikeys"),
    ("nvidia", "https://build.nvidia.com/settings/api-keys"),
    ("openai", "https://platform.openai.com/api-keys"),
    (
        "openai-admin",
        "https://platform.openai.com/settings/organization/admin-keys",
    ),
    ("openrouter", "https://openrouter.ai/settings/keys"),
    ("perplexity", "https://www.perplexity.ai/account/api/keys"),
    ("pinecone", "https://app.pinecone.io/"),
    ("posthog", "https://app.posthog.com/settings/user-api-keys"),
    ("pulumi", "https://app.pulumi.com/account/tokens"),
    ("pypi", "https://pypi.org/manage/account/token/"),
    ("render", "https://dashboard.render.com/u/settings#api-keys"),
    ("replicate", "https://replicate.com/account/api-tokens"),
    ("resend", "https://resend.com/api-keys"),
    ("sendgrid", "https://app.sendgrid.com/settings/api_keys"),
    (
        "sentry",
        "https://sentry.io/settings/account/api/auth-tokens/",
    ),
    ("slack", "https://api.slack.com/apps"),
    ("stripe", "https://dashboard.stripe.com/apikeys"),
    ("supabase", "https://supabase.com/dashboard/account/tokens"),
    ("tavily", "https://app.tavily.com/home"),
    ("telegram", "https://t.me/BotFather"),
    ("xai", "https://console.x.ai/"),
];

/// Issuers whose own console names a credential by its last characters, and how many it shows.
///
/// Sources, checked 2026-11-25:
/// - `anthropic`: `partial_key_hint` of the API keys (platform.claude.com, "Admin API: API keys").
/// - `contentful`: "using the last four characters" (contentful.com/developers/changelog/api-token-management).
/// - `sentry`: "only its last four characters" (docs.sentry.io, "List an Organization's Org Auth Tokens").
const TAILS: [(&str, usize); 3] = [("anthropic", 4), ("contentful", 4), ("sentry", 4)];

/// A credential shows its end only if this many times as much of it stays hidden.
const HIDDEN_TIMES: usize = 4;

/// Returns the page on which the issuer's users replace a credential; `None` where no such page is
/// known for all of them. `issuer` is the id of a [`Credential`](countersign_model::Credential).
pub fn rotation_page(issuer: &str) -> Option<&'static str> {
    PAGES
        .iter()
        .filter(|(id, _)| is_of(issuer, id))
        .max_by_key(|(id, _)| id.len())
        .map(|(_, page)| *page)
}

/// Returns whether an address is an issuer's page for replacing a credential, as [`rotation_page`] gives it.
pub fn is_rotation_page(page: &str) -> bool {
    PAGES.iter().any(|(_, known)| *known == page)
}

/// Returns the last characters of a credential where the issuer's own console shows them, so that its
/// user can find it there.
///
/// # Security
/// `None` for every issuer that is not documented to show them: nothing of such a value is ever shown.
pub fn shown_tail<'value>(issuer: &str, credential: &'value str) -> Option<&'value str> {
    let (_, length) = TAILS.iter().find(|(id, _)| *id == issuer)?;
    let is_long = credential.is_ascii() && credential.len() >= length * (HIDDEN_TIMES + 1);
    is_long.then(|| &credential[credential.len() - length..])
}

fn is_of(issuer: &str, id: &str) -> bool {
    issuer
        .strip_prefix(id)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use super::{PAGES, TAILS, rotation_page, shown_tail};
    use crate::ISSUERS;

    #[test]
    fn every_page_is_some_issuers_and_encrypted() {
        let known = |id: &str| {
            ISSUERS.iter().any(|issuer| super::is_of(issuer.id, id))
                || ["azure", "discord", "telegram"].contains(&id)
        };
        for (id, page) in PAGES {
            assert!(page.starts_with("https://"), "{page}");
            assert!(known(id), "{id}");
        }
        for (id, _) in TAILS {
            assert!(ISSUERS.iter().any(|issuer| issuer.id == id), "{id}");
        }
        assert!(PAGES.is_sorted());
    }

    #[test]
    fn the_most_exact_page_counts() {
        let fine = rotation_page("github-fine");
        assert_eq!(
            fine,
            Some("https://github.com/settings/personal-access-tokens")
        );
        assert_eq!(
            rotation_page("github-classic"),
            Some("https://github.com/settings/tokens")
        );
        assert_eq!(rotation_page("githubby"), None);
        assert_eq!(rotation_page("private-key"), None);
    }

    #[test]
    fn an_end_is_shown_only_where_the_issuer_shows_it() {
        let value = format!("sk-ant-api03-{}Wxyz", "a1B2".repeat(20));
        assert_eq!(shown_tail("anthropic", &value), Some("Wxyz"));
        assert_eq!(shown_tail("openai", &value), None);
        assert_eq!(shown_tail("anthropic", "sk-ant-short"), None);
        assert_eq!(shown_tail("anthropic", &"é".repeat(60)), None);
    }
}
