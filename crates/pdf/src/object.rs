//! The kinds of PDF object. Every dictionary entry keeps the span of
//! its raw bytes, because a changed dictionary is copied byte for byte around the new key
//! (`update`) and a signature's `Contents` is checked against its exact place (`validate`).
//! Leaves streams' filters and cross-references to `read`.

mod parse;

use std::ops::Range;

pub(crate) use parse::{Parser, is_space};

/// Number and generation of an indirect object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Ref {
    pub(crate) number: u32,
    pub(crate) generation: u16,
}

/// A parsed object. Numbers compare by value, not by spelling.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Object {
    Null,
    Bool(bool),
    Int(i64),
    Real(f64),
    Name(Vec<u8>),
    Text(Vec<u8>),
    Array(Vec<Object>),
    Dict(Dict),
    Ref(Ref),
    Stream(Stream),
}

/// A dictionary; keys are unique, which the parser enforces.
#[derive(Debug, Clone, Default)]
pub(crate) struct Dict {
    pub(crate) entries: Vec<Entry>,
    /// From `<<` to after `>>` in the buffer the dictionary was parsed from.
    pub(crate) span: Range<usize>,
}

#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) key: Vec<u8>,
    pub(crate) value: Object,
    /// The value's raw bytes in the buffer it was parsed from.
    pub(crate) span: Range<usize>,
}

/// A stream: its dictionary and where its raw data lie in the file.
#[derive(Debug, Clone)]
pub(crate) struct Stream {
    pub(crate) dict: Dict,
    pub(crate) data: Range<usize>,
}

impl PartialEq for Dict {
    /// Equal when the same keys have equal values, in any order and spelling.
    fn eq(&self, other: &Self) -> bool {
        self.entries.len() == other.entries.len()
            && self.entries.iter().all(|entry| other.get(&entry.key) == Some(&entry.value))
    }
}

impl PartialEq for Stream {
    /// Only dictionaries: the data need the file, so `read::Document::same` compares them.
    fn eq(&self, other: &Self) -> bool {
        self.dict == other.dict
    }
}

impl Dict {
    pub(crate) fn get(&self, key: &[u8]) -> Option<&Object> {
        self.entry(key).map(|entry| &entry.value)
    }

    pub(crate) fn entry(&self, key: &[u8]) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    pub(crate) fn name(&self, key: &[u8]) -> Option<&[u8]> {
        self.get(key).and_then(Object::as_name)
    }

    pub(crate) fn int(&self, key: &[u8]) -> Option<i64> {
        self.get(key).and_then(Object::as_int)
    }
}

impl Object {
    pub(crate) fn as_name(&self) -> Option<&[u8]> {
        match self {
            Self::Name(name) => Some(name),
            _ => None,
        }
    }

    pub(crate) fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(value) => Some(*value),
            _ => None,
        }
    }

    pub(crate) fn as_number(&self) -> Option<f64> {
        match self {
            Self::Int(value) => Some(*value as f64),
            Self::Real(value) => Some(*value),
            _ => None,
        }
    }

    pub(crate) fn as_ref(&self) -> Option<Ref> {
        match self {
            Self::Ref(reference) => Some(*reference),
            _ => None,
        }
    }

    pub(crate) fn as_array(&self) -> Option<&[Object]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The dictionary of a dictionary or of a stream.
    pub(crate) fn as_dict(&self) -> Option<&Dict> {
        match self {
            Self::Dict(dict) => Some(dict),
            Self::Stream(stream) => Some(&stream.dict),
            _ => None,
        }
    }

    pub(crate) fn as_text(&self) -> Option<&[u8]> {
        match self {
            Self::Text(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// Every reference inside, however deep.
    pub(crate) fn each_ref(&self, visit: &mut impl FnMut(Ref)) {
        match self {
            Self::Ref(reference) => visit(*reference),
            Self::Array(items) => items.iter().for_each(|item| item.each_ref(visit)),
            Self::Dict(dict) => dict.entries.iter().for_each(|entry| entry.value.each_ref(visit)),
            Self::Stream(stream) => stream.dict.entries.iter().for_each(|entry| entry.value.each_ref(visit)),
            _ => {}
        }
    }
}
