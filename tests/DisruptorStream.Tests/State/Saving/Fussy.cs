using DisruptorStream.Aggregation;

namespace DisruptorStream.Tests.State.Saving;

/// <summary>A sum that does not take 13, and remembers the sequence of its newest event.</summary>
internal readonly struct Fussy : IAggregate<Fussy.State>
{
    public static State Initial => default;

    public static void Accumulate(ref State state, in Measurement measurement)
    {
        if (measurement.Value == 13)
            throw new ArithmeticException("It is 13.");
        state.Sum += measurement.Value;
        state.Newest = measurement.Sequence;
    }

    public static void Merge(ref State state, in State later)
    {
        state.Sum += later.Sum;
        state.Newest = Math.Max(state.Newest, later.Newest);
    }

    public static double Result(in State state) => state.Sum + (state.Newest / 1024.0);

    internal struct State
    {
        public double Sum;
        public long Newest;
    }
}
