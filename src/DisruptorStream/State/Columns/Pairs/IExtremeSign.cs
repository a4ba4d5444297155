namespace DisruptorStream.State.Columns.Pairs;

/// <summary>Whether the largest or the smallest is looked for.</summary>
internal interface IExtremeSign
{
    static abstract double Turn(double value);
}
