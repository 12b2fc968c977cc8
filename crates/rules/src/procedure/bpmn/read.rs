//! Reading: the nodes and flows of a drawing back to a process. First what each element says, then the
//! ways between them; the faults of each look are told together.

use super::{BPMN, BpmnFault, MOST_BYTES, MOST_DEPTH, MOST_NODES, OURS, from_text};
use crate::procedure::{Consult, Process, Step, Wait, WaitExit};
use crate::text::nfc;
use roxmltree::{Document, Node, ParsingOptions};
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};

/// What only says how a drawing looks, or for whom.
const SAYS_NOTHING: &[&str] =
    &["extensionElements", "documentation", "laneSet", "textAnnotation", "association", "group"];

/// The process of a BPMN file, or all that is wrong with it.
pub fn read(bytes: &[u8]) -> Result<Process, Vec<BpmnFault>> {
    let text = readable(bytes).map_err(|fault| vec![fault])?;
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MOST_NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(&text, options).map_err(|error| vec![unparsed(&error)])?;
    let too_deep = |node: Node<'_, '_>| node.ancestors().nth(MOST_DEPTH).is_some();
    if document.descendants().any(too_deep) {
        return Err(vec![BpmnFault::TooDeep]);
    }
    let processes: Vec<Node<'_, '_>> =
        document.descendants().filter(|node| node.has_tag_name((BPMN, "process"))).collect();
    let [process] = processes.as_slice() else {
        return Err(vec![BpmnFault::Processes { n: processes.len() }]);
    };
    let mut reading = Reading::default();
    match reading.process(*process) {
        Some(process) if reading.faults.is_empty() => Ok(process),
        _ => Err(reading.faults),
    }
}

fn readable(bytes: &[u8]) -> Result<String, BpmnFault> {
    if bytes.len() > MOST_BYTES {
        return Err(BpmnFault::TooLarge);
    }
    let text = str::from_utf8(bytes).map_err(|_| BpmnFault::NotText)?;
    Ok(nfc(text))
}

