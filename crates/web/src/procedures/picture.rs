//! The picture of a process: its steps below one another in their order, the ways on to another than the
//! next step in lanes on the right, the ways back in lanes on the left. Only places and lines are made
//! here, without a browser and without script; colours are the style sheet's.

use super::flow::stops;
use rules::calendar::Limit;
use rules::procedure::{About, ClockEffect, Process, WaitKind, Weight};
use rules::procedure::{Finding, Procedure, Step, StepTask};
use rules::words;

/// What is drawn, in units that are pixels where there is room.
#[derive(Debug, PartialEq)]
pub(super) struct Picture {
    pub(super) width: i32,
    pub(super) height: i32,
    pub(super) start: Pill,
    pub(super) boxes: Vec<StepBox>,
    pub(super) lines: Vec<Line>,
    /// The ends of the process, each under its hand-over.
    pub(super) ends: Vec<Pill>,
    /// The same in words, a sentence a step.
    pub(super) told: Vec<String>,
}

#[derive(Debug, PartialEq)]
pub(super) struct Pill {
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) text: &'static str,
}

#[derive(Debug, PartialEq)]
pub(super) struct StepBox {
    pub(super) nth: usize,
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) height: i32,
    pub(super) name: String,
    /// The name in lines that fit, each with its height.
    pub(super) lines: Vec<(i32, String)>,
    pub(super) who: (i32, String),
    /// What may stop the clock here.
    pub(super) stops: (i32, String),
    pub(super) has_fault: bool,
}

impl Picture {
    /// Where it begins and ends.
    pub(super) fn pills(&self) -> impl Iterator<Item = &Pill> {
        std::iter::once(&self.start).chain(&self.ends)
    }
}

impl StepBox {
    pub(super) fn number(&self) -> usize {
        self.nth + 1
    }

    fn middle(&self) -> i32 {
        self.y + self.height / 2
    }

    fn bottom(&self) -> i32 {
        self.y + self.height
    }
}

#[derive(Debug, PartialEq)]
pub(super) struct Line {
    pub(super) kind: LineKind,
    /// As the `d` of a path.
    pub(super) path: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineKind {
    /// The way that is proposed.
    Proposed,
    /// Another way on.
    Branch,
    Back,
}

impl LineKind {
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Proposed => "de-xuat",
            Self::Branch => "re",
            Self::Back => "lui",
        }
    }
}

pub(super) const BOX_WIDTH: i32 = 244;
const EDGE: i32 = 10;
const LANE: i32 = 14;
const GAP: i32 = 26;
const PILL: i32 = 26;
const LETTERS: usize = 26;

/// The picture of a draft's process with the places of its faults.
pub(super) fn picture(draft: &Procedure, findings: &[Finding]) -> Picture {
    let process = &draft.process;
    let ways = ways(process);
    let lanes = |side: fn(&Way) -> bool| {
        let spans: Vec<(usize, usize)> = ways.iter().filter(|way| side(way)).map(Way::span).collect();
        lanes(&spans)
    };
    let (right, left) = (lanes(Way::is_right), lanes(Way::is_left));
    let widest = |lanes: &[usize]| lanes.iter().max().map_or(0, |most| LANE * (to_i32(*most) + 1) + 4);
    let x = EDGE + widest(&left);
    let boxes = boxes(process, findings, x);
    let mut lines = Vec::new();
    let middle = x + BOX_WIDTH / 2;
    if let Some(first) = boxes.first() {
        lines.push(straight(LineKind::Proposed, middle, PILL + 4, first.y));
    }
    let (mut rights, mut lefts) = (right.iter(), left.iter());
    for way in &ways {
        let (from, to) = (&boxes[way.from], &boxes[way.to]);
        let line = if way.is_right() {
            let lane = x + BOX_WIDTH + LANE * (to_i32(*rights.next().unwrap_or(&0)) + 1);
            around(way.kind, x + BOX_WIDTH, lane, (from, to))
        } else if way.is_left() {
            let lane = x - LANE * (to_i32(*lefts.next().unwrap_or(&0)) + 1);
            around(way.kind, x, lane, (from, to))
        } else {
            straight(way.kind, middle, from.bottom(), to.y)
        };
        lines.push(line);
    }
    let mut ends = Vec::new();
    let mut height = boxes.last().map_or(PILL, StepBox::bottom);
    if let (Some(last), Some(step)) = (boxes.last(), process.steps.last())
        && step.task == StepTask::HandOver
    {
        ends.push(Pill { x: middle, y: last.bottom() + GAP, text: "Xong" });
        lines.push(straight(LineKind::Proposed, middle, last.bottom(), last.bottom() + GAP));
        height = last.bottom() + GAP + PILL;
    }
    Picture {
        width: x + BOX_WIDTH + widest(&right) + EDGE,
        height: height + 4,
        start: Pill { x: middle, y: 2, text: "Tiếp nhận" },
        boxes,
        lines,
        ends,
        told: process.steps.iter().map(|step| told(process, step)).collect(),
    }
}

