// `npm start`: the back end, and a static server for the page; any other does as well.
import { createServer } from 'node:http';
import sirv from 'sirv';
import './back-end.js';

createServer(sirv('.', { dev: true })).listen(5173, '127.0.0.1', () => console.log('page: http://127.0.0.1:5173/'));
