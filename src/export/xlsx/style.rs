//! How cells look.

use crate::model::deadline::Light;
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

/// The number of the format under which digits and formulas stay text, also when they are edited.
pub const TEXT: u8 = 49;

/// The character set of GB 2312.
const CHINESE: u8 = 134;

pub struct Styles {
    pub header: Format,
    pub text: Format,
    pub light: Format,
    pub day: Format,
    pub percent: Format,
    /// By decimals.
    pub numbers: Vec<Format>,
}

impl Styles {
    pub fn new() -> Styles {
        let cell = font("宋体", 10).set_border(FormatBorder::Thin).set_align(FormatAlign::VerticalCenter);
        let text = cell.clone().set_text_wrap().set_num_format_index(TEXT);
        let centred = cell.set_align(FormatAlign::Center);
        let number = |decimals: usize| match decimals {
            0 => centred.clone().set_num_format("0"),
            _ => centred.clone().set_num_format(format!("0.{}", "0".repeat(decimals))),
        };
        Styles {
            header: centred.clone().set_bold().set_text_wrap().set_background_color(Color::RGB(0xE7E6E6)),
            light: centred.clone().set_num_format_index(TEXT),
            day: centred.clone().set_num_format("yyyy-mm-dd"),
            percent: centred.clone().set_num_format("0.0%"),
            numbers: (0..=6).map(number).collect(),
            text,
        }
    }
}

pub fn font(name: &str, size: u8) -> Format {
    Format::new().set_font_name(name).set_font_size(size).set_font_charset(CHINESE)
}

/// The colours of a light.
pub fn lamp(light: Light) -> Format {
    let (back, ink) = match light {
        Light::Green => (0xC6EFCE, 0x006100),
        Light::Blue => (0xBDD7EE, 0x1F4E79),
        Light::Yellow => (0xFFEB9C, 0x7F6000),
        Light::Red => (0xFF9999, 0x9C0006),
        Light::DarkRed => (0x9C0006, 0xFFFFFF),
    };
    Format::new().set_background_color(Color::RGB(back)).set_font_color(Color::RGB(ink))
}
