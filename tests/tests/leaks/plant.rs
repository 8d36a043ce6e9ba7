//! Credentials that nobody has: of documented shapes, all different, and made up on the spot.

const LOWER: &str = "abcdefghijkmnpqrstuvwxyz";
const WORD: &str = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";
const HEX: &str = "0123456789abcdef";
const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Kinds by the word that stands for them in a text: what it begins with, its alphabet, and how many
/// characters of that follow.
const KINDS: [(&str, &str, &str, usize); 33] = [
    ("github", "ghp_", WORD, 36),
    ("github-fine", "github_pat_", WORD, 70),
    ("gitlab", "glpat-", WORD, 20),
    ("openai", "sk-proj-", WORD, 48),
    ("anthropic", "sk-ant-api03-", WORD, 60),
    ("openrouter", "sk-or-v1-", HEX, 64),
    ("google", "AIza", WORD, 35),
    ("google-oauth", "GOCSPX-", WORD, 28),
    ("aws-id", "AKIA", UPPER, 16),
    ("aws-secret", "", WORD, 40),
    ("slack", "xoxb-", WORD, 40),
    ("slack-app", "xapp-1-", WORD, 60),
    ("stripe", "sk_live_", WORD, 24),
    ("notion", "ntn_", WORD, 46),
    ("linear", "lin_api_", WORD, 40),
    ("huggingface", "hf_", WORD, 34),
    ("npm", "npm_", WORD, 36),
    ("pypi", "pypi-AgEIcHlwaS5vcmc", WORD, 60),
    ("docker", "dckr_pat_", WORD, 27),
    ("figma", "figd_", WORD, 40),
    ("sendgrid", "SG.", WORD, 66),
    ("supabase", "sbp_", HEX, 40),
    ("digitalocean", "dop_v1_", HEX, 64),
    ("databricks", "dapi", HEX, 32),
    ("grafana", "glsa_", WORD, 41),
    ("vault", "hvs.", WORD, 90),
    ("groq", "gsk_", WORD, 52),
    ("tavily", "tvly-", WORD, 32),
    ("jwt", "eyJhbGciOiJIUzI1NiJ9.", WORD, 80),
    ("hex", "", HEX, 40),
    ("random", "", WORD, 32),
    ("password", "Vq7", WORD, 9),
    // No shape at all: kept only by what it stands in.
    ("plain", "quiet-", LOWER, 12),
];

/// Everything that was planted so far.
#[derive(Debug, Default)]
pub(crate) struct Plants {
    state: u64,
    planted: Vec<Plant>,
}

/// One credential and where it was planted.
#[derive(Debug)]
pub(crate) struct Plant {
    /// Where, and of which kind.
    pub(crate) what: String,
    /// The whole text.
    pub(crate) value: String,
}

impl Plants {
    /// Replaces each `<<kind>>` by a credential of its own.
    ///
    /// # Panics
    /// If there is no such kind.
    pub(crate) fn fill(&mut self, place: &str, text: &str) -> String {
        let mut parts = text.split("<<");
        let mut filled = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (kind, rest) = part.split_once(">>").expect("a kind ends");
            filled.push_str(&self.plant(place, kind));
            filled.push_str(rest);
        }
        filled
    }

    pub(crate) fn all(&self) -> &[Plant] {
        &self.planted
    }

    fn plant(&mut self, place: &str, kind: &str) -> String {
        let (_, prefix, alphabet, length) = KINDS
            .iter()
            .find(|(name, ..)| *name == kind)
            .unwrap_or_else(|| panic!("no kind `{kind}`"));
        let body: String = (0..*length).map(|_| self.character(alphabet)).collect();
        let value = format!("{prefix}{body}");
        self.planted.push(Plant {
            what: format!("{kind} in {place}"),
            value: value.clone(),
        });
        value
    }

    /// A fixed sequence: a failure can be looked at again.
    fn character(&mut self, alphabet: &str) -> char {
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let index = usize::try_from(self.state >> 33).expect("31 bits fit") % alphabet.len();
        char::from(alphabet.as_bytes()[index])
    }
}

impl Plant {
    /// Returns the part of the credential that a text in small letters holds, if it does: the whole, its
    /// middle or its end.
    pub(crate) fn shown_in(&self, text: &str) -> Option<String> {
        const PART: usize = 11;
        let value = self.value.to_lowercase();
        let length = value.len();
        let mut parts = Vec::new();
        if length >= 2 * PART {
            parts.push(value[length - PART..].to_owned());
            parts.push(value[length / 2..length / 2 + PART].to_owned());
        }
        parts.insert(0, value);
        parts.into_iter().find(|part| text.contains(part))
    }
}
