"""Makes reference-vectors.json beside it: python3 reference-vectors.py (scipy 1.10 or later, Rscript with rpact).

Nothing here shares code with the project. Every number is SciPy's, R's or a formula written anew from its source.
"""
import json, math, os, subprocess
import numpy as np
from scipy import integrate, special, stats

rng = np.random.default_rng(20240229)
cases = []


def add(method, input, expected, source, tolerance=1e-9):
    cases.append(dict(method=method, input=input, expected=expected, source=source, tolerance=tolerance))


def sums(x):
    return dict(n=len(x), sum=float(x.sum()), sumSquares=float((x * x).sum()))


def pair(y, x):
    return dict(n=len(y), sumY=float(y.sum()), sumX=float(x.sum()), sumYY=float((y * y).sum()), sumXX=float((x * x).sum()), sumXY=float((x * y).sum()))


def welch(a, b, level=0.95):
    t = stats.ttest_ind(b, a, equal_var=False)
    ci = t.confidence_interval(level)
    return dict(difference=float(b.mean() - a.mean()), t=float(t.statistic), p=float(t.pvalue), degreesOfFreedom=float(t.df), low=float(ci.low), high=float(ci.high))


def moments(mean, var, n):
    """Two values a, b that give these moments do not exist for every n: Welch by its own formula instead."""
    d, se2 = mean[1] - mean[0], [v / m for v, m in zip(var, n)]
    se = math.sqrt(sum(se2))
    df = sum(se2) ** 2 / sum(s * s / (m - 1) for s, m in zip(se2, n))
    half = stats.t.ppf(0.975, df) * se
    return dict(difference=d, t=d / se, p=float(2 * stats.t.sf(abs(d / se), df)), degreesOfFreedom=df, low=d - half, high=d + half)


for k, n in [(81, 263), (15, 148), (0, 20), (1, 29), (500, 1000), (3, 100000)]:
    ci = stats.binomtest(k, n).proportion_ci(0.95, 'wilson')
    add('wilson', dict(successes=k, n=n), dict(rate=k / n, low=ci.low, high=ci.high), 'scipy.stats.binomtest.proportion_ci(method="wilson")')

for (k1, n1), (k2, n2) in [((100, 1000), (130, 1000)), ((5, 40), (9, 35)), ((1200, 50000), (1300, 50500))]:
    p1, p2, pool = k1 / n1, k2 / n2, (k1 + k2) / (n1 + n2)
    z = (p2 - p1) / math.sqrt(pool * (1 - pool) * (1 / n1 + 1 / n2))
    a, b = (stats.binomtest(k, n).proportion_ci(0.95, 'wilson') for k, n in ((k1, n1), (k2, n2)))
    chi = stats.chi2_contingency([[k1, n1 - k1], [k2, n2 - k2]], correction=False)
    assert abs(chi.statistic - z * z) < 1e-9
    add('two-proportions', dict(control=dict(n=n1, successes=k1), treatment=dict(n=n2, successes=k2)),
        dict(difference=p2 - p1, z=z, p=float(chi.pvalue), low=p2 - p1 - math.hypot(p2 - b.low, a.high - p1), high=p2 - p1 + math.hypot(b.high - p2, p1 - a.low)),
        'scipy.stats.chi2_contingency without correction; Newcombe 1998, method 10')

add('two-proportions', dict(control=dict(n=80, successes=48), treatment=dict(n=70, successes=56)), dict(low=0.0524, high=0.3339), 'Newcombe 1998, "Interval estimation for the difference between independent proportions", table II: 56/70 - 48/80, method 10', 1e-4)

for n1, n2, scale in [(50, 60, 1.0), (400, 380, 3.0), (2000, 2100, 40.0)]:
    a, b = rng.lognormal(0, 1, n1) * scale, rng.lognormal(0.1, 1.1, n2) * scale
    add('welch', dict(control=sums(a), treatment=sums(b)), welch(a, b), 'scipy.stats.ttest_ind(equal_var=False)', 1e-8)
sleep = [np.array([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]), np.array([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])]
add('welch', dict(control=sums(sleep[0]), treatment=sums(sleep[1])), dict(t=1.8608, p=0.07939, degreesOfFreedom=17.776, low=-0.2054832, high=3.3654832), "Student's sleep data as R's documentation prints t.test(extra ~ group)", 5e-5)

