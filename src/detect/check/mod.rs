//! Tests that a value must pass: check digits, ranges, calendars, encodings.
//!
//! One small file each. A check sees the value alone (with its spaces and hyphens), bears any
//! bytes, allocates nothing and cannot fail: it passes or it does not.

mod aba;
mod account;
mod ae_eid;
mod at_svnr;
mod au_abn;
mod au_acn;
mod au_medicare;
mod aws_key_id;
mod aws_secret;
mod base58;
mod base64;
mod basic_auth;
mod bban_de;
mod bban_es;
mod bban_fr;
mod bban_it;
mod be_nrn;
mod bech32;
mod bg_egn;
mod bic;
mod br_pis;
mod ca_health;
mod calendar;
mod card_issuer;
mod cep;
mod ch_ahv;
mod cn_rin;
mod cnpj;
mod codice_fiscale;
mod cpf;
mod crc_token;
mod cuit;
mod curp;
mod cz_rc;
mod de_id;
mod de_kvnr;
mod de_licence;
mod de_rvnr;
mod dea;
mod digits;
mod discord_token;
mod dk_cpr;
mod eg_id;
mod ein;
mod email_domain;
mod es_cif;
mod es_nif;
mod es_ssn;
mod ethereum;
mod eu_vat;
mod fi_hetu;
pub(super) mod filler;
mod gb_chi;
pub(super) mod generated;
mod gr_afm;
mod gr_amka;
mod gtin;
mod hcpcs;
mod hk_hkid;
mod hr_oib;
mod hu_taj;
mod hu_tin;
mod iban;
mod id_nik;
mod ie_pps;
mod in_gstin;
mod ip_address;
mod ir_code;
mod is_kt;
mod isikukood;
mod jmbg;
mod jp_my_number;
mod jwt_header;
mod keccak;
mod kr_rrn;
mod kw_civil;
mod kz_iin;
mod lat_long;
mod lu_pin;
mod luhn;
mod lv_pk;
mod mac_address;
mod mobile;
mod mod_11_10;
mod month_year;
mod my_kad;
mod nanp;
mod nhs;
mod nino;
mod nir;
mod nit;
mod nl_bsn;
mod no_fnr;
mod npi;
mod nz_ird;
mod nz_nhi;
mod pe_ruc;
mod phone;
mod phone_br;
mod phone_de;
mod phone_de_areas;
mod phone_es;
mod phone_fr;
mod phone_it;
mod phone_uk;
mod phone_world;
mod pl_nip;
mod pl_pesel;
mod pl_regon;
mod plain;
mod pt_cc;
mod pt_nif;
mod pt_niss;
mod random_token;
mod rfc_date;
mod ro_cnp;
mod ru_inn;
mod ru_snils;
mod rut;
mod se_pnr;
mod sg_nric;
mod sin;
mod spi;
mod ssn_ranges;
mod steuer_id;
#[cfg(test)]
mod tested;
mod tfn;
mod th_id;
mod tr_tc;
mod track_pan;
mod tw_id;
mod ua_rnokpp;
mod uk_mobile;
mod url_password;
mod utr;
mod uy_ci;
mod verhoeff;
mod vin;
mod vn_cccd;
mod za_id;

