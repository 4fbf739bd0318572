//! Values of Parquet as text, by the logical type of their column.

use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type as Physical};
use parquet::data_type::{ByteArray, FixedLenByteArray, Int96};
use parquet::schema::types::ColumnDescriptor;

use crate::extract::words::{self, Unit};

/// What the values of a column are to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing that a detector could look for: truth values, spans of time, shapes on a map.
    Silent,
    Text,
    /// Bytes without a meaning: text where they read as such.
    Blob,
    Number,
    Unsigned,
    Decimal(i32),
    Date,
    Time(Unit),
    Timestamp(Unit, bool),
    Half,
    Uuid,
    Bson,
}

fn unit(unit: &TimeUnit) -> Unit {
    match unit {
        TimeUnit::MILLIS => Unit::Milli,
        TimeUnit::MICROS => Unit::Micro,
        TimeUnit::NANOS => Unit::Nano,
    }
}

/// By the logical type, else by the converted type that older writers know, else by how it is stored.
pub(super) fn kind(column: &ColumnDescriptor) -> Kind {
    match column.logical_type_ref() {
        Some(LogicalType::String | LogicalType::Enum | LogicalType::Json) => return Kind::Text,
        Some(LogicalType::Decimal(decimal)) => return Kind::Decimal(decimal.scale),
        Some(LogicalType::Date) => return Kind::Date,
        Some(LogicalType::Time(time)) => return Kind::Time(unit(&time.unit)),
        Some(LogicalType::Timestamp(time)) => {
            return Kind::Timestamp(unit(&time.unit), time.is_adjusted_to_u_t_c);
        }
        Some(LogicalType::Integer(int)) if !int.is_signed => return Kind::Unsigned,
        Some(LogicalType::Uuid) => return Kind::Uuid,
        Some(LogicalType::Float16) => return Kind::Half,
        Some(LogicalType::Bson) => return Kind::Bson,
        Some(LogicalType::Geometry(_) | LogicalType::Geography(_)) => return Kind::Silent,
        _ => {}
    }
    match column.converted_type() {
        ConvertedType::UTF8 | ConvertedType::ENUM | ConvertedType::JSON => Kind::Text,
        ConvertedType::DECIMAL => Kind::Decimal(column.type_scale()),
        ConvertedType::DATE => Kind::Date,
        ConvertedType::TIME_MILLIS => Kind::Time(Unit::Milli),
        ConvertedType::TIME_MICROS => Kind::Time(Unit::Micro),
        ConvertedType::TIMESTAMP_MILLIS => Kind::Timestamp(Unit::Milli, true),
        ConvertedType::TIMESTAMP_MICROS => Kind::Timestamp(Unit::Micro, true),
        ConvertedType::UINT_8
        | ConvertedType::UINT_16
        | ConvertedType::UINT_32
        | ConvertedType::UINT_64 => Kind::Unsigned,
        ConvertedType::BSON => Kind::Bson,
        ConvertedType::INTERVAL => Kind::Silent,
        _ => match column.physical_type() {
            Physical::BOOLEAN => Kind::Silent,
            Physical::INT96 => Kind::Timestamp(Unit::Nano, false),
            Physical::BYTE_ARRAY | Physical::FIXED_LEN_BYTE_ARRAY => Kind::Blob,
            _ => Kind::Number,
        },
    }
}

/// A value that can be shown. `None`: nothing to look at.
pub(super) trait Show {
    /// The text, in `buffer` unless the value is text itself.
    fn show<'a>(&'a self, kind: Kind, buffer: &'a mut String) -> Option<&'a str>;
}

impl Show for i32 {
    fn show<'a>(&'a self, kind: Kind, buffer: &'a mut String) -> Option<&'a str> {
        if kind == Kind::Unsigned {
            buffer.clear();
            words::push_int(buffer, *self as u32);
            return Some(buffer);
        }
        show_int(i64::from(*self), kind, buffer)
    }
}

impl Show for i64 {
    fn show<'a>(&'a self, kind: Kind, buffer: &'a mut String) -> Option<&'a str> {
        show_int(*self, kind, buffer)
    }
}

fn show_int(value: i64, kind: Kind, buffer: &mut String) -> Option<&str> {
    buffer.clear();
    match kind {
        Kind::Silent => return None,
        Kind::Decimal(scale) => words::push_decimal(buffer, i128::from(value), scale),
        Kind::Date => words::push_date(buffer, value),
        Kind::Time(unit) => words::push_time(buffer, value, unit),
        Kind::Timestamp(unit, utc) => words::push_timestamp(buffer, value, unit, utc),
        Kind::Unsigned => words::push_int(buffer, value as u64),
        _ => words::push_int(buffer, value),
    }
    Some(buffer)
}

impl Show for f32 {
    fn show<'a>(&'a self, _: Kind, buffer: &'a mut String) -> Option<&'a str> {
        buffer.clear();
        words::push_float32(buffer, *self);
        Some(buffer)
    }
}

impl Show for f64 {
    fn show<'a>(&'a self, _: Kind, buffer: &'a mut String) -> Option<&'a str> {
        buffer.clear();
        words::push_float(buffer, *self);
        Some(buffer)
    }
}

