//! Variables that servers are known to read though their entries do not name them.
//!
//! A client hands a server its whole environment; the guard hands on what the entry declares. What is
//! listed here is declared with it, so that a server that took its account from the surroundings still
//! does.

use countersign_launch::is_loader;
use countersign_model::{Entry, Os, Server, Start};

/// Variables of one family, with words that name it.
struct Family {
    words: &'static [&'static str],
    names: &'static [&'static str],
}

/// Sources: docs.aws.amazon.com/sdkref/latest/guide/environment-variables.html;
/// cloud.google.com/docs/authentication/application-default-credentials and
/// cloud.google.com/sdk/docs/configurations; learn.microsoft.com/dotnet/api/azure.identity.environmentcredential;
/// kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig;
/// docs.docker.com/reference/cli/docker (environment variables);
/// playwright.dev/docs/browsers and pptr.dev/guides/configuration; checked 2026-11-25.
const FAMILIES: [Family; 7] = [
    Family {
        words: &["aws", "awslabs", "bedrock", "dynamodb"],
        names: &[
            "AWS_PROFILE",
            "AWS_REGION",
            "AWS_DEFAULT_REGION",
            "AWS_CONFIG_FILE",
            "AWS_SHARED_CREDENTIALS_FILE",
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
        ],
    },
    Family {
        words: &[
            "gcp",
            "gcloud",
            "bigquery",
            "firebase",
            "firestore",
            "vertexai",
        ],
        names: &[
            "GOOGLE_APPLICATION_CREDENTIALS",
            "GOOGLE_CLOUD_PROJECT",
            "CLOUDSDK_CONFIG",
            "CLOUDSDK_ACTIVE_CONFIG_NAME",
        ],
    },
    Family {
        words: &["azure"],
        names: &[
            "AZURE_CONFIG_DIR",
            "AZURE_TENANT_ID",
            "AZURE_CLIENT_ID",
            "AZURE_CLIENT_SECRET",
            "AZURE_SUBSCRIPTION_ID",
        ],
    },
    Family {
        words: &["kubernetes", "kubectl", "kube", "k8s", "helm"],
        names: &["KUBECONFIG"],
    },
    Family {
        words: &["docker", "podman"],
        names: &[
            "DOCKER_HOST",
            "DOCKER_CONFIG",
            "DOCKER_CONTEXT",
            "DOCKER_CERT_PATH",
        ],
    },
    Family {
        words: &["playwright"],
        names: &["PLAYWRIGHT_BROWSERS_PATH"],
    },
    Family {
        words: &["puppeteer"],
        names: &["PUPPETEER_EXECUTABLE_PATH", "PUPPETEER_CACHE_DIR"],
    },
];

/// Flags by which a container gets a variable of its surroundings: `-e NAME`.
const CONTAINER_FLAGS: [&str; 2] = ["-e", "--env"];

/// Returns the variables that an entry's server reads from its surroundings, as far as is known.
pub(super) fn ambient(entry: &Entry, server: Option<&Server>) -> Vec<String> {
    let Start::Command(command) = &entry.start else {
        return Vec::new();
    };
    let tokens: Vec<&str> = command.tokens().map(|token| token.shown()).collect();
    let identity = server
        .map(|server| server.identity.to_string())
        .unwrap_or_default();
    let program = tokens.first().copied().unwrap_or_default();
    let mut names: Vec<String> = Vec::new();
    for family in &FAMILIES {
        let texts = [identity.as_str(), program];
        if texts.iter().any(|text| names_family(text, family)) {
            names.extend(family.names.iter().map(|&name| name.to_owned()));
        }
    }
    let is_container = tokens
        .iter()
        .any(|token| matches!(base_name(token), "docker" | "podman" | "nerdctl"));
    if is_container {
        names.extend(passed_on(&tokens));
    }
    let is_declared = |name: &String| {
        let own = entry.environment.iter().map(|setting| &setting.name);
        own.chain(&entry.environment_names)
            .any(|known| known == name)
    };
    names.retain(|name| !is_declared(name));
    names.sort();
    names.dedup();
    names
}

/// Returns whether a text names a family as a word of its own.
fn names_family(text: &str, family: &Family) -> bool {
    let text = text.to_ascii_lowercase();
    let mut words = text.split(|character: char| !character.is_ascii_alphanumeric());
    words.any(|word| family.words.contains(&word))
}

fn passed_on(tokens: &[&str]) -> Vec<String> {
    let pairs = tokens.windows(2);
    let named = pairs
        .filter(|pair| CONTAINER_FLAGS.contains(&pair[0]))
        .map(|pair| pair[1]);
    let named = named.filter(|name| {
        !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            && !is_loader(Os::current(), name.as_ref())
    });
    named.map(str::to_owned).collect()
}

fn base_name(program: &str) -> &str {
    program.rsplit(['/', '\\']).next().unwrap_or(program)
}

#[cfg(test)]
mod tests {
    use super::{FAMILIES, names_family, passed_on};

    #[test]
    fn families_are_known_by_whole_words() {
        let known = |text: &str| -> Vec<&str> {
            let families = FAMILIES.iter().filter(|family| names_family(text, family));
            families.map(|family| family.words[0]).collect()
        };
        assert_eq!(known("pkg:pypi/awslabs.aws-api-mcp-server"), ["aws"]);
        assert_eq!(known("pkg:npm/mcp-server-kubernetes"), ["kubernetes"]);
        assert_eq!(known("/usr/bin/docker"), ["docker"]);
        assert_eq!(known("pkg:npm/drawsome"), [""; 0]);
    }

    #[test]
    fn a_container_gets_what_its_command_passes_on() {
        let tokens = [
            "docker",
            "run",
            "-e",
            "TOKEN",
            "-e",
            "A=b",
            "--env",
            "URL",
            "-e",
            "LD_PRELOAD",
        ];
        assert_eq!(passed_on(&tokens), ["TOKEN", "URL"]);
    }
}
