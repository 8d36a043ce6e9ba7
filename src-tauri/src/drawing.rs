//! How the web view draws on Linux.
//!
//! Where there is no graphics processor, WebKitGTK's layers are put together by the processor, and a frame
//! of a long list takes twice as long as when it draws into one surface.

use std::{env, fs, io, os::unix::process::CommandExt, path::Path, process::Command};

/// Has the web view draw without layers; read by WebKitGTK when it starts.
const PLAIN: &str = "WEBKIT_DISABLE_COMPOSITING_MODE";

/// Where the kernel names graphics processors that can draw.
const DEVICES: &str = "/dev/dri";

/// Becomes this program with the web view's layers off, where no graphics processor is and the user has
/// not chosen. Returns only where that is not to be done, or failed: then it draws as it can.
pub(crate) fn settle() {
    if env::var_os(PLAIN).is_some() || has_processor(Path::new(DEVICES)) {
        return;
    }
    let become_plain = || -> io::Result<io::Error> {
        Ok(Command::new(env::current_exe()?)
            .args(env::args_os().skip(1))
            .env(PLAIN, "1")
            .exec())
    };
    // It is slower then, and that is all.
    let _ = become_plain();
}

fn has_processor(devices: &Path) -> bool {
    let entries = fs::read_dir(devices).into_iter().flatten().flatten();
    entries
        .map(|entry| entry.file_name())
        .any(|name| name.to_string_lossy().starts_with("render"))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::has_processor;

    #[test]
    fn a_graphics_processor_is_known_by_its_device() {
        let devices = std::env::temp_dir().join(format!("countersign-dri-{}", std::process::id()));
        assert!(!has_processor(&devices));
        fs::create_dir_all(&devices).expect("is made");
        fs::write(devices.join("card0"), "").expect("is written");
        assert!(!has_processor(&devices));
        fs::write(devices.join("renderD128"), "").expect("is written");
        assert!(has_processor(&devices));
        fs::remove_dir_all(&devices).expect("is ours");
    }
}
