/** The currency of most purchases, '' before the first: sums over currencies would be none. SQL, of one value. */
export const mainCurrency = '(SELECT argMax(currency, purchases) FROM (SELECT toString(currency) AS currency, sum(transactions) AS purchases FROM spend_by_client_day GROUP BY currency))';
