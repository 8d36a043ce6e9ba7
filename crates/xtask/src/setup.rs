//! The system packages that a task needs: installed where the system is Debian or Ubuntu, named
//! with the exact command elsewhere.

use std::{env, path::Path};

use crate::{failure::Failure, program::Program};

/// What a task needs of the system.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Need {
    /// A C compiler and a linker, for the libraries and the command line.
    Compile,
    /// The web view's development files, for the desktop app.
    Desktop,
    /// A screen, a bus, a keyring and a driver, for the tests of the desktop app.
    DesktopTests,
}

const COMPILE: &[&str] = &[
    "build-essential",
    "pkg-config",
    "git",
    "iproute2",
    // The stronger tier of the sandbox in which servers are asked.
    "bubblewrap",
];
const DESKTOP: &[&str] = &[
    "curl",
    "file",
    "libwebkit2gtk-4.1-dev",
    "libgtk-3-dev",
    "libayatana-appindicator3-dev",
    "librsvg2-dev",
    "libssl-dev",
    "libxdo-dev",
];
const DESKTOP_TESTS: &[&str] = &[
    "xvfb",
    "xauth",
    "x11-utils",
    "xdotool",
    "webkit2gtk-driver",
    "dbus",
    "dbus-x11",
    "dbus-user-session",
    "at-spi2-core",
    "libglib2.0-bin",
    "gnome-keyring",
    "libsecret-tools",
];

/// Sees to it that the packages are there.
pub(crate) fn packages(need: Need) -> Result<(), Failure> {
    if Program::new("dpkg-query").argument("--version").succeeds() {
        return install_debian(&missing_debian(need));
    }
    match env::consts::OS {
        "linux" => ask_for_linux(need),
        "macos" => ask_unless(
            Program::new("xcode-select").argument("-p").succeeds(),
            "xcode-select --install",
        ),
        // The linker came with the toolchain's own set-up: without it this would not have compiled.
        "windows" => ask_unless(
            need < Need::Desktop || has_webview2(),
            "winget install Microsoft.EdgeWebView2Runtime",
        ),
        _ => Ok(()),
    }
}

fn debian(need: Need) -> Vec<&'static str> {
    let mut wanted = COMPILE.to_vec();
    if need >= Need::Desktop {
        wanted.extend(DESKTOP);
    }
    if need >= Need::DesktopTests {
        wanted.extend(DESKTOP_TESTS);
    }
    wanted
}

fn missing_debian(need: Need) -> Vec<&'static str> {
    let wanted = debian(need);
    let listing = Program::new("dpkg-query")
        .argument("--show")
        .argument("--showformat=${Package} ${db:Status-Status}\\n")
        .arguments(&wanted)
        .output();
    missing(&wanted, &listing.unwrap_or_default())
}

/// Those of `wanted` that the listing (`name status`, one a line) does not show as installed.
fn missing<'a>(wanted: &[&'a str], listing: &str) -> Vec<&'a str> {
    let is_installed = |name: &str| {
        listing
            .lines()
            .any(|line| line.split_once(' ') == Some((name, "installed")))
    };
    wanted
        .iter()
        .copied()
        .filter(|name| !is_installed(name))
        .collect()
}

fn install_debian(missing: &[&str]) -> Result<(), Failure> {
    if missing.is_empty() {
        return Ok(());
    }
    let is_root = Program::new("id")
        .argument("-u")
        .output()
        .is_some_and(|id| id.trim() == "0");
    let has_sudo = Program::new("sudo").argument("--version").succeeds();
    if !is_root && !has_sudo {
        return Err(Failure::PackagesMissing {
            command: format!(
                "su -c 'apt-get install --no-install-recommends {}'",
                missing.join(" ")
            ),
        });
    }
    let apt = |arguments: &[&str]| {
        let apt = if is_root {
            Program::new("env")
        } else {
            Program::new("sudo").argument("env")
        };
        apt.argument("DEBIAN_FRONTEND=noninteractive")
            .arguments(["apt-get", "--option=DPkg::Lock::Timeout=120"])
            .arguments(arguments)
    };
    println!("installing {}", missing.join(" "));
    apt(&["update", "--quiet"]).run_with_retry()?;
    apt(&["install", "--quiet", "--yes", "--no-install-recommends"])
        .arguments(missing)
        .run_with_retry()
}

/// Installs what makes a place for Python packages, where this system is known.
pub(crate) fn python() -> Result<(), Failure> {
    const WANTED: [&str; 2] = ["python3", "python3-venv"];
    if is_on_path("apt-get") {
        return install_debian(&WANTED);
    }
    ask_unless(
        false,
        "(your package manager, with its names for) python3 python3-venv",
    )
}

/// A distribution's package manager, and what it calls the packages.
struct Distribution {
    /// The package manager's program, by which the distribution is known.
    manager: &'static str,
    install: &'static str,
    compile: &'static str,
    desktop: &'static str,
    desktop_tests: &'static str,
}

