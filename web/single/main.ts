import '../style/main.css';

// The same script is the page and, started once more beside it, the simulator: each loads its part.
const root = 'document' in globalThis ? document.querySelector<HTMLElement>('#app') : null;
if (root) import('../app/page.ts').then(({ startPage }) => startPage(root));
else import('../worker/listen.ts').then(({ listen }) => listen());
