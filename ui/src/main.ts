import './app.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { connect } from './backend';

const target = document.getElementById('app');
if (!target) throw new Error('the page has no place for the app');

void connect().then((backend) => mount(App, { target, props: { backend } }));
