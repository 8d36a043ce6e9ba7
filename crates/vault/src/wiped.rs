use countersign_model::SecretText;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Secret text inside JSON: the only place where one is written, and read back without a copy.
pub(crate) struct Wiped(pub(crate) SecretText);

impl Serialize for Wiped {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.expose("it goes to the store"))
    }
}

impl<'de> Deserialize<'de> for Wiped {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(SecretText::new(text)))
    }
}
