//! Tests that a value must pass: check digits, ranges, calendars, encodings.
//!
//! One small file each. A check sees the value alone (with its spaces and hyphens), bears any
//! bytes, allocates nothing and cannot fail: it passes or it does not.

mod account;
mod aws_key_id;
mod aws_secret;
mod base64;
mod basic_auth;
mod bban_de;
mod bban_es;
mod bban_fr;
mod bban_it;
mod bech32;
mod ca_health;
mod card_issuer;
mod cep;
mod cnpj;
mod codice_fiscale;
mod cpf;
mod crc_token;
mod cuit;
mod curp;
mod de_id;
mod dea;
mod digits;
mod discord_token;
mod email_domain;
mod es_cif;
mod es_nif;
mod es_ssn;
mod generated;
mod gtin;
mod iban;
mod ip_address;
mod jwt_header;
mod lat_long;
mod luhn;
mod month_year;
mod nanp;
mod nhs;
mod nino;
mod nir;
mod nit;
mod npi;
mod phone;
mod phone_br;
mod phone_de;
mod phone_de_areas;
mod phone_es;
mod phone_fr;
mod phone_it;
mod phone_uk;
mod random_token;
mod rfc_date;
mod rut;
mod sin;
mod spi;
mod ssn_ranges;
mod steuer_id;
mod tfn;
mod track_pan;
mod utr;
mod verhoeff;
mod vin;

/// A test, named in detector files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Check {
    /// ISO/IEC 7812-1, annex B: the check digit of payment cards.
    Luhn,
    /// A card network's prefix and length.
    CardIssuer,
    /// ISO/IEC 7813: card number and expiry month of magnetic stripe data.
    TrackPan,
    /// A month, a year, or both, as on a card.
    MonthYear,
    /// ISO 13616: remainder 1 by 97, and the country's length.
    Iban,
    /// Key of a French account.
    BbanFr,
    /// Parts of a German account.
    BbanDe,
    /// Control letter of an Italian account.
    BbanIt,
    /// Control digits of a Spanish account.
    BbanEs,
    /// Not filler, not a point in time.
    Account,
    /// Ranges in which US social security numbers are issued.
    SsnRanges,
    /// Numbering plan of the United States and Canada.
    Nanp,
    /// Numbering plan of Brazil.
    PhoneBr,
    /// Numbering plan of Germany.
    PhoneDe,
    /// Numbering plan of Spain.
    PhoneEs,
    /// Numbering plan of France.
    PhoneFr,
    /// Numbering plan of Italy.
    PhoneIt,
    /// Numbering plan of the United Kingdom.
    PhoneUk,
    /// Ranges of Brazilian postal codes.
    Cep,
    /// Forty characters as mixed as a random draw.
    AwsSecret,
    /// An access key id of AWS: base32, and an account that can be.
    AwsKeyId,
    /// No sample of an access key id.
    AwsKeyIdForm,
    /// Generated, not a placeholder.
    RandomToken,
    /// Drawn at random: no words, no filler.
    Generated,
    /// The last run of letters and digits was drawn at random.
    GeneratedTail,
    /// As generated, with capitals, small letters and digits.
    MixedToken,
    /// CRC-32 in base 62 at the end: tokens of GitHub and npm.
    CrcToken,
    /// The first part is a number in base64: tokens of Discord bots.
    DiscordToken,
    /// BIP 173: check sum of age secret keys.
    AgeKey,
    /// RFC 7515: the first part is a JSON object with an algorithm.
    JwtHeader,
    /// RFC 7617: user and password, decoded.
    BasicAuth,
    /// Parts of a mail address.
    EmailDomain,
    /// An address of the internet protocol, version 4.
    Ipv4,
    /// An address of the internet protocol, version 6.
    Ipv6,
    /// Check digit of Canadian social insurance numbers.
    Sin,
    /// Letters of British national insurance numbers.
    Nino,
    /// Check digit of British NHS numbers.
    Nhs,
    /// Key of French social security numbers.
    Nir,
    /// Key of French tax numbers.
    Spi,
    /// Check digit of German tax numbers.
    SteuerId,
    /// Check digits of German identity cards and passports.
    DeId,
    /// Check letter of Italian tax codes.
    CodiceFiscale,
    /// Check letter of Spanish DNI, NIE and NIF.
    EsNif,
    /// Check character of Spanish CIF.
    EsCif,
    /// Control digits of Spanish social security numbers.
    EsSsn,
    /// Check digits of Brazilian CPF.
    Cpf,
    /// Check digits of Brazilian CNPJ.
    Cnpj,
    /// Check sum of Australian tax file numbers.
    Tfn,
    /// Check digit of Aadhaar numbers.
    Verhoeff,
    /// Check digit of US provider identifiers.
    Npi,
    /// Check digit of DEA numbers.
    Dea,
    /// Check character of vehicle identification numbers.
    Vin,
    /// Check digit of Argentine CUIT and CUIL.
    Cuit,
    /// Check character of Chilean RUT.
    Rut,
    /// Check digit of Colombian NIT.
    Nit,
    /// Check digit of Mexican CURP.
    Curp,
    /// The date in Mexican RFC.
    RfcDate,
    /// Check digit of British taxpayer references.
    Utr,
    /// Ranges of coordinates.
    LatLong,
    /// Check digits of British Columbia and Ontario health numbers.
    CaHealth,
    /// Check digit of a GS1 item number.
    Gtin,
}

