/* Value iteration on the tables of `TabularModel`, with sweeps in place, in alternating order. */

#include <math.h>
#include <stdint.h>

/* Fill in the optimal values [S]; return the number of sweeps. `reward` holds expected rewards [S, A]. */
int64_t solve(const int64_t *next_state, const double *probability, const uint8_t *terminated,
              const double *reward, int64_t states, int actions, int outcomes, double gamma, double *values)
{
    const double rounding = 4 * 0x1p-52;
    for (int64_t sweeps = 1;; sweeps++) {
        double change = 0, largest = 0;
        for (int64_t i = 0; i < states; i++) {
            int64_t state = sweeps % 2 ? states - 1 - i : i;
            double best = -INFINITY;
            for (int action = 0; action < actions; action++) {
                int64_t row = state * actions + action;
                double following = 0;
                for (int64_t place = row * outcomes; place < (row + 1) * outcomes; place++)
                    if (!terminated[place])
                        following += (outcomes > 1 ? probability[place] : 1.0) * values[next_state[place]];
                double value = reward[row] + gamma * following;
                best = value > best ? value : best;
            }
            change = fmax(change, fabs(best - values[state]));
            largest = fmax(largest, fabs(best));
            values[state] = best;
        }
        if (change <= rounding * largest)
            return sweeps;
    }
}
