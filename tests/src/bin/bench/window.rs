use countersign_tests::window_bench;

use super::table::Table;

/// Measures the real window.
pub(crate) fn measure(table: &mut Table) {
    let figures = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime can be started")
        .block_on(window_bench::measure());
    let ms = |time: std::time::Duration| time.as_secs_f64() * 1000.0;
    let entries = window_bench::ENTRIES;
    table.at_most(
        "window with data after start",
        ms(figures.start),
        1000.0,
        "ms",
        "",
    );
    table.at_most(
        "change of a config on screen",
        ms(figures.change),
        1000.0,
        "ms",
        "",
    );
    let more = format!(
        ", p99 {:.1} ms, {} frames",
        figures.frame_ms_p99, figures.frames
    );
    table.at_most(
        &format!("longest frame while {entries} entries scroll"),
        figures.frame_ms_max,
        50.0,
        "ms",
        &more,
    );
    table.at_most(
        &format!("search in {entries} entries"),
        figures.filter_ms,
        100.0,
        "ms",
        "",
    );
    #[expect(clippy::cast_precision_loss, reason = "a count of rows is small")]
    let rows = figures.rows_max as f64;
    table.at_most("rows in the document at once", rows, 200.0, "rows", "");
}
