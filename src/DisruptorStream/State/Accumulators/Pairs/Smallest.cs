namespace DisruptorStream.State.Accumulators.Pairs;

/// <summary>The smallest is looked for.</summary>
internal readonly struct Smallest : IExtremeSign
{
    public static double Turn(double value) => -value;
}