// Source: https://v2.tauri.app/start/prerequisites/ (checked 2026-11-22); the tests' packages by name.
const DISTRIBUTIONS: &[Distribution] = &[
    Distribution {
        manager: "dnf",
        install: "sudo dnf install",
        compile: "gcc make pkgconf-pkg-config git iproute bubblewrap",
        desktop: "webkit2gtk4.1-devel gtk3-devel libappindicator-gtk3-devel librsvg2-devel openssl-devel libxdo-devel",
        desktop_tests: "xorg-x11-server-Xvfb xdotool webkit2gtk-driver dbus-daemon gnome-keyring libsecret",
    },
    Distribution {
        manager: "pacman",
        install: "sudo pacman -S --needed",
        compile: "base-devel git iproute2 bubblewrap",
        desktop: "webkit2gtk-4.1 gtk3 libappindicator-gtk3 librsvg openssl xdotool",
        desktop_tests: "xorg-server-xvfb dbus gnome-keyring libsecret",
    },
    Distribution {
        manager: "zypper",
        install: "sudo zypper install",
        compile: "gcc make pkgconf-pkg-config git iproute2 bubblewrap",
        desktop: "webkit2gtk3-devel gtk3-devel libappindicator3-devel librsvg-devel libopenssl-devel xdotool-devel",
        desktop_tests: "xvfb-run xorg-x11-server-Xvfb webkit2gtk-driver dbus-1 gnome-keyring libsecret-tools",
    },
];

fn ask_for_linux(need: Need) -> Result<(), Failure> {
    let has_library = |name: &str| {
        Program::new("pkg-config")
            .arguments(["--exists", name])
            .succeeds()
    };
    let has_desktop = || has_library("webkit2gtk-4.1") && has_library("gtk+-3.0");
    let is_there = match need {
        Need::Compile => is_on_path("cc"),
        Need::Desktop => is_on_path("cc") && has_desktop(),
        Need::DesktopTests => {
            has_desktop()
                && ["cc", "Xvfb", "WebKitWebDriver", "dbus-run-session"]
                    .into_iter()
                    .all(is_on_path)
        }
    };
    let known = DISTRIBUTIONS
        .iter()
        .find(|distribution| is_on_path(distribution.manager));
    ask_unless(is_there, &command_for(known, need))
}

fn command_for(distribution: Option<&Distribution>, need: Need) -> String {
    let Some(distribution) = distribution else {
        return format!(
            "(your package manager, with its names for) {}",
            debian(need).join(" ")
        );
    };
    let mut command = format!("{} {}", distribution.install, distribution.compile);
    if need >= Need::Desktop {
        command = format!("{command} {}", distribution.desktop);
    }
    if need >= Need::DesktopTests {
        command = format!("{command} {}", distribution.desktop_tests);
    }
    command
}

/// Source: <https://learn.microsoft.com/en-us/microsoft-edge/webview2/concepts/distribution>
/// (section on detecting the runtime).
fn has_webview2() -> bool {
    const CLIENT: &str = "Microsoft\\EdgeUpdate\\Clients\\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}";
    ["HKLM\\SOFTWARE\\WOW6432Node", "HKCU\\Software"]
        .into_iter()
        .any(|hive| {
            Program::new("reg")
                .arguments(["query", &format!("{hive}\\{CLIENT}"), "/v", "pv"])
                .succeeds()
        })
}

fn is_on_path(program: &str) -> bool {
    env::var_os("PATH").is_some_and(|path| {
        env::split_paths(&path).any(|folder| Path::new(&folder).join(program).is_file())
    })
}

fn ask_unless(is_there: bool, command: &str) -> Result<(), Failure> {
    if is_there {
        return Ok(());
    }
    Err(Failure::PackagesMissing {
        command: command.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_what_is_not_fully_installed() {
        let listing = "xvfb installed\nxauth config-files\ngit installed\n";
        assert_eq!(
            missing(&["xvfb", "xauth", "git", "file"], listing),
            ["xauth", "file"]
        );
        assert_eq!(missing(&["git"], ""), ["git"]);
    }

    #[test]
    fn asks_for_no_more_than_the_task_needs() {
        assert!(!debian(Need::Compile).contains(&"libgtk-3-dev"));
        assert!(!debian(Need::Desktop).contains(&"xvfb"));
        assert!(debian(Need::DesktopTests).contains(&"build-essential"));
    }

    #[test]
    fn says_the_exact_command_for_a_known_system() {
        let fedora = DISTRIBUTIONS.iter().find(|known| known.manager == "dnf");
        let command = command_for(fedora, Need::Compile);
        assert_eq!(
            command,
            "sudo dnf install gcc make pkgconf-pkg-config git iproute bubblewrap"
        );
    }
}
