//! The tray icon, as a desktop sees it on the session bus.

use std::{
    sync::{Arc, Mutex},
    time::Instant,
};

use countersign_tests::window::{Bus, DEADLINE, Display, Surroundings, Window};
use zbus::{
    Connection, connection, interface,
    message::Header,
    zvariant::{OwnedObjectPath, OwnedValue},
};

use crate::home::Home;

/// A desktop that shows tray icons: it only remembers who registered.
struct Watcher {
    items: Arc<Mutex<Vec<(String, String)>>>,
}

#[interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, service: &str, #[zbus(header)] header: Header<'_>) {
        let sender = header.sender().map(ToString::to_string).unwrap_or_default();
        self.items
            .lock()
            .expect("nobody panics with it")
            .push((sender, service.to_owned()));
    }

    fn register_status_notifier_host(&self, _service: &str) {}

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        Vec::new()
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }
}

/// A menu's item: number, properties, children.
type Layout = (
    i32,
    std::collections::HashMap<String, OwnedValue>,
    Vec<OwnedValue>,
);

/// Collects the labels of a menu's layout, children and all.
fn labels(value: &OwnedValue) -> String {
    format!("{value:?}")
}

async fn menu(desktop: &Connection, service: &str, item: &str) -> String {
    let menu: OwnedObjectPath = zbus::Proxy::new(
        desktop,
        service.to_owned(),
        item.to_owned(),
        "org.kde.StatusNotifierItem",
    )
    .await
    .expect("the item is there")
    .get_property("Menu")
    .await
    .expect("the item has a menu");
    let proxy = zbus::Proxy::new(
        desktop,
        service.to_owned(),
        menu.into_inner(),
        "com.canonical.dbusmenu",
    )
    .await
    .expect("the menu is there");
    let (_, layout): (u32, Layout) = proxy
        .call("GetLayout", &(0_i32, -1_i32, Vec::<String>::new()))
        .await
        .expect("the menu has a layout");
    layout.2.iter().map(labels).collect()
}

#[tokio::test]
async fn the_tray_says_what_the_window_says() {
    let home = Home::usual();
    let bus = Bus::start();
    let items = Arc::new(Mutex::new(Vec::new()));
    let desktop = connection::Builder::address(bus.address.as_str())
        .expect("the bus has an address")
        .name("org.kde.StatusNotifierWatcher")
        .expect("the name is a name")
        .serve_at(
            "/StatusNotifierWatcher",
            Watcher {
                items: Arc::clone(&items),
            },
        )
        .expect("the object is one")
        .build()
        .await
        .expect("the bus is there");
    let surroundings = Surroundings::default();
    let display = Display::start(surroundings.size);
    let window = Window::open_on(home.path(), surroundings, display, bus).await;
    window.wait_for_text("5 servers in 3 clients.").await;
    let begun = Instant::now();
    loop {
        let registered = items.lock().expect("nobody panics with it").last().cloned();
        if let Some((sender, item)) = registered {
            let shown = menu(&desktop, &sender, &item).await;
            if shown.contains("5 servers in 3 clients. 1 needs you.") && shown.contains("Quit") {
                break;
            }
            assert!(begun.elapsed() < DEADLINE, "the menu holds {shown}");
        }
        assert!(begun.elapsed() < DEADLINE, "no icon was registered");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    window.close().await;
}
