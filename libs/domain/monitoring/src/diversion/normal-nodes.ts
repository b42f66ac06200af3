/** Nodes and weights of the normal distribution (Gauss and Hermite, 7 points; Abramowitz and Stegun 25.10). */
export const normalNodes = [-3.7504397, -2.3667594, -1.1544054, 0, 1.1544054, 2.3667594, 3.7504397];
export const normalWeights = [0.000548268856, 0.0307571239679, 0.240123178605, 0.457142857143, 0.240123178605, 0.0307571239679, 0.000548268856];