/// Makes the enum, its names and its tests of one table.
macro_rules! checks {
    ($($(#[$doc:meta])* $variant:ident, $name:literal, $passes:path;)*) => {
        /// A test, named in detector files.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Check {
            $($(#[$doc])* $variant,)*
        }

        impl Check {
            /// All checks, with their names in detector files and in evidence.
            const ALL: &[(Check, &'static str)] = &[$((Check::$variant, $name),)*];

            /// Whether `value` passes.
            pub fn passes(self, value: &[u8]) -> bool {
                match self {
                    $(Check::$variant => $passes(value),)*
                }
            }
        }
    };
}

checks! {
    /// ISO/IEC 7812-1, annex B: the check digit of payment cards.
    Luhn, "luhn", luhn::passes;
    /// A card network's prefix and length.
    CardIssuer, "card_issuer", card_issuer::passes;
    /// ISO/IEC 7813: card number and expiry month of magnetic stripe data.
    TrackPan, "track_pan", track_pan::passes;
    /// A month, a year, or both, as on a card.
    MonthYear, "month_year", month_year::passes;
    /// ISO 13616: remainder 1 by 97, and the country's length.
    Iban, "iban", iban::passes;
    /// Key of a French account.
    BbanFr, "bban_fr", bban_fr::passes;
    /// Parts of a German account.
    BbanDe, "bban_de", bban_de::passes;
    /// Control letter of an Italian account.
    BbanIt, "bban_it", bban_it::passes;
    /// Control digits of a Spanish account.
    BbanEs, "bban_es", bban_es::passes;
    /// Not filler, not a point in time.
    Account, "account", account::passes;
    /// Ranges in which US social security numbers are issued.
    SsnRanges, "ssn_ranges", ssn_ranges::passes;
    /// Numbering plan of the United States and Canada.
    Nanp, "nanp", nanp::passes;
    /// Numbering plan of Brazil.
    PhoneBr, "phone_br", phone_br::passes;
    /// Numbering plan of Germany.
    PhoneDe, "phone_de", phone_de::passes;
    /// Numbering plan of Spain.
    PhoneEs, "phone_es", phone_es::passes;
    /// Numbering plan of France.
    PhoneFr, "phone_fr", phone_fr::passes;
    /// Numbering plan of Italy.
    PhoneIt, "phone_it", phone_it::passes;
    /// Numbering plan of the United Kingdom.
    PhoneUk, "phone_uk", phone_uk::passes;
    /// Mobile numbers of the United Kingdom as written there.
    UkMobile, "uk_mobile", uk_mobile::passes;
    /// Numbering plans of the other countries.
    PhoneWorld, "phone_world", phone_world::passes;
    /// Ranges of Brazilian postal codes.
    Cep, "cep", cep::passes;
    /// Forty characters as mixed as a random draw.
    AwsSecret, "aws_secret", aws_secret::passes;
    /// An access key id of AWS: base32, and an account that can be.
    AwsKeyId, "aws_key_id", aws_key_id::passes;
    /// No sample of an access key id.
    AwsKeyIdForm, "aws_key_id_form", aws_key_id::is_drawn;
    /// Generated, not a placeholder.
    RandomToken, "random_token", random_token::passes;
    /// Drawn at random: no words, no filler.
    Generated, "generated", generated::passes;
    /// The last run of letters and digits was drawn at random.
    GeneratedTail, "generated_tail", generated::tail;
    /// As generated, with capitals, small letters and digits.
    MixedToken, "mixed_token", generated::mixed;
    /// CRC-32 in base 62 at the end: tokens of GitHub and npm.
    CrcToken, "crc_token", crc_token::passes;
    /// The first part is a number in base64: tokens of Discord bots.
    DiscordToken, "discord_token", discord_token::passes;
    /// BIP 173: check sum of age secret keys.
    AgeKey, "age_key", bech32::age_key;
    /// RFC 7515: the first part is a JSON object with an algorithm.
    JwtHeader, "jwt_header", jwt_header::passes;
    /// RFC 7617: user and password, decoded.
    BasicAuth, "basic_auth", basic_auth::passes;
    /// RFC 3986: a user and a password in a URL, no placeholder.
    UrlPassword, "url_password", url_password::passes;
    /// Base58 with a check: Bitcoin addresses.
    BitcoinAddress, "bitcoin_address", base58::bitcoin;
    /// BIP 173 and BIP 350: Bitcoin addresses of witness programs.
    BitcoinWitness, "bitcoin_witness", bech32::bitcoin;
    /// Base58 with a check: Litecoin addresses.
    LitecoinAddress, "litecoin_address", base58::litecoin;
    /// As `BitcoinWitness`, of Litecoin.
    LitecoinWitness, "litecoin_witness", bech32::litecoin;
    /// Base58 with a check: Dogecoin addresses.
    DogecoinAddress, "dogecoin_address", base58::dogecoin;
    /// Base58 with a check: XRP addresses.
    XrpAddress, "xrp_address", base58::xrp;
    /// Base58 with a check: Bitcoin private keys.
    BitcoinKey, "bitcoin_key", base58::bitcoin_key;
    /// ERC-55: the check in the capitals of Ethereum addresses.
    EthereumMixed, "ethereum_mixed", ethereum::mixed;
    /// An Ethereum address in one case of letters.
    EthereumSingle, "ethereum_single", ethereum::single;
    /// Check digit and districts of US bank routing numbers.
    Aba, "aba", aba::passes;
    /// Prefixes of US employer identification numbers.
    Ein, "ein", ein::passes;
    /// ISO 9362: parts of business identifier codes.
    Bic, "bic", bic::passes;
    /// Check digit of mobile equipment numbers.
    Imei, "imei", mobile::imei;
    /// Country of mobile subscriber numbers.
    Imsi, "imsi", mobile::imsi;
    /// IEEE 802: form of interface addresses.
    MacAddress, "mac_address", mac_address::passes;
    /// Value added tax numbers, each with the check of its country.
    EuVat, "eu_vat", eu_vat::passes;
    /// Parts of a mail address.
    EmailDomain, "email_domain", email_domain::passes;
    /// An address of the internet protocol, version 4.
    Ipv4, "ipv4", ip_address::v4;
    /// An address of the internet protocol, version 6.
    Ipv6, "ipv6", ip_address::v6;
    /// Check digit of Canadian social insurance numbers.
    Sin, "sin", sin::passes;
    /// Letters of British national insurance numbers.
    Nino, "nino", nino::passes;
    /// Check digit of British NHS numbers.
    Nhs, "nhs", nhs::passes;
    /// Key of French social security numbers.
    Nir, "nir", nir::passes;
    /// Key of French tax numbers.
    Spi, "spi", spi::passes;
    /// Check digit of German tax numbers.
    SteuerId, "steuer_id", steuer_id::passes;
    /// Check digits of German identity cards and passports.
    DeId, "de_id", de_id::passes;
    /// Check letter of Italian tax codes.
    CodiceFiscale, "codice_fiscale", codice_fiscale::passes;
    /// Check letter of Spanish DNI, NIE and NIF.
    EsNif, "es_nif", es_nif::passes;
    /// Check character of Spanish CIF.
    EsCif, "es_cif", es_cif::passes;
    /// Control digits of Spanish social security numbers.
    EsSsn, "es_ssn", es_ssn::passes;
    /// Check digits of Brazilian CPF.
    Cpf, "cpf", cpf::passes;
    /// Check digits of Brazilian CNPJ.
    Cnpj, "cnpj", cnpj::passes;
    /// Check sum of Australian tax file numbers.
    Tfn, "tfn", tfn::passes;
    /// Check digit of Aadhaar numbers.
    Verhoeff, "verhoeff", verhoeff::passes;
    /// Check digit of US provider identifiers.
    Npi, "npi", npi::passes;
    /// Check digit of DEA numbers.
    Dea, "dea", dea::passes;
    /// Check character of vehicle identification numbers.
    Vin, "vin", vin::passes;
    /// Check digit of Argentine CUIT and CUIL.
    Cuit, "cuit", cuit::passes;
    /// Check character of Chilean RUT.
    Rut, "rut", rut::passes;
    /// Check digit of Colombian NIT.
    Nit, "nit", nit::passes;
    /// Check digit of Mexican CURP.
    Curp, "curp", curp::passes;
    /// The date in Mexican RFC.
    RfcDate, "rfc_date", rfc_date::passes;
    /// Check digit of British taxpayer references.
    Utr, "utr", utr::passes;
    /// Ranges of coordinates.
    LatLong, "lat_long", lat_long::passes;
    /// Check digits of British Columbia and Ontario health numbers.
    CaHealth, "ca_health", ca_health::passes;
    /// Check digit of a GS1 item number.
    Gtin, "gtin", gtin::passes;
    /// Check sum of Dutch citizen service numbers.
    NlBsn, "nl_bsn", nl_bsn::passes;
    /// Date and check digits of Belgian national numbers.
    BeNrn, "be_nrn", be_nrn::passes;
    /// Date and check digit of Polish PESEL.
    PlPesel, "pl_pesel", pl_pesel::passes;
    /// Check digit of Polish NIP.
    PlNip, "pl_nip", pl_nip::passes;
    /// Check digits of Polish REGON.
    PlRegon, "pl_regon", pl_regon::passes;
    /// Check digit of Portuguese NIF.
    PtNif, "pt_nif", pt_nif::passes;
    /// Check digits of Portuguese citizen cards.
    PtCc, "pt_cc", pt_cc::passes;
    /// Check digit of Portuguese social security numbers.
    PtNiss, "pt_niss", pt_niss::passes;
    /// Date and check digit of Swedish personal numbers.
    SePnr, "se_pnr", se_pnr::passes;
    /// Date and check digits of Norwegian birth numbers.
    NoFnr, "no_fnr", no_fnr::passes;
    /// Date of Danish personal numbers.
    DkCpr, "dk_cpr", dk_cpr::passes;
    /// Date and check character of Finnish identity codes.
    FiHetu, "fi_hetu", fi_hetu::passes;
    /// Check digit of Swiss social insurance numbers.
    ChAhv, "ch_ahv", ch_ahv::passes;
    /// Date and check digit of Austrian social insurance numbers.
    AtSvnr, "at_svnr", at_svnr::passes;
    /// Check letter of Irish PPS numbers.
    IePps, "ie_pps", ie_pps::passes;
    /// Date and check digit of Czech and Slovak birth numbers.
    CzRc, "cz_rc", cz_rc::passes;
    /// Check digit of Hungarian tax numbers.
    HuTin, "hu_tin", hu_tin::passes;
    /// Check digit of Hungarian social insurance numbers.
    HuTaj, "hu_taj", hu_taj::passes;
    /// Date and check digit of Romanian personal numbers.
    RoCnp, "ro_cnp", ro_cnp::passes;
    /// Date and check digit of Bulgarian civil numbers.
    BgEgn, "bg_egn", bg_egn::passes;
    /// Check digit of Greek tax numbers.
    GrAfm, "gr_afm", gr_afm::passes;
    /// Date and check digit of Greek social security numbers.
    GrAmka, "gr_amka", gr_amka::passes;
    /// Check digit of Croatian personal numbers.
    HrOib, "hr_oib", hr_oib::passes;
    /// Date and check digit of master citizen numbers.
    Jmbg, "jmbg", jmbg::passes;
    /// As `Jmbg`, of Slovenia.
    SiEmso, "si_emso", jmbg::is_slovene;
    /// Date and check digit of Estonian and Lithuanian personal codes.
    Isikukood, "isikukood", isikukood::passes;
    /// Date and check digit of Latvian personal codes.
    LvPk, "lv_pk", lv_pk::passes;
    /// Date and check digits of Luxembourg identification numbers.
    LuPin, "lu_pin", lu_pin::passes;
    /// Date and check digit of Icelandic identity numbers.
    IsKt, "is_kt", is_kt::passes;
    /// Check digit of Japanese individual numbers.
    JpMyNumber, "jp_my_number", jp_my_number::passes;
    /// Date and check digit of South Korean registration numbers.
    KrRrn, "kr_rrn", kr_rrn::passes;
    /// Region, date and check character of Chinese identity numbers.
    CnRin, "cn_rin", cn_rin::passes;
    /// Check letter of Singapore identity numbers.
    SgNric, "sg_nric", sg_nric::passes;
    /// Check digits of Turkish identity numbers.
    TrTc, "tr_tc", tr_tc::passes;
    /// Date and check digit of South African identity numbers.
    ZaId, "za_id", za_id::passes;
    /// Check digit of New Zealand tax numbers.
    NzIrd, "nz_ird", nz_ird::passes;
    /// Check character of New Zealand health numbers.
    NzNhi, "nz_nhi", nz_nhi::passes;
    /// Check digit of Hong Kong identity numbers.
    HkHkid, "hk_hkid", hk_hkid::passes;
    /// Province and date of Indonesian identity numbers.
    IdNik, "id_nik", id_nik::passes;
    /// Check digit of Taiwanese identity numbers.
    TwId, "tw_id", tw_id::passes;
    /// Check digit of Thai identity numbers.
    ThId, "th_id", th_id::passes;
    /// Date and place of Malaysian identity numbers.
    MyKad, "my_kad", my_kad::passes;
    /// Check digit of Australian Medicare numbers.
    AuMedicare, "au_medicare", au_medicare::passes;
    /// Check sum of Australian business numbers.
    AuAbn, "au_abn", au_abn::passes;
    /// Check digit of Australian company numbers.
    AuAcn, "au_acn", au_acn::passes;
    /// Check digit of German driver's licences.
    DeLicence, "de_licence", de_licence::passes;
    /// Date and check digit of German pension insurance numbers.
    DeRvnr, "de_rvnr", de_rvnr::passes;
    /// Check digit of German health insurance numbers.
    DeKvnr, "de_kvnr", de_kvnr::passes;
    /// Check digit of Ukrainian tax numbers.
    UaRnokpp, "ua_rnokpp", ua_rnokpp::passes;
    /// Check digits of Russian tax numbers.
    RuInn, "ru_inn", ru_inn::passes;
    /// Check number of Russian insurance numbers.
    RuSnils, "ru_snils", ru_snils::passes;
    /// Date and check digit of Kazakh identification numbers.
    KzIin, "kz_iin", kz_iin::passes;
    /// Year and check digit of identity numbers of the United Arab Emirates.
    AeEid, "ae_eid", ae_eid::passes;
    /// Date and governorate of Egyptian identity numbers.
    EgId, "eg_id", eg_id::passes;
    /// Check character of Indian tax numbers.
    InGstin, "in_gstin", in_gstin::passes;
    /// Check digit of Brazilian PIS.
    BrPis, "br_pis", br_pis::passes;
    /// Check digit of Peruvian RUC.
    PeRuc, "pe_ruc", pe_ruc::passes;
    /// Check digit of Uruguayan identity cards.
    UyCi, "uy_ci", uy_ci::passes;
    /// Date and check digit of Kuwaiti civil numbers.
    KwCivil, "kw_civil", kw_civil::passes;
    /// Check digit of Iranian national codes.
    IrCode, "ir_code", ir_code::passes;
    /// Province and year of Vietnamese identity numbers.
    VnCccd, "vn_cccd", vn_cccd::passes;
    /// Date and check digit of Scottish health numbers.
    GbChi, "gb_chi", gb_chi::passes;
    /// Ranges of US procedure codes.
    Hcpcs, "hcpcs", hcpcs::passes;
}

impl Check {
    /// The name in detector files and in evidence.
    pub fn name(self) -> &'static str {
        // the table is in the order of the enum
        Self::ALL[self as usize].1
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, n)| *n == name).map(|(c, _)| *c)
    }

    /// Names of all checks, for messages.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Self::ALL.iter().map(|(_, n)| *n)
    }
}

#[cfg(test)]
mod tests {
    use super::Check;

    #[test]
    fn every_check_is_known_by_its_name_alone() {
        for &(check, name) in Check::ALL {
            assert_eq!(check.name(), name);
            assert_eq!(Check::parse(name), Some(check));
        }
        assert_eq!(Check::parse("mod98"), None);
    }
}