for n1, n2 in [(300, 310), (5000, 4900)]:
    made = []
    for n, lift in ((n1, 1.0), (n2, 1.07)):
        x = rng.poisson(3, n) + 1.0
        made.append((x * rng.gamma(2, 5, n) * lift, x))
    means, variances = [], []
    for y, x in made:
        r = y.mean() / x.mean()
        residual = y - r * x
        means.append(float(r)); variances.append(float(residual.var(ddof=1) / x.mean() ** 2))
    add('ratio', dict(control=pair(*made[0]), treatment=pair(*made[1])), dict(control=means[0], treatment=means[1], **moments(means, variances, [n1, n2])), 'delta method on the residuals y - r x of every client (Deng, Knoblich, Lu 2018)', 1e-8)

for n1, n2, rho in [(500, 520, 0.7), (3000, 3100, 0.3)]:
    made = []
    for n, effect in ((n1, 0.0), (n2, 0.8)):
        x = rng.gamma(2, 10, n)
        made.append((rho * x + rng.gamma(2, 8, n) + effect, x))
    y, x = (np.concatenate([m[i] for m in made]) for i in (0, 1))
    theta = np.cov(y, x)[0, 1] / x.var(ddof=1)
    adjusted = [m[0] - theta * (m[1] - x.mean()) for m in made]
    add('cuped', dict(control=pair(*made[0]), treatment=pair(*made[1])),
        dict(theta=float(theta), varianceReduction=float(np.corrcoef(x, y)[0, 1] ** 2), control=float(adjusted[0].mean()), treatment=float(adjusted[1].mean()), **welch(*adjusted)),
        'each client adjusted with theta of both arms together (Deng et al. 2013), then scipy.stats.ttest_ind', 1e-8)

a, b = rng.lognormal(3, 1.5, 90), rng.lognormal(3.1, 1.5, 110)
a, b = a.round(2), b.round(2)
cap = float(np.quantile(np.concatenate([a, b]), 0.95))
add('winsorised-means', dict(control=dict(values=a.tolist()), treatment=dict(values=b.tolist()), quantile=0.95), dict(cap=cap, **welch(np.minimum(a, cap), np.minimum(b, cap))), 'numpy.quantile of both arms, numpy.minimum, scipy.stats.ttest_ind')

a, b = rng.gamma(2, 10, 800), rng.gamma(2, 10.6, 820)
lift = b.mean() / a.mean() - 1
half = stats.norm.ppf(0.975) * math.sqrt(b.var(ddof=1) / 820 / a.mean() ** 2 + b.mean() ** 2 * a.var(ddof=1) / 800 / a.mean() ** 4)
add('relative-lift', dict(control=sums(a), treatment=sums(b)), dict(lift=float(lift), low=float(lift - half), high=float(lift + half)), 'delta method: var(b) / a^2 + b^2 var(a) / a^4')


def asymptotic_sequence(t, alpha, rho):
    return math.sqrt(2 * (t * rho ** 2 + 1) / (t ** 2 * rho ** 2) * math.log(math.sqrt(t * rho ** 2 + 1) / alpha)) * math.sqrt(t)


for t_star in (100, 1620, 20000):
    alpha = 0.05
    rho = math.sqrt((-2 * math.log(alpha) + math.log(-2 * math.log(alpha) + 1)) / t_star)
    se = math.sqrt(a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b))
    half = asymptotic_sequence(len(a) + len(b), alpha, rho) * se
    d = float(b.mean() - a.mean())
    add('confidence-sequence', dict(control=sums(a), treatment=sums(b), alpha=alpha, tightestAt=t_star), dict(difference=d, low=d - half, high=d + half), 'arXiv 2103.06476, theorem 2.2, rho by its closed form')
    half1 = asymptotic_sequence(len(a), alpha, rho) * math.sqrt(a.var(ddof=1) / len(a))
    add('confidence-sequence', dict(**sums(a), alpha=alpha, rho=rho), dict(mean=float(a.mean()), low=float(a.mean() - half1), high=float(a.mean() + half1)), 'arXiv 2103.06476, theorem 2.2, rho given')

