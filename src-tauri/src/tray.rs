//! The tray icon: the state of this machine in one glyph, the sentence as its tip.

use countersign_core::json::Summary;
use tauri::{
    AppHandle, Wry,
    image::Image,
    menu::{MenuBuilder, MenuItem, MenuItemBuilder},
    tray::{MouseButton, MouseButtonState, TrayIconBuilder, TrayIconEvent},
};
use tauri::{Manager, include_image};

use crate::shell;

const ID: &str = "state";

/// The line of the menu that holds the sentence.
struct Sentence(MenuItem<Wry>);

/// What the tray shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mood {
    /// Not looked yet.
    None,
    /// Nothing needs the user.
    Calm,
    /// Something does, or could not be checked.
    Attention,
}

/// Makes the icon. A system without a tray shows none.
pub(crate) fn make(app: &AppHandle) -> tauri::Result<()> {
    let sentence = MenuItemBuilder::with_id("sentence", "Looking …")
        .enabled(false)
        .build(app)?;
    let menu = MenuBuilder::new(app)
        .item(&sentence)
        .separator()
        .text("open", "Open Countersign")
        .text("rescan", "Scan again")
        .separator()
        .text("quit", "Quit")
        .build()?;
    app.manage(Sentence(sentence));
    TrayIconBuilder::with_id(ID)
        .icon(image(Mood::None))
        .icon_as_template(true)
        .tooltip("Countersign")
        .menu(&menu)
        .show_menu_on_left_click(false)
        .on_menu_event(|app, event| match event.id().as_ref() {
            "open" => shell::show(app),
            "rescan" => {
                if let Some(state) = app.try_state::<shell::App>() {
                    state.desk.rescan(false);
                }
            }
            "quit" => app.exit(0),
            _ => {}
        })
        .on_tray_icon_event(|tray, event| {
            if let TrayIconEvent::Click {
                button: MouseButton::Left,
                button_state: MouseButtonState::Up,
                ..
            } = event
            {
                shell::show(tray.app_handle());
            }
        })
        .build(app)?;
    Ok(())
}

/// Shows a state.
pub(crate) fn show(app: &AppHandle, summary: &Summary) {
    let needs = match summary.need_you {
        0 => "nothing needs you".to_owned(),
        1 => "1 needs you".to_owned(),
        number => format!("{number} need you"),
    };
    let text = format!("{} {needs}.", summary.headline);
    if let Some(tray) = app.tray_by_id(ID) {
        // A tray that the system does not show cannot be changed, and need not be.
        let _ = tray.set_icon(Some(image(mood(summary))));
        let _ = tray.set_icon_as_template(true);
        let _ = tray.set_tooltip(Some(&text));
    }
    if let Some(sentence) = app.try_state::<Sentence>() {
        let _ = sentence.0.set_text(&text);
    }
}

fn mood(summary: &Summary) -> Mood {
    if summary.need_you > 0 || summary.unread > 0 {
        Mood::Attention
    } else {
        Mood::Calm
    }
}

/// macOS colours a template itself; elsewhere panels are dark more often than not.
#[cfg(target_os = "macos")]
fn image(mood: Mood) -> Image<'static> {
    match mood {
        Mood::None => include_image!("../icons/tray-none@2x.png"),
        Mood::Calm => include_image!("../icons/tray-calm@2x.png"),
        Mood::Attention => include_image!("../icons/tray-attention@2x.png"),
    }
}

#[cfg(not(target_os = "macos"))]
fn image(mood: Mood) -> Image<'static> {
    match mood {
        Mood::None => include_image!("../icons/tray-none-on-dark@2x.png"),
        Mood::Calm => include_image!("../icons/tray-calm-on-dark@2x.png"),
        Mood::Attention => include_image!("../icons/tray-attention-on-dark@2x.png"),
    }
}
