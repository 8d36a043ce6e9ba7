//! Renders every view of the real window in both themes, with small, large and empty data.
//!
//! `screenshots [--out FOLDER]`; the folder is `screenshots` beside the build by default, and those that
//! the README shows are kept in `docs/screenshots` then. `COUNTERSIGN_APP` and `COUNTERSIGN_BIN` name
//! the programs.

#[cfg(not(target_os = "linux"))]
fn main() {}

#[cfg(target_os = "linux")]
#[tokio::main]
async fn main() {
    pictures::take().await;
}

#[cfg(target_os = "linux")]
mod pictures {
    use std::{
        env, fs,
        path::{Path, PathBuf},
        process::Command,
    };

    use countersign_surface::{Builder, ItemKind, export};
    use countersign_tests::{
        showcase,
        window::{Surroundings, Theme, Window},
    };

    /// What a home holds.
    #[derive(Clone, Copy, PartialEq, Eq)]
    enum Data {
        Small,
        Large,
        Empty,
    }

    const SIZE: (u32, u32) = (1280, 800);

    /// Pictures that the README shows.
    const SHOWN: [&str; 4] = [
        "servers-small-light.png",
        "servers-small-dark.png",
        "detail-small-light.png",
        "detail-small-dark.png",
    ];

    pub(super) async fn take() {
        let out = folder();
        for (data, name) in [
            (Data::Small, "small"),
            (Data::Large, "large"),
            (Data::Empty, "empty"),
        ] {
            let home = tempfile::tempdir().expect("a temporary folder");
            fill(home.path(), data);
            for (theme, theme_name) in Theme::ALL {
                let to = |view: &str| out.join(format!("{view}-{name}-{theme_name}.png"));
                views(home.path(), data, theme, &to).await;
            }
        }
        narrow(&out).await;
        if asked().is_none() {
            keep(&out);
        }
        say(&out);
    }

    /// Copies the pictures that the README shows.
    fn keep(out: &Path) {
        let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/screenshots");
        fs::create_dir_all(&docs).expect("the folder is made");
        for name in SHOWN {
            fs::copy(out.join(name), docs.join(name)).expect("the picture is kept");
        }
    }

    #[expect(clippy::print_stdout, reason = "says where the pictures are")]
    fn say(out: &Path) {
        println!("pictures are in {}", out.display());
    }

    fn folder() -> PathBuf {
        asked().unwrap_or_else(|| {
            let own = env::current_exe().expect("this program has a path");
            own.parent()
                .and_then(Path::parent)
                .expect("it was built into a folder")
                .join("screenshots")
        })
    }

    /// Returns the folder that was asked for.
    fn asked() -> Option<PathBuf> {
        let mut arguments = env::args().skip(1);
        match (arguments.next().as_deref(), arguments.next()) {
            (Some("--out"), Some(folder)) => Some(PathBuf::from(folder)),
            _ => None,
        }
    }

    fn fill(home: &Path, data: Data) {
        match data {
            Data::Small => {
                showcase::small(home);
                let list = home.join(showcase::LIST);
                countersign(
                    home,
                    &["settings", "add-list", "file", &list.to_string_lossy()],
                );
                countersign(
                    home,
                    &[
                        "approve",
                        "sequential-thinking",
                        "--note",
                        "read its source",
                    ],
                );
                change_surface(home);
            }
            Data::Large => showcase::large(home, 1_000),
            Data::Empty => {}
        }
    }

    /// Has a server tell the model something else than what was approved.
    fn change_surface(home: &Path) {
        let file = home.join("surface.json");
        let path = file.to_string_lossy().into_owned();
        countersign(home, &["approve", "memory"]);
        for (tools, is_approved) in showcase::SURFACES {
            let mut builder = Builder::new();
            builder.page(ItemKind::Tool, tools).expect("is a list");
            fs::write(&file, export(&builder.finish())).expect("is written");
            let asked = ["review", "memory", "--from", &path, "--approve"];
            countersign(home, if is_approved { &asked } else { &asked[..4] });
        }
        fs::remove_file(file).expect("is removed");
    }

    fn countersign(home: &Path, arguments: &[&str]) {
        let program = env::var_os("COUNTERSIGN_BIN").expect("COUNTERSIGN_BIN names the program");
        let status = Command::new(program)
            .args(arguments)
            .env_clear()
            .env("HOME", home)
            .env("PATH", env::var_os("PATH").unwrap_or_default())
            .stdout(std::process::Stdio::null())
            .status()
            .expect("the program runs");
        assert!(status.success(), "countersign {arguments:?}");
    }

    async fn views(home: &Path, data: Data, theme: Theme, to: &impl Fn(&str) -> PathBuf) {
        let window = Window::open(home, Surroundings { theme, size: SIZE }).await;
        window.wait_for_text("Looked").await;
        settled(&window).await;
        window.picture(&to("servers")).await;
        if data == Data::Small {
            open(&window, "git").await;
            window.picture(&to("detail")).await;
            open(&window, "github").await;
            window.picture(&to("detail-credential")).await;
            open(&window, "sequential-thinking").await;
            window.picture(&to("detail-approved")).await;
            open(&window, "memory").await;
            window.picture(&to("detail-changed")).await;
            window.click("review-change").await;
            window.find("change").await;
            settled(&window).await;
            window.picture(&to("review")).await;
            escape(&window).await;
            open(&window, "figma").await;
            window.click("approve").await;
            window.find("approve-confirm").await;
            settled(&window).await;
            window.picture(&to("approve")).await;
            escape(&window).await;
        }
        for view in ["credentials", "clients", "findings", "settings"] {
            window.go_to(view).await;
            settled(&window).await;
            window.picture(&to(view)).await;
        }
        window.close().await;
    }

    async fn escape(window: &Window) {
        let body = window.css("body").await;
        body.send_keys("\u{E00C}").await.expect("keys are taken");
    }

    async fn narrow(out: &Path) {
        let home = tempfile::tempdir().expect("a temporary folder");
        fill(home.path(), Data::Small);
        let surroundings = Surroundings {
            theme: Theme::Light,
            size: (720, 800),
        };
        let window = Window::open(home.path(), surroundings).await;
        window.wait_for_text("servers in").await;
        window.picture(&out.join("servers-narrow-light.png")).await;
        open(&window, "github").await;
        window.picture(&out.join("detail-narrow-light.png")).await;
        window.close().await;
    }

    async fn open(window: &Window, name: &str) {
        // A row that is out of sight is not in the page.
        search(window, name).await;
        window
            .click_css(&format!(
                "[data-testid=server-row][data-name={name}] button"
            ))
            .await;
        window.find("detail").await;
        search(window, "").await;
        settled(window).await;
    }

    async fn search(window: &Window, text: &str) {
        let script = format!(
            "const search = document.querySelector('[data-testid=search]');
             if (search) {{ search.value = '{text}'; search.dispatchEvent(new Event('input', {{ bubbles: true }})); }}"
        );
        window.run(&script).await;
    }

    /// Waits until fonts are there and two frames were drawn.
    async fn settled(window: &Window) {
        window
            .run_async(
                "const done = arguments[arguments.length - 1];
                 document.fonts.ready.then(() => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 150))));",
            )
            .await;
    }
}
