// node fhirpath.cjs FOLDER RESPONSES EXPRESSION COUNT: JSON text in, total out, with the npm package fhirpath.
const [folder, source, expression, count] = process.argv.slice(2);
const fhirpath = require(require("node:path").join(folder, "node_modules", "fhirpath"));
const texts = require("node:fs").readFileSync(source, "utf8").split("\n").slice(0, Number(count));
const total = fhirpath.compile(expression);
const score = (text) => total(JSON.parse(text))[0];
const totals = texts.map(score);
let best = Infinity;
for (let round = 0; round < 3; round++) {
  const start = process.hrtime.bigint();
  texts.forEach(score);
  best = Math.min(best, Number(process.hrtime.bigint() - start) / 1e9);
}
console.log(JSON.stringify({ totals, seconds: best }));
