//! Sets text on sheets as an office typist would: paragraphs, two-column headers, form lines,
//! tables, the block of signatures. `*bold*` and `_italic_` are the only markup.
//!
//! The order in which lines are set is the reading order of the truth: of two columns the left
//! one whole, then the right one; of a table row by row, cell by cell.

use super::dice::Dice;
use super::sheet::{DPI, HEIGHT, Ink, Sheet, WIDTH, Written, mm};
use super::typeface::{self, Face};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Centre,
    Justify,
}

/// How a paragraph is set; lengths in millimetres, sizes in points.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Para {
    pub(crate) size: f32,
    pub(crate) align: Align,
    pub(crate) first: f32,
    pub(crate) leading: f32,
    pub(crate) after: f32,
}

impl Para {
    /// Body text of NĐ 30/2020: 14 pt, justified, first line 1 cm in.
    // law: ND30-2020/PL1
    pub(crate) const BODY: Self =
        Self { size: 14.0, align: Align::Justify, first: 10.0, leading: 1.22, after: 2.1 };
    pub(crate) const CENTRE: Self =
        Self { size: 14.0, align: Align::Centre, first: 0.0, leading: 1.2, after: 0.6 };
    pub(crate) const SMALL: Self =
        Self { size: 11.0, align: Align::Left, first: 0.0, leading: 1.15, after: 0.0 };

    pub(crate) fn size(self, size: f32) -> Self {
        Self { size, ..self }
    }

    pub(crate) fn after(self, after: f32) -> Self {
        Self { after, ..self }
    }

    pub(crate) fn first(self, first: f32) -> Self {
        Self { first, ..self }
    }
}

/// A stretch between blanks: its pieces, each in one face.
type Word = Vec<(Face, String)>;

fn words(markup: &str) -> Vec<Word> {
    let (mut bold, mut italic) = (false, false);
    let mut words: Vec<Word> = Vec::new();
    let mut fresh = true;
    for letter in markup.chars() {
        match letter {
            '*' => bold = !bold,
            '_' => italic = !italic,
            ' ' => fresh = true,
            _ => {
                let face = match (bold, italic) {
                    (false, false) => Face::Regular,
                    (true, false) => Face::Bold,
                    (false, true) => Face::Italic,
                    (true, true) => Face::BoldItalic,
                };
                if fresh || words.is_empty() {
                    words.push(Vec::new());
                    fresh = false;
                }
                let word = words.last_mut().expect("one was pushed");
                match word.last_mut() {
                    Some((last, text)) if *last == face => text.push(letter),
                    _ => word.push((face, letter.to_string())),
                }
            }
        }
    }
    words
}

fn word_width(word: &Word, size: f32) -> f32 {
    word.iter().map(|(face, text)| typeface::width(*face, size, text)).sum()
}

fn word_text(word: &Word) -> String {
    word.iter().map(|(_, text)| text.as_str()).collect()
}

/// One value on a form line after its label.
#[derive(Clone, Debug)]
pub(crate) struct Field<'a> {
    pub(crate) label: &'a str,
    pub(crate) value: &'a str,
    /// Share of the line's width, 0 to 1.
    pub(crate) share: f32,
}

/// How a form was filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fill {
    /// Printed with the form, dots only where it is empty.
    Typed,
    /// By pen on the dots.
    Pen,
}

#[derive(Clone, Debug)]
pub(crate) struct Flow {
    pub(crate) sheets: Vec<Sheet>,
    pub(crate) dice: Dice,
    pub(crate) left: f32,
    pub(crate) right: f32,
    pub(crate) bottom: f32,
    /// Top of the next line, pixels.
    pub(crate) y: f32,
    top: f32,
    tight: f32,
    ground: Option<[f32; 3]>,
}

impl Flow {
    /// Margins as NĐ 30/2020 allows them: top and bottom 20–25, left 30–35, right 15–20 mm.
    // law: ND30-2020/PL1
    ///
    /// `tight` scales the space between lines: 1 as it should be, less to save a page.
    pub(crate) fn new(mut dice: Dice, tight: f32) -> Self {
        let left = mm(dice.range(30.0, 33.0));
        let right = WIDTH as f32 - mm(dice.range(16.0, 20.0));
        let top = mm(dice.range(20.0, 23.0));
        let bottom = HEIGHT as f32 - mm(20.0);
        Self { sheets: vec![Sheet::default()], dice, left, right, bottom, y: top, top, tight, ground: None }
    }

