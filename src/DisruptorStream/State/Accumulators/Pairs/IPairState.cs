using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Metrics;

namespace DisruptorStream.State.Accumulators.Pairs;

/// <summary>The state of an accumulator that reads two measures of each event.</summary>
/// <remarks>Merging with <see cref="Initial"/>, on either side, changes no bit.</remarks>
internal interface IPairState<TSelf>
    where TSelf : unmanaged, IPairState<TSelf>
{
    static abstract TSelf Initial { get; }

    /// <summary>Folds one event in.</summary>
    /// <param name="state">The state.</param>
    /// <param name="shown">The measure that the metric shows.</param>
    /// <param name="by">The weight, or what is compared, as a double.</param>
    static abstract void Accumulate(ref TSelf state, in Measurement shown, double by);

    static abstract void Merge(ref TSelf state, in TSelf later);

    static abstract long Read(in TSelf state, in MetricQuery query, MeasureDefinition measure);
}
