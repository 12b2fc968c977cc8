//! A process drawn and read again is the same process; a drawing that says too little is told what is
//! missing; hostile files are refused.

use super::{BpmnFault, MOST_BYTES, OURS, from_text, read, to_text, write};
use crate::calendar::Limit;
use crate::procedure::testing::random_sound_procedure;
use crate::procedure::tests::kite;
use crate::procedure::{AgencyRule, Procedure, Process};
use crate::text::nfc;
use crate::unit::Level;
use proptest::prelude::{any, prop_assert_eq, proptest};
use std::collections::BTreeSet;

fn drawn(process: &Process) -> String {
    write("Quy trình", process)
}

#[test]
fn a_process_drawn_is_read_back_the_same() {
    for procedure in std::iter::once(kite()).chain((0..2_000).map(random_sound_procedure)) {
        let text = drawn(&procedure.process);
        assert_eq!(read(text.as_bytes()), Ok(procedure.process), "{}: {text}", procedure.name);
    }
}

proptest! {
    /// Whatever is typed into the names, as far as XML can hold it.
    #[test]
    fn names_survive(typed in any::<[String; 3]>()) {
        let can_be_held = |c: &char| !matches!(c, '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
        let [decision, name, question] =
            typed.map(|text| nfc(&text).chars().filter(can_be_held).collect::<String>());
        let mut process = kite().process;
        process.decision = decision;
        process.steps[1].name = format!("Bước {name}");
        process.steps[1].consults[0].question = format!("Hỏi {question}");
        prop_assert_eq!(read(drawn(&process).as_bytes()), Ok(process));
    }

    #[test]
    fn no_bytes_break_the_reader(bytes in any::<Vec<u8>>()) {
        drop(read(&bytes));
    }
}

#[test]
fn every_node_and_flow_has_its_place_in_the_drawing() {
    let text = drawn(&kite().process);
    let document = roxmltree::Document::parse(&text).expect("it is XML");
    let of = |tag: &str, attribute: &str| -> BTreeSet<String> {
        let nodes = document.descendants().filter(|node| node.tag_name().name() == tag);
        nodes.filter_map(|node| node.attribute(attribute)).map(str::to_owned).collect()
    };
    let mut nodes = BTreeSet::new();
    for tag in ["startEvent", "endEvent", "userTask", "exclusiveGateway", "parallelGateway", "boundaryEvent"]
    {
        nodes.extend(of(tag, "id"));
    }
    assert_eq!(of("BPMNShape", "bpmnElement"), nodes);
    assert_eq!(of("BPMNEdge", "bpmnElement"), of("sequenceFlow", "id"));
    // Our own elements count in a namespace of their own.
    let theirs = document.descendants().filter(|node| node.tag_name().namespace() != Some(OURS));
    let ids: Vec<&str> = theirs.filter_map(|node| node.attribute("id")).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "no id twice");
}

/// A drawing as another tool makes it, without a word of ours.
const FOREIGN: &str = r#"<?xml version="1.0"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="x">
  <process id="p">
    <startEvent id="s"/>
    <userTask id="a" name="Thẩm định"/>
    <serviceTask id="b" name="Gửi thư"/>
    <endEvent id="e"/>
    <sequenceFlow id="f" sourceRef="s" targetRef="a"/>
    <sequenceFlow id="g" sourceRef="a" targetRef="e"/>
  </process>
</definitions>"#;

#[test]
fn a_drawing_without_our_words_is_told_what_is_missing() {
    let missing = |what: &str, at: &str| BpmnFault::Missing { what: what.to_owned(), at: at.to_owned() };
    assert_eq!(
        read(FOREIGN.as_bytes()),
        Err(vec![
            missing("mc:step", "Thẩm định"),
            BpmnFault::Foreign { element: "serviceTask".to_owned(), at: "Gửi thư".to_owned() },
            missing("mc:process", "quy-trinh"),
        ])
    );
}

/// What is told of the kite's drawing after one change.
fn after(from: &str, to: &str) -> Vec<String> {
    let text = drawn(&kite().process);
    assert!(text.contains(from), "{from} is in {text}");
    let faults = read(text.replacen(from, to, 1).as_bytes()).expect_err("it is no process any more");
    faults.iter().map(ToString::to_string).collect()
}

