//! Electronic identifiers of agencies, in the two orders that are both in live data: QCVN 102:2016
//! (lowest level left) and Decision 20/2020 (highest level left).

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{is_capitals_or_figures, text_code};

/// The identifier of a state agency: `H56.15.3`, or in the older order `000.00.15.H56`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AgencyCode {
    text: String,
    order: AgencyOrder,
}

/// Which of the two orders a code is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AgencyOrder {
    /// `V1V2V3.Z1Z2.Y1Y2.MX1X2`, lowest level left, zeros where a level is unused.
    LowestLeft,
    /// `MX1X2.…`, highest level left, only the levels used.
    HighestLeft,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadAgencyCode {
    #[error("chưa có mã cơ quan")]
    Empty,
    #[error("mã cơ quan “{text}” dài quá {max} ký tự", max = MAX_CHARS)]
    TooLong { text: String },
    #[error("mã cơ quan “{text}” có nhóm trống hoặc có ký tự ngoài A–Z, 0–9")]
    BadGroup { text: String },
    #[error("mã cơ quan “{text}” không có mã bộ hoặc tỉnh (một chữ cái A–Y và hai chữ số)")]
    NoTop { text: String },
}

// law: QD20-2020-TTg/4
const MAX_CHARS: usize = 35;

text_code!(AgencyCode, BadAgencyCode);

impl FromStr for AgencyCode {
    type Err = BadAgencyCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim().to_ascii_uppercase();
        if text.is_empty() {
            return Err(BadAgencyCode::Empty);
        }
        if text.chars().count() > MAX_CHARS {
            return Err(BadAgencyCode::TooLong { text: text.chars().take(MAX_CHARS).collect() });
        }
        let groups: Vec<&str> = text.split('.').collect();
        if !groups.iter().all(|group| is_capitals_or_figures(group)) {
            return Err(BadAgencyCode::BadGroup { text });
        }
        let sizes: Vec<usize> = groups.iter().map(|group| group.len()).collect();
        let order = match (groups.first(), groups.last()) {
            (Some(first), _) if is_top(first) => AgencyOrder::HighestLeft,
            (_, Some(last)) if sizes == [3, 2, 2, 3] && is_top(last) => AgencyOrder::LowestLeft,
            _ => return Err(BadAgencyCode::NoTop { text }),
        };
        Ok(Self { text, order })
    }
}

/// A ministry or province: a letter A–Y and two figures. Z is for those who are no state agency.
fn is_top(group: &str) -> bool {
    matches!(group.as_bytes(), [b'A'..=b'Y', b'0'..=b'9', b'0'..=b'9'])
}

impl AgencyCode {
    pub fn order(&self) -> AgencyOrder {
        self.order
    }

    /// The groups in use, highest level first: ministry or province, department or commune, …
    pub fn levels(&self) -> Vec<&str> {
        let mut groups: Vec<&str> = self.text.split('.').collect();
        if self.order == AgencyOrder::LowestLeft {
            groups.reverse();
            while groups.len() > 1 && groups.last().is_some_and(|group| is_zeros(group)) {
                groups.pop();
            }
        }
        groups
    }

    /// The ministry or province.
    pub fn top(&self) -> &str {
        match self.order {
            AgencyOrder::LowestLeft => self.text.rsplit('.').next().unwrap_or_default(),
            AgencyOrder::HighestLeft => self.text.split('.').next().unwrap_or_default(),
        }
    }

    /// The same groups written highest level left. This is the shape of the code, not a register:
    /// which code an agency really has in the other order stands in the data of units.
    #[must_use]
    pub fn highest_left(&self) -> Self {
        Self { text: self.levels().join("."), order: AgencyOrder::HighestLeft }
    }

    /// The same groups written lowest level left, `None` where that order has no room for them (more
    /// than four levels, or a group too long: communes since 2025 have three figures at level two).
    pub fn lowest_left(&self) -> Option<Self> {
        let levels = self.levels();
        if levels.len() > 4 {
            return None;
        }
        let mut groups = Vec::new();
        for (at, width) in [(3, 3), (2, 2), (1, 2)] {
            let group = levels.get(at).copied().unwrap_or("0");
            if group.len() > width {
                return None;
            }
            groups.push(format!("{group:0>width$}"));
        }
        groups.push((*levels.first()?).to_owned());
        Some(Self { text: groups.join("."), order: AgencyOrder::LowestLeft })
    }

