/** Real: the machine's archive and loader. Where neither gives the library, the reason must be told. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findXgboost, xgboostEnvironment } from './find-xgboost';
import { repositoryFolder } from './repository-folder';

it('either finds a library for the environment of a training process, or says why not', async () => {
  const said: string[] = [];
  const library = await findXgboost(join(repositoryFolder(), '.cache'), (line) => said.push(line));
  if (library) expect(xgboostEnvironment(library)).toMatchObject({ XGBOOST_LIBRARY: library.xgboost });
  else expect(said.join('\n')).toMatch(/xgboost/);
});
