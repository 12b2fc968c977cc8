//! Writing: the nodes and flows of a process, and where a viewer is to draw them.

use super::{BPMN, BPMNDI, DC, DI, OURS, to_text};
use crate::calendar::Limit;
use crate::procedure::{Process, Step, StepTask, Wait, WaitExit};
use crate::words::procedure as said;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The process as a BPMN file. Ways to steps that are not there have no end to be drawn to, and are left
/// out: a process without faults has none.
pub fn write(name: &str, process: &Process) -> String {
    let mut drawing = Drawing::default();
    drawing.node(Kind::Start, "bat-dau", "Tiếp nhận", (60, LANE), "");
    for (nth, step) in process.steps.iter().enumerate() {
        drawing.step(process, nth, step);
    }
    let right = column(process.steps.len());
    drawing.node(Kind::End, "ket-thuc", "Đã trả kết quả", (right, LANE), "");
    let closes = process.waits.iter().any(|wait| wait.exit == WaitExit::Close);
    if closes {
        drawing.node(Kind::End, "dong", "Đóng hồ sơ", (right, LANE + 160), "");
    }
    if process.first().is_some() {
        drawing.flow("bat-dau", &entry(process, 0), "");
    }
    for (nth, step) in process.steps.iter().enumerate() {
        drawing.ways(process, nth, step);
    }
    for (nth, wait) in process.waits.iter().enumerate() {
        drawing.wait(process, nth, wait);
    }
    drawing.file(name, process)
}

/// Where the line of the steps lies, and how far they are apart.
const LANE: i32 = 220;

fn column(nth: usize) -> i32 {
    160 + 340 * i32::try_from(nth).unwrap_or(i32::MAX / 1000)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Start,
    End,
    Task,
    Exclusive,
    Parallel,
    Timer,
}

impl Kind {
    fn element(self) -> &'static str {
        match self {
            Self::Start => "startEvent",
            Self::End => "endEvent",
            Self::Task => "userTask",
            Self::Exclusive => "exclusiveGateway",
            Self::Parallel => "parallelGateway",
            Self::Timer => "boundaryEvent",
        }
    }

    fn size(self) -> (i32, i32) {
        match self {
            Self::Start | Self::End | Self::Timer => (36, 36),
            Self::Task => (120, 80),
            Self::Exclusive | Self::Parallel => (50, 50),
        }
    }
}

/// Across and down.
type Pair = (i32, i32);

/// What is written so far: the elements, and the shapes that go with them.
#[derive(Default)]
struct Drawing {
    elements: String,
    flows: String,
    shapes: String,
    n_flows: usize,
    /// The middle of each node, and half its size.
    places: BTreeMap<String, (Pair, Pair)>,
}

impl Drawing {
    fn step(&mut self, process: &Process, nth: usize, step: &Step) {
        let x = column(nth);
        let inner = format!(
            "<mc:step id=\"{}\" role=\"{}\" agency=\"{}\" allowance=\"{}\" task=\"{}\"/>",
            escaped(&step.id),
            to_text(&step.role),
            escaped(&to_text(&step.agency)),
            to_text(&step.allowance),
            to_text(&step.task)
        );
        self.node(Kind::Task, &task(nth), &step.name, (x + 130, LANE), &inner);
        if !step.consults.is_empty() {
            self.node(Kind::Parallel, &format!("hoi-{nth}"), "", (x + 30, LANE), "");
            self.node(Kind::Parallel, &format!("gom-{nth}"), "", (x + 230, LANE), "");
            self.flow(&format!("hoi-{nth}"), &task(nth), "");
            self.flow(&task(nth), &format!("gom-{nth}"), "");
        }
        for (order, asked) in step.consults.iter().enumerate() {
            let id = format!("y-kien-{nth}-{order}");
            let inner = format!(
                "<mc:consult id=\"{}\" agency=\"{}\" allowance=\"{}\" clock=\"{}\"/>",
                escaped(&asked.id),
                escaped(&to_text(&asked.agency)),
                to_text(&asked.allowance),
                to_text(&asked.clock)
            );
            let above = LANE - 110 * (1 + i32::try_from(order).unwrap_or(9));
            self.node(Kind::Task, &id, &asked.question, (x + 130, above), &inner);
            self.flow(&format!("hoi-{nth}"), &id, "");
            self.flow(&id, &format!("gom-{nth}"), "");
        }
        if is_fork(process, step) {
            self.node(Kind::Exclusive, &format!("re-{nth}"), "", (x + 290, LANE), "");
        }
    }

