//! In what money a sheet tells its amounts, by the words of its headings.

use rust_decimal::Decimal;

/// In what money is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scale {
    #[default]
    One,
    Thousand,
    TenThousand,
    HundredThousand,
    Million,
    TenMillion,
    HundredMillion,
    /// In words that are not known, or that contradict each other.
    Unclear,
}

/// What stands before 元, the longer ones first.
const SCALES: [(&str, Scale); 6] = [
    ("十万", Scale::HundredThousand),
    ("百万", Scale::Million),
    ("千万", Scale::TenMillion),
    ("千", Scale::Thousand),
    ("万", Scale::TenThousand),
    ("亿", Scale::HundredMillion),
];

impl Scale {
    /// A unit by itself: 元, 万元, 万.
    pub fn named(unit: &str) -> Option<Scale> {
        match unit.strip_suffix('元') {
            Some("") => Some(Scale::One),
            bare => {
                let bare = bare.unwrap_or(unit);
                SCALES.iter().find(|(name, _)| *name == bare).map(|(_, scale)| *scale)
            }
        }
    }

    /// How many 元 one is.
    pub fn factor(self) -> Option<Decimal> {
        let zeros = match self {
            Scale::One => 0,
            Scale::Thousand => 3,
            Scale::TenThousand => 4,
            Scale::HundredThousand => 5,
            Scale::Million => 6,
            Scale::TenMillion => 7,
            Scale::HundredMillion => 8,
            Scale::Unclear => return None,
        };
        Some(Decimal::from(10_u64.pow(zeros)))
    }

    /// What a heading says: 涉及资金(万), 金额（单位：千元）, 资金亿元.
    pub fn of_heading(text: &str) -> Option<Scale> {
        one_of_all(pieces(text).filter_map(|piece| {
            if let Some(scale) = Scale::named(piece) {
                return Some(scale);
            }
            let is_foreign = ["美元", "欧元", "日元", "港元"].iter().any(|name| piece.contains(name));
            let amount = piece.strip_suffix('元').filter(|_| !is_foreign);
            let Some(amount) = amount else {
                return (is_foreign || piece.contains(['千', '万', '亿'])).then_some(Scale::Unclear);
            };
            let known = SCALES.iter().find(|(name, _)| amount.ends_with(name));
            // 涉及资金元 is in 元, W元 is in nobody knows what.
            let otherwise = if amount.chars().count() > 1 { Scale::One } else { Scale::Unclear };
            Some(known.map_or(otherwise, |(_, scale)| *scale))
        }))
    }

    /// What a line above the header says: 单位：万元.
    pub fn of_title(text: &str) -> Option<Scale> {
        one_of_all(pieces(text).filter_map(Scale::named))
    }
}

/// The words between punctuation, without 单位 and the like before them.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    const BEFORE: [&str; 5] = ["金额", "资金", "货币", "单位", "人民币"];
    text.split(|c: char| !c.is_alphanumeric())
        .map(|piece| BEFORE.iter().fold(piece, |piece, before| piece.strip_prefix(before).unwrap_or(piece)))
}

/// What all of them say.
pub fn one_of_all(mut scales: impl Iterator<Item = Scale>) -> Option<Scale> {
    let first = scales.next()?;
    Some(if scales.all(|scale| scale == first) { first } else { Scale::Unclear })
}
