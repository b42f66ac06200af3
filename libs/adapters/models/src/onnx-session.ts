import { InferenceSession, Tensor } from 'onnxruntime-node';
import { INPUT_NAME, OUTPUT_NAME } from './onnx-export';

export interface OnnxSession {
  /** Width that the model wants. */
  readonly columns: number;
  /** The features must not be changed before the promise is settled: the runtime reads them in place. */
  run(features: Float32Array, rows: number): Promise<Float32Array>;
  /** Without it the model's memory is never given back. */
  release(): Promise<void>;
}

/** One thread a session: parallelism comes from worker threads, and more threads here would only wait for each other. */
export async function openSession(model: Uint8Array): Promise<OnnxSession> {
  const session = await InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: 'sequential', logSeverityLevel: 3 });
  const columns = columnsOf(session);
  return {
    columns,
    release: () => session.release(),
    async run(features, rows) {
      if (rows === 0) return new Float32Array();
      const output = (await session.run({ [INPUT_NAME]: new Tensor('float32', features, [rows, columns]) }))[OUTPUT_NAME];
      if (!(output?.data instanceof Float32Array)) throw new TypeError(`the model has no float output ${OUTPUT_NAME}`);
      return output.data;
    },
  };
}

function columnsOf(session: InferenceSession): number {
  const input = session.inputMetadata.find(({ name }) => name === INPUT_NAME);
  const columns = input?.isTensor ? input.shape[1] : undefined;
  if (typeof columns !== 'number') throw new TypeError(`the model has no input ${INPUT_NAME} of a fixed width`);
  return columns;
}
