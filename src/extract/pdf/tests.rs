//! Tests of PDF on made files; those on files of real writers are with the other documents.

use super::super::Failure;
use super::super::Format;
use super::super::recorded::{Recorded, Told};
use crate::model::Reason;

/// A PDF of the objects given, numbered from 1; the first is the catalog.
fn file(objects: &[String]) -> Vec<u8> {
    let mut pdf = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    for (number, object) in (1..).zip(objects) {
        offsets.push(pdf.len());
        pdf.extend(format!("{number} 0 obj\n{object}\nendobj\n").bytes());
    }
    let start = pdf.len();
    let count = objects.len() + 1;
    pdf.extend(format!("xref\n0 {count}\n0000000000 65535 f \n").bytes());
    for offset in offsets {
        pdf.extend(format!("{offset:010} 00000 n \n").bytes());
    }
    pdf.extend(
        format!("trailer\n<</Size {count}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").bytes(),
    );
    pdf
}

fn stream(dict: &str, content: &str) -> String {
    format!(
        "<<{dict}/Length {}>>stream\n{content}\nendstream",
        content.len()
    )
}

/// A page with this content and these resources; further objects begin at 5.
fn page(content: &str, resources: &str, more: &[String]) -> Vec<u8> {
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<<{resources}>>>>"
        ),
        stream("", content),
    ];
    objects.extend_from_slice(more);
    file(&objects)
}

const HELVETICA: &str = "/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>";

fn told(pdf: &[u8]) -> Recorded {
    let (out, result) = Recorded::read(Format::Pdf, pdf);
    result.unwrap();
    out
}

#[test]
fn all_ways_to_show_text_are_followed() {
    let out = told(&page(
        "BT /F 10 Tf 12 TL 50 700 Td (one) Tj T* (two) Tj (three) ' 1 0 (four) \" [(fi) 20 (ve) -400 (six)] TJ ET
        q 1 0 0 1 0 100 cm BT /F 10 Tf 50 0 Td (moved) Tj ET Q BT /F 10 Tf 50 20 Td (back) Tj ET",
        HELVETICA,
        &[],
    ));
    assert_eq!(
        out.lines(),
        ["one", "two", "three", "fourfive six", "moved", "back"]
    );
    assert_eq!(out.gaps(), []);
    assert!(out.told.contains(&Told::Page(1)));
}

#[test]
fn forms_have_fonts_of_their_own_and_may_draw_themselves() {
    let map = stream("", "1 beginbfchar <61> <0078> endbfchar");
    let form = stream(
        "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>>>>>",
        "BT /F 9 Tf (a) Tj ET /X Do",
    );
    let out = told(&page(
        "BT /F 9 Tf 9 700 Td (a) Tj ET /X Do",
        &format!("{HELVETICA}/XObject<</X 5 0 R>>"),
        &[form, map],
    ));
    assert_eq!(out.lines(), ["a", "x"]);
    assert_eq!(out.gaps(), []);
}

#[test]
fn forms_that_multiply_have_an_end() {
    // Each draws the next ten times.
    let forms: Vec<String> = (6..=16)
        .map(|next| {
            stream(
                &format!("/Type/XObject/Subtype/Form/Resources<</XObject<</X {next} 0 R>>>>"),
                &"/X Do ".repeat(10),
            )
        })
        .collect();
    let out = told(&page("/X Do", "/XObject<</X 5 0 R>>", &forms));
    assert_eq!(
        out.gaps(),
        [(Reason::MalformedFile, "page 1 could not be read to its end")]
    );
}

#[test]
fn glyphs_that_nothing_tells_of_are_a_gap() {
    let font = "/Font<</F<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType2>>]>>>>";
    let out = told(&page("BT /F 9 Tf <00010002000300040005> Tj ET", font, &[]));
    let detail = "page 1 has characters that its fonts do not tell";
    assert_eq!(out.gaps(), [(Reason::UnableToParseFile, detail)]);
    // A bullet now and then is none.
    let out = told(&page("BT /F 9 Tf <00010002> Tj ET", font, &[]));
    assert_eq!(out.gaps(), []);
    // A font that is not there.
    let out = told(&page("BT /F 9 Tf (secret) Tj ET", "", &[]));
    assert_eq!(out.gaps(), [(Reason::UnableToParseFile, detail)]);
}

#[test]
fn text_that_stands_for_what_is_shown_is_told() {
    let out = told(&page(
        "BT /F 9 Tf 9 700 Td /Span<</ActualText(real)>>BDC (x) Tj (y) Tj EMC ( end) Tj ET",
        HELVETICA,
        &[],
    ));
    assert_eq!(out.lines(), ["real end"]);
}

#[test]
fn trees_of_pages_may_be_cyclic() {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R 2 0 R 3 0 R 9 0 R 4 0 R]/Count 100000000>>".to_owned(),
        format!("<</Type/Page/Parent 2 0 R/Resources<<{HELVETICA}>>/Contents 5 0 R>>"),
        "<</Type/Pages/Kids[2 0 R 4 0 R]/Parent 4 0 R>>".to_owned(),
        stream("", "BT /F 9 Tf (text) Tj ET"),
    ];
    let out = told(&file(&objects));
    assert_eq!(out.lines(), ["text"]);
}

#[test]
fn files_without_a_table_of_objects_are_read_as_they_stand() {
    let whole = page("BT /F 9 Tf (text) Tj ET", HELVETICA, &[]);
    let cut = memchr::memmem::find(&whole, b"xref").unwrap();
    let (out, result) = Recorded::read(Format::Pdf, &whole[..cut]);
    assert_eq!(out.lines(), ["text"]);
    assert_eq!(out.gaps(), []);
    match result {
        Err(Failure::Broken { reason, detail }) => {
            assert_eq!(reason, Reason::MalformedFile);
            assert!(detail.contains("table of objects"), "{detail}");
        }
        other => panic!("{other:?}"),
    }
    let (out, result) = Recorded::read(Format::Pdf, b"%PDF-1.7 nothing");
    assert!(out.told.is_empty());
    assert!(matches!(result, Err(Failure::Broken { .. })));
    let (_, result) = Recorded::read(Format::Pdf, b"no PDF");
    assert!(matches!(result, Err(Failure::NotThis(_))));
}
