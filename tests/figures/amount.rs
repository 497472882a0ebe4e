//! A figure, and comparing figures as fractions, so that nothing is rounded before it is shown.

/// What a measure came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// So many of so many.
    Share(i64, i64),
    /// In hundredths.
    Number(i64),
}

/// `>=`, `<=`, `>`, `<`, `=`, as plans write them.
pub type Op = &'static str;

/// Numerator and positive denominator.
#[derive(Debug, Clone, Copy)]
pub struct Fraction(pub i128, pub i128);

impl Figure {
    pub fn count(count: usize) -> Figure {
        Figure::Number(count as i64 * 100)
    }

    pub fn share(part: usize, whole: usize) -> Option<Figure> {
        if whole == 0 { None } else { Some(Figure::Share(part as i64, whole as i64)) }
    }

    /// In percent where it is a share.
    pub fn amount(self) -> Fraction {
        match self {
            Figure::Share(part, whole) => Fraction(i128::from(part) * 100, whole.into()),
            Figure::Number(hundredths) => Fraction(hundredths.into(), 100),
        }
    }

    /// Whether it reaches a goal, which is given in hundredths.
    pub fn meets(self, op: Op, goal: i64) -> bool {
        let order = self.amount().compared(Fraction(goal.into(), 100));
        match op {
            ">=" => order.is_ge(),
            "<=" => order.is_le(),
            ">" => order.is_gt(),
            "<" => order.is_lt(),
            _ => order.is_eq(),
        }
    }

    pub fn told(self) -> String {
        match self {
            Figure::Share(part, whole) => format!("{part}/{whole}"),
            Figure::Number(_) => self.amount().told(),
        }
    }
}

impl Fraction {
    pub fn compared(self, other: Fraction) -> std::cmp::Ordering {
        (self.0 * other.1).cmp(&(other.0 * self.1))
    }

    pub fn minus(self, other: Fraction) -> Fraction {
        Fraction(self.0 * other.1 - other.0 * self.1, self.1 * other.1)
    }

    /// To two decimals, half away from zero.
    pub fn told(self) -> String {
        let hundredths = (self.0.abs() * 200 + self.1) / (self.1 * 2);
        let sign = if self.0 < 0 && hundredths > 0 { "-" } else { "" };
        format!("{sign}{}.{:02}", hundredths / 100, hundredths % 100)
    }
}

/// A number of the program's JSON in the same form.
pub fn told(number: f64) -> String {
    let text = format!("{number:.2}");
    if text == "-0.00" { "0.00".to_owned() } else { text }
}
