//! Whether a window can be shown here.

use std::{
    env,
    path::{Path, PathBuf},
};

/// Returns why no window can be shown, or nothing where one can.
pub(crate) fn why_none() -> Option<String> {
    if cfg!(any(windows, target_os = "macos")) {
        return None;
    }
    let variable = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
    let wayland = variable("WAYLAND_DISPLAY");
    let x11 = variable("DISPLAY");
    let sockets = [
        wayland.and_then(|name| wayland_socket(&name, variable("XDG_RUNTIME_DIR").as_deref())),
        x11.as_deref().and_then(x11_socket),
    ];
    let mut named = sockets.into_iter().flatten().peekable();
    if named.peek().is_none() && x11.is_some() {
        // A display of another machine: only trying tells.
        return None;
    }
    match named.peek().cloned() {
        None => Some("neither WAYLAND_DISPLAY nor DISPLAY is set".to_owned()),
        Some(_) if named.any(|socket| answers(&socket)) => None,
        Some(first) => Some(format!("nothing answers at {}", first.display())),
    }
}

fn wayland_socket(name: &str, runtime: Option<&str>) -> Option<PathBuf> {
    if name.starts_with('/') {
        return Some(name.into());
    }
    Some(Path::new(runtime?).join(name))
}

/// `:1` and `:1.0` name a socket of this machine; `host:1` does not.
fn x11_socket(display: &str) -> Option<PathBuf> {
    let number = display
        .strip_prefix(':')
        .or_else(|| display.strip_prefix("unix:"))?;
    let number = number.split_once('.').map_or(number, |(number, _)| number);
    Some(Path::new("/tmp/.X11-unix").join(format!("X{number}")))
}

#[cfg(unix)]
fn answers(socket: &Path) -> bool {
    std::os::unix::net::UnixStream::connect(socket).is_ok()
}

#[cfg(not(unix))]
fn answers(socket: &Path) -> bool {
    socket.exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_socket_that_a_display_names() {
        let x11 = |display| x11_socket(display).map(|path| path.display().to_string());
        assert_eq!(x11(":1").as_deref(), Some("/tmp/.X11-unix/X1"));
        assert_eq!(x11(":91.0").as_deref(), Some("/tmp/.X11-unix/X91"));
        assert_eq!(x11("desk:0"), None);
        let wayland =
            |name, runtime| wayland_socket(name, runtime).map(|p| p.display().to_string());
        assert_eq!(
            wayland("wayland-0", Some("/run/user/7")).as_deref(),
            Some("/run/user/7/wayland-0")
        );
        assert_eq!(wayland("/s/w", None).as_deref(), Some("/s/w"));
        assert_eq!(wayland("wayland-0", None), None);
    }
}
