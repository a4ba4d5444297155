using DisruptorStream.Aggregation;

namespace DisruptorStream.LoadTests.Kernels;

/// <summary>A sum as a user would write it, to be compared with the engine's.</summary>
internal readonly struct PlainSum : IAggregate<double>
{
    public static double Initial => 0;

    public static void Accumulate(ref double state, in Measurement measurement) => state += measurement.Value;

    public static void Merge(ref double state, in double later) => state += later;

    public static double Result(in double state) => state;
}
