import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Client } from 'rxwamp';
import { WampProvider } from 'rxwamp/react';
import { App } from './app';
import './style.css';

// Connects when a component asks for something, and comes back by itself.
const client = new Client({ url: new URLSearchParams(location.search).get('router') ?? 'ws://localhost:8080/ws' });

createRoot(document.getElementById('app')!).render(
  <StrictMode>
    <WampProvider client={client}>
      <App />
    </WampProvider>
  </StrictMode>,
);
