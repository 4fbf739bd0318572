//! The words of Rich Text Format that bear on the text.

/// Where the text of a group goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination {
    /// Lines: of the body, or its own.
    Text,
    /// A line `name: text`.
    Named(&'static str),
    /// The name of a property, and its value.
    Property,
    Value,
    Fonts,
    /// Code of a field.
    Code,
    /// An embedded file.
    Object,
    /// Groups in it count as they are.
    Transparent,
    /// Nowhere, with all groups in it.
    Over,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    Destination(Destination),
    /// Stands for a text.
    Text(&'static str),
    Paragraph,
    /// The code page: named by the word, or told by its number.
    Ansi(Option<i32>),
    StandardFont,
    Fallback,
    Plain,
    Font,
    Charset,
    CodePage,
    InTable,
    /// Properties of paragraphs are as at the start.
    Defaults,
    HeaderRow,
    Cell,
    Row,
    InnerCell,
    InnerRow,
}

impl Word {
    pub fn of(name: &[u8]) -> Option<Word> {
        use Destination::{Code, Fonts, Named, Object, Over, Property, Text, Transparent, Value};
        let to = Word::Destination;
        Some(match name {
            b"par" | b"sect" | b"page" => Word::Paragraph,
            b"tab" => Word::Text("\t"),
            b"line" | b"softline" | b"lbr" => Word::Text("\n"),
            b"emdash" => Word::Text("\u{2014}"),
            b"endash" => Word::Text("\u{2013}"),
            b"emspace" | b"enspace" | b"qmspace" => Word::Text(" "),
            b"bullet" => Word::Text("\u{2022}"),
            b"lquote" => Word::Text("\u{2018}"),
            b"rquote" => Word::Text("\u{2019}"),
            b"ldblquote" => Word::Text("\u{201c}"),
            b"rdblquote" => Word::Text("\u{201d}"),
            b"ansi" => Word::Ansi(Some(1252)),
            b"mac" => Word::Ansi(Some(10_000)),
            b"pc" => Word::Ansi(Some(437)),
            b"pca" => Word::Ansi(Some(850)),
            b"ansicpg" => Word::Ansi(None),
            b"deff" => Word::StandardFont,
            b"uc" => Word::Fallback,
            b"plain" => Word::Plain,
            b"f" => Word::Font,
            b"fcharset" => Word::Charset,
            b"cpg" => Word::CodePage,
            b"intbl" => Word::InTable,
            b"pard" => Word::Defaults,
            b"trhdr" => Word::HeaderRow,
            b"cell" => Word::Cell,
            b"row" => Word::Row,
            b"nestcell" => Word::InnerCell,
            b"nestrow" => Word::InnerRow,
            b"header" | b"headerl" | b"headerr" | b"headerf" | b"footer" | b"footerl"
            | b"footerr" | b"footerf" | b"footnote" | b"annotation" | b"shptxt" | b"dptxbxtext"
            | b"revtbl" => to(Text),
            b"title" => to(Named("title")),
            b"subject" => to(Named("subject")),
            b"author" | b"atnauthor" => to(Named("author")),
            b"operator" => to(Named("operator")),
            b"keywords" => to(Named("keywords")),
            b"comment" | b"doccomm" => to(Named("comment")),
            b"company" => to(Named("company")),
            b"manager" => to(Named("manager")),
            b"category" => to(Named("category")),
            b"hlinkbase" => to(Named("link base")),
            b"propname" => to(Property),
            b"staticval" => to(Value),
            b"docvar" => to(Named("variable")),
            b"fonttbl" => to(Fonts),
            b"fldinst" => to(Code),
            b"objdata" => to(Object),
            b"shpinst" | b"shpgrp" | b"do" | b"nesttableprops" | b"userprops" | b"moMath"
            | b"mr" | b"fldrslt" | b"objname" => to(Transparent),
            b"aftncn"
            | b"aftnsep"
            | b"aftnsepc"
            | b"atndate"
            | b"atnid"
            | b"atnref"
            | b"atrfend"
            | b"atrfstart"
            | b"atnparent"
            | b"bkmkend"
            | b"bkmkstart"
            | b"blipuid"
            | b"buptim"
            | b"colorschememapping"
            | b"colortbl"
            | b"creatim"
            | b"datafield"
            | b"datastore"
            | b"defchp"
            | b"defpap"
            | b"falt"
            | b"filetbl"
            | b"fontemb"
            | b"fontfile"
            | b"ftncn"
            | b"ftnsep"
            | b"ftnsepc"
            | b"generator"
            | b"latentstyles"
            | b"listoverridetable"
            | b"listpicture"
            | b"listtable"
            | b"nonesttables"
            | b"nonshppict"
            | b"objclass"
            | b"panose"
            | b"pgptbl"
            | b"picprop"
            | b"pict"
            | b"pn"
            | b"printim"
            | b"protusertbl"
            | b"revtim"
            | b"rsidtbl"
            | b"shppict"
            | b"shprslt"
            | b"sp"
            | b"stylesheet"
            | b"template"
            | b"themedata"
            | b"ud"
            | b"wgrffmtfilter"
            | b"xmlnstbl" => to(Over),
            _ => return None,
        })
    }
}
