using System.Runtime.CompilerServices;

// Locals are not cleared at the start of a method: where the stages are inlined into one another, that took longer than
// the work on a single event. What the stack allocates is cleared where it has to be.
[module: SkipLocalsInit]
