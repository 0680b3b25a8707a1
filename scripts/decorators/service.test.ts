import { check } from './service.ts';

// Vitest and Jest both have it as a global.
declare const test: (name: string, body: () => Promise<void>) => void;
test('served', check);