fn to_i32(n: usize) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX / 1000)
}

/// A way between two steps, by their places.
#[derive(Debug)]
struct Way {
    from: usize,
    to: usize,
    kind: LineKind,
}

impl Way {
    /// To the next step of the list a way goes straight down.
    fn is_right(&self) -> bool {
        self.kind != LineKind::Back && self.to != self.from + 1
    }

    fn is_left(&self) -> bool {
        self.kind == LineKind::Back
    }

    fn span(&self) -> (usize, usize) {
        (self.from.min(self.to), self.from.max(self.to))
    }
}

fn ways(process: &Process) -> Vec<Way> {
    let place = |id: &String| process.steps.iter().position(|step| step.id == *id);
    let mut ways = Vec::new();
    for (from, step) in process.steps.iter().enumerate() {
        for (nth, to) in step.next.iter().enumerate().filter_map(|(nth, id)| Some((nth, place(id)?))) {
            let kind = if nth == 0 { LineKind::Proposed } else { LineKind::Branch };
            ways.push(Way { from, to, kind });
        }
        let back = step.back_to.iter().filter_map(place);
        ways.extend(back.map(|to| Way { from, to, kind: LineKind::Back }));
    }
    ways
}

/// A lane for each span, from the steps outwards; two that share more than an end have not the same one.
/// The short ones are nearer.
fn lanes(spans: &[(usize, usize)]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..spans.len()).collect();
    order.sort_by_key(|&nth| (spans[nth].1 - spans[nth].0, nth));
    let mut lanes = vec![0; spans.len()];
    let mut taken: Vec<Vec<(usize, usize)>> = Vec::new();
    for nth in order {
        let (from, to) = spans[nth];
        let free = |lane: &Vec<(usize, usize)>| lane.iter().all(|&(a, b)| to <= a || b <= from);
        let lane = taken.iter().position(free).unwrap_or_else(|| {
            taken.push(Vec::new());
            taken.len() - 1
        });
        taken[lane].push((from, to));
        lanes[nth] = lane;
    }
    lanes
}

fn boxes(process: &Process, findings: &[Finding], x: i32) -> Vec<StepBox> {
    let mut y = PILL + GAP;
    let one = |(nth, step): (usize, &Step)| {
        let names = wrapped(&step.name, LETTERS);
        let stops = short_stops(process, step);
        let first = y + 20;
        let lines: Vec<(i32, String)> =
            names.into_iter().enumerate().map(|(line, text)| (first + 17 * to_i32(line), text)).collect();
        let who_y = first + 17 * to_i32(lines.len());
        let height = who_y - y + if stops.is_empty() { 11 } else { 28 };
        let step_box = StepBox {
            nth,
            x,
            y,
            height,
            name: step.name.clone(),
            lines,
            who: (who_y, short_who(step)),
            stops: (who_y + 17, stops),
            has_fault: findings
                .iter()
                .any(|found| found.weight == Weight::Fault && found.about == About::Step(step.id.clone())),
        };
        y += height + GAP;
        step_box
    };
    process.steps.iter().enumerate().map(one).collect()
}

