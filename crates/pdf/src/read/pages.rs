//! The page tree: walked whole, with inheritance, and refused when broken.

use super::Document;
use crate::error::{Error, Result};
use crate::object::{Dict, Object, Ref};
use std::collections::BTreeSet;

const MAX_PAGES: usize = 20_000;
const MAX_TREE_DEPTH: usize = 32;

/// Width and height of a page as it is seen, in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PageSize {
    pub width: f64,
    pub height: f64,
}

/// A page with what it inherits.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    pub(crate) reference: Ref,
    pub(crate) dict: Dict,
    /// The visible box: left, bottom, right, top in user space.
    pub(crate) visible: [f64; 4],
    /// Clockwise turn for viewing: 0, 90, 180 or 270.
    pub(crate) rotate: u16,
}

#[derive(Debug, Clone, Copy, Default)]
struct Inherited {
    media: Option<[f64; 4]>,
    crop: Option<[f64; 4]>,
    rotate: i64,
}

impl Page {
    /// Size as seen.
    pub(crate) fn size(&self) -> PageSize {
        let [left, bottom, right, top] = self.visible;
        let (width, height) = (right - left, top - bottom);
        if self.rotate % 180 == 90 {
            PageSize { width: height, height: width }
        } else {
            PageSize { width, height }
        }
    }
}

impl Document<'_> {
    /// How many pages the page tree holds.
    pub fn page_count(&self) -> Result<usize> {
        Ok(self.pages()?.len())
    }

    /// Size of every page as it is seen, in points.
    pub fn page_sizes(&self) -> Result<Vec<PageSize>> {
        Ok(self.pages()?.iter().map(Page::size).collect())
    }

    pub(crate) fn pages(&self) -> Result<Vec<Page>> {
        let root = self.root()?;
        let tree = root
            .get(b"Pages")
            .and_then(Object::as_ref)
            .ok_or_else(|| Error::object("Root", "has no page tree"))?;
        let mut pages = Vec::new();
        let mut visited = BTreeSet::new();
        self.walk(tree, Inherited::default(), 0, &mut visited, &mut pages)?;
        if pages.is_empty() {
            return Err(Error::object("Pages", "holds no page"));
        }
        let top = self.fetch(tree)?.object;
        let count = match top.as_dict() {
            Some(dict) => self.value(dict, b"Count")?.and_then(|count| count.as_int()),
            None => None,
        };
        if count != Some(pages.len() as i64) {
            return Err(Error::object("Pages", "counts other pages than it holds"));
        }
        Ok(pages)
    }

    fn walk(
        &self,
        node: Ref,
        mut inherited: Inherited,
        depth: usize,
        visited: &mut BTreeSet<Ref>,
        pages: &mut Vec<Page>,
    ) -> Result<()> {
        if depth > MAX_TREE_DEPTH || pages.len() >= MAX_PAGES {
            return Err(Error::Limit("the page tree is too large"));
        }
        if !visited.insert(node) {
            return Err(Error::object(node.number, "stands twice in the page tree"));
        }
        let Object::Dict(dict) = self.fetch(node)?.object else {
            return Err(Error::object(node.number, "is not a page"));
        };
        inherited.media = self.rectangle(&dict, b"MediaBox")?.or(inherited.media);
        inherited.crop = self.rectangle(&dict, b"CropBox")?.or(inherited.crop);
        if let Some(rotate) = self.value(&dict, b"Rotate")? {
            inherited.rotate =
                rotate.as_int().ok_or_else(|| Error::object(node.number, "has a malformed Rotate"))?;
        }
        let kids = self.value(&dict, b"Kids")?;
        let kind = self.value(&dict, b"Type")?;
        match (kind.as_ref().and_then(Object::as_name), kids) {
            (Some(b"Page"), None) => pages.push(page(node, dict, inherited)?),
            (Some(b"Pages"), Some(Object::Array(kids))) => {
                for kid in &kids {
                    let kid = kid
                        .as_ref()
                        .ok_or_else(|| Error::object(node.number, "has a kid that is not a reference"))?;
                    self.walk(kid, inherited, depth + 1, visited, pages)?;
                }
            }
            _ => return Err(Error::object(node.number, "is neither a page nor a page tree")),
        }
        Ok(())
    }

    /// A rectangle under a key, its corners put in order.
    pub(crate) fn rectangle(&self, dict: &Dict, key: &[u8]) -> Result<Option<[f64; 4]>> {
        let Some(value) = self.value(dict, key)? else { return Ok(None) };
        let wrong = || Error::object(String::from_utf8_lossy(key), "is not a rectangle");
        let items = value.as_array().ok_or_else(wrong)?;
        let mut corners = [0.0; 4];
        if items.len() != 4 {
            return Err(wrong());
        }
        for (corner, item) in corners.iter_mut().zip(items) {
            *corner = self.resolve(item)?.as_number().filter(|n| n.is_finite()).ok_or_else(wrong)?;
        }
        let [a, b, c, d] = corners;
        Ok(Some([a.min(c), b.min(d), a.max(c), b.max(d)]))
    }
}

fn page(reference: Ref, dict: Dict, inherited: Inherited) -> Result<Page> {
    let media =
        inherited.media.ok_or_else(|| Error::object(reference.number, "is a page without MediaBox"))?;
    let crop = inherited.crop.unwrap_or(media);
    let visible =
        [media[0].max(crop[0]), media[1].max(crop[1]), media[2].min(crop[2]), media[3].min(crop[3])];
    let (width, height) = (visible[2] - visible[0], visible[3] - visible[1]);
    if !(1.0..=200_000.0).contains(&width) || !(1.0..=200_000.0).contains(&height) {
        return Err(Error::object(reference.number, "is a page without a usable size"));
    }
    if inherited.rotate % 90 != 0 {
        return Err(Error::object(reference.number, "has a Rotate that is not a quarter turn"));
    }
    Ok(Page { reference, dict, visible, rotate: inherited.rotate.rem_euclid(360) as u16 })
}
