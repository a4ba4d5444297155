namespace DisruptorStream.LoadTests.Texts;

/// <summary>What a user keeps for each key in a dictionary of his own.</summary>
internal struct Moments
{
    public long Count;
    public double Sum;
    public double Min;
    public double Max;

    /// <param name="value">The value.</param>
    /// <param name="isKnown">Whether there was a value before.</param>
    public void Add(double value, bool isKnown)
    {
        if (!isKnown)
        {
            Min = value;
            Max = value;
        }

        Count++;
        Sum += value;
        if (value < Min)
            Min = value;
        if (value > Max)
            Max = value;
    }
}
