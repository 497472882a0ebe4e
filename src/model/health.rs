//! How a clone and its workspace are, item by item.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    Good,
    /// Works, with something to know.
    Caution,
    Bad,
}

impl Health {
    pub fn label(self) -> &'static str {
        match self {
            Health::Good => "好",
            Health::Caution => "注意",
            Health::Bad => "有问题",
        }
    }
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examined {
    pub item: String,
    pub health: Health,
    /// What was seen, and what to run.
    pub words: String,
}

impl Examined {
    pub fn new(item: impl Into<String>, health: Health, words: impl Into<String>) -> Examined {
        Examined { item: item.into(), health, words: words.into() }
    }
}
