using DisruptorStream.Aggregation;

namespace DisruptorStream.Cli.Aggregates.Exact;

/// <summary>
/// The digits of a minimum, maximum, first or last value: an <see cref="IntegerCode"/>, carried by the bits of the
/// result.
/// </summary>
/// <typeparam name="TChoice">Which integer it is.</typeparam>
internal readonly struct ExactAggregate<TChoice> : IAggregate<ExactState>
    where TChoice : struct, IExactChoice
{
    public static ExactState Initial => default;

    public static void Accumulate(ref ExactState state, in Measurement measurement) =>
        state.Take<TChoice>(in measurement);

    public static void Merge(ref ExactState state, in ExactState later) => state.Take<TChoice>(in later);

    public static double Result(in ExactState state) => state.Result;
}
