import { startPage } from './app/page.ts';
import { keepOffline } from './offline/register.ts';

const root = document.querySelector<HTMLElement>('#app');
if (root) startPage(root);
keepOffline();