/// `Chuyên viên · 10 giờ`
fn short_who(step: &Step) -> String {
    let time = match step.allowance {
        Limit::WorkingHours(hours) => format!("{hours} giờ"),
        Limit::WorkingDays(days) => format!("{days} ngày làm việc"),
        Limit::CalendarDays(days) => format!("{days} ngày"),
        Limit::SameDay => "trong ngày".to_owned(),
    };
    format!("{} · {time}", words::role(step.role))
}

/// What may stop the clock, in words that fit into a box.
fn short_stops(process: &Process, step: &Step) -> String {
    let waits = process.waits.iter().filter(|wait| wait.clock != ClockEffect::Runs && wait.begins_at(step));
    let mut words: Vec<&str> = waits
        .map(|wait| match wait.what {
            WaitKind::Supplement => "bổ sung",
            WaitKind::Payment => "tài chính",
            WaitKind::Halt => "tạm dừng",
        })
        .collect();
    if step.consults.iter().any(|asked| asked.clock == ClockEffect::Pauses) {
        words.push("ý kiến");
    }
    words.dedup();
    words.join(", ")
}

/// At most two lines of so many letters, broken between words.
fn wrapped(text: &str, letters: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().map(|line| line.chars().count()).unwrap_or_default();
        let fits = line == 0 || line + 1 + word.chars().count() <= letters;
        if !fits && lines.len() == 2 {
            lines[1] = cut(&lines[1], letters - 1);
            lines[1].push('…');
            return lines;
        }
        if !fits {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
        .into_iter()
        .map(
            |line| {
                if line.chars().count() > letters { format!("{}…", cut(&line, letters - 1)) } else { line }
            },
        )
        .collect()
}

fn cut(text: &str, letters: usize) -> String {
    text.chars().take(letters).collect::<String>().trim_end().to_owned()
}

fn straight(kind: LineKind, x: i32, from: i32, to: i32) -> Line {
    Line { kind, path: format!("M{x} {from}V{}", to - 1) }
}

/// Out of a box at its side, along a lane, and into another box: leaving below its middle and coming in
/// above it, so that both can be told apart.
fn around(kind: LineKind, side: i32, lane: i32, (from, to): (&StepBox, &StepBox)) -> Line {
    let (start, end) = (from.middle() + 6, to.middle() - 6);
    let out = if lane > side { 1 } else { -1 };
    let down = if end > start { 1 } else { -1 };
    let (bend, turn) = (lane - 6 * out, 6 * down);
    let path = format!(
        "M{side} {start}H{bend}Q{lane} {start} {lane} {}V{}Q{lane} {end} {bend} {end}H{}",
        start + turn,
        end - turn,
        side + 2 * out
    );
    Line { kind, path }
}

/// What the picture shows of a step, for who hears it.
fn told(process: &Process, step: &Step) -> String {
    let names = |ids: &[String]| {
        let name = |id: &String| {
            process.step(id).map_or_else(|| format!("{id} (không có)"), |step| step.name.clone())
        };
        ids.iter().map(name).collect::<Vec<_>>().join("; hoặc ")
    };
    let mut told =
        vec![format!("{}: {}, {}", step.name, words::role(step.role), words::limit(step.allowance))];
    for (what, ids) in [("Chuyển tiếp đến", &step.next), ("Có thể trả lại", &step.back_to)] {
        if !ids.is_empty() {
            told.push(format!("{what} {}", names(ids)));
        }
    }
    let stops = stops(process, step);
    if !stops.is_empty() {
        told.push(format!("Đồng hồ có thể dừng: {stops}"));
    }
    told.join(". ")
}

#[cfg(test)]
mod tests {
    use super::{LineKind, lanes, picture, wrapped};
    use rules::procedure::testing::random_sound_procedure;
    use rules::procedure::{Procedure, Step, StepTask};

    fn chain(n: usize) -> Procedure {
        let mut draft = random_sound_procedure(1);
        draft.process.waits.clear();
        draft.process.steps = (0..n)
            .map(|nth| Step {
                next: (nth + 1 < n).then(|| format!("b{}", nth + 1)).into_iter().collect(),
                task: if nth + 1 == n { StepTask::HandOver } else { StepTask::Examine },
                ..Step::blank(format!("b{nth}"), "Thẩm định hồ sơ")
            })
            .collect();
        draft
    }

    #[test]
    fn steps_stand_below_one_another_and_a_chain_needs_no_lane() {
        for n in [3, 15] {
            let drawn = picture(&chain(n), &[]);
            assert_eq!(drawn.boxes.len(), n);
            assert!(drawn.boxes.windows(2).all(|pair| pair[0].bottom() < pair[1].y));
            // One into the first, one out of each.
            assert_eq!(drawn.lines.len(), n + 1);
            assert!(
                drawn.lines.iter().all(|line| line.kind == LineKind::Proposed && !line.path.contains('Q'))
            );
            assert!(drawn.width <= 390, "a telephone shows it in its own size");
            assert_eq!(drawn.told.len(), n);
        }
        assert_eq!(picture(&chain(0), &[]).boxes, []);
    }

    #[test]
    fn ways_that_share_their_length_lie_in_lanes_of_their_own() {
        // The short one is nearest; what only touches another may lie in its lane.
        assert_eq!(lanes(&[(0, 3), (1, 2), (3, 5)]), [1, 0, 0]);
        assert_eq!(lanes(&[(0, 2), (0, 2)]), [0, 1]);
        assert!(lanes(&[]).is_empty());
    }

    #[test]
    fn branches_are_on_the_right_and_ways_back_on_the_left() {
        let mut draft = chain(4);
        draft.process.steps[0].next.push("b2".to_owned());
        draft.process.steps[3].back_to.push("b1".to_owned());
        // A way to nowhere has no line.
        draft.process.steps[2].next.push("khong-co".to_owned());
        let drawn = picture(&draft, &[]);
        let x = drawn.boxes[0].x;
        let around: Vec<_> = drawn.lines.iter().filter(|line| line.path.contains('Q')).collect();
        assert_eq!(around.len(), 2);
        assert_eq!(around[0].kind, LineKind::Branch);
        assert!(around[0].path.starts_with(&format!("M{} ", x + super::BOX_WIDTH)), "{}", around[0].path);
        assert_eq!(around[1].kind, LineKind::Back);
        assert!(around[1].path.starts_with(&format!("M{x} ")), "{}", around[1].path);
        assert!(x > picture(&chain(4), &[]).boxes[0].x, "there is room for the lane");
        assert!(drawn.told[0].contains("hoặc"), "{}", drawn.told[0]);
        assert!(drawn.told[2].contains("khong-co (không có)"));
    }

    #[test]
    fn every_step_of_whatever_is_drawn_is_inside_the_picture() {
        for seed in 0..200 {
            let draft = random_sound_procedure(seed);
            let drawn = picture(&draft, &draft.findings());
            for step in &drawn.boxes {
                assert!(
                    step.x > 0 && step.x + super::BOX_WIDTH < drawn.width && step.bottom() < drawn.height
                );
            }
        }
    }

    #[test]
    fn a_fault_marks_its_step() {
        let mut draft = chain(3);
        draft.process.steps[1].role = rules::people::Role::Auditor;
        let marked: Vec<bool> =
            picture(&draft, &draft.findings()).boxes.iter().map(|step| step.has_fault).collect();
        assert!(marked[1]);
    }

    #[test]
    fn long_names_are_broken_between_words_into_two_lines() {
        assert_eq!(wrapped("Ký", 26), ["Ký"]);
        assert_eq!(wrapped("Lãnh đạo phòng kiểm tra dự thảo", 26), ["Lãnh đạo phòng kiểm tra dự", "thảo"]);
        let long = wrapped(&"thẩm định ".repeat(12), 26);
        assert_eq!(long.len(), 2);
        assert!(long.iter().all(|line| line.chars().count() <= 26) && long[1].ends_with('…'));
        assert_eq!(wrapped(&"x".repeat(40), 10), [format!("{}…", "x".repeat(9))]);
    }
}
