//! What is known of the elements of HTML: how they stand in a line, and where they end by themselves.

/// How an element parts the text around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text before and behind belongs together.
    Inline,
    Block,
}

const INLINE: &[&str] = &[
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
    "font", "i", "ins", "kbd", "mark", "nobr", "q", "rp", "rt", "ruby", "s", "samp", "small",
    "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
];

const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];

/// The rest of them.
const OTHERS: &[&str] = &[
    "address",
    "article",
    "aside",
    "audio",
    "blockquote",
    "body",
    "button",
    "canvas",
    "caption",
    "center",
    "colgroup",
    "datalist",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "frame",
    "frameset",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hgroup",
    "html",
    "iframe",
    "label",
    "legend",
    "li",
    "main",
    "map",
    "menu",
    "meter",
    "nav",
    "noframes",
    "noscript",
    "object",
    "ol",
    "optgroup",
    "option",
    "output",
    "p",
    "picture",
    "pre",
    "progress",
    "script",
    "search",
    "section",
    "select",
    "slot",
    "style",
    "summary",
    "svg",
    "table",
    "tbody",
    "td",
    "template",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "title",
    "tr",
    "ul",
    "video",
];

/// Elements that data is hardly ever called by, so that a text which begins with one is HTML.
const OPENERS: &[&str] = &[
    "a",
    "article",
    "b",
    "blockquote",
    "body",
    "br",
    "center",
    "div",
    "dl",
    "font",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "hr",
    "html",
    "i",
    "img",
    "input",
    "li",
    "meta",
    "nav",
    "noscript",
    "ol",
    "p",
    "pre",
    "script",
    "section",
    "select",
    "span",
    "strong",
    "style",
    "table",
    "tbody",
    "td",
    "textarea",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
];

pub(super) fn kind(name: &str) -> Kind {
    match INLINE.binary_search(&name) {
        Ok(_) => Kind::Inline,
        Err(_) => Kind::Block,
    }
}

/// Has no content and no end tag.
pub(super) fn is_void(name: &str) -> bool {
    VOID.contains(&name)
}

/// A name of HTML, which says nothing of the text inside.
pub(super) fn is_known(name: &str) -> bool {
    OTHERS.binary_search(&name).is_ok() || kind(name) == Kind::Inline || is_void(name)
}

pub(super) fn opens_html(name: &str) -> bool {
    OPENERS.binary_search(&name).is_ok()
}

/// The content is no markup.
pub(super) fn is_raw(name: &str) -> bool {
    matches!(name, "script" | "style")
}

/// White space counts.
pub(super) fn keeps_space(name: &str) -> bool {
    matches!(name, "pre" | "textarea" | "listing")
}

/// Which open elements end where an element begins, and which others keep them from it.
pub(super) fn ends_before(name: &str) -> (&'static [&'static str], &'static [&'static str]) {
    match name {
        "li" => (&["li"], &["ol", "ul", "menu"]),
        "dt" | "dd" => (&["dd", "dt"], &["dl"]),
        "td" | "th" => (&["td", "th"], &["tr", "table"]),
        "tr" => (&["tr"], &["table"]),
        "tbody" | "thead" | "tfoot" => (&["tbody", "thead", "tfoot"], &["table"]),
        "option" => (&["option"], &["select", "datalist", "optgroup"]),
        "optgroup" => (&["optgroup"], &["select"]),
        "body" => (&["head"], &["html"]),
        _ if ends_paragraph(name) => (
            &["p"],
            &["td", "th", "table", "button", "object", "caption"],
        ),
        _ => (&[], &[]),
    }
}

fn ends_paragraph(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "center"
            | "details"
            | "div"
            | "dl"
            | "fieldset"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hr"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "p"
            | "pre"
            | "section"
            | "table"
            | "ul"
    )
}

/// Attributes of HTML, whose names say nothing of what a value is of.
const ATTRIBUTES: &[&str] = &[
    "abbr",
    "accept",
    "action",
    "allow",
    "alt",
    "async",
    "autocomplete",
    "background",
    "charset",
    "checked",
    "cite",
    "content",
    "coords",
    "data",
    "datetime",
    "defer",
    "disabled",
    "download",
    "enctype",
    "for",
    "form",
    "headers",
    "href",
    "hreflang",
    "http-equiv",
    "id",
    "integrity",
    "itemid",
    "itemprop",
    "itemscope",
    "itemtype",
    "kind",
    "label",
    "link",
    "list",
    "loading",
    "max",
    "maxlength",
    "media",
    "method",
    "min",
    "minlength",
    "name",
    "nonce",
    "pattern",
    "placeholder",
    "poster",
    "property",
    "readonly",
    "required",
    "scope",
    "selected",
    "shape",
    "sizes",
    "span",
    "src",
    "srcdoc",
    "srcset",
    "start",
    "step",
    "summary",
    "text",
    "title",
    "type",
    "usemap",
    "value",
    "wrap",
];

pub(super) fn is_known_attribute(name: &str) -> bool {
    ATTRIBUTES.binary_search(&name).is_ok() || name.starts_with("aria-") || is_of_looks(name)
}

/// Attributes that say how an element looks or behaves.
pub(super) fn is_of_looks(attribute: &str) -> bool {
    matches!(
        attribute,
        "class"
            | "style"
            | "lang"
            | "dir"
            | "rel"
            | "target"
            | "role"
            | "tabindex"
            | "width"
            | "height"
            | "align"
            | "valign"
            | "bgcolor"
            | "color"
            | "border"
            | "cellpadding"
            | "cellspacing"
            | "colspan"
            | "rowspan"
            | "face"
            | "size"
            | "xmlns"
    ) || attribute.starts_with("xmlns:")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_ascend_and_agree() {
        for list in [INLINE, OTHERS, OPENERS, ATTRIBUTES] {
            assert!(list.is_sorted(), "{list:?}");
        }
        assert!(OPENERS.iter().all(|name| is_known(name)));
        assert!(!is_known("ssn") && kind("ssn") == Kind::Block);
    }
}