    /// Whether the two codes have the same groups, whatever their order and leading zeros.
    pub fn mirrors(&self, other: &Self) -> bool {
        let bare = |code: &Self| -> Vec<String> {
            code.levels().iter().map(|group| group.trim_start_matches('0').to_owned()).collect()
        };
        bare(self) == bare(other)
    }

    /// Whether `other` is this agency or stands below it.
    pub fn is_above(&self, other: &Self) -> bool {
        other.levels().starts_with(&self.levels())
    }
}

fn is_zeros(group: &str) -> bool {
    group.bytes().all(|b| b == b'0')
}

#[cfg(test)]
mod tests {
    use super::{AgencyCode, AgencyOrder, BadAgencyCode};

    fn code(text: &str) -> AgencyCode {
        text.parse().expect("a code of the test")
    }

    #[test]
    fn both_orders_are_read() {
        for (text, order, levels) in [
            ("000.00.00.H04", AgencyOrder::LowestLeft, vec!["H04"]),
            ("000.00.15.H56", AgencyOrder::LowestLeft, vec!["H56", "15"]),
            ("001.00.15.H56", AgencyOrder::LowestLeft, vec!["H56", "15", "00", "001"]),
            ("H56.15.3", AgencyOrder::HighestLeft, vec!["H56", "15", "3"]),
            ("H21.227", AgencyOrder::HighestLeft, vec!["H21", "227"]),
            ("G22", AgencyOrder::HighestLeft, vec!["G22"]),
            (" h56.15.3 ", AgencyOrder::HighestLeft, vec!["H56", "15", "3"]),
        ] {
            let code = code(text);
            assert_eq!((code.order(), code.levels()), (order, levels), "{text}");
            assert_eq!(code.top(), code.levels()[0]);
        }
    }

    #[test]
    fn what_is_no_agency_code_says_why() {
        let long = format!("H56.{}", "1".repeat(32));
        for (text, fault) in [
            ("", BadAgencyCode::Empty),
            (long.as_str(), BadAgencyCode::TooLong { text: long[..35].to_owned() }),
            ("H56..3", BadAgencyCode::BadGroup { text: "H56..3".to_owned() }),
            ("H56.Đ", BadAgencyCode::BadGroup { text: "H56.Đ".to_owned() }),
            ("Z01.123", BadAgencyCode::NoTop { text: "Z01.123".to_owned() }),
            ("0100109106", BadAgencyCode::NoTop { text: "0100109106".to_owned() }),
            ("00.00.15.H56", BadAgencyCode::NoTop { text: "00.00.15.H56".to_owned() }),
        ] {
            assert_eq!(text.parse::<AgencyCode>(), Err(fault), "{text}");
        }
        assert!(format!("H56.{}", "1".repeat(31)).parse::<AgencyCode>().is_ok());
    }

    #[test]
    fn codes_turn_round_where_the_older_order_has_room() {
        for (old, new) in
            [("000.00.00.H04", "H04"), ("000.00.15.H56", "H56.15"), ("001.02.15.H56", "H56.15.02.001")]
        {
            assert_eq!(code(old).highest_left(), code(new));
            assert_eq!(code(new).lowest_left(), Some(code(old)));
        }
        assert_eq!(code("H56.15.3").lowest_left(), Some(code("000.03.15.H56")));
        assert!(code("H56.15.3").mirrors(&code("000.03.15.H56")));
        assert!(!code("H56.15.3").mirrors(&code("000.03.16.H56")));
        assert_eq!(code("H21.227").lowest_left(), None);
        assert_eq!(code("H21.1.2.3.4").lowest_left(), None);
    }

    #[test]
    fn a_province_stands_above_its_communes() {
        assert!(code("H56").is_above(&code("H56.15.3")));
        assert!(code("000.00.00.H56").is_above(&code("H56.15")));
        assert!(!code("H56.15").is_above(&code("H56.1")));
        assert!(!code("H56.15").is_above(&code("H56")));
    }
}
