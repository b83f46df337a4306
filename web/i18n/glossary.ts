import { MACHINE_TERMS } from './glossary-machine.ts';
import { SOFTWARE_TERMS } from './glossary-software.ts';
import type { Term } from './glossary-term.ts';

/** Every term lessons use. */
export const GLOSSARY: readonly Term[] = [...MACHINE_TERMS, ...SOFTWARE_TERMS];
