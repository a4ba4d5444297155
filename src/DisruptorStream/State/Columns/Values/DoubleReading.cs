namespace DisruptorStream.State.Columns.Values;

/// <summary>A double that publish has checked: every value counts.</summary>
internal readonly struct DoubleReading : IMeasureReading
{
    public static bool Skips(long bits) => false;

    public static double ToDouble(long bits) => BitConverter.Int64BitsToDouble(bits);
}
