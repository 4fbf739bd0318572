//! The numbers of the set: for each identifier how a value is made, and by what names forms, tables
//! and programs call it.

use super::ids_america as am;
use super::ids_europe as eu;
use super::ids_world as world;
use super::mark::mark;
use super::money;
use super::rng::Rng;

/// One identifier in one country.
pub struct Kind {
    pub id: &'static str,
    /// Country whose documents hold it.
    pub land: &'static str,
    /// As a person writes it on a form, in the language of the country and in English.
    pub titles: &'static [&'static str],
    /// As a program names it, in snake case.
    pub keys: &'static [&'static str],
    make: fn(&mut Rng) -> String,
}

impl Kind {
    pub fn value(&self, rng: &mut Rng) -> String {
        mark(self.id, (self.make)(rng))
    }

    /// Without its mark: for what must not be found.
    pub fn unmarked(&self, rng: &mut Rng) -> String {
        (self.make)(rng)
    }

    pub fn title(&self, rng: &mut Rng) -> &'static str {
        rng.pick(self.titles)
    }

    /// The name of a field, in one of the habits of programs.
    pub fn key(&self, rng: &mut Rng) -> String {
        let snake = rng.pick(self.keys);
        match rng.range(0, 5) {
            0 => camel(snake),
            1 => snake.replace('_', "-"),
            2 => snake.to_uppercase(),
            _ => snake.to_owned(),
        }
    }
}

/// `tax_id` to `taxId`.
pub fn camel(snake: &str) -> String {
    let mut out = String::new();
    for (i, word) in snake.split('_').enumerate() {
        let mut chars = word.chars();
        match (i, chars.next()) {
            (0, _) | (_, None) => out += word,
            (_, Some(first)) => out.extend(first.to_uppercase().chain(chars)),
        }
    }
    out
}

fn any<'a>(rng: &mut Rng, of: &[&'a str]) -> &'a str {
    rng.pick(of)
}

macro_rules! kinds {
    ($($id:literal $land:literal [$($title:literal),*] [$($key:literal),*] $make:expr;)*) => {
        /// Numbers that stand in forms, records, tables and logs.
        pub const KINDS: &[Kind] = &[$(Kind {
            id: $id, land: $land, titles: &[$($title),*], keys: &[$($key),*], make: $make,
        }),*];
    };
}

