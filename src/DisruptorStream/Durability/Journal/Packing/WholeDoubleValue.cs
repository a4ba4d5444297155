namespace DisruptorStream.Durability.Journal.Packing;

/// <summary>A double that is a whole number.</summary>
internal unsafe readonly struct WholeDoubleValue : IColumnValue
{
    public static long Read(byte* at) => (long)*(double*)at;

    public static void Write(byte* at, long value) => *(double*)at = value;

    /// <summary>Whether it is one, so that it comes back bit for bit: no fraction, not -0, not too large.</summary>
    public static bool IsWhole(byte* at) =>
        BitConverter.DoubleToInt64Bits((long)*(double*)at) == *(long*)at;
}
