//! Which changes have a purpose that leaves signed content alone: new signatures, proof for old
//! ones, metadata, and form filling. Each changed object must be explained by its role.

use super::{Changed, Referrers, Step};
use crate::error::Result;
use crate::filter;
use crate::form::{Field, Form};
use crate::object::{Dict, Object, Ref};
use crate::read::{Document, Page};
use crate::validate::{Changes, Warning};
use std::collections::{BTreeMap, BTreeSet};

/// Share of a page that a later mark may cover without a warning.
const LARGE_MARK: f64 = 0.2;
/// Bytes of an appearance that only shows other forms.
const MAX_PARTS_CONTENT: usize = 16 << 10;
/// Keys that filling a field may change.
const FILLING: [&[u8]; 6] = [b"V", b"AP", b"AS", b"M", b"MK", b"I"];
/// Keys that signing an empty field may change.
const SIGNING: [&[u8]; 5] = [b"V", b"AP", b"M", b"F", b"MK"];

/// Both revisions, read once.
struct Pair<'p, 'a> {
    old: &'p Document<'a>,
    new: &'p Document<'a>,
    old_form: Form,
    new_form: Form,
    old_pages: Vec<Page>,
    new_pages: Vec<Page>,
    /// Objects of the proof store of the old revision.
    proof: BTreeSet<u32>,
}

pub(super) fn judge(
    old: &Document<'_>,
    new: &Document<'_>,
    changed: &[Changed],
    referrers: &Referrers,
) -> Result<Step> {
    let pair = Pair {
        old_form: Form::read(old)?,
        new_form: Form::read(new)?,
        old_pages: old.pages()?,
        new_pages: new.pages()?,
        proof: proof_objects(old)?,
        old,
        new,
    };
    let mut step = Step::harmless();
    let fits =
        catalog_fits(&pair, &mut step)? && form_fits(&pair, &mut step)? && pages_fit(&pair, &mut step)?;
    if !fits {
        return Ok(Step::other());
    }
    // The information dictionary is not shown on any page.
    if old.trailer().get(b"Info") != new.trailer().get(b"Info") {
        step.raise(Changes::Proof);
        step.warnings.insert(Warning::MetadataChanged);
    }
    for object in changed {
        let explained = explain(&pair, object, referrers, &mut step)?;
        if !explained {
            return Ok(Step::other());
        }
    }
    Ok(step)
}

/// Whether two dictionaries are equal but for some keys.
fn equal_but(old: &Dict, new: &Dict, but: &[&[u8]]) -> bool {
    let kept = |dict: &Dict, other: &Dict| {
        dict.entries
            .iter()
            .filter(|entry| !but.contains(&entry.key.as_slice()))
            .all(|entry| other.get(&entry.key) == Some(&entry.value))
    };
    kept(old, new) && kept(new, old)
}

fn catalog_fits(pair: &Pair<'_, '_>, step: &mut Step) -> Result<bool> {
    let (old, new) = (pair.old.root()?, pair.new.root()?);
    let purposes: [&[u8]; 5] = [b"AcroForm", b"DSS", b"Extensions", b"Metadata", b"Version"];
    if !equal_but(&old, &new, &purposes) {
        return Ok(false);
    }
    if old.get(b"Metadata") != new.get(b"Metadata") {
        step.raise(Changes::Proof);
        step.warnings.insert(Warning::MetadataChanged);
    }
    let (before, after) = (pair.old.dict(&old, b"DSS")?, pair.new.dict(&new, b"DSS")?);
    match (before, after) {
        (None, None) => Ok(true),
        (Some(_), None) => Ok(false),
        (None, Some(_)) => {
            step.raise(Changes::Proof);
            Ok(true)
        }
        (Some(before), Some(after)) => {
            if before != after {
                step.raise(Changes::Proof);
            }
            grown(pair, &before, &after, 0)
        }
    }
}