fn unparsed(error: &roxmltree::Error) -> BpmnFault {
    match error {
        roxmltree::Error::DtdDetected => BpmnFault::Definitions,
        roxmltree::Error::NodesLimitReached => BpmnFault::TooLarge,
        error => BpmnFault::NotXml { line: error.pos().row },
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Start,
    End,
    Step(usize),
    Opinion(usize),
    Exclusive,
    Parallel,
    Timer,
}

/// One line of the drawing.
struct Flow {
    to: String,
    /// Our word for the way: `next` or `back`.
    way: Option<String>,
}

#[derive(Default)]
struct Reading {
    faults: Vec<BpmnFault>,
    kinds: BTreeMap<String, Kind>,
    names: BTreeMap<String, String>,
    flows: BTreeMap<String, Vec<Flow>>,
    /// The XML id of each step, in their order.
    steps: Vec<(String, Step)>,
    opinions: Vec<Consult>,
}

/// A wait as our own element says it, before its timers are looked at.
struct Declared {
    id: String,
    /// At every step that examines, verifies or drafts.
    everywhere: bool,
    wait: Wait,
}

/// Where a way leads.
#[derive(Clone, Copy)]
enum Target {
    Step(usize),
    End,
}

impl Reading {
    /// None, with faults, where not every element says what it must.
    fn process(&mut self, process: Node<'_, '_>) -> Option<Process> {
        let drawn = process.children().filter(Node::is_element);
        let (flows, nodes): (Vec<Node<'_, '_>>, Vec<Node<'_, '_>>) =
            drawn.partition(|node| node.has_tag_name((BPMN, "sequenceFlow")));
        for node in &nodes {
            self.node(*node);
        }
        let about = self.ours(process, "process", "quy-trinh");
        let decision = about.and_then(|about| self.text(about, "decision", "quy-trinh"));
        let waits: Vec<Declared> = all_ours(process, "wait").filter_map(|ours| self.declared(ours)).collect();
        let decision = decision.filter(|_| self.faults.is_empty())?;
        for flow in flows {
            self.flow(flow);
        }
        self.ask();
        for nth in 0..self.steps.len() {
            self.ways(nth);
        }
        let waits = self.waits(waits, &nodes);
        let first = self.first();
        let mut steps: Vec<Step> =
            std::mem::take(&mut self.steps).into_iter().map(|(_, step)| step).collect();
        if let Some(first) = first.filter(|first| *first > 0) {
            // Tools may write the elements in any order; the first step is where the beginning leads.
            let step = steps.remove(first);
            steps.insert(0, step);
        }
        Some(Process { decision, steps, waits })
    }

    fn node(&mut self, node: Node<'_, '_>) {
        let tag = node.tag_name().name();
        let id = node.attribute("id").unwrap_or_default().to_owned();
        let name = node.attribute("name").unwrap_or(&id).to_owned();
        let kind = match tag {
            _ if node.tag_name().namespace() != Some(BPMN) => None,
            "startEvent" => Some(Kind::Start),
            "endEvent" => Some(Kind::End),
            "exclusiveGateway" => Some(Kind::Exclusive),
            "parallelGateway" => Some(Kind::Parallel),
            "boundaryEvent" => Some(Kind::Timer),
            "userTask" if has_ours(node, "consult") => {
                let consult = self.consult(node, &name);
                self.opinions.extend(consult);
                Some(Kind::Opinion(self.opinions.len().saturating_sub(1)))
            }
            "userTask" => {
                let step = self.step(node, &name);
                self.steps.extend(step.map(|step| (id.clone(), step)));
                Some(Kind::Step(self.steps.len().saturating_sub(1)))
            }
            said if SAYS_NOTHING.contains(&said) => return,
            _ => None,
        };
        match kind {
            Some(kind) => {
                self.kinds.insert(id.clone(), kind);
            }
            None => self.faults.push(BpmnFault::Foreign { element: tag.to_owned(), at: name.clone() }),
        }
        self.names.insert(id, name);
    }

    fn step(&mut self, node: Node<'_, '_>, name: &str) -> Option<Step> {
        let ours = self.ours(node, "step", name)?;
        let id = self.text(ours, "id", name);
        let (role, agency) = (self.value(ours, "role", name), self.value(ours, "agency", name));
        let (allowance, task) = (self.value(ours, "allowance", name), self.value(ours, "task", name));
        Some(Step {
            id: id?,
            name: name.to_owned(),
            role: role?,
            agency: agency?,
            allowance: allowance?,
            task: task?,
            next: Vec::new(),
            back_to: Vec::new(),
            consults: Vec::new(),
        })
    }

    fn consult(&mut self, node: Node<'_, '_>, name: &str) -> Option<Consult> {
        let ours = self.ours(node, "consult", name)?;
        let (id, agency) = (self.text(ours, "id", name), self.value(ours, "agency", name));
        let (allowance, clock) = (self.value(ours, "allowance", name), self.value(ours, "clock", name));
        Some(Consult {
            id: id?,
            agency: agency?,
            question: name.to_owned(),
            allowance: allowance?,
            clock: clock?,
        })
    }

    fn declared(&mut self, ours: Node<'_, '_>) -> Option<Declared> {
        let at = "mc:wait";
        let (id, everywhere) = (self.text(ours, "id", at), self.text(ours, "everywhere", at));
        let (what, limit) = (self.value(ours, "what", at), self.value(ours, "limit", at));
        let (exit, clock) = (self.value(ours, "exit", at), self.value(ours, "clock", at));
        let wait = Wait { what: what?, steps: Vec::new(), limit: limit?, exit: exit?, clock: clock? };
        Some(Declared { id: id?, everywhere: everywhere? == "true", wait })
    }

    fn flow(&mut self, node: Node<'_, '_>) {
        let end = |name| node.attribute(name).filter(|id| self.kinds.contains_key(*id));
        let (Some(from), Some(to)) = (end("sourceRef"), end("targetRef")) else {
            let flow = node.attribute("id").unwrap_or_default().to_owned();
            return self.faults.push(BpmnFault::LooseFlow { flow });
        };
        let way = ours_of(node, "way").and_then(|ours| ours.attribute("kind")).map(str::to_owned);
        self.flows.entry(from.to_owned()).or_default().push(Flow { to: to.to_owned(), way });
    }

    /// Gives each opinion to the step beside it.
    fn ask(&mut self) {
        let gateways: Vec<String> = self.of_kind(|kind| kind == Kind::Parallel);
        let mut given = BTreeSet::new();
        for gateway in gateways {
            let branches: Vec<String> = self.targets(&gateway);
            let (mut steps, mut asked) = (Vec::new(), Vec::new());
            for branch in &branches {
                match self.kinds.get(branch) {
                    Some(Kind::Step(nth)) => steps.push(*nth),
                    Some(Kind::Opinion(nth)) => asked.push(*nth),
                    _ => {}
                }
            }
            // A gateway behind which nothing is asked only gathers.
            if asked.is_empty() {
                continue;
            }
            let meets: BTreeSet<Vec<String>> = branches.iter().map(|branch| self.targets(branch)).collect();
            let one_end = meets.len() == 1 && meets.iter().all(|ends| self.is_gathering(ends));
            let ([step], true) = (steps.as_slice(), one_end && steps.len() + asked.len() == branches.len())
            else {
                self.faults.push(BpmnFault::Opinions { at: self.named(&gateway) });
                given.extend(asked);
                continue;
            };
            let consults = asked.iter().map(|nth| self.opinions[*nth].clone()).collect();
            self.steps[*step].1.consults = consults;
            given.extend(asked);
        }
        for (nth, consult) in self.opinions.iter().enumerate() {
            if !given.contains(&nth) {
                self.faults.push(BpmnFault::OpinionAlone { at: consult.question.clone() });
            }
        }
    }

    fn is_gathering(&self, ends: &[String]) -> bool {
        matches!(ends, [end] if self.kinds.get(end) == Some(&Kind::Parallel))
    }

    /// The ways on from a step: one line, or a gateway whose lines say which is which.
    fn ways(&mut self, nth: usize) {
        let mut at = self.steps[nth].0.clone();
        if !self.steps[nth].1.consults.is_empty() {
            // Its branches meet again at one gateway, or it would have been a fault before.
            at = self.targets(&at).remove(0);
        }
        let mut out = self.targets(&at);
        let fork = matches!(out.as_slice(), [gateway] if self.kinds.get(gateway) == Some(&Kind::Exclusive));
        if !fork && out.len() > 1 {
            let at = self.named(&at);
            return self.faults.push(BpmnFault::WaysWithoutGateway { at });
        }
        if fork {
            at = out.remove(0);
        }
        let lines: Vec<(String, Option<String>)> = self
            .flows
            .get(&at)
            .into_iter()
            .flatten()
            .map(|flow| (flow.to.clone(), flow.way.clone()))
            .collect();
        for (to, way) in lines {
            let Some(target) = self.leads_to(&to) else {
                let fault = BpmnFault::NoStepThere { from: self.named(&at), to: self.named(&to) };
                self.faults.push(fault);
                continue;
            };
            let Target::Step(target) = target else { continue };
            let id = self.steps[target].1.id.clone();
            match way.as_deref() {
                Some("next") => self.steps[nth].1.next.push(id),
                Some("back") => self.steps[nth].1.back_to.push(id),
                None if !fork => self.steps[nth].1.next.push(id),
                None => {
                    let at = format!("{} → {}", self.steps[nth].1.name, self.named(&to));
                    self.faults.push(BpmnFault::Missing { what: "mc:way".to_owned(), at });
                }
                Some(other) => {
                    let (value, at) = (other.to_owned(), self.named(&at));
                    self.faults.push(BpmnFault::Value { what: "kind".to_owned(), value, at });
                }
            }
        }
    }

    /// The step a line ends at, through the gateway that asks for its opinions.
    fn leads_to(&self, to: &str) -> Option<Target> {
        match self.kinds.get(to)? {
            Kind::Step(nth) => Some(Target::Step(*nth)),
            Kind::End => Some(Target::End),
            Kind::Parallel => self.targets(to).iter().find_map(|branch| match self.kinds.get(branch) {
                Some(Kind::Step(nth)) => Some(Target::Step(*nth)),
                _ => None,
            }),
            _ => None,
        }
    }

    fn first(&mut self) -> Option<usize> {
        let starts = self.of_kind(|kind| kind == Kind::Start);
        let leads: Vec<Target> =
            starts.iter().flat_map(|start| self.targets(start)).filter_map(|to| self.leads_to(&to)).collect();
        match leads.as_slice() {
            [Target::Step(first)] if starts.len() == 1 => Some(*first),
            _ => {
                self.faults.push(BpmnFault::Beginning);
                None
            }
        }
    }

    /// The waits, each with the steps its timers stand at.
    fn waits(&mut self, mut waits: Vec<Declared>, nodes: &[Node<'_, '_>]) -> Vec<Wait> {
        let mut used = BTreeSet::new();
        for timer in nodes.iter().filter(|node| node.has_tag_name((BPMN, "boundaryEvent"))) {
            let id = timer.attribute("id").unwrap_or_default();
            let name = self.named(id);
            let Some(ours) = self.ours(*timer, "waits", &name) else { continue };
            let Some(reference) = self.text(ours, "ref", &name) else { continue };
            let attached = timer.attribute("attachedToRef").unwrap_or_default();
            let Some(nth) = waits.iter().position(|wait| wait.id == reference) else {
                self.faults.push(BpmnFault::Value { what: "ref".to_owned(), value: reference, at: name });
                continue;
            };
            let Some(Kind::Step(step)) = self.kinds.get(attached).copied() else {
                let (what, value) = ("attachedToRef".to_owned(), attached.to_owned());
                self.faults.push(BpmnFault::Value { what, value, at: name });
                continue;
            };
            used.insert(nth);
            let Declared { everywhere, wait, .. } = &mut waits[nth];
            if !*everywhere {
                wait.steps.push(self.steps[step].1.id.clone());
            }
            let leads: Vec<Target> = self.targets(id).iter().filter_map(|to| self.leads_to(to)).collect();
            let fits = match leads.as_slice() {
                [Target::End] => wait.exit == WaitExit::Close,
                [Target::Step(back)] => wait.exit == WaitExit::Resume && *back == step,
                _ => false,
            };
            if !fits {
                self.faults.push(BpmnFault::ExitDiffers { at: name });
            }
        }
        for (nth, Declared { id, everywhere, .. }) in waits.iter().enumerate() {
            if !everywhere && !used.contains(&nth) {
                let what = "boundaryEvent".to_owned();
                self.faults.push(BpmnFault::Missing { what, at: id.clone() });
            }
        }
        waits.into_iter().map(|declared| declared.wait).collect()
    }

    fn of_kind(&self, is: impl Fn(Kind) -> bool) -> Vec<String> {
        self.kinds.iter().filter(|(_, kind)| is(**kind)).map(|(id, _)| id.clone()).collect()
    }

    fn targets(&self, from: &str) -> Vec<String> {
        self.flows.get(from).into_iter().flatten().map(|flow| flow.to.clone()).collect()
    }

    fn named(&self, id: &str) -> String {
        self.names.get(id).map_or(id, String::as_str).to_owned()
    }

    /// Our own element of a node; a fault where it is missing.
    fn ours<'a, 'i>(&mut self, node: Node<'a, 'i>, what: &str, at: &str) -> Option<Node<'a, 'i>> {
        let found = ours_of(node, what);
        if found.is_none() {
            self.faults.push(BpmnFault::Missing { what: format!("mc:{what}"), at: at.to_owned() });
        }
        found
    }

    fn text(&mut self, ours: Node<'_, '_>, what: &str, at: &str) -> Option<String> {
        let found = ours.attribute(what).map(str::to_owned);
        if found.is_none() {
            self.faults.push(BpmnFault::Missing { what: what.to_owned(), at: at.to_owned() });
        }
        found
    }

    /// An attribute as one of our values; none, with a fault, where it is missing or says nothing known.
    fn value<T: DeserializeOwned>(&mut self, ours: Node<'_, '_>, what: &str, at: &str) -> Option<T> {
        let text = self.text(ours, what, at)?;
        let value = from_text(&text);
        if value.is_none() {
            self.faults.push(BpmnFault::Value { what: what.to_owned(), value: text, at: at.to_owned() });
        }
        value
    }
}

fn has_ours(node: Node<'_, '_>, what: &str) -> bool {
    ours_of(node, what).is_some()
}

fn ours_of<'a, 'i>(node: Node<'a, 'i>, what: &str) -> Option<Node<'a, 'i>> {
    all_ours(node, what).next()
}

fn all_ours<'a, 'i>(node: Node<'a, 'i>, what: &str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children()
        .filter(|child| child.has_tag_name((BPMN, "extensionElements")))
        .flat_map(|inside| inside.children())
        .filter(move |child| child.has_tag_name((OURS, what)))
}
