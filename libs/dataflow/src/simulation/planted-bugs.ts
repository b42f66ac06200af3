/** A bug put into a copy of the production sources: text that stands there exactly once, and what it becomes. The sources themselves know nothing of it. */
export interface PlantedBug {
  readonly name: string;
  readonly edits: readonly { readonly file: string; readonly is: string; readonly becomes: string }[];
}

const appender = (is: string, becomes: string) => ({ file: 'fenced-appender.ts', is, becomes });
const runner = (is: string, becomes: string) => ({ file: 'stage-runner.ts', is, becomes });
const folding = (is: string, becomes: string) => ({ file: 'frame-fold.ts', is, becomes });
const sequencer = (is: string, becomes: string) => ({ file: 'sequencer.ts', is, becomes });
const identities = (is: string, becomes: string) => ({ file: 'known-identities.ts', is, becomes });
const values = (is: string, becomes: string) => ({ file: 'keyed-state.ts', is, becomes });
const timers = (is: string, becomes: string) => ({ file: 'timers.ts', is, becomes });
const merger = (is: string, becomes: string) => ({ file: 'table-merger.ts', is, becomes });

/** Some of them stood in the engine until the simulation found them: the expired last frame, the last output, the busy door, the forgotten facts. */
export const plantedBugs: readonly PlantedBug[] = [
  { name: 'skip the fence: take whatever stands last for granted', edits: [appender('return this.log.append(frame, this.#idOf(frame), fence);', "return this.log.append(frame, this.#idOf(frame), 'lastId' in fence ? fence : { lastSequence: (await this.log.last())?.sequence ?? 0 });")] },
  { name: 'drop the id chain', edits: [appender('return this.log.append(frame, this.#idOf(frame), fence);', "return this.log.append(frame, this.#idOf(frame), 'lastSequence' in fence ? fence : { lastSequence: (await this.log.last())?.sequence ?? 0 });")] },
  { name: "treat 'unknown' as stored", edits: [appender("if (result.kind !== 'stored') await", "if (result.kind === 'fenced') await"), appender('this.#advance(result.sequence);', "this.#advance(result.kind === 'stored' ? result.sequence : (this.#last?.sequence ?? 0) + 1);")] },
  { name: 'resend without resync', edits: [appender('await this.#resync(++attempt);', '{ this.#synced = false; await Promise.all(this.#underWay); await this.options.pause(++attempt); this.#underWay.length = 0; }')] },
  { name: 'send again what the log holds last', edits: [appender('let before = place; before >= 0; before--', 'let before = place; before > 0; before--')] },
  { name: "go on after another owner's frame", edits: [appender('if (!isOurs) throw', 'if (!isOurs && last === undefined) throw')] },
  { name: 'take an expired last frame for everything sent', edits: [appender('if (last?.sequence === known?.sequence) return;', 'if (last?.sequence === known?.sequence) {\n      if (Number.isNaN(last?.to)) while (this.#queue.length > 0) this.#advance(last!.sequence);\n      return;\n    }')] },
  {
    name: 'commit before append',
    edits: [
      runner('    const sequence = await durable;', '    await this.#commit(batch.to, values, timers);\n    const sequence = await durable;'),
    ],
  },
  { name: 'commit what was folded meanwhile', edits: [runner('    await this.#commit(batch.to, values, timers);', '    for (const [key, value] of this.#state.takeChanges()) (values as Map<string, Uint8Array | undefined>).set(key, value);\n    await this.#commit(batch.to, values, timers);')] },
  { name: 'commit batches side by side', edits: [runner('before.then(() => this.#settle(batch, durable, values, timers))', 'this.#settle(batch, durable, values, timers)')] },
  { name: 'ignore the watermark on start', edits: [runner('this.#watermark = last.to;', 'this.#watermark = this.options.store.position().input;')] },
  { name: 'publish the frame at the watermark again', edits: [runner('frame.position > this.#watermark', 'frame.position >= this.#watermark'), runner('all.filter(({ to }) => to > this.#watermark)', 'all.filter(({ to }) => to >= this.#watermark)')] },
  { name: 'begin after a crash where the outputs ended, not where the state did', edits: [runner('this.options.input.read(this.options.store.position().input + 1, reading.signal)', 'this.options.input.read(Math.max(this.options.store.position().input, this.#watermark) + 1, reading.signal)')] },
  { name: 'lose the removal of a timer at commit', edits: [runner('[this.#state.takeChanges(), this.#timers.takeChanges()]', '[this.#state.takeChanges(), new Map([...this.#timers.takeChanges()].filter(([, atMs]) => atMs !== undefined))]')] },
  { name: 'name the last output beside an earlier input', edits: [runner('position < this.#watermark ? this.options.store.position().output : this.#outputSequence', 'this.#outputSequence')] },
  { name: 'forget that a woken timer is gone', edits: [timers('this.#changes.set(first.key, undefined);', '')] },
  { name: 'lose dirty keys on trim', edits: [values('this.#dirty.add(key);', 'this.#dirty.add(key);\n    this.trim();'), values('for (const key of this.#dirty) if (!this.#old.has(key)) this.#old.set(key, before.get(key));', 'if (before.size > 0) this.#dirty.clear();')] },
  { name: 'lose a deletion at commit', edits: [values('changes.set(key, packed);', 'if (packed) changes.set(key, packed);')] },
  { name: 'forget a pending identity', edits: [identities('const onItsWay = this.#underWay.find(prints, at);', 'const onItsWay = -1 as number;')] },
  { name: 'answer a repetition before the first one is durable', edits: [sequencer("known.endsWith('under-way')", 'false')] },
  { name: 'answer before durable', edits: [sequencer('await this.#append(taken);\n        this.#durable += taken.length;\n        this.#answer();', 'this.#durable += taken.length;\n        this.#answer();\n        await this.#append(taken);')] },
  { name: 'do not read what was logged after the last commit', edits: [sequencer('await this.#remember(this.options.store.position().output + 1);', '')] },
  { name: 'turn a shared fact away when busy', edits: [sequencer('if (mark === undefined && this.#waiting.length', 'if (this.#waiting.length')] },
  { name: 'forget shared facts with their week', edits: [identities("isSharedFact(event) ? 'always' : span", 'span'), identities("if (isSharedFact(event)) found = this.#indexOf('always').find(prints, at);\n    else for", 'for')] },
  { name: 'forget at a restart which tick was the last', edits: [folding('this.state.put(tickedKey, timeMs);', '')] },
  { name: 'keep no letter of what is folded again', edits: [runner('for (const rejected of folded.rejected)', 'for (const rejected of sequence > this.#watermark ? folded.rejected : [])')] },
  { name: 'commit before the letters are kept', edits: [runner('await this.#carryRejected(batch', 'await this.#commit(batch.to, values, timers);\n    await this.#carryRejected(batch')] },
  { name: 'let deltas out and keep them', edits: [{ file: 'deltas.ts', is: 'else this.state.delete(kept);', becomes: '' }] },
  { name: 'hand on what an earlier stage gathered', edits: [folding("if (event.type === 'deltas.gathered') continue;", '')] },
  { name: 'commit a version before it is published', edits: [merger('if (changed.length > 0) await this.#publish(changed);', 'await this.#commit();\n    if (changed.length > 0) await this.#publish(changed);')] },
  { name: 'merge before all partitions have ticked', edits: [merger('Math.min(...this.#sources', 'Math.max(...this.#sources')] },
  { name: 'forget at a restart what was read and not merged', edits: [merger('sources[place] ?? {', '(sources[place] && { ...sources[place], queue: [] }) ?? {')] },
  { name: 'read again from the last version but one', edits: [merger('source.position = sequence;', 'source.position = Math.max(source.position, sequence - 1);')] },
  { name: 'take a version twice after a crash', edits: [sequencer('event.data.version <= (', 'event.data.version < (')] },
];