/// Days from the start of Julian days to 1970-01-01.
const JULIAN_EPOCH: i64 = 2_440_588;

impl Show for Int96 {
    fn show<'a>(&'a self, _: Kind, buffer: &'a mut String) -> Option<&'a str> {
        buffer.clear();
        // nanoseconds of the day, then the Julian day: wider than a count of nanoseconds would be
        let [low, high, day] = self.data() else {
            return None;
        };
        let nanos = u64::from(*high) << 32 | u64::from(*low);
        words::push_date(buffer, i64::from(*day as i32) - JULIAN_EPOCH);
        buffer.push('T');
        words::push_time(buffer, nanos as i64, Unit::Nano);
        Some(buffer)
    }
}

impl Show for ByteArray {
    fn show<'a>(&'a self, kind: Kind, buffer: &'a mut String) -> Option<&'a str> {
        show_bytes(self.data(), kind, buffer)
    }
}

impl Show for FixedLenByteArray {
    fn show<'a>(&'a self, kind: Kind, buffer: &'a mut String) -> Option<&'a str> {
        show_bytes(self.data(), kind, buffer)
    }
}

/// The value of a float of 16 bits: sign, 5 bits of exponent, 10 of fraction.
fn half(bits: u16) -> f32 {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f32::from(bits & 0x3ff));
    sign * match exponent {
        0 => fraction * 2f32.powi(-24),
        31 if fraction == 0.0 => f32::INFINITY,
        31 => f32::NAN,
        _ => (1.0 + fraction / 1024.0) * 2f32.powi(exponent - 15),
    }
}

fn show_bytes<'a>(bytes: &'a [u8], kind: Kind, buffer: &'a mut String) -> Option<&'a str> {
    match kind {
        Kind::Text => match std::str::from_utf8(bytes) {
            Ok(text) => return Some(text),
            Err(_) => {
                buffer.clear();
                buffer.push_str(&String::from_utf8_lossy(bytes));
                return Some(buffer);
            }
        },
        Kind::Silent | Kind::Bson => return None,
        Kind::Decimal(scale) => {
            buffer.clear();
            if words::push_decimal_bytes(buffer, bytes, scale) {
                return Some(buffer);
            }
        }
        Kind::Uuid => {
            if let Ok(bytes) = <[u8; 16]>::try_from(bytes) {
                buffer.clear();
                words::push_uuid(buffer, bytes);
                return Some(buffer);
            }
        }
        Kind::Half => {
            if let Ok(bytes) = <[u8; 2]>::try_from(bytes) {
                buffer.clear();
                words::push_float32(buffer, half(u16::from_le_bytes(bytes)));
                return Some(buffer);
            }
        }
        _ => {}
    }
    match words::blob_text(bytes)? {
        std::borrow::Cow::Borrowed(text) => Some(text),
        std::borrow::Cow::Owned(text) => {
            *buffer = text;
            Some(buffer)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use parquet::schema::parser::parse_message_type;
    use parquet::schema::types::SchemaDescriptor;

    use super::*;

    fn kinds(schema: &str) -> Vec<Kind> {
        let schema = SchemaDescriptor::new(Arc::new(parse_message_type(schema).unwrap()));
        schema.columns().iter().map(|c| kind(c)).collect()
    }

    #[test]
    fn types_of_today_and_of_old_writers_mean_the_same() {
        assert_eq!(
            kinds(
                "message m { required binary a (STRING); required binary b (UTF8);
                 required int32 c (DATE); required int64 d (TIMESTAMP(MICROS,false));
                 required int64 e (TIMESTAMP_MILLIS); required int64 f (DECIMAL(10,2));
                 required fixed_len_byte_array(16) g (UUID); required int96 h;
                 required boolean i; required binary j; required binary k (BSON);
                 required int32 l (INTEGER(8,false)); required double m; required binary n (JSON); }"
            ),
            [
                Kind::Text,
                Kind::Text,
                Kind::Date,
                Kind::Timestamp(Unit::Micro, false),
                Kind::Timestamp(Unit::Milli, true),
                Kind::Decimal(2),
                Kind::Uuid,
                Kind::Timestamp(Unit::Nano, false),
                Kind::Silent,
                Kind::Blob,
                Kind::Bson,
                Kind::Unsigned,
                Kind::Number,
                Kind::Text,
            ]
        );
    }

    #[test]
    fn small_floats_are_read() {
        for (bits, value) in [
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x3555, 0.333_251_95),
            (1, 5.960_464_5e-8),
        ] {
            assert_eq!(half(bits), value);
        }
    }

    #[test]
    fn old_timestamps_are_read() {
        let mut value = Int96::new();
        // 2024-05-01 12:30:00
        let nanos = 45_000_000_000_000u64;
        value.set_data(nanos as u32, (nanos >> 32) as u32, 2_460_432);
        let mut buffer = String::new();
        assert_eq!(
            value.show(Kind::Timestamp(Unit::Nano, false), &mut buffer),
            Some("2024-05-01T12:30:00")
        );
    }
}
