//! Tables of inputs and expected answers, written as tables.

use std::collections::BTreeMap;

/// One line of a table: its cells by column name. An empty cell is `None`.
pub(crate) struct Row(BTreeMap<&'static str, &'static str>);

impl Row {
    /// The cell in this column.
    #[track_caller]
    pub(crate) fn cell(&self, column: &str) -> Option<&'static str> {
        let cell = self.0.get(column).unwrap_or_else(|| panic!("no column {column:?}"));
        (!cell.is_empty()).then_some(*cell)
    }

    /// The cell in this column, which stands there as a JSON string.
    #[track_caller]
    pub(crate) fn text(&self, column: &str) -> String {
        let cell = self.cell(column).unwrap_or_else(|| panic!("nothing in column {column:?}"));
        serde_json::from_str(cell).unwrap_or_else(|error| panic!("{cell}: {error}"))
    }
}

/// Reads a table: a line of column names, then rows; cells between `|`. Empty
/// lines and lines that start with `#` are for the reader.
#[track_caller]
pub(crate) fn rows(table: &'static str) -> Vec<Row> {
    let mut lines =
        table.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let columns = cells(lines.next().expect("a line of column names"));
    let rows: Vec<Row> = lines
        .map(|line| {
            let cells = cells(line);
            assert_eq!(cells.len(), columns.len(), "cells in {line:?}");
            Row(columns.iter().copied().zip(cells).collect())
        })
        .collect();
    assert!(!rows.is_empty(), "no rows");
    rows
}

/// The tables in a module's documentation, one after the other. The backticks
/// around cells are left out.
pub(crate) fn documented(source: &'static str) -> Vec<Vec<Row>> {
    let mut tables = Vec::new();
    let mut columns: Option<Vec<&'static str>> = None;
    for line in source.lines().filter_map(|line| line.strip_prefix("//!")) {
        let Some(line) = line.trim().strip_prefix('|').and_then(|line| line.strip_suffix('|'))
        else {
            columns = None;
            continue;
        };
        let cells: Vec<&str> = cells(line).iter().map(|cell| cell.trim_matches('`')).collect();
        match &columns {
            None => {
                columns = Some(cells);
                tables.push(Vec::new());
            }
            Some(_) if cells.iter().all(|cell| *cell == "---") => {}
            Some(columns) => {
                let row = Row(columns.iter().copied().zip(cells).collect());
                tables.last_mut().expect("a table").push(row);
            }
        }
    }
    tables
}

fn cells(line: &'static str) -> Vec<&'static str> {
    line.split('|').map(str::trim).collect()
}