    fn ways(&mut self, process: &Process, nth: usize, step: &Step) {
        let from = if step.consults.is_empty() { task(nth) } else { format!("gom-{nth}") };
        if step.task == StepTask::HandOver && step.next.is_empty() && step.back_to.is_empty() {
            self.flow(&from, "ket-thuc", "");
        }
        if !is_fork(process, step) {
            if let Some(to) = step.next.first().and_then(|id| place_of(process, id)) {
                self.flow(&from, &entry(process, to), "");
            }
            return;
        }
        let gateway = format!("re-{nth}");
        self.flow(&from, &gateway, "");
        for (kind, ways) in [("next", &step.next), ("back", &step.back_to)] {
            for to in ways.iter().filter_map(|id| place_of(process, id)) {
                self.flow(&gateway, &entry(process, to), &format!("<mc:way kind=\"{kind}\"/>"));
            }
        }
    }

    /// A wait is a timer on the border of every step at which it may begin.
    fn wait(&mut self, process: &Process, nth: usize, wait: &Wait) {
        let named: Vec<usize> = wait.steps.iter().filter_map(|id| place_of(process, id)).collect();
        let anywhere = process.steps.iter().enumerate().filter(|(_, step)| wait.begins_at(step));
        let steps = if wait.steps.is_empty() { anywhere.map(|(at, _)| at).collect() } else { named };
        for at in steps {
            let id = format!("cho-{nth}-{at}");
            let middle = (column(at) + 90 + 40 * i32::try_from(nth).unwrap_or_default(), LANE + 40);
            let attributes = format!(
                " name=\"{}\" attachedToRef=\"{}\" cancelActivity=\"true\"",
                said::wait(wait.what),
                task(at)
            );
            let content = format!(
                "{}<bpmn:timerEventDefinition><bpmn:timeDuration>{}</bpmn:timeDuration></bpmn:timerEventDefinition>",
                extension(&format!("<mc:waits ref=\"cho-{nth}\"/>")),
                duration(wait.limit)
            );
            self.element(Kind::Timer, &id, middle, &attributes, &content);
            let to = if wait.exit == WaitExit::Close { "dong".to_owned() } else { entry(process, at) };
            self.flow(&id, &to, "");
        }
    }

    fn node(&mut self, kind: Kind, id: &str, name: &str, middle: (i32, i32), ours: &str) {
        let name = if name.is_empty() { String::new() } else { format!(" name=\"{}\"", escaped(name)) };
        self.element(kind, id, middle, &name, &extension(ours));
    }

    fn element(&mut self, kind: Kind, id: &str, middle: (i32, i32), attributes: &str, content: &str) {
        let tag = kind.element();
        say(
            &mut self.elements,
            format_args!("    <bpmn:{tag} id=\"{id}\"{attributes}>{content}</bpmn:{tag}>\n"),
        );
        let (width, height) = kind.size();
        let (x, y) = (middle.0 - width / 2, middle.1 - height / 2);
        say(
            &mut self.shapes,
            format_args!(
                "      <bpmndi:BPMNShape id=\"hinh-{id}\" bpmnElement=\"{id}\"><dc:Bounds x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/></bpmndi:BPMNShape>\n"
            ),
        );
        self.places.insert(id.to_owned(), (middle, (width / 2, height / 2)));
    }

    fn flow(&mut self, from: &str, to: &str, inner: &str) {
        let id = format!("duong-{}", self.n_flows);
        self.n_flows += 1;
        let inner = extension(inner);
        say(
            &mut self.flows,
            format_args!(
                "    <bpmn:sequenceFlow id=\"{id}\" sourceRef=\"{from}\" targetRef=\"{to}\">{inner}</bpmn:sequenceFlow>\n"
            ),
        );
        let points: String = self
            .line(from, to)
            .into_iter()
            .map(|(x, y)| format!("<di:waypoint x=\"{x}\" y=\"{y}\"/>"))
            .collect::<Vec<_>>()
            .concat();
        say(
            &mut self.shapes,
            format_args!(
                "      <bpmndi:BPMNEdge id=\"net-{id}\" bpmnElement=\"{id}\">{points}</bpmndi:BPMNEdge>\n"
            ),
        );
    }