#[test]
fn each_fault_is_told_by_the_name_in_the_drawing() {
    for (from, to, said) in [
        (" role=\"leader\"", "", "“Duyệt” thiếu `role`"),
        ("role=\"leader\"", "role=\"boss\"", "“Duyệt”: `role` không nhận giá trị “boss”"),
        (
            "allowance=\"working_hours:2\"",
            "allowance=\"two\"",
            "“Duyệt”: `allowance` không nhận giá trị “two”",
        ),
        ("<mc:way kind=\"next\"/>", "", "“Ngó qua → Viết phép” thiếu `mc:way`"),
        ("<mc:way kind=\"back\"/>", "<mc:way kind=\"up\"/>", "“re-1”: `kind` không nhận giá trị “up”"),
        (
            "<mc:waits ref=\"cho-1\"/>",
            "<mc:waits ref=\"cho-9\"/>",
            "“dừng giải quyết”: `ref` không nhận giá trị “cho-9”",
        ),
        (
            "exit=\"resume\"",
            "exit=\"close\"",
            "lượt chờ “dừng giải quyết”: đường ra không khớp với cách kết thúc đã khai",
        ),
        ("targetRef=\"ket-thuc\"", "targetRef=\"dau-do\"", "đường nối “duong-18” thiếu một đầu"),
        (
            "sourceRef=\"bat-dau\" targetRef=\"buoc-0\"",
            "sourceRef=\"bat-dau\" targetRef=\"dong\"",
            "phải có đúng một điểm bắt đầu dẫn đến một bước",
        ),
        (
            "sourceRef=\"y-kien-1-0\" targetRef=\"gom-1\"",
            "sourceRef=\"y-kien-1-0\" targetRef=\"dong\"",
            "cổng hỏi ý kiến “hoi-1” phải gồm đúng một bước, và mọi nhánh phải gặp lại ở cùng một cổng",
        ),
        (
            "sourceRef=\"hoi-1\" targetRef=\"y-kien-1-0\"",
            "sourceRef=\"dua\" targetRef=\"y-kien-1-0\"",
            "ý kiến “Gió cấp mấy?” không nằm cạnh bước nào",
        ),
    ] {
        let told = after(from, to);
        assert!(told.iter().any(|fault| fault == said), "{said}: {told:?}");
    }
}

#[test]
fn hostile_files_are_refused() {
    let laughs = r#"<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>"#;
    assert_eq!(read(laughs.as_bytes()), Err(vec![BpmnFault::Definitions]));
    let deep = format!("{}{}", "<a>".repeat(20_000), "</a>".repeat(20_000));
    assert_eq!(read(deep.as_bytes()), Err(vec![BpmnFault::TooDeep]));
    let wide = format!("<a>{}</a>", "<b/>".repeat(100_000));
    assert_eq!(read(wide.as_bytes()), Err(vec![BpmnFault::TooLarge]));
    assert_eq!(read(&vec![b' '; MOST_BYTES + 1]), Err(vec![BpmnFault::TooLarge]));
    assert_eq!(read(&[0xff]), Err(vec![BpmnFault::NotText]));
    assert_eq!(read(b"<a>\n<b></a>"), Err(vec![BpmnFault::NotXml { line: 2 }]));
    assert_eq!(read(b"<a/>"), Err(vec![BpmnFault::Processes { n: 0 }]));
}

#[test]
fn values_stand_in_attributes_as_words() {
    for (limit, text) in [
        (Limit::SameDay, "same_day"),
        (Limit::WorkingDays(3), "working_days:3"),
        (Limit::CalendarDays(10), "calendar_days:10"),
    ] {
        assert_eq!(to_text(&limit), text);
        assert_eq!(from_text(text), Some(limit));
    }
    for (agency, text) in [
        (AgencyRule::Receiving, "receiving"),
        (AgencyRule::Named("H99.40".parse().expect("a code")), "named:H99.40"),
        (AgencyRule::OfLevel(Level::Commune), "of_level:commune"),
    ] {
        assert_eq!(to_text(&agency), text);
        assert_eq!(from_text(text), Some(agency));
    }
    for wrong in ["", "working_days", "working_days:", "working_days:-1", "days:3", "same_day:1"] {
        assert_eq!(from_text::<Limit>(wrong), None, "{wrong}");
    }
}

#[test]
fn the_beginning_says_which_step_is_first() {
    let Procedure { process, .. } = kite();
    let mut turned = process.clone();
    turned.steps.rotate_left(1);
    let text = drawn(&turned).replacen(
        "sourceRef=\"bat-dau\" targetRef=\"hoi-0\"",
        "sourceRef=\"bat-dau\" targetRef=\"buoc-5\"",
        1,
    );
    let read = read(text.as_bytes()).expect("a process");
    assert_eq!(read.first().map(|step| step.id.as_str()), Some("ngo"));
}
