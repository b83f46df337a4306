import { startPage } from './app/page.ts';

const root = document.querySelector<HTMLElement>('#app');
if (root) startPage(root);
