/** Starts this very script once more, beside the page. Throws where the browser allows no worker. */
export function startWorker(): Worker {
  const program = document.querySelector('#program')?.textContent ?? '';
  const address = URL.createObjectURL(new Blob([program], { type: 'text/javascript' }));
  return new Worker(address);
}