    /// Gives every side the pale ground of a certificate in this colour.
    pub(crate) fn grounded(mut self, colour: [f32; 3]) -> Self {
        self.ground = Some(colour);
        self.lay_ground();
        self
    }

    pub(crate) fn sheet(&mut self) -> &mut Sheet {
        self.sheets.last_mut().expect("a flow has a sheet from the start")
    }

    pub(crate) fn skip(&mut self, length_mm: f32) {
        self.y += mm(length_mm);
    }

    /// Starts the next side, with its number in the middle of the top margin.
    // law: ND30-2020/PL1
    pub(crate) fn turn_page(&mut self) {
        self.sheets.push(Sheet::default());
        self.lay_ground();
        let number = self.sheets.len().to_string();
        let wide = typeface::width(Face::Regular, 13.0, &number);
        let (x, baseline) = ((WIDTH as f32 - wide) / 2.0, self.top - mm(4.0));
        self.sheet().print(Face::Regular, 13.0, (x, baseline), &number);
        self.sheet().record(&number, x, x + wide, baseline, 13.0, Written::Print);
        self.y = self.top + mm(3.0);
    }

    /// Turns the page when less than `height_mm` is left.
    pub(crate) fn keep(&mut self, height_mm: f32) {
        if self.y + mm(height_mm) > self.bottom {
            self.turn_page();
        }
    }

    /// Moves down one line and gives its base line.
    fn next_line(&mut self, size: f32, leading: f32) -> f32 {
        let pitch = size / 72.0 * DPI * leading * self.tight;
        if self.y + pitch > self.bottom {
            self.turn_page();
        }
        self.y += pitch;
        self.y - pitch * 0.24
    }

    pub(crate) fn para(&mut self, style: Para, markup: &str) {
        let (left, right) = (self.left, self.right);
        self.para_within(style, (left, right), markup);
    }

    /// Sets a paragraph between two edges given in pixels.
    pub(crate) fn para_within(&mut self, style: Para, edges: (f32, f32), markup: &str) {
        let space = typeface::width(Face::Regular, style.size, " ");
        let mut waiting = words(markup).into_iter().peekable();
        let mut start = edges.0 + mm(style.first);
        while waiting.peek().is_some() {
            let mut line: Vec<(Word, f32)> = Vec::new();
            let mut used = 0.0;
            while let Some(word) = waiting.peek() {
                let wide = word_width(word, style.size);
                if !line.is_empty() && start + used + space + wide > edges.1 {
                    break;
                }
                used += wide + if line.is_empty() { 0.0 } else { space };
                line.push((waiting.next().expect("peeked"), wide));
            }
            let spare = (edges.1 - start - used).max(0.0);
            let (indent, gap) = match style.align {
                Align::Left => (0.0, 0.0),
                Align::Centre => (spare / 2.0, 0.0),
                Align::Justify if waiting.peek().is_none() || line.len() < 2 => (0.0, 0.0),
                Align::Justify => (0.0, spare / (line.len() - 1) as f32),
            };
            let baseline = self.next_line(style.size, style.leading);
            let mut x = start + indent;
            let from = x;
            let mut text = Vec::new();
            for (word, wide) in &line {
                let mut pen = x;
                for (face, piece) in word {
                    pen += self.sheet().print(*face, style.size, (pen, baseline), piece);
                }
                text.push(word_text(word));
                x += wide + space + gap;
            }
            let to = x - space - gap;
            self.sheet().record(&text.join(" "), from, to, baseline, style.size, Written::Print);
            start = edges.0;
        }
        self.y += mm(style.after) * self.tight;
    }

    /// Two columns beginning at the same height: each a list of styled lines, `|` under a line
    /// meaning a rule of that many millimetres.
    // law: ND30-2020/PL1
    pub(crate) fn heads(&mut self, left: &[Head<'_>], right: &[Head<'_>]) {
        let top = self.y;
        let split = self.left + (self.right - self.left) * 0.42;
        let (far_left, far_right) = (self.left - mm(6.0), self.right + mm(2.0));
        let begins = self.sheet().lines.len();
        let number = self.head_column(left, (far_left, split - mm(1.0))) - begins;
        let left_end = self.y;
        self.y = top;
        let right_begins = self.sheet().lines.len() - begins;
        let day = self.head_column(right, (split + mm(1.0), far_right)) - begins;
        self.y = self.y.max(left_end);
        // The head is a table of two rows: who and whose above, number and day below.
        let mut truth = self.sheet().lines.split_off(begins);
        truth[number..day].rotate_left(right_begins - number);
        self.sheet().lines.extend(truth);
    }

