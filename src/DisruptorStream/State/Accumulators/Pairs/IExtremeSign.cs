namespace DisruptorStream.State.Accumulators.Pairs;

/// <summary>Whether the largest or the smallest is looked for.</summary>
internal interface IExtremeSign
{
    static abstract double Turn(double value);
}
