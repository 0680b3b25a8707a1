import { Client } from 'rxwamp';
import { provideWamp } from 'rxwamp/vue';
import { createApp } from 'vue';
import App from './App.vue';
import './style.css';

const app = createApp(App);
// Connects when a component asks for something, and comes back by itself.
provideWamp(new Client({ url: new URLSearchParams(location.search).get('router') ?? 'ws://localhost:8080/ws' }), app);
app.mount('#app');