impl Check {
    /// All checks, with their names in detector files and in evidence.
    const ALL: &'static [(Check, &'static str)] = &[
        (Check::Luhn, "luhn"),
        (Check::CardIssuer, "card_issuer"),
        (Check::TrackPan, "track_pan"),
        (Check::MonthYear, "month_year"),
        (Check::Iban, "iban"),
        (Check::BbanFr, "bban_fr"),
        (Check::BbanDe, "bban_de"),
        (Check::BbanIt, "bban_it"),
        (Check::BbanEs, "bban_es"),
        (Check::Account, "account"),
        (Check::SsnRanges, "ssn_ranges"),
        (Check::Nanp, "nanp"),
        (Check::PhoneBr, "phone_br"),
        (Check::PhoneDe, "phone_de"),
        (Check::PhoneEs, "phone_es"),
        (Check::PhoneFr, "phone_fr"),
        (Check::PhoneIt, "phone_it"),
        (Check::PhoneUk, "phone_uk"),
        (Check::Cep, "cep"),
        (Check::AwsSecret, "aws_secret"),
        (Check::AwsKeyId, "aws_key_id"),
        (Check::AwsKeyIdForm, "aws_key_id_form"),
        (Check::RandomToken, "random_token"),
        (Check::Generated, "generated"),
        (Check::GeneratedTail, "generated_tail"),
        (Check::MixedToken, "mixed_token"),
        (Check::CrcToken, "crc_token"),
        (Check::DiscordToken, "discord_token"),
        (Check::AgeKey, "age_key"),
        (Check::JwtHeader, "jwt_header"),
        (Check::BasicAuth, "basic_auth"),
        (Check::EmailDomain, "email_domain"),
        (Check::Ipv4, "ipv4"),
        (Check::Ipv6, "ipv6"),
        (Check::Sin, "sin"),
        (Check::Nino, "nino"),
        (Check::Nhs, "nhs"),
        (Check::Nir, "nir"),
        (Check::Spi, "spi"),
        (Check::SteuerId, "steuer_id"),
        (Check::DeId, "de_id"),
        (Check::CodiceFiscale, "codice_fiscale"),
        (Check::EsNif, "es_nif"),
        (Check::EsCif, "es_cif"),
        (Check::EsSsn, "es_ssn"),
        (Check::Cpf, "cpf"),
        (Check::Cnpj, "cnpj"),
        (Check::Tfn, "tfn"),
        (Check::Verhoeff, "verhoeff"),
        (Check::Npi, "npi"),
        (Check::Dea, "dea"),
        (Check::Vin, "vin"),
        (Check::Cuit, "cuit"),
        (Check::Rut, "rut"),
        (Check::Nit, "nit"),
        (Check::Curp, "curp"),
        (Check::RfcDate, "rfc_date"),
        (Check::Utr, "utr"),
        (Check::LatLong, "lat_long"),
        (Check::CaHealth, "ca_health"),
        (Check::Gtin, "gtin"),
    ];

    /// The name in detector files and in evidence.
    pub fn name(self) -> &'static str {
        // the table is in the order of the enum, which a test shows
        Self::ALL[self as usize].1
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, n)| *n == name).map(|(c, _)| *c)
    }

    /// Names of all checks, for messages.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Self::ALL.iter().map(|(_, n)| *n)
    }

    /// Whether `value` passes.
    pub fn passes(self, value: &[u8]) -> bool {
        match self {
            Check::Luhn => luhn::passes(value),
            Check::CardIssuer => card_issuer::passes(value),
            Check::TrackPan => track_pan::passes(value),
            Check::MonthYear => month_year::passes(value),
            Check::Iban => iban::passes(value),
            Check::BbanFr => bban_fr::passes(value),
            Check::BbanDe => bban_de::passes(value),
            Check::BbanIt => bban_it::passes(value),
            Check::BbanEs => bban_es::passes(value),
            Check::Account => account::passes(value),
            Check::SsnRanges => ssn_ranges::passes(value),
            Check::Nanp => nanp::passes(value),
            Check::PhoneBr => phone_br::passes(value),
            Check::PhoneDe => phone_de::passes(value),
            Check::PhoneEs => phone_es::passes(value),
            Check::PhoneFr => phone_fr::passes(value),
            Check::PhoneIt => phone_it::passes(value),
            Check::PhoneUk => phone_uk::passes(value),
            Check::Cep => cep::passes(value),
            Check::AwsSecret => aws_secret::passes(value),
            Check::AwsKeyId => aws_key_id::passes(value),
            Check::AwsKeyIdForm => aws_key_id::is_drawn(value),
            Check::RandomToken => random_token::passes(value),
            Check::Generated => generated::passes(value),
            Check::GeneratedTail => generated::tail(value),
            Check::MixedToken => generated::mixed(value),
            Check::CrcToken => crc_token::passes(value),
            Check::DiscordToken => discord_token::passes(value),
            Check::AgeKey => bech32::age_key(value),
            Check::JwtHeader => jwt_header::passes(value),
            Check::BasicAuth => basic_auth::passes(value),
            Check::EmailDomain => email_domain::passes(value),
            Check::Ipv4 => ip_address::v4(value),
            Check::Ipv6 => ip_address::v6(value),
            Check::Sin => sin::passes(value),
            Check::Nino => nino::passes(value),
            Check::Nhs => nhs::passes(value),
            Check::Nir => nir::passes(value),
            Check::Spi => spi::passes(value),
            Check::SteuerId => steuer_id::passes(value),
            Check::DeId => de_id::passes(value),
            Check::CodiceFiscale => codice_fiscale::passes(value),
            Check::EsNif => es_nif::passes(value),
            Check::EsCif => es_cif::passes(value),
            Check::EsSsn => es_ssn::passes(value),
            Check::Cpf => cpf::passes(value),
            Check::Cnpj => cnpj::passes(value),
            Check::Tfn => tfn::passes(value),
            Check::Verhoeff => verhoeff::passes(value),
            Check::Npi => npi::passes(value),
            Check::Dea => dea::passes(value),
            Check::Vin => vin::passes(value),
            Check::Cuit => cuit::passes(value),
            Check::Rut => rut::passes(value),
            Check::Nit => nit::passes(value),
            Check::Curp => curp::passes(value),
            Check::RfcDate => rfc_date::passes(value),
            Check::Utr => utr::passes(value),
            Check::LatLong => lat_long::passes(value),
            Check::CaHealth => ca_health::passes(value),
            Check::Gtin => gtin::passes(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Check;

    #[test]
    fn the_table_is_in_the_order_of_the_enum() {
        for (i, &(check, name)) in Check::ALL.iter().enumerate() {
            assert_eq!(check as usize, i);
            assert_eq!(check.name(), name);
            assert_eq!(Check::parse(name), Some(check));
        }
        assert_eq!(Check::parse("mod98"), None);
    }
}