    /// One header over the whole width.
    pub(crate) fn head(&mut self, heads: &[Head<'_>]) {
        let edges = (self.left, self.right);
        self.head_column(heads, edges);
    }

    /// Gives the line of the truth that follows the last gap.
    fn head_column(&mut self, heads: &[Head<'_>], edges: (f32, f32)) -> usize {
        let mut low = None;
        for head in heads {
            match head {
                Head::Text(size, markup) => {
                    self.para_within(
                        Para { leading: 1.18, after: 0.0, ..Para::CENTRE.size(*size) },
                        edges,
                        markup,
                    );
                }
                Head::Rule(length) => {
                    let middle = f32::midpoint(edges.0, edges.1);
                    let y = self.y + mm(0.9);
                    self.sheet().rule(middle - mm(length / 2.0), middle + mm(length / 2.0), y, 4.0);
                    self.y += mm(1.6);
                }
                Head::Gap(length) => {
                    self.skip(*length);
                    low = Some(self.sheet().lines.len());
                }
            }
        }
        low.unwrap_or_else(|| self.sheet().lines.len())
    }

    /// A form line: several labelled values side by side, each with its dotted leader.
    pub(crate) fn row(&mut self, size: f32, fill: Fill, fields: &[Field<'_>]) {
        let baseline = self.next_line(size, 1.34);
        let (mut x, edge) = (self.left, self.right);
        let full = edge - x;
        let (from, mut to) = (x, x);
        let mut text = Vec::new();
        let mut by_hand = Written::Print;
        for field in fields {
            let end = (x + full * field.share).min(edge);
            let mut pen = x + self.sheet().print(Face::Regular, size, (x, baseline), field.label);
            if !field.label.is_empty() {
                pen += typeface::width(Face::Regular, size, " ");
            }
            let at = pen;
            pen += self.fill(fill, size, (pen, baseline), field.value);
            if fill == Fill::Pen || field.value.is_empty() {
                self.sheet().dots(at, end - mm(1.5), baseline);
            }
            if fill == Fill::Pen && !field.value.is_empty() {
                by_hand = Written::Hand;
            }
            to = pen.max(to);
            text.push(format!("{} {}", field.label, field.value).trim().to_owned());
            x = end;
        }
        self.sheet().record(&text.join(" "), from, to, baseline, size, by_hand);
        self.y += mm(0.4);
    }

    fn fill(&mut self, fill: Fill, size: f32, at: (f32, f32), value: &str) -> f32 {
        match fill {
            Fill::Typed => self.sheet().print(Face::Bold, size, at, value),
            Fill::Pen => {
                let mut dice = self.dice.clone();
                let wide = self.sheet().write(&mut dice, size + 1.5, (at.0 + mm(1.0), at.1 - 6.0), value);
                self.dice = dice;
                wide + mm(1.0)
            }
        }
    }

    /// One labelled value that may run over several lines; `after` is printed in plain behind it.
    pub(crate) fn field(&mut self, size: f32, fill: Fill, label: &str, value: &str) {
        let words: Vec<&str> = value.split(' ').filter(|word| !word.is_empty()).collect();
        let face = if fill == Fill::Pen { Face::Italic } else { Face::Bold };
        let value_size = if fill == Fill::Pen { size + 1.5 } else { size };
        let space = typeface::width(Face::Regular, size, " ");
        let mut start = self.left + typeface::width(Face::Regular, size, label) + space;
        let (mut lines, mut line, mut used) = (Vec::new(), Vec::new(), 0.0);
        for word in words {
            let wide = typeface::width(face, value_size, word) + space;
            if !line.is_empty() && start + used + wide > self.right - mm(1.5) {
                lines.push(std::mem::take(&mut line).join(" "));
                (start, used) = (self.left, 0.0);
            }
            line.push(word);
            used += wide;
        }
        lines.push(line.join(" "));
        for (n, value) in lines.iter().enumerate() {
            let label = if n == 0 { label } else { "" };
            self.row(size, fill, &[Field { label, value, share: 1.0 }]);
        }
    }

    /// A ruled table; `widths` are shares of the text width. The first row is the head, in bold.
    pub(crate) fn table(&mut self, size: f32, widths: &[f32], rows: &[Vec<String>]) {
        let style =
            Para { align: Align::Left, leading: 1.16, after: 0.0, first: 0.0, ..Para::BODY.size(size) };
        let full = self.right - self.left;
        self.keep(30.0);
        let left = self.left;
        let right = left + full * widths.iter().sum::<f32>();
        for (n, row) in rows.iter().enumerate() {
            self.keep(16.0);
            let top = self.y;
            let mut foot = top;
            let mut x = left;
            for (cell, share) in row.iter().zip(widths) {
                self.y = top + mm(0.8);
                let markup = if n == 0 { format!("*{cell}*") } else { cell.clone() };
                let centred = n == 0 || cell.chars().count() <= 6;
                let align = if centred { Align::Centre } else { Align::Left };
                self.para_within(Para { align, ..style }, (x + mm(1.2), x + full * share - mm(1.2)), &markup);
                foot = foot.max(self.y + mm(1.0));
                x += full * share;
            }
            let mut x = left;
            for share in widths {
                self.sheet().post(x, top, foot, 3.0);
                x += full * share;
            }
            self.sheet().post(x, top, foot, 3.0);
            self.sheet().rule(left, right, top, 3.0);
            self.sheet().rule(left, right, foot, 3.0);
            self.y = foot;
        }
        self.skip(2.0);
    }

    /// Left and right block at the foot. Gives the middle of the right block and the heights
    /// between which it is signed, in pixels.
    pub(crate) fn foot(&mut self, left: &[(Para, String)], right: &[String], name: &str) -> SignedAt {
        self.keep(34.0 + 6.0 * right.len() as f32);
        let top = self.y;
        let split = self.left + (self.right - self.left) * 0.45;
        let edges = (self.left, split);
        for (style, markup) in left {
            self.para_within(*style, edges, markup);
        }
        let left_end = self.y;
        self.y = top;
        let edges = (split, self.right + mm(2.0));
        for markup in right {
            let size = if markup.starts_with('_') { 12.5 } else { 14.0 };
            self.para_within(Para::CENTRE.size(size).after(0.0), edges, markup);
        }
        let from = self.y;
        let gap = self.dice.range(23.0, 29.0);
        self.skip(gap);
        let to = self.y;
        self.para_within(Para::CENTRE, edges, &format!("*{name}*"));
        self.y = self.y.max(left_end);
        SignedAt { page: self.sheets.len() - 1, x: f32::midpoint(edges.0, edges.1), from, to }
    }

    /// Fine crossed waves and a frame, as certificates carry them.
    fn lay_ground(&mut self) {
        let Some(colour) = self.ground else { return };
        let phase = self.dice.range(0.0, 60.0);
        let sheet = self.sheet();
        sheet.wash = colour;
        let plane = sheet.plane_mut(Ink::Wash);
        // A triangle wave is enough, and needs no sine.
        let wave = |t: f32, period: f32| {
            let u = (t / period).fract();
            4.0 * (u - 0.5).abs() - 1.0
        };
        let (x0, y0, x1, y1) = (mm(12.0), mm(10.0), WIDTH as f32 - mm(8.0), HEIGHT as f32 - mm(10.0));
        for y in y0 as usize..y1 as usize {
            for x in x0 as usize..x1 as usize {
                let (fx, fy) = (x as f32, y as f32);
                let a = (fx + 22.0 * wave(fy + phase, 190.0) + 900.0) / 34.0;
                let b = (fy + 22.0 * wave(fx + phase, 230.0) + 900.0) / 34.0;
                let thin = a.fract() < 0.10 || b.fract() < 0.10;
                let near = (fx - x0).min(x1 - fx).min(fy - y0).min(y1 - fy);
                let frame = near < 9.0 || (near > 30.0 && near < 62.0 && ((fx + fy) / 26.0).fract() < 0.6);
                plane.px[y * WIDTH + x] = if frame {
                    190
                } else if thin {
                    84
                } else {
                    26
                };
            }
        }
    }
}

/// One line of a header column.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Head<'a> {
    /// Size in points, markup.
    Text(f32, &'a str),
    /// A rule, millimetres long.
    Rule(f32),
    /// Room, millimetres.
    Gap(f32),
}

/// Where a paper is signed: the middle of the block and the room left for the hand, in pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SignedAt {
    pub(crate) page: usize,
    pub(crate) x: f32,
    pub(crate) from: f32,
    pub(crate) to: f32,
}
