/** Weights of the columns and an intercept: P = 1 / (1 + exp(-(x w + intercept))). */
export interface LinearModel {
  readonly weights: Float64Array;
  readonly intercept: number;
}

export interface LogisticOptions {
  readonly features: Float32Array;
  readonly rows: number;
  readonly columns: number;
  readonly labels: Float32Array;
  /** Ridge penalty: half of it times the sum of the squared weights is added to the summed log loss. */
  readonly ridge: number;
}

const MAXIMUM_STEPS = 25;
const ENOUGH = 1e-6;

/** Logistic regression by Newton's method (iteratively reweighted least squares) with a ridge; the intercept is not penalised. */
export function fitLogistic(options: LogisticOptions): LinearModel {
  const { columns, ridge } = options;
  const size = columns + 1;
  const beta = new Float64Array(size);
  beta[columns] = startOf(options.labels);
  for (let step = 0; step < MAXIMUM_STEPS; step += 1) {
    const { gradient, hessian } = derivatives(options, beta);
    for (let column = 0; column < columns; column += 1) {
      gradient[column] = (gradient[column] ?? 0) - ridge * (beta[column] ?? 0);
      hessian[column * size + column] = (hessian[column * size + column] ?? 0) + ridge;
    }
    const change = solvePositive(hessian, gradient, size);
    // A whole Newton step may overshoot where the classes nearly separate; the ridge and this bound keep it in reach.
    const scale = Math.min(1, 5 / Math.max(...change.map(Math.abs)));
    change.forEach((value, place) => (beta[place] = (beta[place] ?? 0) + scale * value));
    if (change.every((value) => Math.abs(value) < ENOUGH)) break;
  }
  return { weights: beta.slice(0, columns), intercept: beta[columns] ?? 0 };
}

export function predictLinear({ weights, intercept }: LinearModel, features: Float32Array, rows: number): Float32Array {
  const columns = weights.length;
  return Float32Array.from({ length: rows }, (_, row) => {
    let margin = intercept;
    for (let column = 0; column < columns; column += 1) margin += (weights[column] ?? 0) * (features[row * columns + column] ?? NaN);
    return 1 / (1 + Math.exp(-margin));
  });
}

function startOf(labels: Float32Array): number {
  const share = labels.reduce((sum, label) => sum + label, 0) / Math.max(1, labels.length);
  const kept = Math.min(0.999, Math.max(0.001, share));
  return Math.log(kept / (1 - kept));
}

function derivatives({ features, rows, columns, labels }: LogisticOptions, beta: Float64Array) {
  const size = columns + 1;
  const gradient = new Float64Array(size);
  const hessian = new Float64Array(size * size);
  const used = new Int32Array(size);
  for (let row = 0; row < rows; row += 1) {
    const start = row * columns;
    let margin = beta[columns] ?? 0;
    let filled = 0;
    // One-hot columns are mostly zero: only what is not is walked.
    for (let column = 0; column < columns; column += 1) {
      const value = features[start + column] ?? 0;
      if (value === 0) continue;
      margin += value * (beta[column] ?? 0);
      used[filled++] = column;
    }
    used[filled++] = columns;
    const probability = 1 / (1 + Math.exp(-margin));
    const residual = (labels[row] ?? 0) - probability;
    const weight = Math.max(1e-9, probability * (1 - probability));
    for (let i = 0; i < filled; i += 1) {
      const a = used[i] ?? 0;
      const left = a === columns ? 1 : (features[start + a] ?? 0);
      gradient[a] = (gradient[a] ?? 0) + residual * left;
      for (let j = 0; j <= i; j += 1) {
        const b = used[j] ?? 0;
        const place = a * size + b;
        hessian[place] = (hessian[place] ?? 0) + weight * left * (b === columns ? 1 : (features[start + b] ?? 0));
      }
    }
  }
  return { gradient, hessian };
}

/** Solves A x = b by Cholesky; of A, which must be positive definite, only the lower triangle is read (and overwritten). */
function solvePositive(a: Float64Array, b: Float64Array, size: number): Float64Array {
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = a[i * size + j] ?? 0;
      for (let k = 0; k < j; k += 1) sum -= (a[i * size + k] ?? 0) * (a[j * size + k] ?? 0);
      a[i * size + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / (a[j * size + j] ?? 1);
    }
  }
  const x = Float64Array.from(b);
  for (let i = 0; i < size; i += 1) {
    let sum = x[i] ?? 0;
    for (let k = 0; k < i; k += 1) sum -= (a[i * size + k] ?? 0) * (x[k] ?? 0);
    x[i] = sum / (a[i * size + i] ?? 1);
  }
  for (let i = size - 1; i >= 0; i -= 1) {
    let sum = x[i] ?? 0;
    for (let k = i + 1; k < size; k += 1) sum -= (a[k * size + i] ?? 0) * (x[k] ?? 0);
    x[i] = sum / (a[i * size + i] ?? 1);
  }
  return x;
}
