//! Who issues credentials, and by which shape theirs are known.

use std::ops::Range;

use crate::shape::Alphabet::{self, Base64, Broad, Dotted, Hex, Snake, Upper, Url, Uuid, Word};

/// An issuer's documented shape: a prefix, then characters of one alphabet.
#[derive(Clone, Copy, Debug)]
pub struct Issuer {
    /// The issuer's id in output, such as `github-classic`.
    pub id: &'static str,
    /// The credential in words.
    pub label: &'static str,
    /// How it starts.
    pub prefix: &'static str,
    alphabet: Alphabet,
    body_min: usize,
    body_max: usize,
}

const fn issuer(
    id: &'static str,
    label: &'static str,
    prefix: &'static str,
    alphabet: Alphabet,
    body_min: usize,
    body_max: usize,
) -> Issuer {
    Issuer {
        id,
        label,
        prefix,
        alphabet,
        body_min,
        body_max,
    }
}

/// The issuers, more exact shapes before those that they contain.
///
/// Source: the issuers' own documentation and published scanners' tables, checked 2026-11-24.
#[rustfmt::skip]
pub static ISSUERS: [Issuer; 143] = [
    issuer("github-classic", "GitHub personal access token (classic)", "ghp_", Word, 30, 255),
    issuer("github-oauth", "GitHub OAuth token", "gho_", Word, 30, 255),
    issuer("github-user", "GitHub user-to-server token", "ghu_", Word, 30, 255),
    issuer("github-server", "GitHub server-to-server token", "ghs_", Word, 30, 255),
    issuer("github-refresh", "GitHub refresh token", "ghr_", Word, 30, 255),
    issuer("github-fine", "GitHub fine-grained personal access token", "github_pat_", Snake, 50, 255),
    issuer("gitlab", "GitLab personal access token", "glpat-", Dotted, 20, 300),
    issuer("gitlab-deploy", "GitLab deploy token", "gldt-", Url, 20, 64),
    issuer("gitlab-runner", "GitLab runner token", "glrt-", Dotted, 20, 300),
    issuer("gitlab-trigger", "GitLab pipeline trigger token", "glptt-", Url, 20, 64),
    issuer("gitlab-feed", "GitLab feed token", "glft-", Url, 20, 64),
    issuer("bitbucket", "Bitbucket app password", "ATBB", Word, 24, 200),
    issuer("atlassian", "Atlassian API token", "ATATT3", Broad, 100, 250),
    issuer("atlassian-container", "Atlassian container token", "ATCTT3", Broad, 100, 250),
    issuer("openai", "OpenAI project key", "sk-proj-", Url, 40, 220),
    issuer("openai-service", "OpenAI service account key", "sk-svcacct-", Url, 40, 220),
    issuer("openai-admin", "OpenAI admin key", "sk-admin-", Url, 40, 220),
    issuer("anthropic", "Anthropic API key", "sk-ant-", Url, 40, 200),
    issuer("openrouter", "OpenRouter API key", "sk-or-", Url, 32, 100),
    issuer("langfuse", "Langfuse secret key", "sk-lf-", Uuid, 32, 40),
    issuer("litellm", "LiteLLM key", "sk-litellm-", Url, 16, 100),
    issuer("openai-legacy", "OpenAI API key (older form)", "sk-", Word, 40, 64),
    issuer("deepseek", "DeepSeek API key", "sk-", Hex, 32, 32),
    issuer("elevenlabs", "ElevenLabs API key", "sk_", Hex, 48, 48),
    issuer("google-api", "Google API key", "AIza", Url, 35, 35),
    issuer("google-oauth-secret", "Google OAuth client secret", "GOCSPX-", Url, 24, 32),
    issuer("google-access", "Google OAuth access token", "ya29.", Dotted, 30, 2048),
    issuer("google-refresh", "Google OAuth refresh token", "1//0", Url, 30, 200),
    issuer("aws-id", "AWS access key id", "AKIA", Upper, 16, 16),
    issuer("aws-id-temporary", "AWS temporary access key id", "ASIA", Upper, 16, 16),
    issuer("aws-session", "AWS session token", "IQoJb3JpZ2lu", Base64, 60, 4096),
    issuer("aws-bedrock", "Amazon Bedrock API key", "ABSK", Base64, 100, 300),
    issuer("slack-bot", "Slack bot token", "xoxb-", Url, 24, 200),
    issuer("slack-user", "Slack user token", "xoxp-", Url, 24, 200),
    issuer("slack-workspace", "Slack workspace token", "xoxa-", Url, 24, 200),
    issuer("slack-refresh", "Slack refresh token", "xoxr-", Url, 24, 200),
    issuer("slack-session", "Slack session token", "xoxs-", Url, 24, 200),
    issuer("slack-cookie", "Slack session cookie", "xoxd-", Broad, 24, 400),
    issuer("slack-config", "Slack configuration token", "xoxe.", Dotted, 24, 300),
    issuer("slack-app", "Slack app-level token", "xapp-", Url, 40, 200),
    issuer("stripe", "Stripe secret key", "sk_live_", Word, 16, 200),
    issuer("stripe-test", "Stripe test key", "sk_test_", Word, 16, 200),
    issuer("stripe-restricted", "Stripe restricted key", "rk_live_", Word, 16, 200),
    issuer("stripe-restricted-test", "Stripe restricted test key", "rk_test_", Word, 16, 200),
    issuer("stripe-webhook", "Stripe webhook secret", "whsec_", Base64, 24, 100),
    issuer("notion", "Notion integration token", "ntn_", Word, 40, 60),
    issuer("notion-older", "Notion integration token (older form)", "secret_", Word, 43, 43),
    issuer("linear", "Linear API key", "lin_api_", Word, 32, 64),
    issuer("linear-oauth", "Linear OAuth token", "lin_oauth_", Word, 32, 80),
    issuer("huggingface", "Hugging Face token", "hf_", Word, 30, 60),
    issuer("huggingface-org", "Hugging Face organisation token", "api_org_", Word, 30, 60),
    issuer("npm", "npm access token", "npm_", Word, 36, 36),
    issuer("pypi", "PyPI API token", "pypi-AgE", Url, 50, 300),
    issuer("rubygems", "RubyGems API key", "rubygems_", Hex, 48, 48),
    issuer("crates-io", "crates.io API token", "cio", Word, 32, 32),
    issuer("docker", "Docker Hub access token", "dckr_pat_", Url, 20, 60),
    issuer("docker-org", "Docker organisation token", "dckr_oat_", Url, 20, 60),
    issuer("supabase", "Supabase access token", "sbp_", Word, 40, 60),
    issuer("supabase-secret", "Supabase secret key", "sb_secret_", Url, 20, 60),
    issuer("vercel-blob", "Vercel Blob token", "vercel_blob_rw_", Snake, 30, 100),
    issuer("vercel-gateway", "Vercel AI gateway key", "vck_", Word, 40, 80),
    issuer("netlify", "Netlify access token", "nfp_", Word, 36, 44),
    issuer("heroku", "Heroku API key", "HRKU-", Url, 30, 70),
    issuer("digitalocean", "DigitalOcean access token", "dop_v1_", Hex, 64, 64),
    issuer("digitalocean-oauth", "DigitalOcean OAuth token", "doo_v1_", Hex, 64, 64),
    issuer("digitalocean-refresh", "DigitalOcean refresh token", "dor_v1_", Hex, 64, 64),
    issuer("sentry", "Sentry organisation token", "sntrys_", Broad, 40, 400),
    issuer("sentry-user", "Sentry user token", "sntryu_", Hex, 64, 64),
    issuer("newrelic", "New Relic user key", "NRAK-", Upper, 27, 27),
    issuer("newrelic-insert", "New Relic insert key", "NRII-", Url, 32, 32),
    issuer("pagerduty", "PagerDuty user API key", "u+", Url, 16, 24),
    issuer("sendgrid", "SendGrid API key", "SG.", Dotted, 60, 70),
    issuer("mailgun", "Mailgun API key", "key-", Hex, 32, 32),
    issuer("brevo", "Brevo API key", "xkeysib-", Url, 60, 100),
    issuer("mailersend", "MailerSend API token", "mlsn.", Hex, 60, 80),
    issuer("resend", "Resend API key", "re_", Snake, 28, 40),
    issuer("shopify", "Shopify access token", "shpat_", Word, 32, 40),
    issuer("shopify-custom", "Shopify custom app token", "shpca_", Word, 32, 40),
    issuer("shopify-private", "Shopify private app password", "shppa_", Word, 32, 40),
    issuer("shopify-shared", "Shopify shared secret", "shpss_", Word, 32, 40),
    issuer("square", "Square access token", "sq0atp-", Url, 22, 40),
    issuer("square-secret", "Square OAuth secret", "sq0csp-", Url, 40, 50),
    issuer("figma", "Figma personal access token", "figd_", Url, 36, 60),
    issuer("asana", "Asana personal access token", "2/", Broad, 50, 80),
    issuer("circleci", "CircleCI personal token", "CCIPAT_", Snake, 40, 90),
    issuer("circleci-project", "CircleCI project token", "CCIPRJ_", Snake, 40, 90),
    issuer("buildkite", "Buildkite API token", "bkua_", Hex, 40, 40),
    issuer("databricks", "Databricks access token", "dapi", Hex, 32, 36),
    issuer("doppler", "Doppler token", "dp.pt.", Word, 40, 48),
    issuer("doppler-service", "Doppler service token", "dp.st.", Dotted, 40, 80),
    issuer("dynatrace", "Dynatrace token", "dt0c01.", Dotted, 80, 100),
    issuer("fly", "Fly.io access token", "fo1_", Url, 40, 60),
    issuer("grafana", "Grafana service account token", "glsa_", Snake, 40, 50),
    issuer("grafana-cloud", "Grafana Cloud token", "glc_", Base64, 32, 400),
    issuer("vault", "Vault service token", "hvs.", Url, 24, 200),
    issuer("vault-batch", "Vault batch token", "hvb.", Url, 100, 400),
    issuer("infracost", "Infracost API key", "ico-", Word, 32, 32),
    issuer("jfrog", "JFrog API key", "AKCp", Word, 60, 80),
    issuer("langsmith", "LangSmith personal token", "lsv2_pt_", Snake, 40, 60),
    issuer("langsmith-service", "LangSmith service key", "lsv2_sk_", Snake, 40, 60),
    issuer("mapbox", "Mapbox secret token", "sk.eyJ", Dotted, 60, 200),
    issuer("perplexity", "Perplexity API key", "pplx-", Word, 40, 60),
    issuer("groq", "Groq API key", "gsk_", Word, 40, 60),
    issuer("xai", "xAI API key", "xai-", Word, 60, 90),
    issuer("replicate", "Replicate API token", "r8_", Word, 32, 44),
    issuer("fireworks", "Fireworks API key", "fw_", Word, 20, 40),
    issuer("nvidia", "NVIDIA API key", "nvapi-", Url, 50, 80),
    issuer("cerebras", "Cerebras API key", "csk-", Word, 40, 60),
    issuer("voyage", "Voyage AI API key", "pa-", Url, 40, 60),
    issuer("tavily", "Tavily API key", "tvly-", Url, 20, 60),
    issuer("firecrawl", "Firecrawl API key", "fc-", Hex, 32, 32),
    issuer("jina", "Jina AI API key", "jina_", Snake, 50, 80),
    issuer("context7", "Context7 API key", "ctx7sk-", Url, 30, 60),
    issuer("brave", "Brave Search API key", "BSA", Url, 25, 30),
    issuer("pinecone", "Pinecone API key", "pcsk_", Snake, 50, 90),
    issuer("planetscale", "PlanetScale token", "pscale_tkn_", Dotted, 32, 64),
    issuer("planetscale-password", "PlanetScale password", "pscale_pw_", Dotted, 32, 64),
    issuer("neon", "Neon API key", "napi_", Word, 40, 80),
    issuer("prefect", "Prefect API key", "pnu_", Word, 36, 36),
    issuer("pulumi", "Pulumi access token", "pul-", Hex, 40, 40),
    issuer("render", "Render API key", "rnd_", Word, 28, 40),
    issuer("sonar", "SonarQube token", "squ_", Hex, 40, 40),
    issuer("sonar-project", "SonarQube project token", "sqp_", Hex, 40, 40),
    issuer("tailscale", "Tailscale key", "tskey-", Url, 20, 80),
    issuer("typeform", "Typeform token", "tfp_", Broad, 40, 80),
    issuer("apify", "Apify API token", "apify_api_", Word, 30, 50),
    issuer("browserbase", "Browserbase API key", "bb_live_", Url, 20, 40),
    issuer("e2b", "E2B API key", "e2b_", Hex, 40, 40),
    issuer("hubspot", "HubSpot private app token", "pat-na", Url, 36, 42),
    issuer("hubspot-europe", "HubSpot private app token", "pat-eu", Url, 36, 42),
    issuer("contentful", "Contentful management token", "CFPAT-", Url, 40, 50),
    issuer("plaid", "Plaid access token", "access-production-", Uuid, 36, 36),
    issuer("readme", "ReadMe API key", "rdme_", Word, 60, 80),
    issuer("posthog", "PostHog personal API key", "phx_", Word, 40, 60),
    issuer("onepassword", "1Password service account token", "ops_", Base64, 200, 2000),
    issuer("age", "age secret key", "AGE-SECRET-KEY-1", Upper, 58, 58),
    issuer("airtable", "Airtable personal access token", "pat", Dotted, 79, 79),
    issuer("clickup", "ClickUp API token", "pk_", Snake, 38, 46),
    issuer("zapier", "Zapier MCP key", "sk-ak-", Url, 20, 60),
    issuer("terraform", "Terraform Cloud token", "atlasv1.", Dotted, 50, 80),
    issuer("yandex", "Yandex API key", "AQVN", Url, 34, 38),
    issuer("pipedream", "Pipedream client secret", "pd_", Word, 32, 48),
    issuer("cursor", "Cursor API key", "key_", Hex, 64, 64),
];

