namespace DisruptorStream.State.Accumulators.Pairs;

/// <summary>The largest is looked for.</summary>
internal readonly struct Largest : IExtremeSign
{
    public static double Turn(double value) => value;
}