fifths = [0.2, 0.4, 0.6, 0.8, 1.0]
add('group-sequential', dict(informationFractions=fifths, alpha=0.05, spending='obrien-fleming'), dict(bounds=[4.8769, 3.3569, 2.6803, 2.2898, 2.0310]), "Lan-DeMets with O'Brien-Fleming spending, two-sided 0.05, five looks: as R's ldbounds and gsDesign print it", 2e-4)
add('group-sequential', dict(informationFractions=fifths, alpha=0.05, spending='pocock'), dict(bounds=[2.4380, 2.4268, 2.4101, 2.3966, 2.3859]), 'Lan-DeMets with Pocock spending, two-sided 0.05, five looks: as R prints it', 2e-4)


# Far out rpact's own accuracy (1e-8 of probability, and its grid) is coarser than ours, at last infinite: None, not compared.
def rpact(fractions, alpha, sides, design):
    code = f'suppressMessages(library(rpact)); d <- getDesignGroupSequential(sided={sides}, alpha={alpha}, informationRates=c({",".join(map(str, fractions))}), {design}); cat(sprintf("%.10f", d$criticalValues))'
    return [float(x) if float(x) < 4.5 else None for x in subprocess.run(['Rscript', '-e', code], capture_output=True, text=True, check=True).stdout.split()]


uneven = [0.1, 0.15, 0.4, 0.75, 1.0]
for sides, alpha in ((2, 0.05), (2, 0.01), (1, 0.025)):
    for fractions in (fifths, uneven, [0.5, 1.0], [round(i / 20, 2) for i in range(1, 21)]):
        for name, extra, design in (('power', dict(exponent=2), 'typeOfDesign="asKD", gammaA=2'), ('power', dict(exponent=1), 'typeOfDesign="asKD", gammaA=1'), ('obrien-fleming', {}, 'typeOfDesign="asOF"'), ('pocock', {}, 'typeOfDesign="asP"')):
            bounds = rpact(fractions, alpha, sides, design)
            add('group-sequential', dict(informationFractions=fractions, alpha=alpha, sides=sides, spending=name, **extra), dict(bounds=bounds), 'R, rpact::getDesignGroupSequential', 5e-5)

for (k1, n1), (k2, n2) in [((100, 1000), (120, 1000)), ((0, 10), (1, 12)), ((5, 20), (5, 20)), ((4000, 100000), (4100, 100000))]:
    first, second = stats.beta(1 + k1, 1 + n1 - k1), stats.beta(1 + k2, 1 + n2 - k2)
    low, high = second.ppf(1e-14), second.isf(1e-14)
    points = np.linspace(low, high, 200001)
    chance = float(integrate.simpson(second.pdf(points) * first.cdf(points), x=points))
    loss = integrate.simpson(second.pdf(points) * (first.mean() - points), x=points)
    gain_over = [integrate.quad(lambda u, x=x: first.sf(u), x, 1, epsabs=1e-14)[0] for x in points[::2000]]
    expected_loss = float(integrate.simpson(second.pdf(points[::2000]) * np.array(gain_over), x=points[::2000]))
    add('chance-to-win', dict(control=dict(n=n1, successes=k1), treatment=dict(n=n2, successes=k2)), dict(chance=chance), 'integral of scipy.stats.beta pdf and cdf, uniform prior', 1e-8)
    add('chance-to-win', dict(control=dict(n=n1, successes=k1), treatment=dict(n=n2, successes=k2)), dict(expectedLoss=expected_loss), 'double integral of scipy.stats.beta, uniform prior', 1e-6)
d, se = float(b.mean() - a.mean()), math.sqrt(a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b))
add('chance-to-win', dict(control=sums(a), treatment=sums(b)), dict(chance=float(stats.norm.cdf(d / se)), expectedLoss=float(integrate.quad(lambda x: -x * stats.norm.pdf(x, d, se), d - 12 * se, 0)[0])), 'scipy.stats.norm, flat prior', 1e-7)