/// Prefixes of keys that their issuers publish on purpose.
const PUBLISHABLE: [&str; 7] = [
    "pk_live_",
    "pk_test_",
    "pk-lf-",
    "phc_",
    "sb_publishable_",
    "pk.eyJ",
    "pub_",
];

/// Returns whether the text is a key that may be public.
pub(crate) fn is_publishable(text: &str) -> bool {
    PUBLISHABLE.iter().any(|prefix| text.starts_with(prefix))
}

/// Finds a credential of a known shape, with its place in the text: of the issuer that is listed first,
/// the first one.
pub(crate) fn find(text: &str) -> Option<(&'static Issuer, Range<usize>)> {
    let bytes = text.as_bytes();
    let mut best = None;
    let mut candidates = &ISSUERS[..];
    // Every command token and setting is looked at: one pass over the text, not one for each issuer.
    for start in 0..bytes.len() {
        let Some(is_joined) = joined(bytes, start) else {
            continue;
        };
        let found = candidates.iter().enumerate().find_map(|(index, issuer)| {
            let is_there = bytes[start..].starts_with(issuer.prefix.as_bytes())
                && (!is_joined || issuer.has_telling_prefix());
            let end = is_there.then(|| issuer.end(text, start)).flatten()?;
            Some((index, issuer, start..end))
        });
        if let Some((index, issuer, range)) = found {
            best = Some((issuer, range));
            candidates = &candidates[..index];
        }
    }
    best
}

