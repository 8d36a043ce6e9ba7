//! What a container is given of the machine that it runs on.

use countersign_model::{Identity, Launcher};

use crate::{look::EntryLook, tokens::Flag};

/// A folder or file of the machine inside a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mount<'scan> {
    /// The path on this machine, as written.
    pub(crate) source: &'scan str,
    /// The value as written.
    pub(crate) written: &'scan str,
    /// Whether the container may only read it.
    pub(crate) is_read_only: bool,
}

impl<'scan> EntryLook<'scan> {
    /// Returns whether a container is started.
    pub(crate) fn is_container(&self) -> bool {
        matches!(
            self.server.launcher,
            Some(Launcher::Docker | Launcher::Podman)
        )
    }

    /// Returns the flags of the container itself: those before the image.
    pub(crate) fn container_flags(&self) -> Vec<Flag<'scan>> {
        if !self.is_container() {
            return Vec::new();
        }
        let Identity::Image(image) = &self.server.identity else {
            return Vec::new();
        };
        let name = image.short_name();
        let tokens = self.server_tokens();
        let is_image = |token: &&str| {
            let lower = token.to_ascii_lowercase();
            let bare = lower.strip_prefix("docker.io/").unwrap_or(&lower);
            bare.strip_prefix(&name)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '@']))
        };
        let end = tokens.iter().position(is_image).unwrap_or(tokens.len());
        self.flags()
            .into_iter()
            .filter(|flag| {
                tokens[..end]
                    .iter()
                    .any(|token| std::ptr::eq(*token, flag.token))
            })
            .collect()
    }

    /// Returns the values of the container's flags of these names.
    pub(crate) fn container_values(&self, names: &[&str]) -> Vec<&'scan str> {
        self.container_flags()
            .iter()
            .filter(|flag| names.contains(&flag.name))
            .filter_map(|flag| flag.value)
            .collect()
    }

    /// Returns what of this machine the container sees.
    pub(crate) fn mounts(&self) -> Vec<Mount<'scan>> {
        let volumes = self
            .container_values(&["-v", "--volume"])
            .into_iter()
            .filter_map(volume);
        let binds = self
            .container_values(&["--mount"])
            .into_iter()
            .filter_map(bind);
        volumes.chain(binds).collect()
    }
}

/// `source:target[:options]`; a name without slashes is a volume of the engine's own.
fn volume(value: &str) -> Option<Mount<'_>> {
    // A drive's letter brings a colon of its own.
    let bytes = value.as_bytes();
    let is_drive =
        bytes.first().is_some_and(u8::is_ascii_alphabetic) && bytes.get(1) == Some(&b':');
    let from = if is_drive { 2 } else { 0 };
    let cut = value[from..].find(':').map(|at| at + from)?;
    let source = &value[..cut];
    let is_path = source.contains(['/', '\\', '~', '$']) || source.starts_with('.');
    let options = value[cut + 1..].rsplit(':').next().unwrap_or_default();
    is_path.then(|| Mount {
        source,
        written: value,
        is_read_only: options.split(',').any(|option| option == "ro"),
    })
}

/// `type=bind,source=…,target=…[,readonly]`
fn bind(value: &str) -> Option<Mount<'_>> {
    let parts = || value.split(',');
    let is_bind = parts().any(|part| part == "type=bind");
    let source = parts().find_map(|part| {
        part.strip_prefix("source=")
            .or_else(|| part.strip_prefix("src="))
    })?;
    is_bind.then(|| Mount {
        source,
        written: value,
        is_read_only: parts().any(|part| matches!(part, "readonly" | "ro" | "readonly=true")),
    })
}

#[cfg(test)]
mod tests {
    use super::{bind, volume};

    #[test]
    fn reads_volumes() {
        let mount = volume("/home/dev:/data:ro").expect("is a mount");
        assert_eq!((mount.source, mount.is_read_only), ("/home/dev", true));
        assert_eq!(
            volume("C:\\work:/data").expect("is a mount").source,
            "C:\\work"
        );
        assert_eq!(volume("cache:/data"), None);
        assert_eq!(volume("/:/host").expect("is a mount").source, "/");
        let mount = bind("type=bind,src=/,dst=/host").expect("is a mount");
        assert_eq!((mount.source, mount.is_read_only), ("/", false));
    }
}
