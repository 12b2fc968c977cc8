//! The process of a procedure as BPMN 2.0, for the drawing tools of others: user tasks for the steps,
//! exclusive gateways where a step may go several ways or be sent back, parallel gateways around the
//! opinions that are asked for, timers on the border of a step for what may make it wait.
//!
//! What BPMN has no word for (role, agency, allowance, task, what the clock does) stands in elements of
//! our own namespace. A drawing without them says too little to be a process, and is told what is missing
//! instead of being guessed at.

mod read;
mod write;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::fmt;

pub use read::read;
pub use write::write;

/// A larger file is no process.
pub const MOST_BYTES: usize = 2 << 20;
/// Elements, attributes and texts; what we write of a hundred steps has a tenth of it.
const MOST_NODES: u32 = 50_000;
const MOST_DEPTH: usize = 32;

const BPMN: &str = "http://www.omg.org/spec/BPMN/20100524/MODEL";
const BPMNDI: &str = "http://www.omg.org/spec/BPMN/20100524/DI";
const DC: &str = "http://www.omg.org/spec/DD/20100524/DC";
const DI: &str = "http://www.omg.org/spec/DD/20100524/DI";
/// The namespace of our own elements.
pub const OURS: &str = "urn:motcua:quy-trinh:1";

/// Why a file is no process of ours; elements are named as the drawing names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BpmnFault {
    TooLarge,
    TooDeep,
    NotText,
    /// It brings definitions of its own, which could make it grow without end.
    Definitions,
    NotXml {
        line: u32,
    },
    /// Not exactly one process.
    Processes {
        n: usize,
    },
    /// An element this subset does not know.
    Foreign {
        element: String,
        at: String,
    },
    /// Our own element, or one of its attributes, is not there.
    Missing {
        what: String,
        at: String,
    },
    Value {
        what: String,
        value: String,
        at: String,
    },
    /// A flow from or to nothing.
    LooseFlow {
        flow: String,
    },
    /// Not exactly one beginning that leads to a step.
    Beginning,
    /// Several ways lead on without a gateway that says which is which.
    WaysWithoutGateway {
        at: String,
    },
    /// The way leads to something that is no step.
    NoStepThere {
        from: String,
        to: String,
    },
    /// A gateway of opinions without exactly one step, or whose branches do not meet again.
    Opinions {
        at: String,
    },
    /// An opinion that no step asks for.
    OpinionAlone {
        at: String,
    },
    /// The timer leads elsewhere than its exit says.
    ExitDiffers {
        at: String,
    },
}

impl fmt::Display for BpmnFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => write!(f, "tệp BPMN quá lớn"),
            Self::TooDeep => write!(f, "tệp BPMN lồng nhau quá sâu"),
            Self::NotText => write!(f, "tệp không phải văn bản UTF-8"),
            Self::Definitions => write!(f, "tệp có phần khai DTD; bỏ phần ấy rồi nạp lại"),
            Self::NotXml { line } => write!(f, "dòng {line}: không đúng dạng XML"),
            Self::Processes { n } => write!(f, "tệp phải có đúng một quy trình, tệp này có {n}"),
            Self::Foreign { element, at } => {
                write!(f, "“{at}”: phần tử `{element}` không thuộc phần BPMN dùng ở đây")
            }
            Self::Missing { what, at } => write!(f, "“{at}” thiếu `{what}`"),
            Self::Value { what, value, at } => {
                write!(f, "“{at}”: `{what}` không nhận giá trị “{value}”")
            }
            Self::LooseFlow { flow } => write!(f, "đường nối “{flow}” thiếu một đầu"),
            Self::Beginning => write!(f, "phải có đúng một điểm bắt đầu dẫn đến một bước"),
            Self::WaysWithoutGateway { at } => {
                write!(f, "“{at}” có nhiều đường ra; đặt một cổng rẽ nhánh sau nó")
            }
            Self::NoStepThere { from, to } => {
                write!(f, "đường từ “{from}” đến “{to}”, đó không phải một bước")
            }
            Self::Opinions { at } => write!(
                f,
                "cổng hỏi ý kiến “{at}” phải gồm đúng một bước, và mọi nhánh phải gặp lại ở cùng một cổng"
            ),
            Self::OpinionAlone { at } => write!(f, "ý kiến “{at}” không nằm cạnh bước nào"),
            Self::ExitDiffers { at } => {
                write!(f, "lượt chờ “{at}”: đường ra không khớp với cách kết thúc đã khai")
            }
        }
    }
}

/// A value as an attribute holds it: `draft`, `working_days:3`, `named:H99.40`.
fn to_text(value: &impl Serialize) -> String {
    let plain = |value: Value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    match serde_json::to_value(value).expect("the enums of a process can be written") {
        Value::Object(fields) => {
            let (name, value) = fields.into_iter().next().expect("a variant with a value has its name");
            format!("{name}:{}", plain(value))
        }
        word => plain(word),
    }
}

/// The reverse of [`to_text`].
fn from_text<T: DeserializeOwned>(text: &str) -> Option<T> {
    let Some((name, value)) = text.split_once(':') else {
        return serde_json::from_value(Value::String(text.to_owned())).ok();
    };
    let number = value.parse::<u32>().ok().map(Value::from);
    [number, Some(Value::String(value.to_owned()))].into_iter().flatten().find_map(|value| {
        let variant = Map::from_iter([(name.to_owned(), value)]);
        serde_json::from_value(Value::Object(variant)).ok()
    })
}

#[cfg(test)]
mod tests;