/// Returns whether a word that starts here is joined to one before it (`X-ghp_…`); `None` where none
/// starts.
fn joined(bytes: &[u8], start: usize) -> Option<bool> {
    let Some(before) = start.checked_sub(1) else {
        return Some(false);
    };
    match bytes[before] {
        b'_' | b'-' => Some(true),
        byte => (!byte.is_ascii_alphanumeric()).then_some(false),
    }
}

impl Issuer {
    /// Returns where the credential that starts at `start` ends, if it is one.
    fn end(&self, text: &str, start: usize) -> Option<usize> {
        let body_start = start + self.prefix.len();
        let body = &text.as_bytes()[body_start..];
        let length = body
            .iter()
            .take_while(|byte| self.alphabet.has(**byte))
            .count();
        let ends_token = body
            .get(length)
            .is_none_or(|after| !after.is_ascii_alphanumeric() && !matches!(after, b'_' | b'-'));
        let fits = (self.body_min..=self.body_max).contains(&length);
        let is_varied = body[..length].iter().any(u8::is_ascii_digit)
            || body[..length].iter().any(u8::is_ascii_uppercase)
                && body[..length].iter().any(u8::is_ascii_lowercase);
        (fits && ends_token && is_varied && self.is_plausible(&text[start..body_start + length]))
            .then_some(body_start + length)
    }

