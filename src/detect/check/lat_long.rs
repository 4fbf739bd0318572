//! A pair of coordinates in decimal degrees.

/// Latitude up to 90, longitude up to 180, and not both zero.
pub fn passes(value: &[u8]) -> bool {
    let Some(comma) = value.iter().position(|b| *b == b',') else {
        return false;
    };
    let degrees = |part: &[u8]| {
        let text = std::str::from_utf8(part).ok()?.trim();
        text.parse::<f64>().ok().filter(|d| d.is_finite())
    };
    match (degrees(&value[..comma]), degrees(&value[comma + 1..])) {
        (Some(lat), Some(long)) => {
            lat.abs() <= 90.0 && long.abs() <= 180.0 && (lat != 0.0 || long != 0.0)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::passes;

    #[test]
    fn vectors() {
        for value in ["41.948614,-87.655311", "-33.8568, 151.2153", "90.0,180.0"] {
            assert!(passes(value.as_bytes()), "{value}");
        }
        for value in ["90.1,0.0", "41.9,180.5", "0.0,0.0", "41.9", "nan,1.0", ""] {
            assert!(!passes(value.as_bytes()), "{value}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_borne(value in prop::collection::vec(any::<u8>(), 0..60)) {
            passes(&value);
        }
    }
}
