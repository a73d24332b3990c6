/* A step of n environments on the packed tables of the vector environment, with the results of its NumPy step:
 * autoreset in the next step, a fixed first state (row 0), and PCG64 for stochastic dynamics. */

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { YUM = 10, NO_EVENT = -1, ROW_BITS = 27, EVENT_MASK = 15 };

typedef unsigned __int128 u128;
static const u128 MULTIPLIER = (u128)0x2360ED051FC65DA4 << 64 | 0x4385DF649FCCF645;

/* Return a number from [0, 1); words has state and increment, the high 64 bits first. */
static inline double uniform(uint64_t *words) {
    u128 state = (u128)words[0] << 64 | words[1], increment = (u128)words[2] << 64 | words[3];
    state = state * MULTIPLIER + increment;
    words[0] = (uint64_t)(state >> 64);
    words[1] = (uint64_t)state;
    uint64_t mixed = words[0] ^ words[1], rotation = words[0] >> 58;
    mixed = mixed >> rotation | mixed << (-rotation & 63);
    return (double)(mixed >> 11) * 0x1p-53;
}

/* Draw the outcome of each action, except where the episode is over. */
static void draw(
    int64_t n, int64_t outcomes, const double *restrict slices, uint64_t *restrict words,
    const bool *restrict over, const int64_t *restrict actions, int64_t *restrict drawn
) {
    for (int64_t i = 0; i < n; i++) {
        drawn[i] = 0;
        if (over[i]) continue;
        double random = uniform(words + 4 * i);
        for (int64_t k = 0; k < outcomes - 1; k++) drawn[i] += random >= slices[actions[i] * (outcomes - 1) + k];
    }
}

/* Return the number of episodes that ended, or -1 if an action does not exist. A single outcome needs neither
 * slices [actions, outcomes - 1] nor words [n, 4]. The loops are in the form that compilers vectorise best. */
int64_t step(
    int64_t n, int64_t count, int64_t outcomes, const uint32_t *restrict table, const double *restrict values,
    const double *restrict slices, uint64_t *restrict words, int64_t *restrict rows, int64_t *restrict deadline,
    bool *restrict over, int64_t limit, int64_t *restrict next_rows, double *restrict reward,
    double *restrict happiness, int64_t *restrict event_id, bool *restrict terminated, bool *restrict success,
    bool *restrict truncated, int64_t clock, const int64_t *restrict actions
) {
    uint64_t worst = 0;
    for (int64_t i = 0; i < n; i++) worst = (uint64_t)actions[i] > worst ? (uint64_t)actions[i] : worst;
    if (worst >= (uint64_t)count) return -1;
    if (outcomes > 1) draw(n, outcomes, slices, words, over, actions, event_id);
    int64_t waiting = 0, ended = 0;
    for (int64_t i = 0; i < n; i++) waiting += over[i];
    for (int64_t i = 0; i < n; i++) {
        int64_t index = rows[i] * count + actions[i];
        uint32_t outcome = table[outcomes > 1 ? index * outcomes + event_id[i] : index];
        uint32_t result = outcome >> ROW_BITS;
        rows[i] = next_rows[i] = outcome & ((1u << ROW_BITS) - 1);
        reward[i] = values[2 * result];
        happiness[i] = values[2 * result + 1];
        event_id[i] = result & EVENT_MASK;
        terminated[i] = success[i] = (result & EVENT_MASK) == YUM;
        truncated[i] = deadline[i] == clock;
    }
    for (int64_t i = 0; waiting && i < n; i++) {
        if (!over[i]) continue;
        rows[i] = next_rows[i] = 0;
        deadline[i] = clock + limit;
        reward[i] = happiness[i] = 0;
        terminated[i] = success[i] = truncated[i] = false;
        event_id[i] = NO_EVENT;
    }
    for (int64_t i = 0; i < n; i++) ended += over[i] = terminated[i] | truncated[i];
    return ended;
}

/* Copy the observations of some rows: `size` bytes each. */
void observe(int64_t n, int64_t size, const char *restrict table, const int64_t *restrict rows, char *restrict out) {
    for (int64_t i = 0; i < n; i++) memcpy(out + i * size, table + rows[i] * size, size);
}
