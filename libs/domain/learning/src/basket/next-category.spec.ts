import { expect, it } from 'vitest';
import { countsByDay, nextCategoryRows, type CategorisedPurchase } from './next-category';

const purchase = (client: string, day: number, category: string): CategorisedPurchase => ({ client, day, category });
const purchases = [purchase('a', 1, 'food'), purchase('a', 1, 'food'), purchase('a', 1, 'fuel'), purchase('a', 4, 'fuel'), purchase('a', 9, 'zoo'), purchase('b', 2, 'food')];

it('resamples by day and folds rare categories into "other"', () => {
  const { categories, clients } = countsByDay(purchases, 2);
  expect(categories).toEqual(['food', 'other']);
  expect(clients[0]).toEqual([{ day: 1, counts: [2, 1] }, { day: 4, counts: [0, 1] }, { day: 9, counts: [0, 1] }]);
});

it('asks for the next day’s category, and knows nothing of it beforehand', () => {
  const rows = nextCategoryRows(countsByDay(purchases, 3), { history: false });
  expect([...rows.features]).toEqual([2, 1, 0, 0, 1, 0]);
  expect([...rows.labels]).toEqual([1, 2]);
  expect([...rows.personal]).toEqual([0, 0]);
});

it('with history a row holds the day before, moving averages and the days since', () => {
  const { features, columns } = nextCategoryRows(countsByDay(purchases, 3), { history: true });
  const second = [...features.subarray(columns, 2 * columns)];
  expect(second.slice(3, 6)).toEqual([2, 1, 0]);
  expect(second.slice(12, 15)).toEqual([1, 1, 0]);
  expect(second.slice(18, 22)).toEqual([3, 0, NaN, 3]);
});
