import { check } from './service.ts';

await check();
console.log('served');
