import { compareMatrix, PARTS } from './compare.ts';

compareMatrix(PARTS.amdvi);
