//! A table of text with columns set to their width: words to the left, figures to the right.

use std::fmt;

/// What stands in one place.
#[derive(Debug)]
pub(super) enum Cell {
    Text(String),
    Figure(String),
}

impl Cell {
    pub(super) fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    pub(super) fn whole(value: usize) -> Self {
        Self::Figure(value.to_string())
    }

    /// Two decimals, or a dash where nothing was measured.
    pub(super) fn fraction(value: Option<f64>) -> Self {
        Self::Figure(value.map_or_else(|| "–".to_owned(), |value| format!("{value:.2}")))
    }

    fn width(&self) -> usize {
        let (Self::Text(text) | Self::Figure(text)) = self;
        text.chars().count()
    }
}

#[derive(Debug)]
pub(super) struct Table {
    head: Vec<String>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    pub(super) fn new(head: &[&str]) -> Self {
        Self { head: head.iter().map(|text| (*text).to_owned()).collect(), rows: Vec::new() }
    }

    pub(super) fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(cells);
    }

    fn width(&self, column: usize) -> usize {
        let head = self.head.get(column).map_or(0, |text| text.chars().count());
        self.rows.iter().filter_map(|row| row.get(column)).map(Cell::width).max().unwrap_or(0).max(head)
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widths: Vec<usize> = (0..self.head.len()).map(|column| self.width(column)).collect();
        for (column, (text, width)) in self.head.iter().zip(&widths).enumerate() {
            if column == 0 {
                write!(f, "{text:<width$}")?;
            } else {
                write!(f, "  {text:>width$}")?;
            }
        }
        for row in &self.rows {
            writeln!(f)?;
            for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
                let gap = if column == 0 { "" } else { "  " };
                match cell {
                    Cell::Text(text) => write!(f, "{gap}{text:<width$}")?,
                    Cell::Figure(text) => write!(f, "{gap}{text:>width$}")?,
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Cell, Table};

    #[test]
    fn columns_line_up_whatever_letters_they_hold() {
        let mut table = Table::new(&["nhóm", "trang"]);
        table.row(vec![Cell::text("tất cả"), Cell::whole(7)]);
        table.row(vec![Cell::text("a"), Cell::fraction(None)]);
        assert_eq!(table.to_string(), "nhóm    trang\ntất cả      7\na           –");
    }
}
