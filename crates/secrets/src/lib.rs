//! Tells credentials from everything else that stands in a config, and masks what must not be shown.
//!
//! Pure: a name and a value come in, a [`Nature`](countersign_model::Nature) goes out. Evidence is, in this order: what the
//! value certainly is not (references, placeholders, paths …), the shape that an issuer documents,
//! the name it stands under, and randomness, which alone never makes a credential.
//!
//! ```
//! use countersign_model::Nature;
//! use countersign_secrets::{Place, classify};
//!
//! let value = "ghp_".to_owned() + &"a1B2c3D4e".repeat(4);
//! assert!(matches!(classify(Place::Variable("X"), &value), Nature::Credential(_)));
//! assert_eq!(classify(Place::Variable("TOKEN"), "${GITHUB_TOKEN}"), Nature::Reference);
//! assert_eq!(classify(Place::Variable("TOKEN_FILE"), "/run/secrets/token"), Nature::Plain);
//! ```

#![cfg_attr(
    not(test),
    warn(clippy::panic, clippy::too_many_lines, clippy::unwrap_used)
)]

mod address;
mod arguments;
mod classify;
mod encoding;
mod issuers;
mod look;
mod mask;
mod name;
mod named;
mod ordinary;
mod pairs;
mod placeholder;
mod quoted;
mod reference;
mod scheme;
mod script;
mod shape;

pub use address::{address, parts as address_parts};
pub use arguments::{argument_spans, arguments, shown_text};
pub use classify::{Place, classify, spans};
pub use issuers::{ISSUERS, Issuer, is_rotation_page, rotation_page, shown_tail};
pub use mask::hidden;
pub use name::{NameEvidence, name_evidence};
pub use placeholder::is_placeholder;
pub use reference::is_reference;
