// Proves that the policy of its page is in force.
let outcome = 'ran';
try {
  (0, eval)('1');
} catch (error) {
  outcome = (error as Error).name;
}
document.title = `eval ${outcome}`;
