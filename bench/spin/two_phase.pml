/* Two-phase commit for SPIN, transition by transition that of TwoPhase.tla (tlaplus/Examples,
 * specifications/transaction_commit).
 *
 *     spin -a -DRMS=8 two_phase.pml
 *     cc -O3 -DNOREDUCE -DSAFETY -DMEMLIM=8192 -o pan pan.c && ./pan -m4000000 -w23
 *
 * One process; each action of the specification, for each resource manager, is one option of its
 * loop, and that option is one d_step. So a state of SPIN is a state of TLA+, and a transition of
 * SPIN is a successor that TLC generates: "states, stored" is TLC's number of distinct states and
 * "transitions" its number of generated states. bench/run holds both to that.
 *
 * Sets are bit masks, the message set is one mask for the Prepared messages and two bits. TPTypeOK is
 * what the types of the variables say, and so is not asserted. */
#ifndef RMS
#define RMS 8
#endif

#if RMS <= 8
#define SET byte
#else
#define SET short
#endif

#define ALL ((1 << RMS) - 1)

#define WORKING 0
#define PREPARED 1
#define COMMITTED 2
#define ABORTED 3

#define TM_INIT 0
#define TM_COMMITTED 1
#define TM_ABORTED 2

byte rmState[RMS];
byte tmState;
SET tmPrepared;
SET msgPrepared; /* the resource managers that sent Prepared */
bit msgCommit;
bit msgAbort;

/* TMRcvPrepared, RMPrepare, RMChooseToAbort, RMRcvCommitMsg, RMRcvAbortMsg */
#define ACTIONS(rm)                                                                        \
    :: d_step {                                                                            \
           tmState == TM_INIT && (msgPrepared & (1 << rm)) ->                              \
           tmPrepared = tmPrepared | (1 << rm)                                             \
       }                                                                                   \
    :: d_step {                                                                            \
           rmState[rm] == WORKING ->                                                       \
           rmState[rm] = PREPARED;                                                         \
           msgPrepared = msgPrepared | (1 << rm)                                           \
       }                                                                                   \
    :: d_step {                                                                            \
           rmState[rm] == WORKING ->                                                       \
           rmState[rm] = ABORTED                                                           \
       }                                                                                   \
    :: d_step {                                                                            \
           msgCommit ->                                                                    \
           rmState[rm] = COMMITTED                                                         \
       }                                                                                   \
    :: d_step {                                                                            \
           msgAbort ->                                                                     \
           rmState[rm] = ABORTED                                                           \
       }

active proctype search()
{
    do
    :: d_step { /* TMCommit */
           tmState == TM_INIT && tmPrepared == ALL ->
           tmState = TM_COMMITTED;
           msgCommit = 1
       }
    :: d_step { /* TMAbort */
           tmState == TM_INIT ->
           tmState = TM_ABORTED;
           msgAbort = 1
       }
    ACTIONS(0)
#if RMS > 1
    ACTIONS(1)
#endif
#if RMS > 2
    ACTIONS(2)
#endif
#if RMS > 3
    ACTIONS(3)
#endif
#if RMS > 4
    ACTIONS(4)
#endif
#if RMS > 5
    ACTIONS(5)
#endif
#if RMS > 6
    ACTIONS(6)
#endif
#if RMS > 7
    ACTIONS(7)
#endif
#if RMS > 8
    ACTIONS(8)
#endif
#if RMS > 9
    ACTIONS(9)
#endif
    od
}
