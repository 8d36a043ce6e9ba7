use std::fmt;

/// What was measured, and whether that is good enough.
#[derive(Default)]
pub(crate) struct Table(Vec<Row>);

struct Row {
    what: String,
    measured: String,
    bar: String,
    is_kept: bool,
}

impl Table {
    /// Adds a figure with a bar that it must not exceed.
    pub(crate) fn at_most(&mut self, what: &str, measured: f64, bar: f64, unit: &str, more: &str) {
        let digits = usize::from(measured < 1000.0);
        self.add(
            what,
            format!("{measured:.digits$} {unit}{more}"),
            format!("<= {bar} {unit}"),
            measured <= bar,
        );
    }

    /// Adds a count that must be exactly this.
    pub(crate) fn exactly(&mut self, what: &str, measured: usize, bar: usize) {
        self.add(what, measured.to_string(), bar.to_string(), measured == bar);
    }

    /// Returns whether anything was not good enough.
    pub(crate) fn has_missed(&self) -> bool {
        self.0.iter().any(|row| !row.is_kept)
    }

    fn add(&mut self, what: &str, measured: String, bar: String, is_kept: bool) {
        self.0.push(Row {
            what: what.to_owned(),
            measured,
            bar,
            is_kept,
        });
    }
}

impl fmt::Display for Table {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |title: &str, cell: fn(&Row) -> &str| {
            let longest = self.0.iter().map(|row| cell(row).chars().count()).max();
            longest.unwrap_or(0).max(title.len())
        };
        let what = width("what", |row| &row.what);
        let measured = width("measured", |row| &row.measured);
        let bar = width("bar", |row| &row.bar);
        writeln!(
            out,
            "{:what$}  {:measured$}  {:bar$}  result",
            "what", "measured", "bar"
        )?;
        for row in &self.0 {
            let result = if row.is_kept { "ok" } else { "missed" };
            writeln!(
                out,
                "{:what$}  {:measured$}  {:bar$}  {result}",
                row.what, row.measured, row.bar
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Table;

    #[test]
    fn says_which_bar_was_missed() {
        let mut table = Table::default();
        table.at_most("time", 12.34, 10.0, "ms", ", p95 20.0 ms");
        table.exactly("found", 60, 60);
        assert!(table.has_missed());
        let text = table.to_string();
        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        assert_eq!(
            lines,
            [
                "what   measured              bar       result",
                "time   12.3 ms, p95 20.0 ms  <= 10 ms  missed",
                "found  60                    60        ok",
            ]
        );
    }
}