kinds! {
    "USA_SOCIAL_SECURITY_NUMBER" "US" ["Social Security Number", "SSN", "Social Security No."] ["ssn", "social_security_number", "applicant_ssn"] |r| { let s = any(r, &["-", "-", " "]); am::ssn(r, s) };
    "USA_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER" "US" ["ITIN", "Individual Taxpayer Identification Number"] ["itin", "taxpayer_itin"] |r| am::itin(r, "-");
    "USA_PASSPORT_NUMBER" "US" ["Passport Number", "U.S. Passport No.", "Travel document number"] ["passport_number", "passport_no", "passport"] am::us_passport;
    "DRIVERS_LICENSE" "US" ["Driver License Number", "Driver's License No.", "DL#"] ["drivers_license", "driver_license_number", "dl_number"] am::us_licence;
    "USA_NATIONAL_PROVIDER_IDENTIFIER" "US" ["NPI", "National Provider Identifier"] ["npi", "provider_npi", "npi_number"] am::npi;
    "US_DRUG_ENFORCEMENT_AGENCY_NUMBER" "US" ["DEA Number", "DEA Registration"] ["dea_number", "prescriber_dea_number"] am::dea;
    "USA_MEDICARE_BENEFICIARY_IDENTIFIER" "US" ["Medicare Beneficiary Identifier", "MBI"] ["mbi", "medicare_beneficiary_identifier"] |r| { let s = any(r, &["-", ""]); am::mbi(r, s) };
    "USA_HEALTH_INSURANCE_CLAIM_NUMBER" "US" ["HIC Number", "Health Insurance Claim Number", "HICN"] ["hic_number", "health_insurance_claim_number"] |r| am::hicn(r, "-");
    "USA_NATIONAL_DRUG_CODE" "US" ["NDC", "National Drug Code"] ["ndc", "ndc_code", "national_drug_code"] am::ndc;
    "USA_HEALTHCARE_PROCEDURE_CODE" "US" ["HCPCS", "Current Procedural Terminology"] ["hcpcs", "hcpcs_code"] am::procedure;
    "MEDICAL_DEVICE_UDI" "US" ["Device Identifier", "Unique Device Identifier", "UDI"] ["udi", "device_udi", "unique_device_identifier"] am::udi;
    "VEHICLE_IDENTIFICATION_NUMBER" "US" ["VIN", "Vehicle Identification Number"] ["vin", "vehicle_vin", "vehicle_identification_number"] am::vin;
    "USA_EMPLOYER_IDENTIFICATION_NUMBER" "US" ["EIN", "Employer Identification Number", "Federal Tax ID"] ["ein", "employer_identification_number", "federal_tax_id"] am::ein;
    "USA_BANK_ROUTING_NUMBER" "US" ["Routing Number", "ABA routing number", "Routing No."] ["routing_number", "aba_routing_number", "bank_routing_number"] am::aba;
    "IMEI_NUMBER" "US" ["IMEI", "Device IMEI"] ["imei", "device_imei"] am::imei;
    "EU_VAT_NUMBER" "DE" ["USt-IdNr.", "Umsatzsteuer-ID", "VAT number"] ["ust_id", "ust_idnr", "vat_number"] world::de_vat;
    "SWIFT_BIC_CODE" "DE" ["BIC", "SWIFT-Code", "BIC/SWIFT"] ["bic", "swift_code"] world::bic;
    "BANK_ACCOUNT_NUMBER" "US" ["Bank Account Number", "Checking Account No.", "Savings Account", "Bank Acct #"] ["bank_account_number", "checking_account", "bank_account"] money::us_account;
    "CREDIT_CARD_NUMBER" "US" ["Card Number", "Credit Card", "Visa card", "Card No."] ["card_number", "credit_card_number", "cc_number", "pan"] |r| { let s = any(r, &["", " ", "-"]); money::card(r, s) };
    "CANADA_SOCIAL_INSURANCE_NUMBER" "CA" ["Social Insurance Number", "SIN", "Numéro d'assurance sociale"] ["sin", "social_insurance_number", "sin_number"] |r| { let s = any(r, &["-", " "]); am::sin(r, s) };
    "CANADA_HEALTH_NUMBER" "CA" ["Personal Healthcare Number", "Health Card Number", "PHN"] ["phn", "health_card_number"] am::ca_health;
    "CANADA_PASSPORT_NUMBER" "CA" ["Passport Number", "Numéro de passeport"] ["passport_number", "passport"] am::ca_passport;
    "CANADA_NATIONAL_IDENTIFICATION_NUMBER" "CA" ["Permanent Resident Card Number", "Permanent resident number"] ["permanent_resident_number", "permanent_resident_card"] am::ca_resident;
    "CANADA_DRIVERS_LICENSE" "CA" ["Driver's Licence Number", "Driver Licence"] ["drivers_licence", "driver_licence_number"] am::ca_licence;
    "UK_NATIONAL_INSURANCE_NUMBER" "GB" ["National Insurance Number", "NI number", "NINO"] ["national_insurance_number", "nino", "ni_number"] |r| { let spaced = r.once_in(2); eu::nino(r, spaced) };
    "UK_NHS_NUMBER" "GB" ["NHS Number", "NHS no."] ["nhs_number", "nhs_no"] |r| { let s = any(r, &[" ", " ", "-", ""]); eu::nhs(r, s) };
    "UK_TAX_IDENTIFICATION_NUMBER" "GB" ["Unique Taxpayer Reference", "UTR", "Tax reference"] ["utr", "unique_taxpayer_reference", "tax_reference"] eu::utr;
    "UK_PASSPORT_NUMBER" "GB" ["Passport Number", "Passport No"] ["passport_number", "passport_no"] eu::uk_passport;
    "UK_DRIVERS_LICENSE" "GB" ["Driving Licence Number", "Driver's licence"] ["driving_licence_number", "driver_licence"] eu::uk_licence;
    "UK_ELECTORAL_ROLL_NUMBER" "GB" ["Electoral Roll Number", "Electoral number"] ["electoral_roll_number", "electoral_number"] eu::electoral;
    "AUSTRALIA_TAX_FILE_NUMBER" "AU" ["Tax File Number", "TFN"] ["tfn", "tax_file_number"] |r| { let s = any(r, &[" ", ""]); eu::tfn(r, s) };
    "AUSTRALIA_DRIVERS_LICENSE" "AU" ["Driver Licence No.", "Drivers licence number"] ["driver_licence", "drivers_licence_number"] |r| eu::licence(r, "AU");
    "GERMANY_TAX_IDENTIFICATION_NUMBER" "DE" ["Steueridentifikationsnummer", "Steuer-ID", "Identifikationsnummer", "IdNr."] ["steuer_id", "steueridentifikationsnummer", "steuer_identifikationsnummer"] |r| { let spaced = r.once_in(2); eu::steuer_id(r, spaced) };
    "GERMANY_NATIONAL_IDENTIFICATION_NUMBER" "DE" ["Personalausweisnummer", "Ausweisnummer", "Ausweis-Nr."] ["ausweisnummer", "personalausweisnummer", "personalausweis_nr"] eu::de_card;
    "GERMANY_PASSPORT_NUMBER" "DE" ["Reisepassnummer", "Reisepass-Nr.", "Pass-Nr."] ["reisepassnummer", "reisepass", "passnummer"] eu::de_passport;
    "GERMANY_DRIVERS_LICENSE" "DE" ["Führerscheinnummer", "Führerschein-Nr."] ["fuehrerscheinnummer", "fuehrerschein_nr"] |r| eu::licence(r, "DE");
    "GERMANY_BANK_ACCOUNT_NUMBER" "DE" ["IBAN", "Kontoverbindung (IBAN)", "Bankverbindung"] ["iban", "konto_iban", "iban_kunde"] |r| { let print = r.once_in(2); money::account(r, money::country("DE"), print).1 };
    "FRANCE_NATIONAL_IDENTIFICATION_NUMBER" "FR" ["Numéro de sécurité sociale", "N° de sécurité sociale", "NIR"] ["numero_securite_sociale", "nir", "num_secu"] |r| { let spaced = r.once_in(2); eu::nir(r, spaced) };
    "FRANCE_TAX_IDENTIFICATION_NUMBER" "FR" ["Numéro fiscal", "N° fiscal de référence", "Numéro d'identification fiscale"] ["numero_fiscal", "num_fiscal"] |r| { let spaced = r.once_in(2); eu::spi(r, spaced) };
    "FRANCE_HEALTH_INSURANCE_NUMBER" "FR" ["Carte Vitale", "N° carte Vitale"] ["carte_vitale", "numero_carte_vitale"] eu::fr_health;
    "FRANCE_PASSPORT_NUMBER" "FR" ["Numéro de passeport", "Passeport"] ["passeport", "numero_passeport"] eu::fr_passport;
    "FRANCE_DRIVERS_LICENSE" "FR" ["Permis de conduire", "N° de permis de conduire"] ["permis_conduire", "numero_permis_de_conduire"] |r| eu::licence(r, "FR");
    "FRANCE_BANK_ACCOUNT_NUMBER" "FR" ["IBAN", "Coordonnées bancaires (IBAN)"] ["iban", "compte_iban"] |r| { let print = r.once_in(2); money::account(r, money::country("FR"), print).1 };
    "SPAIN_DNI_NUMBER" "ES" ["DNI", "Documento nacional de identidad", "Nº DNI"] ["dni", "numero_dni", "documento_dni"] |r| { let s = any(r, &["", "-"]); eu::dni(r, s) };
    "SPAIN_NIE_NUMBER" "ES" ["NIE", "Número de identidad de extranjero"] ["nie", "numero_nie"] |r| { let s = any(r, &["", "-"]); eu::nie(r, s) };
    "SPAIN_NIF_NUMBER" "ES" ["NIF", "Número de identificación fiscal"] ["nif", "nif_cliente"] |r| eu::dni(r, "");
    "SPAIN_TAX_IDENTIFICATION_NUMBER" "ES" ["CIF", "CIF de la empresa"] ["cif", "cif_empresa"] eu::cif;
    "SPAIN_SOCIAL_SECURITY_NUMBER" "ES" ["Número de la Seguridad Social", "Nº Seguridad Social"] ["numero_seguridad_social", "num_seguridad_social"] |r| { let s = any(r, &["/", " ", ""]); eu::es_social(r, s) };
    "SPAIN_PASSPORT_NUMBER" "ES" ["Pasaporte", "Número de pasaporte"] ["pasaporte", "numero_pasaporte"] eu::es_passport;
    "SPAIN_BANK_ACCOUNT_NUMBER" "ES" ["IBAN", "Cuenta bancaria"] ["iban", "cuenta_bancaria"] |r| { let print = r.once_in(2); money::account(r, money::country("ES"), print).1 };
    "ITALY_NATIONAL_IDENTIFICATION_NUMBER" "IT" ["Codice fiscale", "C.F.", "Cod. Fiscale"] ["codice_fiscale", "cod_fiscale", "codicefiscale"] eu::codice_fiscale;
    "ITALY_PASSPORT_NUMBER" "IT" ["Passaporto", "Numero di passaporto"] ["passaporto", "numero_passaporto"] eu::it_passport;
    "ITALY_DRIVERS_LICENSE" "IT" ["Patente di guida", "Numero patente di guida"] ["patente_guida", "patente_di_guida_numero"] |r| eu::licence(r, "IT");
    "ITALY_BANK_ACCOUNT_NUMBER" "IT" ["IBAN", "Conto corrente (IBAN)"] ["iban", "iban_cliente"] |r| { let print = r.once_in(2); money::account(r, money::country("IT"), print).1 };
    "BRAZIL_CPF_NUMBER" "BR" ["CPF", "Nº CPF", "Cadastro de Pessoas Físicas"] ["cpf", "cpf_cliente", "numero_cpf"] |r| { let dotted = !r.once_in(3); am::cpf(r, dotted) };
    "BRAZIL_CNPJ_NUMBER" "BR" ["CNPJ", "CNPJ da empresa"] ["cnpj", "cnpj_empresa"] |r| { let dotted = !r.once_in(3); am::cnpj(r, dotted) };
    "BRAZIL_RG_NUMBER" "BR" ["RG", "Registro Geral"] ["rg", "registro_geral"] am::rg;
    "BRAZIL_CEP_CODE" "BR" ["CEP", "Código postal"] ["cep", "codigo_postal"] am::cep;
    "INDIA_AADHAAR_NUMBER" "IN" ["Aadhaar Number", "Aadhaar No."] ["aadhaar", "aadhaar_number", "aadhar_no"] |r| { let s = any(r, &[" ", "-", ""]); eu::aadhaar(r, s) };
    "INDIA_PERMANENT_ACCOUNT_NUMBER" "IN" ["PAN Card", "Permanent Account Number", "PAN number"] ["pan_card", "pan_number", "permanent_account_number"] eu::pan;
    "INDIA_DRIVERS_LICENSE" "IN" ["Driving Licence No", "Driver's licence"] ["driving_licence", "driver_licence_no"] |r| eu::licence(r, "IN");
    "MEXICO_CURP_NUMBER" "MX" ["CURP", "Clave Única de Registro de Población"] ["curp", "clave_curp"] am::curp;
    "MEXICO_INDIVIDUAL_RFC_NUMBER" "MX" ["RFC", "Registro Federal de Contribuyentes"] ["rfc", "rfc_persona"] |r| am::rfc(r, 4);
    "MEXICO_ORGANIZATION_RFC_NUMBER" "MX" ["RFC", "RFC de la empresa"] ["rfc", "rfc_empresa"] |r| am::rfc(r, 3);
    "ARGENTINA_DNI_NUMBER" "AR" ["DNI", "Documento Nacional de Identidad"] ["dni", "numero_dni"] |r| { let points = !r.once_in(3); am::ar_dni(r, points) };
    "ARGENTINA_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER" "AR" ["CUIL", "CUIT/CUIL"] ["cuil", "cuit_cuil"] |r| am::cuit(r, &["20", "23", "27"], true);
    "ARGENTINA_ORGANIZATION_TAX_IDENTIFICATION_NUMBER" "AR" ["CUIT", "CUIT de la empresa"] ["cuit", "cuit_empresa"] |r| am::cuit(r, &["30", "33"], true);
    "ARGENTINA_TARJETA_SUBE" "AR" ["Tarjeta SUBE", "SUBE"] ["tarjeta_sube", "sube"] am::sube;
    "CHILE_RUT_NUMBER" "CL" ["RUT", "R.U.T.", "Rol Único Tributario"] ["rut", "rut_cliente"] |r| { let points = r.once_in(2); am::rut(r, points) };
    "COLOMBIA_CITIZENSHIP_CARD_NUMBER" "CO" ["Cédula de ciudadanía", "Documento de identificación"] ["cedula_de_ciudadania", "cedula_ciudadania"] am::cedula;
    "COLOMBIA_INDIVIDUAL_NIT_NUMBER" "CO" ["NIT"] ["nit", "nit_persona"] am::nit_person;
    "COLOMBIA_ORGANIZATION_NIT_NUMBER" "CO" ["NIT", "NIT de la empresa"] ["nit", "nit_empresa"] am::nit_company;
    "EUROPEAN_HEALTH_INSURANCE_CARD_NUMBER" "EU" ["European Health Insurance Card", "EHIC number", "Carte européenne d'assurance maladie"] ["ehic", "ehic_number"] eu::ehic;
    "FINLAND_EUROPEAN_HEALTH_INSURANCE_NUMBER" "FI" ["Finland Health Insurance Card", "EHIC"] ["ehic", "finland_health_insurance_card"] eu::fi_ehic;
    "AUSTRIA_DRIVERS_LICENSE" "AT" ["Führerschein Republik Österreich", "Führerschein"] ["fuehrerschein"] |r| eu::licence(r, "AT");
    "BELGIUM_DRIVERS_LICENSE" "BE" ["Rijbewijsnummer", "Permis de conduire"] ["rijbewijsnummer"] |r| eu::licence(r, "BE");
    "BULGARIA_DRIVERS_LICENSE" "BG" ["свидетелство за управление на мпс", "шофьорска книжка"] ["shofyorska_knizhka"] |r| eu::licence(r, "BG");
    "CROATIA_DRIVERS_LICENSE" "HR" ["Vozačka dozvola"] ["vozacka_dozvola"] |r| eu::licence(r, "HR");
    "CYPRUS_DRIVERS_LICENSE" "CY" ["άδεια οδήγησης"] ["adeia_odigisis"] |r| eu::licence(r, "CY");
    "CZECHIA_DRIVERS_LICENSE" "CZ" ["Číslo řidičského průkazu", "Řidičský průkaz"] ["cislo_ridicskeho_prukazu"] |r| eu::licence(r, "CZ");
    "DENMARK_DRIVERS_LICENSE" "DK" ["Kørekort", "Kørekortnummer"] ["koerekortnummer", "kørekort"] |r| eu::licence(r, "DK");
    "ESTONIA_DRIVERS_LICENSE" "EE" ["Juhiloa number", "Juhiluba"] ["juhiluba", "juhiloa_number"] |r| eu::licence(r, "EE");
    "FINLAND_DRIVERS_LICENSE" "FI" ["Ajokortin numero", "Ajokortti"] ["ajokortti", "ajokortin_numero"] |r| eu::licence(r, "FI");
    "GREECE_DRIVERS_LICENSE" "GR" ["άδεια οδήγησης", "Adeia odigisis"] ["adeia_odigisis"] |r| eu::licence(r, "GR");
    "HUNGARY_DRIVERS_LICENSE" "HU" ["Jogosítvány", "Vezetői engedély"] ["jogositvany", "jogosítvány"] |r| eu::licence(r, "HU");
    "IRELAND_DRIVERS_LICENSE" "IE" ["Ceadúnas tiomána"] ["ceadunas_tiomana", "ceadúnas_tiomána"] |r| eu::licence(r, "IE");
    "LATVIA_DRIVERS_LICENSE" "LV" ["Autovadītāja apliecība", "Vadītāja apliecības numurs"] ["vaditaja_aplieciba"] |r| eu::licence(r, "LV");
    "LITHUANIA_DRIVERS_LICENSE" "LT" ["Vairuotojo pažymėjimas"] ["vairuotojo_pazymejimas"] |r| eu::licence(r, "LT");
    "LUXEMBOURG_DRIVERS_LICENSE" "LU" ["Führerschäin", "Fahrerlaubnis"] ["fahrerlaubnis"] |r| eu::licence(r, "LU");
    "MALTA_DRIVERS_LICENSE" "MT" ["Liċenzja tas-sewqan"] ["licenzja_tas_sewqan"] |r| eu::licence(r, "MT");
    "NETHERLANDS_DRIVERS_LICENSE" "NL" ["Rijbewijs", "Rijbewijsnummer"] ["rijbewijs", "rijbewijsnummer"] |r| eu::licence(r, "NL");
    "POLAND_DRIVERS_LICENSE" "PL" ["Prawo jazdy", "Nr prawa jazdy"] ["prawo_jazdy", "nr_prawa_jazdy"] |r| eu::licence(r, "PL");
    "PORTUGAL_DRIVERS_LICENSE" "PT" ["Carta de condução", "N.º carta de condução"] ["carta_conducao", "carta_de_conducao"] |r| eu::licence(r, "PT");
    "ROMANIA_DRIVERS_LICENSE" "RO" ["Permis de conducere", "Numărul permisului de conducere"] ["permis_de_conducere"] |r| eu::licence(r, "RO");
    "SLOVAKIA_DRIVERS_LICENSE" "SK" ["Číslo vodičského preukazu", "Vodičský preukaz"] ["vodicsky_preukaz", "cislo_vodicskeho_preukazu"] |r| eu::licence(r, "SK");
    "SLOVENIA_DRIVERS_LICENSE" "SI" ["Vozniško dovoljenje"] ["voznisko_dovoljenje"] |r| eu::licence(r, "SI");
    "SPAIN_DRIVERS_LICENSE" "ES" ["Licencia de conducir", "Carnet de conducir"] ["carnet_conducir", "licencia_conducir"] |r| eu::licence(r, "ES");
    "SWEDEN_DRIVERS_LICENSE" "SE" ["Körkort", "Körkortsnummer"] ["korkort", "körkort"] |r| eu::licence(r, "SE");
    "NETHERLANDS_NATIONAL_IDENTIFICATION_NUMBER" "NL" ["Burgerservicenummer", "BSN"] ["bsn", "burgerservicenummer"] world::bsn;
    "POLAND_NATIONAL_IDENTIFICATION_NUMBER" "PL" ["PESEL", "Numer PESEL"] ["pesel", "numer_pesel"] world::pesel;
    "POLAND_TAX_IDENTIFICATION_NUMBER" "PL" ["NIP", "Numer NIP"] ["nip", "numer_nip"] world::nip;
    "PORTUGAL_TAX_IDENTIFICATION_NUMBER" "PT" ["NIF", "Número de contribuinte"] ["nif", "numero_contribuinte"] world::pt_nif;
    "SWEDEN_NATIONAL_IDENTIFICATION_NUMBER" "SE" ["Personnummer"] ["personnummer"] world::personnummer;
    "BELGIUM_NATIONAL_IDENTIFICATION_NUMBER" "BE" ["Rijksregisternummer", "Numéro national"] ["rijksregisternummer", "numero_national"] world::be_national;
    "SWITZERLAND_SOCIAL_SECURITY_NUMBER" "CH" ["AHV-Nummer", "AHV-Nr.", "Numéro AVS"] ["ahv_nummer", "ahv_nr"] world::ahv;
    "IRELAND_NATIONAL_IDENTIFICATION_NUMBER" "IE" ["PPS Number", "PPSN"] ["ppsn", "pps_number"] world::pps;
    "CROATIA_NATIONAL_IDENTIFICATION_NUMBER" "HR" ["OIB"] ["oib"] world::oib;
    "TURKIYE_NATIONAL_IDENTIFICATION_NUMBER" "TR" ["T.C. Kimlik No", "TC Kimlik Numarası"] ["tc_kimlik_no", "tckn"] world::tckn;
    "SOUTH_AFRICA_NATIONAL_IDENTIFICATION_NUMBER" "ZA" ["South African ID number", "SA ID number"] ["sa_id_number", "rsa_id"] world::za_national;
    "ISRAEL_NATIONAL_IDENTIFICATION_NUMBER" "IL" ["Teudat Zehut", "Israeli ID number"] ["teudat_zehut"] world::il_national;
    "ROMANIA_NATIONAL_IDENTIFICATION_NUMBER" "RO" ["CNP", "Cod numeric personal"] ["cnp", "cod_numeric_personal"] world::cnp;
    "NEW_ZEALAND_TAX_IDENTIFICATION_NUMBER" "NZ" ["IRD number", "IRD No."] ["ird_number", "ird"] world::ird;
    "AUSTRALIA_MEDICARE_NUMBER" "AU" ["Medicare number", "Medicare card no."] ["medicare_number", "medicare_card"] world::au_medicare;
}

/// The kinds of a country.
pub fn of(land: &str) -> Vec<&'static Kind> {
    KINDS.iter().filter(|k| k.land == land).collect()
}

pub fn kind(id: &str) -> &'static Kind {
    let found = KINDS.iter().find(|k| k.id == id);
    found.unwrap_or_else(|| panic!("no kind {id}"))
}