    /// Straight on to what stands to the right; below the lane to what stands to the left.
    fn line(&self, from: &str, to: &str) -> Vec<(i32, i32)> {
        let nowhere = ((0, 0), (0, 0));
        let (start, half) = self.places.get(from).copied().unwrap_or(nowhere);
        let (end, end_half) = self.places.get(to).copied().unwrap_or(nowhere);
        if end.0 > start.0 {
            return vec![(start.0 + half.0, start.1), (end.0 - end_half.0, end.1)];
        }
        let below = LANE + 100;
        vec![(start.0, start.1 + half.1), (start.0, below), (end.0, below), (end.0, end.1 + end_half.1)]
    }

    fn file(self, name: &str, process: &Process) -> String {
        let Self { elements, flows, shapes, .. } = self;
        let mut waits = String::new();
        for (nth, wait) in process.waits.iter().enumerate() {
            say(
                &mut waits,
                format_args!(
                    "<mc:wait id=\"cho-{nth}\" what=\"{}\" limit=\"{}\" exit=\"{}\" clock=\"{}\" everywhere=\"{}\"/>",
                    to_text(&wait.what),
                    to_text(&wait.limit),
                    to_text(&wait.exit),
                    to_text(&wait.clock),
                    wait.steps.is_empty()
                ),
            );
        }
        let ours = format!("<mc:process decision=\"{}\"/>{waits}", escaped(&process.decision));
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <bpmn:definitions xmlns:bpmn=\"{BPMN}\" xmlns:bpmndi=\"{BPMNDI}\" xmlns:dc=\"{DC}\" xmlns:di=\"{DI}\" xmlns:mc=\"{OURS}\" id=\"tep\" targetNamespace=\"{OURS}\">\n  \
             <bpmn:process id=\"quy-trinh\" name=\"{}\" isExecutable=\"false\">{}\n\
             {elements}{flows}  </bpmn:process>\n  \
             <bpmndi:BPMNDiagram id=\"ban-ve\">\n    \
             <bpmndi:BPMNPlane id=\"mat-ve\" bpmnElement=\"quy-trinh\">\n\
             {shapes}    </bpmndi:BPMNPlane>\n  </bpmndi:BPMNDiagram>\n</bpmn:definitions>\n",
            escaped(name),
            extension(&ours)
        )
    }
}

fn say(to: &mut String, what: std::fmt::Arguments<'_>) {
    to.write_fmt(what).expect("a string takes everything");
}

fn extension(inner: &str) -> String {
    if inner.is_empty() {
        String::new()
    } else {
        format!("<bpmn:extensionElements>{inner}</bpmn:extensionElements>")
    }
}

fn task(nth: usize) -> String {
    format!("buoc-{nth}")
}

/// The node a way to the step leads to.
fn entry(process: &Process, nth: usize) -> String {
    let asks = process.steps.get(nth).is_some_and(|step| !step.consults.is_empty());
    if asks { format!("hoi-{nth}") } else { task(nth) }
}

fn place_of(process: &Process, id: &str) -> Option<usize> {
    process.steps.iter().position(|step| step.id == id)
}

/// Does the step need a gateway to say which way is which?
fn is_fork(process: &Process, step: &Step) -> bool {
    let known = |ids: &[String]| ids.iter().filter(|id| process.step(id).is_some()).count();
    known(&step.next) > 1 || known(&step.back_to) > 0
}

/// The limit as other tools count it; what holds is our own attribute.
fn duration(limit: Limit) -> String {
    match limit {
        Limit::WorkingHours(n) => format!("PT{n}H"),
        Limit::WorkingDays(n) | Limit::CalendarDays(n) => format!("P{n}D"),
        Limit::SameDay => "P1D".to_owned(),
    }
}

/// Text for an attribute. Line ends are written as numbers, or a reader would make them spaces; what XML
/// has no place for is left out.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' | '\r' => say(&mut escaped, format_args!("&#{};", u32::from(c))),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            c => escaped.push(c),
        }
    }
    escaped
}
