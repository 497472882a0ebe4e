//! TOML's native dates as `NaiveDate`.

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, de::Error};
use toml::value::Datetime;

pub fn required<'de, D: Deserializer<'de>>(from: D) -> Result<NaiveDate, D::Error> {
    day(Datetime::deserialize(from)?)
}

pub fn optional<'de, D: Deserializer<'de>>(from: D) -> Result<Option<NaiveDate>, D::Error> {
    required(from).map(Some)
}

pub fn list<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<NaiveDate>, D::Error> {
    Vec::<Datetime>::deserialize(from)?.into_iter().map(day).collect()
}

fn day<E: Error>(value: Datetime) -> Result<NaiveDate, E> {
    let date = value.date.filter(|_| value.time.is_none());
    date.and_then(|d| NaiveDate::from_ymd_opt(d.year.into(), d.month.into(), d.day.into()))
        .ok_or_else(|| E::custom("日期只写年月日，如 2025-09-30"))
}