/// Entries and list items may be added, never taken away.
fn grown(pair: &Pair<'_, '_>, old: &Dict, new: &Dict, depth: usize) -> Result<bool> {
    for entry in &old.entries {
        let (before, after) = (pair.old.resolve(&entry.value)?, pair.new.value(new, &entry.key)?);
        let fits = match (before, after) {
            (Object::Array(before), Some(Object::Array(after))) => {
                before.iter().all(|item| after.contains(item))
            }
            (Object::Dict(before), Some(Object::Dict(after))) if depth < 3 => {
                grown(pair, &before, &after, depth + 1)?
            }
            (before, Some(after)) => pair.old.same(&before, pair.new, &after),
            (_, None) => false,
        };
        if !fits {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The proof store and its lists: objects whose growth `grown` has judged.
fn proof_objects(document: &Document<'_>) -> Result<BTreeSet<u32>> {
    let mut out = BTreeSet::new();
    let root = document.root()?;
    let mut open: Vec<(Object, usize)> = root.get(b"DSS").map(|dss| (dss.clone(), 0)).into_iter().collect();
    while let Some((object, depth)) = open.pop() {
        let resolved = document.resolve(&object)?;
        if matches!(resolved, Object::Dict(_) | Object::Array(_)) {
            out.extend(object.as_ref().map(|reference| reference.number));
        }
        if let (Object::Dict(dict), true) = (resolved, depth < 3) {
            open.extend(dict.entries.into_iter().map(|entry| (entry.value, depth + 1)));
        }
    }
    Ok(out)
}

fn form_fits(pair: &Pair<'_, '_>, step: &mut Step) -> Result<bool> {
    let (old, new) = (&pair.old_form, &pair.new_form);
    let mut free: Vec<&[u8]> = vec![b"Fields", b"SigFlags", b"DR"];
    if old.dict.get(b"DA").is_none() {
        free.push(b"DA");
    }
    if !equal_but(&old.dict, &new.dict, &free) {
        return Ok(false);
    }
    // Signing programs add their fonts to the form's resources; what was there must stay.
    let before = pair.old.dict(&old.dict, b"DR")?.unwrap_or_default();
    let after = pair.new.dict(&new.dict, b"DR")?.unwrap_or_default();
    if !grown(pair, &before, &after, 0)? {
        return Ok(false);
    }
    if before != after {
        step.raise(Changes::Proof);
    }
    let after: BTreeMap<Ref, &Field> = new.fields.iter().map(|field| (field.reference, field)).collect();
    for field in &old.fields {
        let Some(now) = after.get(&field.reference) else { return Ok(false) };
        if now.name != field.name || now.kind != field.kind || now.widgets != field.widgets {
            return Ok(false);
        }
    }
    let before: BTreeSet<Ref> = old.fields.iter().map(|field| field.reference).collect();
    for field in new.fields.iter().filter(|field| !before.contains(&field.reference)) {
        match new_signature(pair, field)? {
            Some(changes) => step.raise(changes),
            None => return Ok(false),
        }
    }
    Ok(true)
}

/// A new field must be a signature that is there, on new objects only.
fn new_signature(pair: &Pair<'_, '_>, field: &Field) -> Result<Option<Changes>> {
    let fresh = |number: u32| !pair.old.table.contains_key(&number);
    let Some(value) = field.value.as_ref().and_then(Object::as_ref) else { return Ok(None) };
    let own = field.is_signature()
        && fresh(field.reference.number)
        && fresh(value.number)
        && field.widgets.iter().all(|widget| fresh(widget.number));
    let Object::Dict(signature) = pair.new.fetch(value)?.object else { return Ok(None) };
    if pair.new.fetch(field.reference)?.object.as_dict().is_none_or(acts) {
        return Ok(None);
    }
    Ok(own.then(|| match signature.name(b"Type") {
        Some(b"DocTimeStamp") => Changes::Proof,
        _ => Changes::Signatures,
    }))
}

fn pages_fit(pair: &Pair<'_, '_>, step: &mut Step) -> Result<bool> {
    if pair.old_pages.len() != pair.new_pages.len() {
        return Ok(false);
    }
    let new_widgets: BTreeSet<Ref> = pair
        .new_form
        .fields
        .iter()
        .filter(|field| field.is_signed())
        .flat_map(|field| field.widgets.iter().copied())
        .filter(|widget| !pair.old.table.contains_key(&widget.number))
        .collect();
    for (before, after) in pair.old_pages.iter().zip(&pair.new_pages) {
        let same = before.reference == after.reference
            && before.rotate == after.rotate
            && before.visible.map(f64::to_bits) == after.visible.map(f64::to_bits)
            && equal_but(&before.dict, &after.dict, &[b"Annots"]);
        if !same {
            return Ok(false);
        }
        let (old_items, new_items) =
            (annotations(pair.old, &before.dict)?, annotations(pair.new, &after.dict)?);
        if !new_items.starts_with(&old_items) {
            return Ok(false);
        }
        for item in &new_items[old_items.len()..] {
            let Some(widget) = item.as_ref().filter(|widget| new_widgets.contains(widget)) else {
                return Ok(false);
            };
            let Object::Dict(dict) = pair.new.fetch(widget)?.object else { return Ok(false) };
            if dict.name(b"Subtype") != Some(b"Widget") || acts(&dict) {
                return Ok(false);
            }
            if covers_much(pair.new, after, &dict)? {
                step.warnings.insert(Warning::LargeMarkAfterwards);
            }
        }
    }
    Ok(true)
}

/// Whether a field or widget does something when it is touched or shown.
fn acts(dict: &Dict) -> bool {
    dict.get(b"A").is_some() || dict.get(b"AA").is_some()
}

fn annotations(document: &Document<'_>, page: &Dict) -> Result<Vec<Object>> {
    Ok(match document.value(page, b"Annots")? {
        Some(Object::Array(items)) => items,
        _ => Vec::new(),
    })
}

fn covers_much(document: &Document<'_>, page: &Page, widget: &Dict) -> Result<bool> {
    let [left, bottom, right, top] = document.rectangle(widget, b"Rect")?.unwrap_or_default();
    let size = page.size();
    let whole = (right - left) * (top - bottom);
    let covered = parts_area(document, widget)?.map_or(whole, |parts| parts.min(whole));
    Ok(covered > LARGE_MARK * size.width * size.height)
}

/// The area of an appearance that does nothing but show other forms in their places, as a seal with
/// number and date does: what lies between the forms stays as it was. `None` for any other appearance.
fn parts_area(document: &Document<'_>, widget: &Dict) -> Result<Option<f64>> {
    let Some(appearances) = document.dict(widget, b"AP")? else { return Ok(None) };
    let Some(Object::Stream(shown)) = document.value(&appearances, b"N")? else { return Ok(None) };
    let content = filter::decode(&shown.dict, document.stream_data(&shown), MAX_PARTS_CONTENT)?;
    let Ok(content) = std::str::from_utf8(&content) else { return Ok(None) };
    let resources = document.dict(&shown.dict, b"Resources")?.unwrap_or_default();
    let forms = document.dict(&resources, b"XObject")?.unwrap_or_default();
    let mut area = 0.0;
    for line in content.lines() {
        // Exactly one form a line, moved and not enlarged.
        let words: Vec<&str> = line.split_ascii_whitespace().collect();
        let ["q", "1", "0", "0", "1", _, _, "cm", name, "Do", "Q"] = words.as_slice() else {
            return Ok(None);
        };
        let name = name.trim_start_matches('/').as_bytes();
        let Some(Object::Stream(form)) = document.value(&forms, name)? else { return Ok(None) };
        if form.dict.name(b"Subtype") != Some(b"Form") {
            return Ok(None);
        }
        let [left, bottom, right, top] = document.rectangle(&form.dict, b"BBox")?.unwrap_or_default();
        area += (right - left) * (top - bottom);
    }
    Ok((area > 0.0).then_some(area))
}

/// Whether a changed object has a role in which this change is allowed.
fn explain(pair: &Pair<'_, '_>, changed: &Changed, referrers: &Referrers, step: &mut Step) -> Result<bool> {
    let number = changed.number;
    let from = referrers.get(&number);
    let only_from =
        |allowed: &dyn Fn(u32) -> bool| from.is_some_and(|from| from.iter().all(|from| allowed(*from)));
    let root = pair.old.root_ref().map(|root| root.number);
    if let (Object::Dict(old), Object::Dict(new)) = (&changed.old, &changed.new) {
        // Catalog, pages and form were compared key by key above.
        if Some(number) == root || pair.old_pages.iter().any(|page| page.reference.number == number) {
            return Ok(true);
        }
        if is_value_of(&pair.old.root()?, b"AcroForm", number) && only_from(&|from| Some(from) == root) {
            return Ok(true);
        }
        if let Some(changes) = field_change(pair, number, old, new) {
            step.raise(changes);
            if changes == Changes::FormFilled {
                step.warnings.insert(Warning::FormFieldChanged);
            }
            return Ok(true);
        }
        if pair.old.trailer().get(b"Info").and_then(Object::as_ref).is_some_and(|info| info.number == number)
            && only_from(&|from| from == 0)
        {
            step.raise(Changes::Proof);
            step.warnings.insert(Warning::MetadataChanged);
            return Ok(true);
        }
    }
    if pair.proof.contains(&number) {
        step.raise(Changes::Proof);
        return Ok(only_from(&|from| Some(from) == root || pair.proof.contains(&from)));
    }
    if let (Object::Array(_), Object::Array(_)) = (&changed.old, &changed.new) {
        return Ok(from.is_some_and(|from| list_fits(pair, number, from)));
    }
    if let (Object::Stream(old), Object::Stream(new)) = (&changed.old, &changed.new) {
        let named =
            |kind: &[u8]| old.dict.name(b"Type") == Some(kind) && new.dict.name(b"Type") == Some(kind);
        if named(b"XRef") {
            return Ok(!referrers.contains_key(&number));
        }
        if named(b"Metadata") && is_value_of(&pair.old.root()?, b"Metadata", number) {
            step.raise(Changes::Proof);
            step.warnings.insert(Warning::MetadataChanged);
            return Ok(only_from(&|from| Some(from) == root));
        }
    }
    Ok(false)
}

fn is_value_of(dict: &Dict, key: &[u8], number: u32) -> bool {
    dict.get(key).and_then(Object::as_ref).is_some_and(|reference| reference.number == number)
}

/// Lists of annotations and of fields were compared above; here they must have no second use.
fn list_fits(pair: &Pair<'_, '_>, number: u32, from: &BTreeSet<u32>) -> bool {
    let lists_of = |key: &[u8]| {
        let pages: BTreeSet<u32> = pair
            .old_pages
            .iter()
            .filter(|page| is_value_of(&page.dict, key, number))
            .map(|page| page.reference.number)
            .collect();
        pages
    };
    let annotated = lists_of(b"Annots");
    if !annotated.is_empty() {
        return lists_of(b"Contents").is_empty() && from.is_subset(&annotated);
    }
    is_value_of(&pair.old_form.dict, b"Fields", number)
        && from.iter().all(|from| {
            pair.old_form_number() == Some(*from)
                || pair.old.root_ref().is_some_and(|root| root.number == *from)
        })
}

impl Pair<'_, '_> {
    fn old_form_number(&self) -> Option<u32> {
        let root = self.old.root().ok()?;
        root.get(b"AcroForm").and_then(Object::as_ref).map(|form| form.number)
    }
}

/// A changed field or widget: an empty signature field that was signed, or a value filled in.
fn field_change(pair: &Pair<'_, '_>, number: u32, old: &Dict, new: &Dict) -> Option<Changes> {
    let belongs = |field: &&Field| {
        field.reference.number == number || field.widgets.iter().any(|widget| widget.number == number)
    };
    let field = pair.old_form.fields.iter().find(belongs)?;
    if field.is_signature() {
        let now = pair.new_form.fields.iter().find(belongs)?;
        let signed = !field.is_signed() && now.is_signed() && equal_but(old, new, &SIGNING);
        return signed.then_some(Changes::Signatures);
    }
    // Appearances changed in place are not explained here and count as other changes.
    equal_but(old, new, &FILLING).then_some(Changes::FormFilled)
}