    /// Returns whether the prefix is no part of ordinary words: `ghp_`, `glpat-`.
    fn has_telling_prefix(&self) -> bool {
        self.prefix.len() >= 4 && self.prefix.ends_with(['_', '-', '.'])
    }

    /// Checks what prefix and alphabet cannot say.
    fn is_plausible(&self, whole: &str) -> bool {
        match self.id {
            "asana" => whole.contains(':') && whole.matches('/').count() >= 2,
            "airtable" => whole.as_bytes().get(17) == Some(&b'.'),
            "clickup" => whole[3..].split_once('_').is_some_and(|(number, _)| {
                !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
            }),
            "sendgrid" => whole.matches('.').count() == 2,
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{ISSUERS, find, is_publishable};

    /// Makes a credential of the issuer's shape from a fixed pattern of characters.
    pub(crate) fn sample(alphabet_has: impl Fn(u8) -> bool, length: usize) -> String {
        b"a7F3k9Zq2Xb8c1D4e5v6"
            .iter()
            .cycle()
            .filter(|byte| alphabet_has(**byte))
            .take(length)
            .map(|byte| char::from(*byte))
            .collect()
    }

    #[test]
    fn every_issuer_is_found_by_its_own_shape() {
        for issuer in &ISSUERS {
            let body = match issuer.id {
                "asana" => {
                    "1234567890123456/1234567890123456:0123456789abcdef0123456789abcdef".into()
                }
                "airtable" => format!(
                    "a7F3k9Zq2Xb8c1.{}",
                    sample(|byte| byte.is_ascii_hexdigit(), 64)
                ),
                "clickup" => "12345678_A7F3K9ZQ2XB8C1D4E5V6A7F3K9ZQ2XB8".into(),
                "sendgrid" => format!("{}.{}", sample(|_| true, 22), sample(|_| true, 43)),
                _ => sample(|byte| issuer.alphabet.has(byte), issuer.body_min),
            };
            let value = format!("{}{body}", issuer.prefix);
            let (found, range) = find(&value).unwrap_or_else(|| panic!("{}: {value}", issuer.id));
            assert_eq!(range, 0..value.len(), "{}", issuer.id);
            let is_same = found.id == issuer.id
                || found.prefix.starts_with("sk")
                || found.prefix == issuer.prefix;
            assert!(is_same, "{} found as {}", issuer.id, found.id);
            let inside = format!("Bearer {value};");
            assert_eq!(
                find(&inside).map(|(_, range)| range.start),
                Some(7),
                "{}",
                issuer.id
            );
        }
    }

    #[test]
    fn ids_are_unique_and_there_are_enough() {
        let ids: HashSet<_> = ISSUERS.iter().map(|issuer| issuer.id).collect();
        assert_eq!(ids.len(), ISSUERS.len());
        assert!(ids.len() >= 70);
    }

    #[test]
    fn ordinary_text_matches_no_issuer() {
        for text in [
            "task-force",
            "risk-assessment-document",
            "key-value-store",
            "pat",
            "re_export",
            "fc-match",
            "sk-short",
            "hf_hub_download",
            "npm_config_registry",
            "pa-ssword",
            "AIza",
            "keyboard",
            "https://example.com/1//0",
            "2/3 of the files",
            "re_initialise_everything_in_the_module",
            "secret_manager_client_configuration_settings",
            "fw_update",
            "pub_sub",
        ] {
            assert!(find(text).is_none(), "{text}: {:?}", find(text));
        }
        assert!(is_publishable("pk_live_abc"));
    }
}
