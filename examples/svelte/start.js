// `npm start`: the back end, and Vite's server for the page.
import { createServer } from 'vite';
import './back-end.js';

const server = await createServer();
await server.listen();
server.printUrls();
