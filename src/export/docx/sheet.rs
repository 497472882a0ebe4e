//! A4 with the margins of the standard, upright or turned by a quarter.

/// How a page lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sheet {
    Upright,
    Across,
}

/// Twentieths of a point.
struct Measures {
    size: (u32, u32),
    top: u32,
    right: u32,
    bottom: u32,
    left: u32,
    /// From the edge of the page to the foot of the page number, which stands 7 mm below the text.
    footer: u32,
}

/// 天头 37 mm, 订口 28 mm, text block 156 × 225 mm.
const UPRIGHT: Measures =
    Measures { size: (11906, 16838), top: 2098, right: 1470, bottom: 1984, left: 1587, footer: 1389 };

/// The same page turned: the heads of its tables are at 订口.
const ACROSS: Measures =
    Measures { size: (16838, 11906), top: 1587, right: 2098, bottom: 1474, left: 1984, footer: 879 };

impl Sheet {
    fn measures(self) -> &'static Measures {
        match self {
            Sheet::Upright => &UPRIGHT,
            Sheet::Across => &ACROSS,
        }
    }

    /// Width of the text in twentieths of a point.
    pub fn width(self) -> usize {
        let page = self.measures();
        (page.size.0 - page.left - page.right) as usize
    }

    /// Half-widths of a Chinese character of that size in a line.
    pub fn half_widths(self, points: f32) -> usize {
        (self.width() as f32 / (points * 10.0)) as usize
    }

    /// What Word knows of a section: 22 lines on an upright page, for a grid of characters is drawn by each program in its own way.
    pub fn section(self) -> String {
        let Measures { size: (width, height), top, right, bottom, left, footer } = self.measures();
        let turned = if self == Sheet::Across { " w:orient=\"landscape\"" } else { "" };
        format!(
            "<w:sectPr><w:footerReference w:type=\"default\" r:id=\"rId3\"/>\
             <w:footerReference w:type=\"even\" r:id=\"rId4\"/><w:type w:val=\"nextPage\"/>\
             <w:pgSz w:w=\"{width}\" w:h=\"{height}\"{turned}/>\
             <w:pgMar w:top=\"{top}\" w:right=\"{right}\" w:bottom=\"{bottom}\" w:left=\"{left}\" \
             w:header=\"851\" w:footer=\"{footer}\" w:gutter=\"0\"/>\
             <w:docGrid w:type=\"lines\" w:linePitch=\"579\"/></w:sectPr>"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_block_has_the_size_of_the_standard() {
        let millimetres = |twips: u32| f64::from(twips) / 1440.0 * 25.4;
        for (page, width, height) in [(&UPRIGHT, 156.0, 225.0), (&ACROSS, 225.0, 156.0)] {
            assert!((millimetres(page.size.0 - page.left - page.right) - width).abs() < 0.1);
            assert!((millimetres(page.size.1 - page.top - page.bottom) - height).abs() < 0.1);
        }
        assert!(
            (millimetres(UPRIGHT.top) - 37.0).abs() < 0.1 && (millimetres(UPRIGHT.left) - 28.0).abs() < 0.1
        );
    }
}
