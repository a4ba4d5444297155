using DisruptorStream.Aggregation;

namespace DisruptorStream.Tests.State.Slices;

/// <summary>A hash of the values in their order; merging is associative but does not commute.</summary>
internal readonly struct Sequenced : IAggregate<Sequenced.State>
{
    private const uint Base = 31;

    /// <summary>Merges since the start of this thread.</summary>
    [ThreadStatic]
    private static long _merges;

    public static long Merges => _merges;

    public static State Initial => new(0, 1);

    public static void Accumulate(ref State state, in Measurement measurement) =>
        state = Add(state, (uint)measurement.Value);

    public static void Merge(ref State state, in State later)
    {
        _merges++;
        state = new State(unchecked((state.Hash * later.Power) + later.Hash), unchecked(state.Power * later.Power));
    }

    public static double Result(in State state) => state.Hash;

    /// <summary>What the engine must make of these values.</summary>
    public static double Of(IEnumerable<double> values) =>
        values.Aggregate(Initial, (state, value) => Add(state, (uint)value)).Hash;

    private static State Add(State state, uint value) =>
        new(unchecked((state.Hash * Base) + value), unchecked(state.Power * Base));

    /// <param name="Hash">The hash so far.</param>
    /// <param name="Power">The base to the power of the number of values.</param>
    internal readonly record struct State(uint Hash, uint Power);
}
