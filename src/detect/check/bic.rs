//! Business identifier codes: ISO 9362.

/// ISO 3166-1 alpha-2, and XK.
const COUNTRIES: &[u8] = b"ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCICKCLCMCNCOCRCUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGYHKHMHNHRHTHUIDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQARERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZUAUGUMUSUYUZVAVCVEVGVIVNVUWFWSXKYEYTZAZMZW";

/// Four letters, a country, two characters of the place (the second no `0`, which marks a test
/// code), and perhaps three of the branch.
pub fn passes(value: &[u8]) -> bool {
    let letters = |part: &[u8]| part.iter().all(u8::is_ascii_uppercase);
    let either = |part: &[u8]| {
        part.iter()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
    };
    matches!(value.len(), 8 | 11)
        && letters(&value[..6])
        && either(&value[6..])
        && value[7] != b'0'
        && COUNTRIES.as_chunks::<2>().0.contains(&[value[4], value[5]])
}

#[cfg(test)]
mod tests {
    use super::super::tested;
    use super::*;

    #[test]
    fn vectors() {
        tested::vectors(
            passes,
            &["DEUTDEFF", "NEDSZAJJXXX", "BOFAUS3N"],
            &[
                "DEUTXXFF",
                "deutdeff",
                "DEUTDEF",
                "DEUTDEF0",
                "DEU1DEFF",
                "DEUTDEFF50",
            ],
        );
    }

    #[test]
    fn countries_are_in_order() {
        let (pairs, rest) = COUNTRIES.as_chunks::<2>();
        assert!(rest.is_empty() && pairs.is_sorted() && pairs.len() == 250);
    }

    #[test]
    fn any_bytes_are_borne() {
        tested::bears_any_bytes(passes);
    }
}
