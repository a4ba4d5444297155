using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Metrics;

namespace DisruptorStream.State.Accumulators.Values;

/// <summary>
/// The state of one of the engine's own accumulators, with its laws; the counterpart of a user's aggregate.
/// </summary>
/// <remarks>Merging with <see cref="Initial"/>, on either side, changes no bit.</remarks>
internal interface IAccumulatorState<TSelf>
    where TSelf : unmanaged, IAccumulatorState<TSelf>
{
    static abstract TSelf Initial { get; }

    static abstract void Accumulate(ref TSelf state, in Measurement measurement);

    static abstract void Merge(ref TSelf state, in TSelf later);

    /// <summary>Whether it looks at the sequences of events.</summary>
    static virtual bool UsesSequence => false;

    /// <summary>Whether not all bytes make a state.</summary>
    static virtual bool IsChecked => false;

    /// <summary>Whether a state whose bytes were read can have been saved.</summary>
    static virtual bool IsValid(in TSelf state) => true;

    /// <summary>A metric's 64 bits.</summary>
    /// <exception cref="OverflowException">An integer metric does not fit 64 bits.</exception>
    static abstract long Read(in TSelf state, in MetricQuery query, MeasureDefinition? measure);
}
