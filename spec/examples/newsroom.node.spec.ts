import { readFileSync } from 'node:fs';

describe('the news rooms of examples', () => {
  for (const name of ['react', 'vue', 'svelte']) {
    it(`have one back end and one stylesheet: ${name}`, () => {
      expect(readFileSync(`examples/${name}/back-end.js`, 'utf8')).toBe(readFileSync('examples/page/back-end.js', 'utf8'));
      expect(readFileSync(`examples/${name}/src/style.css`, 'utf8')).toBe(readFileSync('examples/page/style.css', 'utf8'));
    });
  }
});
