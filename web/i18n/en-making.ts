import type { LinkTrouble } from '../app/state.ts';
import type { ExportKind } from '../export/kinds.ts';

const linkTroubles: Record<LinkTrouble, readonly [string, string]> = {
  damaged: [
    'This link is damaged',
    'A part of it is missing or was changed on the way. Ask for it once more, or choose a scenario.',
  ],
  oversized: ['This is too large', 'A scenario has at most 256 KiB. Nothing was opened.'],
  newer: [
    'This link was made by a newer version of this page',
    'What it says can’t be read here. Reload the page, or open the link where it was made.',
  ],
};

const exports: Record<ExportKind, readonly [string, string]> = {
  svg: ['Picture (SVG)', 'the picture as it is now, styles inside'],
  png: ['Picture (PNG)', 'the same in dots, twice the size'],
  gif: ['Film (GIF)', 'the run as moving pictures'],
  mermaid: ['Sequence (Mermaid)', 'text for documents that draw diagrams'],
  chrome: ['Timeline (JSON)', 'for Perfetto and chrome://tracing'],
  transcript: ['Transcript (Markdown)', 'the run in sentences'],
  print: ['Print', 'script, pictures of every verdict, and the transcript'],
};

/** Texts of links, the editor, sharing and exporting. */
export const MAKING = {
  link: {
    troubles: linkTroubles,
    drift: 'This link was made when the simulator, or the scenario, was another one.',
    driftFrom: (step: number): string => `The run differs from step ${step} on.`,
    driftSomewhere: 'The run differs; from which step on, the link does not tell.',
    goTo: (step: number): string => `Go to step ${step}`,
    accept: 'Go on with this run',
  },
  editor: {
    title: 'Scenario text',
    open: 'Edit',
    openText: 'Edit the text',
    close: 'Close',
    loading: 'The editor is coming …',
    plain: 'The editor could not be loaded; this is a plain text field.',
    text: 'Text of the scenario',
    openFile: 'Open a file',
    openFileHint: 'Open a file …',
    save: 'Save',
    discard: 'Undo all changes',
    drop: 'Drop the file to open it',
    fine: 'The text can be run.',
    running: 'Running …',
    crashed: 'The simulator stopped on this text:',
    mistakes: (n: number): string => (n === 1 ? '1 mistake' : `${n} mistakes`),
    warnings: (n: number): string => (n === 1 ? '1 thing to look at' : `${n} things to look at`),
    line: (line: number, column: number): string => `line ${line}, column ${column}`,
    lastGood: 'The picture shows the last text that could be run.',
    escape: 'Press Esc, then Tab, to leave the text.',
  },
  share: {
    title: 'Share and export',
    open: 'Share',
    close: 'Close',
    name: 'Name for the link',
    link: 'Link to what you see',
    copy: 'Copy',
    copied: 'Copied',
    notCopied: 'Select it and copy it by hand.',
    long: (n: number): string =>
      `This link has ${n} characters; some programs cut links off. Save the file and send that instead.`,
    withoutPlace:
      'The link holds the text, the position and what is selected. Nothing is sent to a server.',
    embed: 'Put it into a page or slides',
    frame: 'In a page (iframe)',
    slide: 'In slides (reveal.js)',
    steer: 'Steer it from the page (optional)',
    exports: 'Save',
    making: 'Making it …',
    progress: (n: number, of: number): string => `Picture ${n} of ${of} …`,
    failed: 'That could not be made.',
    kinds: exports,
  },
  embed: {
    full: 'Open the full view',
    label: (title: string): string => `irqscope: ${title}`,
  },
};