for observed, weights in [([16, 18, 16, 14, 12, 12], [1] * 6), ([821588, 815482], [50, 50]), ([1020, 2010, 2980], [1, 2, 3]), ([5000, 4600], [1, 1])]:
    f = np.array(weights) / sum(weights) * sum(observed)
    c = stats.chisquare(observed, f)
    add('srm', dict(observed=observed, weights=weights), dict(chiSquare=float(c.statistic), p=float(c.pvalue), mismatch=bool(c.pvalue < 0.001)), 'scipy.stats.chisquare')

for looks, weights, concentration in [([[50, 50], [120, 90], [300, 200]], [1, 1], 100), ([[100, 205, 290], [1000, 2100, 2900]], [1, 2, 3], 10000), ([[821588, 815482]], [1, 1], 10000)]:
    theta = np.array(weights) / sum(weights)
    logs = []
    for look in looks:
        n = sum(look)
        dm = stats.dirichlet_multinomial(theta * concentration, n).logpmf(look) if hasattr(stats, 'dirichlet_multinomial') else None
        if dm is None:
            x, al = np.array(look), theta * concentration
            coefficient = special.gammaln(n + 1) - special.gammaln(x + 1).sum()
            dm = coefficient + special.gammaln(concentration) - special.gammaln(concentration + n) + (special.gammaln(al + x) - special.gammaln(al)).sum()
        logs.append(float(dm - stats.multinomial(n, theta).logpmf(look)))
    add('sequential-srm', dict(looks=looks, weights=weights, concentration=concentration), dict(logBayesFactor=logs[-1], p=min(1.0, math.exp(-max(logs)))), 'scipy.stats.dirichlet_multinomial against scipy.stats.multinomial (Lindon and Malek 2022)', 1e-6)

x, y = rng.gamma(2, 10, 600), rng.gamma(2, 10, 620) + 1.5
add('pre-exposure-bias', dict(control=sums(x), treatment=sums(y)), dict(p=welch(x, y)['p'], standardisedDifference=float((y.mean() - x.mean()) / math.sqrt((x.var(ddof=1) + y.var(ddof=1)) / 2))), 'scipy.stats.ttest_ind; Cohen 1988', 1e-8)
ci = stats.binomtest(37, 5000).proportion_ci(0.95, 'wilson')
add('multiple-exposures', dict(clients=5000, inSeveralArms=37), dict(share=37 / 5000, low=ci.low, high=ci.high), 'scipy.stats.binomtest')

families = [[0.01, 0.02, 0.03, 0.04, 0.05], [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0], [0.04, 0.001, 0.04, 0.9], [0.3]]
for p in families:
    for method in ('bonferroni', 'holm', 'hochberg', 'BH', 'BY'):
        text = subprocess.run(['Rscript', '-e', f'cat(sprintf("%.15g", p.adjust(c({",".join(map(str, p))}), "{method}")))'], capture_output=True, text=True, check=True).stdout
        adjusted = [float(v) for v in text.split()]
        name = dict(BH='benjamini-hochberg', BY='benjamini-yekutieli').get(method, method)
        add(name, dict(pValues=p), dict(adjusted=adjusted, rejected=[v <= 0.05 for v in adjusted]), f"R, p.adjust(method = '{method}')" + ('; the family of Benjamini and Hochberg 1995' if len(p) == 15 else ''))

z = stats.norm.ppf(0.975) + stats.norm.ppf(0.8)
add('minimum-detectable-effect', dict(controlClients=1000, treatedClients=2000, standardDeviation=30), dict(effect=float(z * 30 * math.sqrt(1 / 1000 + 1 / 2000))), 'normal approximation')
add('sample-size', dict(effect=2, standardDeviation=30), dict(controlClients=math.ceil(2 * (z * 30 / 2) ** 2), treatedClients=math.ceil(2 * (z * 30 / 2) ** 2)), 'normal approximation')
shift, bound = 2 / (30 * math.sqrt(2 / 3000)), stats.norm.ppf(0.975)
add('power', dict(effect=2, standardDeviation=30, controlClients=3000, treatedClients=3000), dict(power=float(stats.norm.sf(bound - shift) + stats.norm.cdf(-bound - shift))), 'normal approximation, both sides')

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'reference-vectors.json'), 'w') as f:
    f.write('[\n' + ',\n'.join(json.dumps(c) for c in cases) + '\n]\n')
print(len(cases), 'cases')
