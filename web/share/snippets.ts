/** The address of the page without all around the picture. */
function embedAddress(link: string): string {
  const [page, hash = ''] = link.split('#');
  return `${page}?embed=1${hash ? `#${hash}` : ''}`;
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');

/** For any page. */
export const frameSnippet = (link: string): string =>
  `<iframe src="${escaped(embedAddress(link))}"
  title="irqscope" width="100%" height="560" style="border: 0" loading="lazy"></iframe>`;

/** For slides of reveal.js: loaded when the slide comes near. */
export const slideSnippet = (link: string): string =>
  `<section>
  <iframe data-src="${escaped(embedAddress(link))}"
    title="irqscope" width="100%" height="600" style="border: 0"></iframe>
</section>`;

/** How a page steers what it embeds, and hears of it. */
export const steerSnippet = (): string =>
  `const frame = document.querySelector('iframe');
const tell = what => frame.contentWindow.postMessage({ irqscope: 1, ...what }, '*');
addEventListener('message', ({ data }) => {
  if (data?.irqscope !== 1) return;
  if (data.event === 'ready') tell({ cmd: 'goto', seq: 0 });
  if (data.event === 'size') frame.style.height = data.height + 'px';
});
// cmd: 'state', 'goto' (seq), 'step' (by: 1 or -1), 'verdict' (by), 'play', 'pause'`;
