//! Quarter turns and boxes: the two things that tie a reading to the page as the officer sees it.

use serde::{Deserialize, Serialize};

/// `[x0, y0, x1, y1]` in pixels of the turned page, x to the right, y down; x1 and y1 are outside.
pub type Rect = [u32; 4];

/// How far the stored picture must be turned clockwise to stand upright.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    #[default]
    None,
    Right,
    Half,
    Left,
}

impl Turn {
    pub const ALL: [Self; 4] = [Self::None, Self::Right, Self::Half, Self::Left];

    pub fn degrees(self) -> u32 {
        match self {
            Self::None => 0,
            Self::Right => 90,
            Self::Half => 180,
            Self::Left => 270,
        }
    }

    /// The turn of any whole number of degrees that is a multiple of 90; `None` for the others.
    pub fn from_degrees(degrees: i32) -> Option<Self> {
        match degrees.rem_euclid(360) {
            0 => Some(Self::None),
            90 => Some(Self::Right),
            180 => Some(Self::Half),
            270 => Some(Self::Left),
            _ => None,
        }
    }

    /// This turn, and then `next`.
    #[must_use]
    pub fn then(self, next: Self) -> Self {
        match (self.degrees() + next.degrees()) % 360 {
            90 => Self::Right,
            180 => Self::Half,
            270 => Self::Left,
            _ => Self::None,
        }
    }

    /// The size of a picture of `width` × `height` after the turn.
    pub fn size(self, width: u32, height: u32) -> (u32, u32) {
        match self {
            Self::None | Self::Half => (width, height),
            Self::Right | Self::Left => (height, width),
        }
    }
}

/// The smallest box around two.
pub fn union(a: Rect, b: Rect) -> Rect {
    [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
}

#[cfg(test)]
mod tests {
    use super::Turn;

    #[test]
    fn turns_add_up() {
        assert_eq!(Turn::Right.then(Turn::Right), Turn::Half);
        assert_eq!(Turn::Left.then(Turn::Right), Turn::None);
        assert_eq!(Turn::from_degrees(-90), Some(Turn::Left));
        assert_eq!(Turn::from_degrees(45), None);
        assert_eq!(Turn::Left.size(3, 5), (5, 3));
    }
}
