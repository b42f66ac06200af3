/** The newest epoch of every experiment: an older split is history and is not mixed into it. */
export const runningEpochs = '(SELECT experiment_id, max(epoch) FROM assignments GROUP BY experiment_id)';
