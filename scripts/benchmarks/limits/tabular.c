/* Tabular temporal-difference learning on the packed tables of `agents/packed.py`, equal to the bit. */

#include <stdint.h>

typedef unsigned __int128 u128;

typedef struct {
    u128 state, inc;
} Pcg64;

typedef struct { /* the running episode */
    int64_t obs, chosen, length;
    double total;
} Episode;

enum { Q_LEARNING, SARSA, EXPECTED_SARSA };

/* Return a double in [0, 1) as NumPy's PCG64 (XSL-RR). */
static inline double draw(Pcg64 *rng)
{
    const u128 multiplier = (u128)0x2360ED051FC65DA4 << 64 | 0x4385DF649FCCF645;
    rng->state = rng->state * multiplier + rng->inc;
    uint64_t word = (uint64_t)(rng->state >> 64) ^ (uint64_t)rng->state;
    unsigned turn = rng->state >> 122;
    word = word >> turn | word << (-turn & 63);
    return (word >> 11) * (1.0 / 9007199254740992.0);
}

static inline int choose(const double *q, int actions, double epsilon, double random)
{
    if (random < epsilon) {
        int action = (int)(random / epsilon * actions);
        return action < actions - 1 ? action : actions - 1;
    }
    double best = q[0];
    int ties = 0, skip = 0;
    for (int action = 0; action < actions; action++)
        if (q[action] > best)
            best = q[action], ties = 1;
        else if (q[action] == best)
            ties++;
    if (ties > 1) {
        skip = (int)((random - epsilon) / (1 - epsilon) * ties);
        skip = skip < ties - 1 ? skip : ties - 1;
    }
    for (int action = 0; action < actions; action++)
        if (q[action] == best && skip-- == 0)
            return action;
    return 0;
}

static inline double highest(const double *q, int actions)
{
    double best = q[0];
    for (int action = 1; action < actions; action++)
        best = q[action] > best ? q[action] : best;
    return best;
}

static inline double sum(const double *q, int actions)
{
    double total = 0;
    for (int action = 0; action < actions; action++)
        total += q[action];
    return total;
}

static inline int pick(const double *upper_ends, double random)
{
    int k = 0;
    while (random >= upper_ends[k])
        k++;
    return k;
}

/* Learn from n steps; return the number of episodes that ended. `seed` is state and inc of PCG64, high words
   first, and is updated. */
int64_t learn(double *q_table, int method, const int32_t *outcomes_of, int bits, const double *rewards,
              const double *outcome_ends, const double *start_ends, int random, int actions, int outcomes,
              int64_t time_limit, uint64_t *seed, int64_t step, int64_t n, double steps, double initial,
              double final, double learning_rate, double gamma, Episode *episode, double *returns,
              int64_t *lengths)
{
    Pcg64 rng = {(u128)seed[0] << 64 | seed[1], (u128)seed[2] << 64 | seed[3]};
    Episode now = *episode;
    int64_t ended = 0;
    for (int64_t end = step + n; step < end; step++) {
        double epsilon = step >= steps ? final : initial + (final - initial) * (step / steps);
        double first = draw(&rng);
        double next = random || method == SARSA ? draw(&rng) : 0;
        double third = random ? draw(&rng) : 0, fourth = random ? draw(&rng) : 0;
        int64_t action = now.chosen < 0 ? choose(q_table + now.obs * actions, actions, epsilon, first) : now.chosen;
        int64_t row = now.obs * actions + action;
        int k = outcomes > 1 ? pick(outcome_ends + row * outcomes, third) : 0;
        int32_t word = outcomes_of[row * outcomes + k];
        const double *pair = rewards + 2 * ((word & ((1 << bits) - 1)) >> 1);
        int over = word & 1;
        now.obs = word >> bits;
        now.chosen = -1;
        const double *q = q_table + now.obs * actions;
        double target = pair[0];
        if (!over && method == SARSA) {
            now.chosen = choose(q, actions, epsilon, next);
            target += gamma * q[now.chosen];
        } else if (!over && method == EXPECTED_SARSA) {
            target += gamma * ((1 - epsilon) * highest(q, actions) + epsilon * sum(q, actions) / actions);
        } else if (!over) {
            target += gamma * highest(q, actions);
        }
        q_table[row] += learning_rate * (target - q_table[row]);
        now.total += pair[1];
        now.length++;
        if (over || now.length == time_limit) {
            returns[ended] = now.total;
            lengths[ended++] = now.length;
            now = (Episode){pick(start_ends, fourth), -1, 0, 0};
        }
    }
    seed[0] = rng.state >> 64, seed[1] = rng.state;
    *episode = now;
    return ended;
}
