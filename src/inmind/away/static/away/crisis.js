// Whether an answer asks for help now. Pure: the rules travel with the form as data, and the server makes them from the
// instrument's own flags; cases.json holds both sides to the same answers.

// rules: [{item, at_least}]; answers: {item: points, or null where left blank}. One answer is enough, whatever is blank.
export function needsHelp(rules, answers) {
  return rules.some(({ item, at_least: least }) => Number.isFinite(answers[item]) && answers[item] >= least);
}
