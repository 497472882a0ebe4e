//! The cells of a row, one after the other in one text: a file has very many of them.

/// Values by position.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values {
    text: String,
    /// Where each value ends.
    ends: Vec<u32>,
}

impl Values {
    /// `bytes` is a guess at how long the row is.
    pub fn with_capacity(width: usize, bytes: usize) -> Values {
        Values { text: String::with_capacity(bytes), ends: Vec::with_capacity(width) }
    }

    pub fn push(&mut self, value: &str) {
        self.text.push_str(value);
        self.ends.push(self.text.len() as u32);
    }

    pub fn get(&self, at: usize) -> &str {
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.text[start as usize..self.ends[at] as usize]
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len()).map(|at| self.get(at))
    }

    pub fn shrink_to_fit(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}
