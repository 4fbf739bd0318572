// Writes the given and family names of every locale of @faker-js/faker as JSON, for compile.py:
//
//     node faker_js.mjs SOURCES/faker-js-faker-10.6.0 > SOURCES/faker-js.json
import { pathToFileURL } from 'node:url';

const { allLocales } = await import(pathToFileURL(`${process.argv[2]}/dist/index.js`));
const leaves = (tree) =>
  !tree ? [] : typeof tree === 'string' ? [tree] : Object.values(tree).flatMap(leaves);
const names = {};
for (const [locale, { person }] of Object.entries(allLocales)) {
  if (person) {
    names[locale] = { first: [...new Set(leaves(person.first_name))], last: [...new Set(leaves(person.last_name))] };
  }
}
console.log(JSON.stringify(names));
